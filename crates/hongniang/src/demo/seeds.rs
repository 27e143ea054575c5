//! The hand-written texts under `demo/seeds/`, given to invented people and firms: what a demand says was written by
//! hand; who says it, where and when is drawn from one seed.
//!
//! Answers tables in the form of the other files of the demonstration, to be filed in the same way. Start at [`tables`].

use anyhow::Context as _;
use serde::Deserialize;
use toml::{Table, Value};

use super::names::{Chance, Names};
use crate::embedded;

/// Of ten demands so many are public; the others wait at an earlier stage.
const PUBLIC_OF_TEN: usize = 8;
/// Of ten demands so many say by when.
const DATED_OF_TEN: usize = 8;
/// Days left at least to one that says by when.
const DAYS_LEFT: usize = 60;
/// Days over which demands and confirmations are spread.
const DAYS: usize = 330;

#[derive(Deserialize)]
struct File {
    topic: Vec<Topic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    key: String,
    name: String,
    industry: Vec<String>,
    discipline: Vec<String>,
    places: Vec<String>,
    firms: Vec<String>,
    /// A society of the trade stands in the files already.
    #[serde(default)]
    has_society: bool,
    #[serde(default)]
    demand: Vec<Demand>,
    #[serde(default)]
    achievement: Vec<Achievement>,
    #[serde(default)]
    expert: Vec<Expert>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Demand {
    title: String,
    problem: String,
    present: Option<String>,
    wanted: Option<String>,
    conditions: Option<String>,
    volume: Option<String>,
    budget: Option<String>,
    purpose: String,
    kind: String,
    details: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Achievement {
    title: String,
    summary: String,
    #[serde(rename = "type")]
    of: String,
    level: u8,
    figures: Vec<[String; 3]>,
    modes: Vec<String>,
    patents: Option<u32>,
    price: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expert {
    position: String,
    expertise: String,
    works: Vec<String>,
    services: String,
    keywords: Vec<String>,
    source: String,
}

/// What the seeds become, kind by kind.
#[derive(Default)]
pub struct Grown {
    /// One society of the province for each trade without one.
    pub societies: Vec<Table>,
    /// Firms.
    pub organizations: Vec<Table>,
    /// Experts.
    pub persons: Vec<Table>,
    /// Achievements of the experts' units.
    pub achievements: Vec<Table>,
    /// Demands of the firms.
    pub demands: Vec<Table>,
}

/// Units of the demonstration that experts may work for.
pub struct Employers<'u> {
    /// Keys of universities and institutes.
    pub keys: &'u [String],
}

/// Reads every file of seeds, in order of name.
pub fn tables(names: &mut Names, employers: &Employers<'_>) -> anyhow::Result<Grown> {
    let mut grown = Grown::default();
    for (path, text) in embedded::texts("demo/seeds") {
        let file: File = toml::from_str(&text).with_context(|| path)?;
        for topic in &file.topic {
            grow(topic, names, employers, &mut grown);
        }
    }
    Ok(grown)
}

fn grow(topic: &Topic, names: &mut Names, employers: &Employers<'_>, grown: &mut Grown) {
    if !topic.has_society {
        grown.societies.push(topic.society());
    }
    for (at, firm) in topic.firms.iter().enumerate() {
        grown.organizations.push(topic.firm(at, firm));
    }
    let experts: Vec<(String, String)> = topic
        .expert
        .iter()
        .enumerate()
        .map(|(at, expert)| {
            let employer = names.chance().pick(employers.keys).cloned().unwrap_or_default();
            let key = format!("e-{}-{at}", topic.key);
            grown.persons.push(topic.expert(&key, &employer, expert, names));
            (key, employer)
        })
        .collect();
    for (at, achievement) in topic.achievement.iter().enumerate() {
        let by = names.chance().pick(&experts).cloned();
        grown.achievements.push(topic.achievement(at, achievement, by, names.chance()));
    }
    for (at, demand) in topic.demand.iter().enumerate() {
        let firm = at % topic.firms.len().max(1);
        grown.demands.push(topic.demand(at, firm, demand, names));
    }
}

impl Topic {
    fn place(&self, at: usize) -> String {
        self.places.get(at % self.places.len().max(1)).cloned().unwrap_or_default()
    }

    fn firm(&self, at: usize, name: &str) -> Table {
        let place = self.place(at);
        let near =
            base::place::Place::parse(&place).map(|place| place.short().into_owned()).unwrap_or_default();
        let mut table = Table::new();
        put(&mut table, "key", format!("f-{}-{at}", self.key));
        put(&mut table, "type", "firm");
        put(&mut table, "title", format!("{near}{name}有限公司（演示）"));
        put(&mut table, "place", place);
        put_all(&mut table, "industry", &self.industry);
        put(&mut table, "summary", format!("主营{}，有自己的生产车间和质量检验。", self.name));
        table
    }

    fn society(&self) -> Table {
        let mut table = Table::new();
        put(&mut table, "key", format!("s-{}", self.key));
        put(&mut table, "type", "society");
        put(&mut table, "title", format!("浙江省{}学会（演示）", self.name));
        put(&mut table, "level", "provincial");
        put(&mut table, "place", "330000");
        put_all(&mut table, "industry", &self.industry);
        put(
            &mut table,
            "strengths",
            format!("联系{}方向的专家，组织技术诊断、标准讨论和青年交流。", self.name),
        );
        table
    }

    fn expert(&self, key: &str, employer: &str, expert: &Expert, names: &mut Names) -> Table {
        let mut table = Table::new();
        put(&mut table, "key", key);
        put(&mut table, "type", "expert");
        put(&mut table, "title", names.person());
        put(&mut table, "employer", format!("@{employer}"));
        put(&mut table, "position", expert.position.clone());
        put(&mut table, "source", expert.source.clone());
        put_all(&mut table, "industry", &self.industry);
        put_all(&mut table, "discipline", &self.discipline);
        put(&mut table, "expertise", expert.expertise.clone());
        put_all(&mut table, "works", &expert.works);
        put_all(&mut table, "keywords", &expert.keywords);
        put(&mut table, "services", expert.services.clone());
        put(&mut table, "contact_phone", telephone(names.chance()));
        table
    }

    fn achievement(
        &self,
        at: usize,
        of: &Achievement,
        by: Option<(String, String)>,
        chance: &mut Chance,
    ) -> Table {
        let mut table = Table::new();
        put(&mut table, "key", format!("a-{}-{at}", self.key));
        put(&mut table, "type", of.of.clone());
        put(&mut table, "title", of.title.clone());
        put(&mut table, "summary", of.summary.clone());
        put_all(&mut table, "industry", &self.industry);
        put_all(&mut table, "discipline", &self.discipline);
        if let Some((expert, employer)) = by {
            put(&mut table, "holder", format!("@{employer}"));
            put_all(&mut table, "inventors", &[format!("@{expert}")]);
        }
        table.insert("readiness".into(), Value::Table(readiness(of.level)));
        table.insert("figures".into(), Value::Array(of.figures.iter().map(figure).collect()));
        put_all(&mut table, "modes", &of.modes);
        if let Some(patents) = of.patents.filter(|n| *n > 0) {
            put_all(&mut table, "patents", &[format!("发明专利 {patents} 件")]);
        }
        put_some(&mut table, "price_note", of.price.clone());
        table.insert("confirmed_days_ago".into(), days(chance));
        put(&mut table, "stage", "published");
        table
    }

    fn demand(&self, at: usize, firm: usize, of: &Demand, names: &mut Names) -> Table {
        let mut table = Table::new();
        put(&mut table, "key", format!("d-{}-{at}", self.key));
        put(&mut table, "type", of.kind.clone());
        put(&mut table, "title", of.title.clone());
        put(&mut table, "problem", of.problem.clone());
        let may = [
            ("present_value", &of.present),
            ("wanted_value", &of.wanted),
            ("conditions", &of.conditions),
            ("volume", &of.volume),
            ("details", &of.details),
        ];
        for (name, text) in may {
            put_some(&mut table, name, text.clone());
        }
        // What is no single amount is a note on it.
        let exact = of.budget.as_ref().is_some_and(|text| base::money::Money::parse(text).is_ok());
        put_some(&mut table, if exact { "budget" } else { "budget_note" }, of.budget.clone());
        put(&mut table, "purpose", of.purpose.clone());
        put_all(&mut table, "industry", &self.industry);
        put_all(&mut table, "discipline", &self.discipline);
        put(&mut table, "organization", format!("@f-{}-{firm}", self.key));
        put(&mut table, "contact_name", names.person());
        put(&mut table, "contact_phone", telephone(names.chance()));
        table.insert("received_days_ago".into(), days(names.chance()));
        if names.chance().below(10) < DATED_OF_TEN {
            let days = DAYS_LEFT + names.chance().below(DAYS);
            table.insert("due_on_in_days".into(), Value::Integer(i64::try_from(days).unwrap_or_default()));
        }
        let stage = if names.chance().below(10) < PUBLIC_OF_TEN { "published" } else { "submitted" };
        put(&mut table, "stage", stage);
        table
    }
}

fn readiness(level: u8) -> Table {
    let mut table = Table::new();
    put(&mut table, "scheme", "GB/T 22900");
    put(&mut table, "edition", "2022");
    table.insert("level".into(), Value::Integer(i64::from(level)));
    table
}

fn figure([name, value, source]: &[String; 3]) -> Value {
    let mut table = Table::new();
    put(&mut table, "name", name.clone());
    put(&mut table, "value", value.clone());
    put(&mut table, "source", source.clone());
    Value::Table(table)
}

fn days(chance: &mut Chance) -> Value {
    Value::Integer(i64::try_from(chance.below(DAYS)).unwrap_or_default() + 1)
}

/// A number no telephone has.
fn telephone(chance: &mut Chance) -> String {
    format!("057{}-0000{:03}", chance.below(10), chance.below(1000))
}

pub(super) fn put(table: &mut Table, name: &str, text: impl Into<String>) {
    table.insert(name.to_owned(), Value::String(text.into()));
}

fn put_some(table: &mut Table, name: &str, text: Option<String>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        put(table, name, text);
    }
}

fn put_all(table: &mut Table, name: &str, texts: &[String]) {
    table.insert(name.to_owned(), Value::Array(texts.iter().cloned().map(Value::String).collect()));
}
