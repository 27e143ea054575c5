//! A service year of each pilot unit, as records: firms visited, societies and experts who came, what was solved,
//! signed and set up. How many of each stands in `demo/years.toml`; titles come from the hand-written texts.
//!
//! The numbers are those the sources report of the unit, so that “reported” and “recorded” can stand side by side.
//! Start at [`tables`].

use std::collections::BTreeMap;

use anyhow::Context as _;
use base::place::Place;
use serde::Deserialize;
use toml::{Table, Value};

use super::names::{Chance, Names};
use super::seeds::{Grown, put};
use crate::embedded;

/// Days over which a year is spread; the demonstration's targets begin a little earlier.
const DAYS: usize = 290;
/// Ten thousand yuan in the amounts of letters of intent, at least and at most.
const INTENT: (usize, usize) = (12, 90);
/// Phrases around the text of a demand or an achievement, by type of outcome.
const PHRASES: [(&str, Texts, &str); 13] = [
    ("problem", Texts::Demands, "已解决：{}"),
    ("problem.choke", Texts::Demands, "关键难题攻克：{}"),
    ("technology", Texts::Achievements, "完成攻关：{}"),
    ("transfer", Texts::Achievements, "落地转化：{}"),
    ("award", Texts::Achievements, "获市级以上科技奖：{}"),
    ("patent", Texts::Achievements, "获发明专利授权：{}"),
    ("project", Texts::Achievements, "列入科技项目：{}"),
    ("topic", Texts::Achievements, "课题结题：{}"),
    ("standard", Texts::Achievements, "形成行业标准：{}"),
    ("talent", Texts::Achievements, "引进人才团队：{}"),
    ("landing", Texts::Achievements, "项目落地：{}"),
    ("landing.company", Texts::Achievements, "注册企业：{}"),
    ("platform", Texts::Achievements, "平台落地：{}"),
];

/// Where the words of a title come from.
#[derive(Clone, Copy)]
enum Texts {
    Demands,
    Achievements,
}

#[derive(Deserialize)]
struct File {
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    /// Code of the unit's place.
    place: String,
    /// The unit that organises.
    organizer: String,
    /// Firms visited, each once.
    firms: usize,
    /// Whether they are single-champion manufacturers.
    #[serde(default)]
    champions: bool,
    /// Different societies that came along.
    societies: usize,
    /// Person-times of experts.
    person_times: usize,
    /// Tours of academicians and experts, and how many they brought.
    #[serde(default)]
    tours: usize,
    #[serde(default)]
    received: usize,
    #[serde(default)]
    intents: usize,
    #[serde(default)]
    contracts: usize,
    /// Strategic agreements, and how many of all that are no intents have landed.
    #[serde(default)]
    strategic: usize,
    #[serde(default)]
    landed: usize,
    /// Docking sessions beside the one told apart.
    #[serde(default)]
    sessions: usize,
    /// One docking session: its letters of intent and their sum in 10,000 yuan.
    session: Option<Session>,
    /// How many outcomes of each type.
    #[serde(default)]
    outcomes: BTreeMap<String, usize>,
    /// How many stations of each type.
    #[serde(default)]
    stations: BTreeMap<String, usize>,
}

#[derive(Deserialize)]
struct Session {
    title: String,
    edition: u16,
    intents: usize,
    amount: usize,
}

/// Tables by kind, in the order in which they refer to one another.
pub type Tables = Vec<(&'static str, Vec<Table>)>;

/// The places of the years, and whether their visits are to champion firms.
pub fn places() -> anyhow::Result<Vec<(Place, bool)>> {
    let place = |year: &Year| Ok((Place::parse(&year.place).context("place of a year")?, year.champions));
    file()?.year.iter().map(place).collect()
}

fn file() -> anyhow::Result<File> {
    let path = "demo/years.toml";
    toml::from_str(embedded::text(path)).context(path)
}

/// All years of `demo/years.toml`.
pub fn tables(names: &mut Names, grown: &Grown, societies: &[String]) -> anyhow::Result<Tables> {
    let file = file()?;
    // Posts to fill and money to raise are demands, but no problem anyone solves on a visit.
    let technical: Vec<Table> =
        grown.demands.iter().filter(|d| string(d, "type").as_deref() == Some("technical")).cloned().collect();
    let texts = [texts(&technical), texts(&grown.achievements)];
    let units: Vec<String> = grown.achievements.iter().filter_map(|a| string(a, "holder")).collect();
    let mut made = Made { names, texts, units, societies, drawn: [0, 0], tables: BTreeMap::new() };
    for year in &file.year {
        made.year(year)?;
    }
    let order = ["organization", "station", "event", "agreement", "visit", "outcome"];
    Ok(order.into_iter().map(|kind| (kind, made.tables.remove(kind).unwrap_or_default())).collect())
}

fn texts(tables: &[Table]) -> Vec<String> {
    tables.iter().filter_map(|table| string(table, "title")).collect()
}

fn string(table: &Table, name: &str) -> Option<String> {
    table.get(name).and_then(Value::as_str).map(str::to_owned)
}

struct Made<'m> {
    names: &'m mut Names,
    /// Titles of demands and of achievements.
    texts: [Vec<String>; 2],
    /// References to those who hold achievements: they sign with firms.
    units: Vec<String>,
    societies: &'m [String],
    /// How many titles of each sort have been used.
    drawn: [usize; 2],
    tables: BTreeMap<&'static str, Vec<Table>>,
}

impl Made<'_> {
    fn year(&mut self, year: &Year) -> anyhow::Result<()> {
        let place = Place::parse(&year.place).context("place of a year")?;
        let firms: Vec<String> = (0..year.firms).map(|at| self.firm(year, &place, at)).collect();
        self.visits(year, &firms);
        self.tours(year, &place);
        self.stations(year, &place)?;
        for at in 0..year.intents {
            let amount = INTENT.0 + self.names.chance().below(INTENT.1 - INTENT.0);
            self.agreement(year, &firms, ("intent", at), amount, None);
        }
        for at in 0..year.contracts {
            let amount = INTENT.0 + self.names.chance().below(INTENT.1);
            self.agreement(year, &firms, (CONTRACT, at), amount, None);
        }
        for at in 0..year.strategic {
            let amount = INTENT.1 + self.names.chance().below(INTENT.1);
            self.agreement(year, &firms, ("strategic", at), amount, None);
        }
        for at in 0..year.sessions {
            self.plain_session(year, &place, at);
        }
        if let Some(session) = &year.session {
            self.session(year, session, &firms);
        }
        for (of, many) in &year.outcomes {
            let phrase = PHRASES.iter().find(|(known, ..)| known == of);
            let (_, texts, phrase) =
                phrase.with_context(|| format!("no phrase for outcomes of type {of}"))?;
            (0..*many).for_each(|at| self.outcome(year, &firms, (of, at), *texts, phrase));
        }
        Ok(())
    }

    fn put(&mut self, kind: &'static str, table: Table) {
        self.tables.entry(kind).or_default().push(table);
    }

    fn table(&mut self, year: &Year, key: String, of: &str, title: String) -> Table {
        let mut table = Table::new();
        put(&mut table, "key", key);
        put(&mut table, "type", of);
        put(&mut table, "title", title);
        put(&mut table, "place", year.place.clone());
        table
    }

    fn text(&mut self, from: Texts) -> String {
        let list = &self.texts[from as usize];
        let at = self.drawn[from as usize];
        self.drawn[from as usize] += 1;
        list.get(at % list.len().max(1)).cloned().unwrap_or_default()
    }

    fn firm(&mut self, year: &Year, place: &Place, at: usize) -> String {
        let key = format!("y-f-{}-{at}", year.place);
        let title = self.names.firm(&place.short());
        let mut table = self.table(year, key.clone(), "firm", title);
        if year.champions {
            table.insert("labels".into(), Value::Array(vec!["champion".into(), "above_scale".into()]));
        }
        self.put("organization", table);
        format!("@{key}")
    }

    /// One visit a firm; the societies in turn, and the experts spread so that their sum is the year's.
    fn visits(&mut self, year: &Year, firms: &[String]) {
        let every = self.societies.len().min(year.societies).max(1);
        for (at, firm) in firms.iter().enumerate() {
            let people = share(year.person_times, firms.len(), at);
            let title = format!("入企服务：{}", self.text(Texts::Demands));
            let mut table = self.table(year, format!("y-v-{}-{at}", year.place), "service", title);
            put(&mut table, "firm", firm.clone());
            let society = self.societies.get(at % every).cloned().unwrap_or_default();
            table.insert("societies".into(), Value::Array(vec![format!("@{society}").into()]));
            table.insert("people".into(), number(people));
            table.insert("visited_on_days_ago".into(), days(self.names.chance()));
            self.put("visit", table);
        }
    }

    fn tours(&mut self, year: &Year, place: &Place) {
        for at in 0..year.tours {
            let title = format!("院士专家{}行第 {} 次（演示）", place.short(), at + 1);
            let mut event = self.table(year, format!("y-t-{}-{at}", year.place), "tour", title.clone());
            put(&mut event, "organizer", format!("@{}", year.organizer));
            let day = days(self.names.chance());
            event.insert("held_on_days_ago".into(), day.clone());
            self.put("event", event);
            let mut visit = self.table(year, format!("y-r-{}-{at}", year.place), "reception", title);
            visit.insert("people".into(), number(share(year.received, year.tours, at)));
            visit.insert("visited_on_days_ago".into(), day);
            self.put("visit", visit);
        }
    }

    fn stations(&mut self, year: &Year, place: &Place) -> anyhow::Result<()> {
        for (of, many) in &year.stations {
            let (of, label) = of.split_once(' ').context("write stations as \"TYPE 名称\" = number")?;
            for at in 0..*many {
                let field = self.names.chance().pick(&FIELDS).copied().unwrap_or_default();
                let title = format!("{}{field}{label}{}（演示）", place.short(), ordinal(at, *many));
                let mut table = self.table(year, format!("y-s-{}-{of}-{at}", year.place), of, title);
                put(&mut table, "level", "municipal");
                put(&mut table, "host", format!("@{}", year.organizer));
                let society = self.names.chance().pick(self.societies).cloned().unwrap_or_default();
                table.insert("partners".into(), Value::Array(vec![format!("@{society}").into()]));
                table.insert("since_days_ago".into(), days(self.names.chance()));
                self.put("station", table);
            }
        }
        Ok(())
    }

    fn agreement(
        &mut self,
        year: &Year,
        firms: &[String],
        (of, at): (&str, usize),
        amount: usize,
        event: Option<&str>,
    ) {
        let title = format!("{}（演示）", self.text(Texts::Achievements));
        let key = format!("y-a-{}-{of}-{at}{}", year.place, event.map(|_| "-s").unwrap_or_default());
        let mut table = self.table(year, key, of, title);
        let firm = firms.get(at % firms.len().max(1)).cloned();
        let unit = self.names.chance().pick(&self.units).cloned();
        let parties = firm.into_iter().chain(unit).map(Value::from).collect();
        table.insert("parties".into(), Value::Array(parties));
        if of == CONTRACT {
            put(&mut table, "registration", format!("{}{}{at:06}", REGISTERED, year.place));
        }
        let landed = if of == CONTRACT { at + year.strategic } else { at };
        if of != INTENTS && landed < year.landed {
            put(&mut table, "landing", "landed");
        }
        put(&mut table, "amount", format!("{amount} 万元"));
        match event {
            Some(event) => {
                put(&mut table, "event", format!("@{event}"));
                table.insert("signed_on_days_ago".into(), number(SESSION_DAYS_AGO));
            }
            None => {
                table.insert("signed_on_days_ago".into(), days(self.names.chance()));
            }
        }
        self.put("agreement", table);
    }

    fn plain_session(&mut self, year: &Year, place: &Place, at: usize) {
        let title = format!("{}院企对接会第 {} 次（演示）", place.short(), at + 1);
        let mut event = self.table(year, format!("y-d-{}-{at}", year.place), "docking", title);
        put(&mut event, "organizer", format!("@{}", year.organizer));
        event.insert("held_on_days_ago".into(), days(self.names.chance()));
        self.put("event", event);
    }

    fn session(&mut self, year: &Year, session: &Session, firms: &[String]) {
        let key = format!("y-session-{}", year.place);
        let mut event = self.table(year, key.clone(), "docking", session.title.clone());
        event.insert("edition".into(), Value::Integer(i64::from(session.edition)));
        put(&mut event, "organizer", format!("@{}", year.organizer));
        event.insert("held_on_days_ago".into(), number(SESSION_DAYS_AGO));
        self.put("event", event);
        for at in 0..session.intents {
            let amount = share(session.amount, session.intents, at);
            self.agreement(year, firms, ("intent", at), amount, Some(&key));
        }
    }

    fn outcome(
        &mut self,
        year: &Year,
        firms: &[String],
        (of, at): (&str, usize),
        texts: Texts,
        phrase: &str,
    ) {
        let title = phrase.replace("{}", &self.text(texts));
        let mut table = self.table(year, format!("y-o-{}-{of}-{at}", year.place), of, title);
        if let Some(firm) = firms.get(at % firms.len().max(1)) {
            put(&mut table, "firm", firm.clone());
        }
        // The firm confirms some; some rest on its registered contract; the others are told by whoever reports them.
        // Nobody signs for each single person who came.
        let ways: &[&str] = if of == "talent" { &[""] } else { &["firm", "firm", "contract", ""] };
        let shown = self.names.chance().pick(ways).copied().unwrap_or_default();
        match shown {
            "firm" => put(&mut table, "stage", "confirmed"),
            "contract" if at < year.contracts => {
                put(&mut table, "agreement", format!("@y-a-{}-{CONTRACT}-{at}", year.place));
            }
            _ => {}
        }
        put(&mut table, "attribution", "whole");
        table.insert("achieved_on_days_ago".into(), days(self.names.chance()));
        self.put("outcome", table);
    }
}

/// The type of contracts that are registered.
pub(super) const CONTRACT: &str = "contract.development";
/// The type of letters of intent.
const INTENTS: &str = "intent";
/// How an invented registration number begins; the place and a serial follow.
const REGISTERED: &str = "2099";
const SESSION_DAYS_AGO: usize = 45;

const FIELDS: [&str; 20] = [
    "新材料",
    "智能装备",
    "生物医药",
    "数字经济",
    "地理信息",
    "纺织服装",
    "农业机械",
    "节能环保",
    "电子信息",
    "木业家居",
    "海洋经济",
    "现代农业",
    "食品加工",
    "汽车零部件",
    "模具",
    "泵阀",
    "光电",
    "医疗器械",
    "工业互联网",
    "新能源",
];

/// The part of a whole that falls to one of many, so that all parts add up to it.
fn share(whole: usize, many: usize, at: usize) -> usize {
    let many = many.max(1);
    whole * (at + 1) / many - whole * at / many
}

/// Stations of one kind at one place are told apart by number.
fn ordinal(at: usize, many: usize) -> String {
    if many > 1 { format!("{}号", at + 1) } else { String::new() }
}

pub(super) fn number(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or_default())
}

/// A number of days a table tells.
pub(super) fn days_of(table: &Table, name: &str) -> usize {
    let days = table.get(name).and_then(Value::as_integer).unwrap_or_default();
    usize::try_from(days).unwrap_or_default()
}

fn days(chance: &mut Chance) -> Value {
    number(chance.below(DAYS) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        for (whole, many) in [(135, 168), (640, 13), (0, 5), (7, 1)] {
            assert_eq!((0..many).map(|at| share(whole, many, at)).sum::<usize>(), whole);
        }
    }
}
