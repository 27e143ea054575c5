//! Arms and filters as SQL: conditions, which of them may drive a statement by an index, and the text of it.
//!
//! Every statement is one conjunction driven by one index; what is left is tested row by row, other tables by a
//! `(select … limit 1) is not null`: an `exists` may be turned into a join or a hash of the whole table. Conditions that only
//! test are written so (`r.stage || ''`) that no store mistakes them for a way in. Start at [`conditions`].

use base::id::RecordId;
use catalogue::access::Reach;
use catalogue::{Arm, Filter};

use crate::db::Value;
use crate::derive::capped;
use crate::fields::{PLACE, TYPE};
use crate::find::item_columns;

/// The row of a record by id.
macro_rules! row_by_id {
    ($name:expr) => {
        format!("(select z.row from record z where z.id = {})", $name)
    };
}

/// One condition on a record.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cond {
    Owner(RecordId),
    Assigned(RecordId),
    Refers(String, RecordId),
    Key(String, String),
    Stage(String),
    Public,
    Node,
    /// Never drives: records a link keeps to are few, and what they are reached by leads to few.
    Among(Vec<RecordId>),
    /// Never drives.
    Stages(Vec<String>),
    /// Never drives.
    Test(Filter),
}

/// The values of a statement, numbered as they are named.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) values: Vec<Value>,
}

impl Draft {
    pub(crate) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }
}

/// How a statement reaches its records.
pub(crate) struct Way {
    /// What stands behind `from`: the table of the index, which is all that counting has to read.
    pub(crate) from: &'static str,
    /// The conditions its index serves.
    pub(crate) conds: Vec<String>,
    /// The column that is the record's row, in the order of the index.
    pub(crate) row: &'static str,
}

impl Way {
    /// With the record beside it, if it does not start there.
    pub(crate) fn with_record(mut self) -> Way {
        let joined = match self.from {
            "key d" => "key d cross join record r",
            "key s" => "key s cross join record r",
            "edge d" => "edge d cross join record r",
            _ => return self,
        };
        self.from = joined;
        self.conds.push(format!("r.row = {}", self.row));
        self
    }
}

/// The conditions of an arm and of what is asked, the better drivers first.
pub(crate) fn conditions(arm: &Arm, filter: Option<&Filter>) -> Vec<Cond> {
    let mut found = Vec::new();
    match &arm.reach {
        Reach::Own(who) => found.push(Cond::Owner(*who)),
        Reach::Assigned(who) => found.push(Cond::Assigned(*who)),
        Reach::Region(place) => {
            found.push(Cond::Node);
            found.push(Cond::Key(PLACE.to_owned(), place.code().to_owned()));
        }
        Reach::Node => found.push(Cond::Node),
        Reach::Anyone => found.push(Cond::Public),
    }
    found.extend(arm.only.clone().map(Cond::Among));
    match arm.stages.as_slice() {
        [] => {}
        [one] => found.push(Cond::Stage(one.clone())),
        several => found.push(Cond::Stages(several.to_vec())),
    }
    filter.into_iter().for_each(|filter| flatten(&mut found, filter));
    found.dedup();
    found.sort_by_key(Cond::rank);
    found
}

fn flatten(found: &mut Vec<Cond>, filter: &Filter) {
    found.push(match filter {
        Filter::All(parts) => return parts.iter().for_each(|part| flatten(found, part)),
        Filter::Is(_, value) if value.is_empty() => Cond::Test(Filter::Any(Vec::new())),
        Filter::Is(field, value) => Cond::Key(field.clone(), capped(value)),
        Filter::Type(path) => Cond::Key(TYPE.to_owned(), path.clone()),
        Filter::Place(place) => Cond::Key(PLACE.to_owned(), place.code().to_owned()),
        Filter::Stage(stage) => Cond::Stage(stage.clone()),
        Filter::Public => Cond::Public,
        Filter::Owner(id) => Cond::Owner(*id),
        Filter::Refers(field, id) => Cond::Refers(field.clone(), *id),
        other => Cond::Test(other.clone()),
    });
}

impl Cond {
    /// Order in which conditions are tried as drivers when counting does not tell them apart.
    fn rank(&self) -> u8 {
        match self {
            Cond::Owner(_) => 0,
            Cond::Assigned(_) => 1,
            Cond::Refers(..) => 2,
            Cond::Key(field, _) if field != PLACE && field != TYPE => 3,
            Cond::Key(field, _) if field == PLACE => 4,
            Cond::Key(..) => 5,
            Cond::Stage(_) => 6,
            Cond::Public => 7,
            Cond::Node => 8,
            Cond::Among(_) | Cond::Stages(_) | Cond::Test(_) => 9,
        }
    }

    /// Whether an index leads to the records of this condition.
    pub(crate) fn drives(&self) -> bool {
        self.rank() < 9
    }

    /// Whether it may leave so few that counting them is worth a statement.
    pub(crate) fn selects(&self) -> bool {
        self.rank() < 8
    }

    /// Whether testing it reads the record itself rather than an index beside it.
    pub(crate) fn reads_record(&self) -> bool {
        !matches!(self, Cond::Assigned(_) | Cond::Refers(..) | Cond::Key(..) | Cond::Among(_))
    }

    /// The way this condition leads to its records.
    pub(crate) fn way(&self, draft: &mut Draft, kind: &str) -> Way {
        match self {
            Cond::Key(field, value) => key_way(draft, kind, field, value),
            Cond::Assigned(who) => {
                let who = row_by_id!(draft.bind(*who));
                let kind = format!("d.from_kind = {}", draft.bind(kind));
                edge_way(vec![format!("d.to_row = {who}"), kind, "d.assigns = 1".to_owned()])
            }
            Cond::Refers(field, to) => {
                let to = row_by_id!(draft.bind(*to));
                let field = format!("d.field = {}", draft.bind(field.as_str()));
                let kind = format!("d.from_kind = {}", draft.bind(kind));
                edge_way(vec![format!("d.to_row = {to}"), field, kind])
            }
            _ => self.record_way(draft, kind),
        }
    }

    fn record_way(&self, draft: &mut Draft, kind: &str) -> Way {
        let mut conds = vec![format!("r.kind = {}", draft.bind(kind))];
        conds.push(match self {
            Cond::Owner(who) => format!("r.owner = {}", row_by_id!(draft.bind(*who))),
            Cond::Stage(stage) => format!("r.stage = {}", draft.bind(stage.as_str())),
            Cond::Public => "r.audience = 4".to_owned(),
            _ => "r.audience >= 1".to_owned(),
        });
        Way { from: "record r", conds, row: "r.row" }
    }

    /// The condition as a test of a record of the kind that was reached in another way; `row` is its column there, so
    /// that what an index answers is asked before the record is read.
    pub(crate) fn test(&self, draft: &mut Draft, kind: &str, row: &str) -> String {
        match self {
            Cond::Owner(who) => {
                format!("coalesce(r.owner, 0) = coalesce({}, -1)", row_by_id!(draft.bind(*who)))
            }
            Cond::Assigned(who) => {
                let who = row_by_id!(draft.bind(*who));
                format!(
                    "(select 1 from edge x where x.from_row = {row} and x.assigns = 1 and x.to_row = {who} limit 1) is not null"
                )
            }
            Cond::Refers(field, to) => {
                let (field, to) = (draft.bind(field.as_str()), row_by_id!(draft.bind(*to)));
                format!(
                    "(select 1 from edge x where x.from_row = {row} and x.field = {field} and x.to_row = {to} limit 1) is not null"
                )
            }
            Cond::Key(field, value) => key_test(draft, (kind, row), field, value),
            Cond::Stage(stage) => format!("(r.stage || '') = {}", draft.bind(stage.as_str())),
            Cond::Among(ids) if ids.is_empty() => "1 = 0".to_owned(),
            Cond::Among(ids) => {
                let rows: Vec<String> = ids.iter().map(|id| row_by_id!(draft.bind(*id))).collect();
                format!("({row} + 0) in ({})", rows.join(", "))
            }
            Cond::Stages(stages) => {
                let names: Vec<String> = stages.iter().map(|stage| draft.bind(stage.as_str())).collect();
                format!("(r.stage || '') in ({})", names.join(", "))
            }
            Cond::Public => "(r.audience + 0) = 4".to_owned(),
            Cond::Node => "(r.audience + 0) >= 1".to_owned(),
            Cond::Test(filter) => filter_test(draft, (kind, row), filter),
        }
    }
}

fn key_way(draft: &mut Draft, kind: &str, field: &str, value: &str) -> Way {
    let conds = vec![
        format!("d.kind = {}", draft.bind(kind)),
        format!("d.field = {}", draft.bind(field)),
        format!("d.value = {}", draft.bind(value)),
    ];
    Way { from: "key d", conds, row: "d.record" }
}

fn edge_way(conds: Vec<String>) -> Way {
    Way { from: "edge d", conds, row: "d.from_row" }
}

/// A listed value of the record or an ancestor of one: one look at the primary key, whose neighbours are those of
/// the records looked at before.
fn key_test(draft: &mut Draft, (kind, row): (&str, &str), field: &str, value: &str) -> String {
    let (kind, field, value) = (draft.bind(kind), draft.bind(field), draft.bind(capped(value)));
    format!(
        "(select 1 from key x where x.kind = {kind} and x.field = {field} and x.value = {value} and x.record = {row} limit 1) is not null"
    )
}

/// A listed value of the record on one side of another; the empty text sorts an absent field and is no value.
fn side_test(draft: &mut Draft, row: &str, field: &str, op: &str, value: &str) -> String {
    let (field, value) = (draft.bind(field), draft.bind(capped(value)));
    format!(
        "(select 1 from key x where x.record = {row} and x.field = {field} and x.value {op} {value} and x.value <> '' limit 1) is not null"
    )
}

fn filter_test(draft: &mut Draft, at: (&str, &str), filter: &Filter) -> String {
    let joined = |draft: &mut Draft, parts: &[Filter], word: &str, none: &str| {
        let tests: Vec<String> = parts.iter().map(|part| filter_test(draft, at, part)).collect();
        if tests.is_empty() { none.to_owned() } else { format!("({})", tests.join(word)) }
    };
    match filter {
        Filter::AtLeast(field, value) => side_test(draft, at.1, field, ">=", value),
        Filter::AtMost(field, value) => side_test(draft, at.1, field, "<=", value),
        Filter::All(parts) => joined(draft, parts, " and ", "1 = 1"),
        Filter::Any(parts) => joined(draft, parts, " or ", "1 = 0"),
        Filter::Not(part) => format!("not {}", filter_test(draft, at, part)),
        simple => {
            let mut found = Vec::new();
            flatten(&mut found, simple);
            let tests: Vec<String> = found.iter().map(|cond| cond.test(draft, at.0, at.1)).collect();
            tests.join(" and ")
        }
    }
}

/// The columns of an item, for statements that are put together.
pub(crate) const ITEM_COLUMNS: &str = item_columns!();
