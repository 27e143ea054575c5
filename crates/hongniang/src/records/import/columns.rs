//! Headings recognised as what they mean: a column of the export's own, or a field of the kind.
//!
//! The names a form or an export gives go before the others the catalogue lists. Knows no cell. Start at
//! [`recognise`].

use std::collections::HashSet;

use base::text::fold;
use catalogue::value::Fault;
use catalogue::{Field, Kind};

use super::table::Table;
use crate::app::App;
use crate::locale::Lang;
use crate::records::cells::is_called;
use crate::records::export::{HEAD, VERSION};

/// What a heading was recognised as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// 编号: the record the row is about.
    Number,
    /// Type.
    Type,
    /// Stage, which only moves change.
    Stage,
    /// The version that was exported.
    Version,
    /// The field of this name.
    Field(String),
}

impl Column {
    /// The name by which faults call it.
    pub fn name(&self) -> &str {
        match self {
            Column::Number => "number",
            Column::Type => "type",
            Column::Stage => "stage",
            Column::Version => "version",
            Column::Field(name) => name,
        }
    }
}

/// Headings and what each means.
pub type Columns = Vec<(String, Option<Column>)>;

/// What the headings of a table mean, and a fault for each that means what another does.
pub fn recognise(app: &App, kind: &Kind, table: &Table) -> (Columns, Vec<Fault>) {
    let house = House::of(app, kind, table);
    let mut taken: HashSet<String> = HashSet::new();
    let mut columns: Columns = table.headings.iter().map(|heading| (heading.clone(), None)).collect();
    for pass in [Pass::Called, Pass::Known] {
        for (heading, column) in columns.iter_mut().filter(|(_, column)| column.is_none()) {
            let mut means = house.meanings(kind, heading, pass).into_iter();
            *column = means.find(|column| taken.insert(column.name().to_owned()));
        }
    }
    let doubled = |(heading, column): &(String, Option<Column>)| {
        let means = if column.is_none() { house.meanings(kind, heading, Pass::Known) } else { Vec::new() };
        means.first().map(|column| Fault::new(column.name(), "duplicate-column").with("name", heading))
    };
    let faults = columns.iter().filter_map(doubled).collect();
    (columns, faults)
}

/// By what a heading is recognised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// By the name or label of a field, or a heading of the export's own.
    Called,
    /// By any heading the catalogue lists.
    Known,
}

/// The export's own columns, as a table calls them.
struct House {
    columns: [(Column, Vec<String>); 4],
    headings: Vec<String>,
    /// The table says which records it is about, as an export does.
    numbered: bool,
    by_name: bool,
}

impl House {
    fn of(app: &App, kind: &Kind, table: &Table) -> House {
        let called = |(name, key): (&str, &str)| {
            let texts = [Lang::Zh, Lang::En].map(|lang| fold(app.texts(lang).get(key)));
            [fold(name)].into_iter().chain(texts).collect::<Vec<_>>()
        };
        let [number, of_type, stage] = HEAD.map(called);
        let headings: Vec<String> = table.headings.iter().map(|heading| fold(heading.trim())).collect();
        House {
            numbered: match headings.iter().filter(|heading| number.contains(heading)).count() {
                1 => !kind.fields.iter().any(|field| number.iter().any(|name| is_called(field, name))),
                n => n > 1,
            },
            by_name: !table.lettered,
            columns: [
                (Column::Number, number),
                (Column::Type, of_type),
                (Column::Stage, stage),
                (Column::Version, called(VERSION)),
            ],
            headings,
        }
    }

    /// What a heading may mean, the likeliest first.
    fn meanings(&self, kind: &Kind, heading: &str, pass: Pass) -> Vec<Column> {
        let folded = fold(heading.trim());
        let called = |field: &&Field| is_called(field, heading);
        let listed = |field: &&Field| field.columns.iter().any(|known| fold(known) == folded);
        let of = |field: &Field| Column::Field(field.name.clone());
        let mut fields: Vec<Column> = kind.fields.iter().filter(called).map(of).collect();
        // Programs name fields by identifier; a label that reads the same is another field's.
        fields.sort_by_key(|column| self.by_name && column.name() != heading);
        let own = self.columns.iter().find(|(_, names)| names.contains(&folded)).map(|(column, _)| column);
        let mut means: Vec<Column> = own.cloned().into_iter().collect();
        if own.is_some_and(|own| !fields.is_empty() && !self.goes_first(own, &folded)) {
            means.clear();
        }
        means.extend(fields);
        if pass == Pass::Known {
            means.extend(kind.fields.iter().filter(listed).map(of));
        }
        means
    }

    /// Whether a heading that is also a field's label is the export's own: in an export it comes before the field's.
    fn goes_first(&self, own: &Column, folded: &str) -> bool {
        let twice = self.headings.iter().filter(|heading| *heading == folded).count() > 1;
        self.by_name || twice || self.numbered && *own != Column::Number
    }
}
