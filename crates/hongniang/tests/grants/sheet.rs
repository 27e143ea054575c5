//! The committed sheet, and what it says of someone who stands in certain ways.

use std::collections::BTreeSet;

use catalogue::access::{Role, Standing};
use catalogue::{Audience, Catalogue};

const SHEET: &str = include_str!("../../../../catalogue/grants.csv");

/// One way of asking: a standing, perhaps with a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    pub role: Option<Role>,
    pub standing: Standing,
}

/// One line: what may be done at a stage, and the columns that may.
#[derive(Clone, Debug)]
pub struct Line {
    pub kind: String,
    pub stage: String,
    pub verb: String,
    pub granted: Vec<Column>,
}

pub struct Sheet {
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
}

impl Column {
    pub const fn bare(standing: Standing) -> Column {
        Column { role: None, standing }
    }

    fn read(text: &str) -> Column {
        let (role, standing) =
            text.split_once('@').map_or((None, text), |(role, standing)| (Some(role), standing));
        let named = |role| Role::NAMES.iter().find(|(name, _)| *name == role).expect("a role").1;
        let (_, standing) = Standing::NAMES.iter().find(|(name, _)| *name == standing).expect("a standing");
        Column { role: role.map(named), standing: *standing }
    }

    pub fn text(&self) -> String {
        let role = self.role.map(|role| format!("{}@", role.name())).unwrap_or_default();
        format!("{role}{}", self.standing.name())
    }

    /// Whether a record that travels so far is in sight of those who stand so.
    fn sees(&self, reach: Audience) -> bool {
        match self.standing {
            Standing::Own | Standing::Assigned => true,
            Standing::Region | Standing::Node => reach >= Audience::Node,
            Standing::Anyone => reach == Audience::Public,
        }
    }
}

impl Sheet {
    pub fn committed() -> Sheet {
        let mut rows = SHEET.lines().map(|row| row.split(',').map(str::to_owned).collect::<Vec<_>>());
        let heading = rows.next().expect("a heading");
        let columns: Vec<Column> = heading.iter().skip(3).map(|text| Column::read(text)).collect();
        let line = |row: Vec<String>| {
            assert_eq!(row.len(), columns.len() + 3, "{row:?}");
            let marked = columns.iter().zip(&row[3..]).filter(|(_, mark)| !mark.is_empty());
            let granted = marked.map(|(column, _)| *column).collect();
            Line { kind: row[0].clone(), stage: row[1].clone(), verb: row[2].clone(), granted }
        };
        let lines = rows.map(line).collect();
        Sheet { columns, lines }
    }

    /// Whether someone who stands in these ways may do it to a record of this reach. Creating and erasing do not
    /// depend on how far a record travels; everything else begins with reading it.
    pub fn allows(&self, line: &Line, stands: &[Column], reach: Audience) -> bool {
        let marked = |line: &Line| stands.iter().any(|c| line.granted.contains(c) && c.sees(reach));
        match line.verb.as_str() {
            "create" | "erase" => stands.iter().any(|column| line.granted.contains(column)),
            _ => marked(line) && self.reads(line, stands, reach),
        }
    }

    /// Whether someone who stands in these ways may read a record at the line's stage.
    pub fn reads(&self, line: &Line, stands: &[Column], reach: Audience) -> bool {
        let at = |read: &&Line| read.verb == "read" && read.kind == line.kind && read.stage == line.stage;
        let read = self.lines.iter().find(at).expect("every stage has a line for reading");
        stands.iter().any(|column| read.granted.contains(column) && column.sees(reach))
    }
}

/// What the routes and the catalogue offer: (kind, stage, verb).
fn offered(catalogue: &Catalogue) -> BTreeSet<(String, String, String)> {
    let mut found = BTreeSet::new();
    for kind in catalogue.kinds() {
        for stage in &kind.stages {
            let starts =
                kind.types.iter().any(|of| kind.start_of(&of.path) == stage.name) || kind.start == stage.name;
            let moves = kind.moves.iter().filter(|mv| mv.from.contains(&stage.name));
            let verbs = ["read", "revise", "merge", "erase"]
                .into_iter()
                .chain(starts.then_some("create"))
                .chain(moves.map(|mv| mv.name.as_str()));
            found.extend(verbs.map(|verb| (kind.name.clone(), stage.name.clone(), verb.to_owned())));
        }
    }
    found
}

#[test]
fn the_sheet_has_a_line_for_everything_that_can_be_asked_and_no_other() {
    let lines = Sheet::committed().lines.into_iter().map(|line| (line.kind, line.stage, line.verb));
    assert_eq!(lines.collect::<BTreeSet<_>>(), offered(&crate::harness::shipped()));
}
