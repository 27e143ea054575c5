//! What the naive register knows of a kind: its own file, read as plain data.

use serde_json::json;

use super::model::Record;

pub const KINDS: [&str; 6] = [
    include_str!("../../../../catalogue/demand/kind.toml"),
    include_str!("../../../../catalogue/person/kind.toml"),
    include_str!("../../../../catalogue/organization/kind.toml"),
    include_str!("../../../../catalogue/achievement/kind.toml"),
    include_str!("../../../../catalogue/match/kind.toml"),
    include_str!("../../../../catalogue/tie/kind.toml"),
];

/// Lives and parts that kinds share, by the names they are led by.
const SHARED: [(&str, &str); 4] = [
    ("listing", include_str!("../../../../catalogue/lives/listing.toml")),
    ("contact", include_str!("../../../../catalogue/parts/contact.toml")),
    ("ceiling", include_str!("../../../../catalogue/parts/ceiling.toml")),
    ("sources", include_str!("../../../../catalogue/parts/sources.toml")),
];

/// How far a record travels, the smaller the closer.
const AUDIENCES: [&str; 5] = ["private", "node", "line", "network", "public"];
pub const NODE: usize = 1;
pub const PUBLIC: usize = 4;

/// What the naive register knows of a kind: its own file as it was parsed.
pub struct Kind {
    pub name: String,
    pub path: String,
    pub first_stage: String,
    pub file: toml::Table,
}

impl Kind {
    pub fn read(text: &str) -> Kind {
        let mut file: toml::Table = text.parse().expect("a kind");
        let life = file.get("life").and_then(|name| name.as_str()).map(shared);
        let first_stage =
            life.unwrap_or(text).split("[stages.").nth(1).and_then(|rest| rest.split(']').next());
        let first_stage = first_stage.expect("a stage").to_owned();
        let parts: Vec<&str> = texts(&file, "parts").into_iter().map(shared).collect();
        for text in life.into_iter().chain(parts) {
            add(&mut file, text.parse().expect("what kinds share"));
        }
        let said = |name: &str| file[name].as_str().expect("a text").to_owned();
        Kind { name: said("name"), path: said("path"), first_stage, file: file.clone() }
    }

    pub fn fields(&self) -> impl Iterator<Item = (&String, &toml::Table)> {
        let fields = self.file["fields"].as_table().expect("fields");
        fields.iter().filter_map(|(name, field)| Some((name, field.as_table()?)))
    }

    pub fn fields_with(&self, of: fn(&toml::Table) -> bool) -> Vec<&String> {
        self.fields().filter(|(_, field)| of(field)).map(|(name, _)| name).collect()
    }

    pub fn references(&self) -> Vec<&String> {
        self.fields_with(|field| field.get("type").is_some_and(|of| of.as_str() == Some("reference")))
    }

    pub fn types(&self) -> Vec<String> {
        let types = self.file.get("types").and_then(|types| types.as_table());
        types.map(|types| types.keys().cloned().collect()).unwrap_or_default()
    }

    pub fn stages(&self) -> Vec<String> {
        self.file["stages"].as_table().expect("stages").keys().cloned().collect()
    }

    pub fn moves(&self) -> Vec<&toml::Table> {
        self.file["moves"].as_array().expect("moves").iter().filter_map(toml::Value::as_table).collect()
    }

    pub fn start(&self, of_type: &str) -> String {
        let own = self.file.get("types").and_then(|types| types.get(of_type)?.get("start")?.as_str());
        own.unwrap_or(&self.first_stage).to_owned()
    }

    /// Where the stage may travel, and no further than its owner says.
    pub fn audience(&self, record: &Record) -> usize {
        let rank = |name: &str| AUDIENCES.iter().position(|of| *of == name).expect("an audience");
        let reach = rank(self.file["stages"][&record.stage]["reach"].as_str().expect("a reach"));
        let ceiling = self.file.get("ceiling").and_then(|name| record.fields.get(name.as_str()?)?.as_str());
        let yes = |name: &&String| record.fields.get(*name) == Some(&json!(true));
        let lowering =
            self.fields().filter(|(name, _)| yes(name)).filter_map(|(_, field)| field.get("lowers"));
        let lowered = lowering.filter_map(|to| to.as_str()).map(rank).min().unwrap_or(PUBLIC);
        reach.min(ceiling.map_or(lowered, rank))
    }
}

fn shared(name: &str) -> &'static str {
    SHARED.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("nothing shared is {name}")).1
}

/// Tables gain what the other's hold, lists its items.
fn add(file: &mut toml::Table, more: toml::Table) {
    for (name, more) in more {
        match (file.get_mut(&name), more) {
            (Some(toml::Value::Table(table)), toml::Value::Table(more)) => table.extend(more),
            (Some(toml::Value::Array(list)), toml::Value::Array(more)) => list.extend(more),
            (_, more) => drop(file.insert(name, more)),
        }
    }
}

/// The texts a list names, such as `from` and `needs` of a move.
pub fn texts<'t>(table: &'t toml::Table, name: &str) -> Vec<&'t str> {
    let list = table.get(name).and_then(|list| list.as_array());
    list.map(|list| list.iter().filter_map(|text| text.as_str()).collect()).unwrap_or_default()
}
