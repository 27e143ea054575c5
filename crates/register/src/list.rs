//! Lists: the arms by which an asker reaches records, each one statement on one index, merged without doubles.
//!
//! Pages go by key, never by offset; counts stop at a cap; texts are never read. Start at [`Reader::list`].

use std::collections::{HashMap, HashSet};

use base::limits::{COUNT_CAP, FILTER_NODES_MAX, PAGE_ROWS, PAGE_ROWS_MAX};
use catalogue::access::{arms, layers};
use catalogue::kind::Verb;
use catalogue::{Access, Arm, Asker, Filter, Kind, Layer};

use crate::chain::{hex, sealed, unhex};
use crate::db::explain;
use crate::fault::{Fault, Result};
use crate::fields::TITLE;
use crate::filter_sql::{Cond, Draft, ITEM_COLUMNS, Way, conditions};
use crate::find::{ITEM_WIDTH, read_item};
use crate::reader::Reader;
use crate::record::Item;

/// Order of a list. Every order ends in the row, so that pages never overlap.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest filed first.
    #[default]
    Newest,
    /// Oldest filed first.
    Oldest,
    /// Earliest running clock first; records without one last.
    Due,
    /// By a listed field (or `title`, in pinyin order), smallest first; records without it first.
    By(String),
    /// By a listed field, largest first.
    ByDesc(String),
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    /// Kind.
    pub kind: String,
    /// Condition.
    pub filter: Option<Filter>,
    /// Order.
    pub order: Order,
    /// Cursor of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most [`PAGE_ROWS_MAX`].
    pub first: usize,
    /// What the asker wants to do with them; reading unless said.
    pub verb: Verb,
}

impl Find {
    /// All records of a kind, newest first.
    pub fn kind(kind: &str) -> Find {
        let (order, after) = (Order::Newest, None);
        Find { kind: kind.to_owned(), filter: None, order, after, first: PAGE_ROWS, verb: Verb::Read }
    }

    /// With a condition, beside those there are.
    pub fn filter(mut self, filter: Filter) -> Find {
        self.filter = Some(match self.filter.take() {
            None => filter,
            Some(before) => Filter::All(vec![before, filter]),
        });
        self
    }

    /// In another order.
    pub fn order(mut self, order: Order) -> Find {
        self.order = order;
        self
    }

    /// After the page of this cursor.
    pub fn after(mut self, cursor: Option<String>) -> Find {
        self.after = cursor;
        self
    }

    /// So many rows.
    pub fn first(mut self, rows: usize) -> Find {
        self.first = rows;
        self
    }
}

/// How many there are, counted up to a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// As many as were counted, at most [`COUNT_CAP`].
    pub n: usize,
    /// There are more.
    pub capped: bool,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The rows.
    pub items: Vec<Item>,
    /// Cursor of the next page, if there is one.
    pub next: Option<String>,
    /// How many there are in all.
    pub count: Count,
}

/// Records a condition may lead to for them to be sorted rather than walked in order: at a million records, sorting
/// this many costs about as much as walking on until a page of a condition that leads to more of them is full.
const SORTED_MAX: usize = 4_000;

/// Where a page begins: after this sort text and row; and what was counted on the first page.
#[derive(Clone, Debug)]
struct After {
    row: i64,
    count: Count,
    sort: String,
}

/// One arm's row: its sort text, the item, and the access the arm gives.
pub(crate) struct Hit {
    sort: String,
    pub(crate) item: Item,
    access: Access,
}

impl Reader<'_> {
    /// A page of the records of a kind the asker may read (or do `find.verb` with), by key.
    ///
    /// Errors: `no-such-kind`, `not-listed`, `bad-cursor`, `too-large` for a filter with too many conditions.
    pub fn list(&self, me: &Asker, find: &Find) -> Result<Page> {
        let kind = self.kind(&find.kind)?;
        check(kind, find)?;
        self.page(me, find, &arms(kind, me, &find.verb), true)
    }

    /// A page by some of the arms. Counting costs more than a page, so it is done once, for the first page (cursors
    /// carry it on), and not at all where nobody shows it: then the count is that of the page.
    pub(crate) fn page(&self, me: &Asker, find: &Find, arms: &[Arm], counted: bool) -> Result<Page> {
        let after = find.after.as_ref().map(|text| self.cursor(find, text)).transpose()?;
        let first = find.first.clamp(1, PAGE_ROWS_MAX);
        let lists: Vec<Listing<'_>> =
            arms.iter().map(|arm| Listing::new(self, find, arm).driven()).collect::<Result<_>>()?;
        let mut hits = Vec::new();
        for list in &lists {
            hits.extend(list.hits(after.as_ref(), first + 1)?);
        }
        let hits = merged(hits, &find.order);
        let more = hits.len() > first;
        let count = match &after {
            Some(after) => after.count,
            None if more && counted => count(&lists)?,
            None => Count { n: hits.len(), capped: more },
        };
        let last = hits.get(first - 1).filter(|_| more);
        let next = last
            .map(|hit| self.cursor_text(find, &After { row: hit.item.row, count, sort: hit.sort.clone() }));
        Ok(Page { items: self.dressed(me, hits, first)?, next, count })
    }

    /// The first rows by some of the arms, without what has to be read beside the record.
    pub(crate) fn bare(&self, find: &Find, arms: &[Arm]) -> Result<Vec<Hit>> {
        let mut hits = Vec::new();
        for arm in arms {
            hits.extend(Listing::new(self, find, arm).driven()?.hits(None, find.first)?);
        }
        let mut hits = merged(hits, &find.order);
        hits.truncate(find.first);
        Ok(hits)
    }

    /// Adds what the asker may see of each: listed values and the owner's heading.
    pub(crate) fn dressed(&self, me: &Asker, hits: Vec<Hit>, first: usize) -> Result<Vec<Item>> {
        let hits = hits.into_iter().take(first);
        let (mut items, ways): (Vec<Item>, Vec<Access>) = hits.map(|hit| (hit.item, hit.access)).unzip();
        if items.is_empty() {
            return Ok(items);
        }
        let admitted: HashMap<i64, &[Layer]> =
            items.iter().map(|item| item.row).zip(ways.iter().map(layers)).collect();
        self.with_keys(&mut items, |row| admitted.get(&row).copied().unwrap_or_default())?;
        self.owners(me, &mut items.iter_mut().zip(&ways).collect::<Vec<_>>())?;
        Ok(items)
    }

    fn cursor_text(&self, find: &Find, after: &After) -> String {
        let (n, capped) = (after.count.n, i64::from(after.count.capped));
        let text = format!("{} {n} {capped} {}", after.row, after.sort);
        format!("{}{}", self.mark(find, &text), hex(text.as_bytes()))
    }

    /// Reads a cursor made by this store for this very list.
    fn cursor(&self, find: &Find, cursor: &str) -> Result<After> {
        let (mark, body) = cursor.split_at_checked(MARK_CHARS).ok_or(Fault::BadCursor)?;
        let text = unhex(body).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(Fault::BadCursor)?;
        if mark != self.mark(find, &text) {
            return Err(Fault::BadCursor);
        }
        let mut parts = text.splitn(4, ' ');
        let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok()).ok_or(Fault::BadCursor);
        let (row, n, capped) = (number()?, number()?, number()?);
        let count = Count { n: usize::try_from(n).map_err(|_| Fault::BadCursor)?, capped: capped == 1 };
        Ok(After { row, count, sort: parts.next().unwrap_or_default().to_owned() })
    }

    fn mark(&self, find: &Find, text: &str) -> String {
        let list = format!("{} {:?} {:?} {:?}", find.kind, find.filter, find.order, find.verb);
        let mark = sealed(&self.shared.secret, &format!("{list}\n{text}"));
        hex(&mark).chars().take(MARK_CHARS).collect()
    }
}

/// How many the arms lead to, up to the cap, as remembered or counted.
fn count(lists: &[Listing<'_>]) -> Result<Count> {
    let Some(list) = lists.first() else { return Ok(Count { n: 0, capped: false }) };
    let question = lists.iter().map(Listing::question).collect();
    list.reader.shared.counts.of(list.reader.conn, question, || counted(lists))
}

fn counted(lists: &[Listing<'_>]) -> Result<Count> {
    if let [list] = lists {
        let n = list.counted()?;
        return Ok(Count { n: n.min(COUNT_CAP), capped: n > COUNT_CAP });
    }
    let mut seen = HashSet::new();
    for list in lists {
        seen.extend(list.rows()?);
        if seen.len() > COUNT_CAP {
            break;
        }
    }
    Ok(Count { n: seen.len().min(COUNT_CAP), capped: seen.len() > COUNT_CAP })
}

/// Characters of a cursor's mark: 96 bits.
const MARK_CHARS: usize = 24;

/// One arm of one list, as statements.
struct Listing<'r> {
    reader: &'r Reader<'r>,
    find: &'r Find,
    access: Access,
    conds: Vec<Cond>,
    /// The condition whose index is walked.
    driver: usize,
    /// It leads to so few records that they are sorted rather than walked in order.
    small: bool,
}

impl<'r> Listing<'r> {
    fn new(reader: &'r Reader<'_>, find: &'r Find, arm: &Arm) -> Listing<'r> {
        let access = arm.access();
        let conds = conditions(arm, find.filter.as_ref());
        // Every arm has a condition that drives, if only its audience.
        let driver = conds.iter().position(Cond::drives).unwrap_or_default();
        Listing { reader, find, access, conds, driver, small: false }
    }

    /// The rows of a page.
    fn hits(&self, after: Option<&After>, limit: usize) -> Result<Vec<Hit>> {
        let mut draft = Draft::default();
        let sql = self.statement(&mut draft, after, limit);
        let read = |row: &crate::db::Row| {
            Ok(Hit { sort: row.text(ITEM_WIDTH)?, item: read_item(row)?, access: self.access.clone() })
        };
        self.reader.conn.query(&sql, &draft.values)?.iter().map(read).collect()
    }

    /// What is counted, as text: the statement and its values.
    fn question(&self) -> String {
        let mut draft = Draft::default();
        let sql = self.rows_statement(&mut draft);
        format!("{sql} {:?}\n", draft.values)
    }

    fn counted(&self) -> Result<usize> {
        let mut draft = Draft::default();
        let sql = self.rows_statement(&mut draft);
        let sql = format!("select count(*) from ({sql}) as c");
        let row = self.reader.conn.one(&sql, &draft.values)?;
        row.map_or(Ok(0), |row| row.int(0)).map(|n| usize::try_from(n).unwrap_or_default())
    }

    fn rows(&self) -> Result<Vec<i64>> {
        let mut draft = Draft::default();
        let sql = self.rows_statement(&mut draft);
        self.reader.conn.query(&sql, &draft.values)?.iter().map(|row| row.int(0)).collect()
    }

    /// Driven by the condition that leads to the fewest records, as far as a capped count of its index tells.
    fn driven(mut self) -> Result<Listing<'r>> {
        let walked = !matches!(self.find.order, Order::Newest | Order::Oldest);
        let choices: Vec<usize> =
            (0..self.conds.len()).filter(|at| self.conds.get(*at).is_some_and(Cond::selects)).collect();
        if choices.len() < 2 && !walked {
            return Ok(self);
        }
        let mut least = SORTED_MAX + 1;
        for at in choices {
            let Some(cond) = self.conds.get(at) else { continue };
            let size = self.size(cond, least)?;
            if size < least {
                (self.driver, least) = (at, size);
            }
        }
        self.small = least <= SORTED_MAX;
        Ok(self)
    }

    /// Entries of a condition's index, counted up to a limit; the records themselves are not read.
    fn size(&self, cond: &Cond, limit: usize) -> Result<usize> {
        let mut draft = Draft::default();
        let sql = self.size_statement(&mut draft, cond, limit);
        let row = self.reader.conn.one(&sql, &draft.values)?;
        row.map_or(Ok(0), |row| row.int(0)).map(|n| usize::try_from(n).unwrap_or_default())
    }

    fn size_statement(&self, draft: &mut Draft, cond: &Cond, limit: usize) -> String {
        let way = cond.way(draft, &self.find.kind);
        let limit = draft.bind(limit);
        let (conds, row) = (way.conds.join(" and "), way.row);
        // The order is that of the index meant, so that no store takes another.
        format!(
            "select count(*) from (select 1 from {} where {conds} order by {row} desc limit {limit}) as n",
            way.from
        )
    }

    fn rows_statement(&self, draft: &mut Draft) -> String {
        let Some(cond) = self.conds.get(self.driver) else { return String::new() };
        let mut way = cond.way(draft, &self.find.kind);
        if self.conds.iter().enumerate().any(|(at, cond)| at != self.driver && cond.reads_record()) {
            way = way.with_record();
        }
        way.conds.extend(self.tests(draft, Some(self.driver), way.row));
        let limit = draft.bind(COUNT_CAP + 1);
        let (conds, row) = (way.conds.join(" and "), way.row);
        format!("select {row} from {} where {conds} order by {row} desc limit {limit}", way.from)
    }

    fn tests(&self, draft: &mut Draft, driver: Option<usize>, row: &str) -> Vec<String> {
        let others = self.conds.iter().enumerate().filter(|(at, _)| Some(*at) != driver);
        others.map(|(_, cond)| cond.test(draft, &self.find.kind, row)).collect()
    }

    fn statement(&self, draft: &mut Draft, after: Option<&After>, limit: usize) -> String {
        let (mut way, skip, sort) = match &self.find.order {
            Order::Newest | Order::Oldest => self.by_row(draft),
            Order::Due => self.by_due(draft),
            Order::By(field) | Order::ByDesc(field) => self.by_field(draft, field),
        };
        way.conds.extend(self.tests(draft, skip, way.row));
        let down = matches!(self.find.order, Order::Newest | Order::ByDesc(_));
        way.conds.extend(after.map(|after| beyond(draft, sort.as_deref(), way.row, down, after)));
        let direction = if down { " desc" } else { "" };
        let order: Vec<String> =
            sort.iter().map(String::as_str).chain([way.row]).map(|c| format!("{c}{direction}")).collect();
        let shown = sort.as_deref().unwrap_or("''");
        let limit = draft.bind(limit);
        format!(
            "select {ITEM_COLUMNS}, {shown} from {} left join record o on o.row = r.owner where {} order by {} limit {limit}",
            way.from,
            way.conds.join(" and "),
            order.join(", ")
        )
    }

    fn by_row(&self, draft: &mut Draft) -> (Way, Option<usize>, Option<String>) {
        (self.way(draft), Some(self.driver), None)
    }

    fn way(&self, draft: &mut Draft) -> Way {
        self.conds.get(self.driver).unwrap_or(&Cond::Node).way(draft, &self.find.kind).with_record()
    }

    /// Few records are sorted; many are walked in order of their due day, at one stage if one is asked for.
    fn by_due(&self, draft: &mut Draft) -> (Way, Option<usize>, Option<String>) {
        if self.small {
            return (self.way(draft), Some(self.driver), Some("(r.due || '')".to_owned()));
        }
        let stage = self.conds.iter().position(|cond| matches!(cond, Cond::Stage(_)));
        let mut conds = vec![format!("r.kind = {}", draft.bind(self.find.kind.as_str()))];
        if let Some(Cond::Stage(stage)) = stage.and_then(|at| self.conds.get(at)) {
            conds.push(format!("r.stage = {}", draft.bind(stage.as_str())));
        }
        (Way { from: "record r", conds, row: "r.row" }, stage, Some("r.due".to_owned()))
    }

    fn by_field(&self, draft: &mut Draft, field: &str) -> (Way, Option<usize>, Option<String>) {
        let field = if self.is_title(field) { TITLE } else { field };
        let sort = Some("s.value".to_owned());
        if self.small {
            let Way { from, mut conds, row } = self.way(draft);
            conds.extend(["s.record = r.row".to_owned(), "s.own = 2".to_owned()]);
            conds.push(format!("s.field = {}", draft.bind(field)));
            return (Way { from: sorted_from(from), conds, row }, Some(self.driver), sort);
        }
        let conds = vec![
            format!("s.kind = {}", draft.bind(self.find.kind.as_str())),
            format!("s.field = {}", draft.bind(field)),
            "s.own = 2".to_owned(),
        ];
        (Way { from: "key s", conds, row: "s.record" }.with_record(), None, sort)
    }

    fn is_title(&self, field: &str) -> bool {
        self.reader.kind(&self.find.kind).is_ok_and(|kind| kind.title == field)
    }
}

/// The way of a driver with the sort key beside it.
fn sorted_from(from: &'static str) -> &'static str {
    match from {
        "record r" => "record r cross join key s",
        "key d cross join record r" => "key d cross join record r cross join key s",
        _ => "edge d cross join record r cross join key s",
    }
}

/// A statement of a list and how the store would run it.
#[derive(Debug)]
pub struct Plan {
    /// The statement.
    pub sql: String,
    /// The steps.
    pub steps: Vec<String>,
    /// It sorts few records rather than walk them in order.
    pub sorts: bool,
}

/// The plans of every statement a list may come to, whatever counting would choose; for the proof of plans.
pub fn plans_of(reader: &Reader<'_>, me: &Asker, find: &Find) -> Result<Vec<Plan>> {
    let kind = reader.kind(&find.kind)?;
    check(kind, find)?;
    let count = Count { n: 1, capped: false };
    let after = After { row: 1, count, sort: "1".to_owned() };
    let mut found = Vec::new();
    for arm in arms(kind, me, &find.verb) {
        let mut list = Listing::new(reader, find, &arm);
        for driver in (0..list.conds.len())
            .filter(|at| list.conds.get(*at).is_some_and(Cond::drives))
            .collect::<Vec<_>>()
        {
            list.driver = driver;
            let mut texts = vec![(false, list.rows_statement(&mut Draft::default()))];
            let size = |cond| (false, list.size_statement(&mut Draft::default(), cond, 1));
            texts.extend(list.conds.get(driver).map(size));
            for small in [false, true] {
                list.small = small;
                let sorts = small && !matches!(find.order, Order::Newest | Order::Oldest);
                texts.push((sorts, list.statement(&mut Draft::default(), None, 21)));
                texts.push((sorts, list.statement(&mut Draft::default(), Some(&after), 21)));
            }
            for (sorts, sql) in texts {
                found.push(Plan { steps: explain(reader.conn, &sql)?, sql, sorts });
            }
        }
    }
    Ok(found)
}

/// Rows behind a cursor.
fn beyond(draft: &mut Draft, sort: Option<&str>, row: &str, down: bool, after: &After) -> String {
    let op = if down { "<" } else { ">" };
    match sort {
        None => format!("{row} {op} {}", draft.bind(after.row)),
        Some(sort) => {
            let (text, at) = (draft.bind(after.sort.as_str()), draft.bind(after.row));
            format!("({sort}, {row}) {op} ({text}, {at})")
        }
    }
}

/// The arms' rows in one order, each record once, under the strongest arm that led to it.
fn merged(mut hits: Vec<Hit>, order: &Order) -> Vec<Hit> {
    let down = matches!(order, Order::Newest | Order::ByDesc(_));
    // A stable sort keeps the arms' order among the same row, so the strongest stays.
    hits.sort_by(|a, b| {
        let up = a.sort.cmp(&b.sort).then(a.item.row.cmp(&b.item.row));
        if down { up.reverse() } else { up }
    });
    hits.dedup_by_key(|hit| hit.item.row);
    hits
}

/// Only listed fields may be ordered and filtered by, and a filter ends somewhere.
fn check(kind: &Kind, find: &Find) -> Result<()> {
    let listed = |field: &str| match field {
        TITLE | crate::fields::PLACE | crate::fields::TYPE => true,
        name => name == kind.title || kind.fields.iter().any(|f| f.list && f.name == name),
    };
    if let Order::By(field) | Order::ByDesc(field) = &find.order
        && !listed(field)
    {
        return Err(Fault::NotListed(field.clone()));
    }
    let mut nodes = 0;
    find.filter.as_ref().map_or(Ok(()), |filter| check_filter(filter, &mut nodes, &listed))
}

fn check_filter(filter: &Filter, nodes: &mut usize, listed: &impl Fn(&str) -> bool) -> Result<()> {
    *nodes += 1;
    if *nodes > FILTER_NODES_MAX {
        return Err(Fault::TooLarge { what: "filter", most: FILTER_NODES_MAX as u64 });
    }
    match filter {
        Filter::Is(field, _) | Filter::AtLeast(field, _) | Filter::AtMost(field, _) if !listed(field) => {
            Err(Fault::NotListed(field.clone()))
        }
        Filter::All(parts) | Filter::Any(parts) => {
            parts.iter().try_for_each(|part| check_filter(part, nodes, listed))
        }
        Filter::Not(part) => check_filter(part, nodes, listed),
        _ => Ok(()),
    }
}
