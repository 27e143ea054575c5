//! Every asker asks every door the same questions; each answer must be the model's.

use super::doors;
use super::history::{History, INSIDE, SEALED, WORDS};
use super::model::{Fate, values};
use crate::harness::client::encode;

type Conditions = Vec<(String, String)>;

const ORDERS: [&str; 5] = ["newest", "oldest", "title", "-title", "due"];

fn sorted(mut numbers: Vec<String>) -> Vec<String> {
    numbers.sort();
    numbers
}

impl History {
    pub fn compare(&mut self) {
        let kinds: Vec<String> = self.model.kinds.keys().cloned().collect();
        for who in 0..self.people.len() {
            for kind in &kinds {
                let narrowed = self.conditions(kind);
                for conditions in [Vec::new(), narrowed] {
                    self.compare_lists(who, kind, &conditions);
                    self.compare_search(who, kind, &conditions);
                }
            }
            for at in 0..self.model.records.len() {
                self.compare_record(who, at);
            }
        }
    }

    /// Conditions drawn at random: type, stage, place, a listed code or one above it, or several of these.
    fn conditions(&mut self, kind: &str) -> Conditions {
        let (types, stages) = (self.model.kinds[kind].types(), self.model.kinds[kind].stages());
        let mut drawn = Conditions::new();
        let codes: &[(&str, &[&str])] = &[
            ("place", &["330521", "330500", "330000", "330110", "330521100", "000000"]),
            ("industry", &["C", "C20", "C202", "C2021", "A", "A03", "C26"]),
            ("purpose", &["upgrade", "rural"]),
            ("modes", &["license", "transfer", "service"]),
            ("source", &["society"]),
            ("level", &["county"]),
            ("reason", &["too-far", "capacity"]),
        ];
        let listed: Vec<String> = self.model.kinds[kind]
            .fields()
            .filter(|(_, f)| f.contains_key("list"))
            .map(|(n, _)| n.clone())
            .collect();
        let mut offered: Vec<(&str, Vec<String>)> = vec![("type", types), ("stage", stages)];
        offered.extend(
            codes
                .iter()
                .filter(|(name, _)| listed.iter().any(|of| of == name))
                .map(|(name, values)| (*name, values.iter().map(|v| (*v).to_owned()).collect())),
        );
        offered.retain(|(_, values)| !values.is_empty());
        for (name, values) in offered {
            if self.chance.is_one_in(3) {
                drawn.push((name.to_owned(), self.chance.one(&values).clone()));
            }
        }
        drawn
    }

    fn compare_lists(&mut self, who: usize, kind: &str, conditions: &Conditions) {
        let (first, order) = (2 + self.chance.below(8), *self.chance.one(&ORDERS));
        let (asker, client) = &self.people[who];
        let records = self.model.list(asker, kind, conditions);
        let numbers = sorted(records.iter().map(|record| record.number.clone()).collect());
        let path = &self.model.kinds[kind].path;
        let case = format!("{} {path} {conditions:?} {order}", asker.name);
        let list = doors::address(&format!("/{path}"), conditions, &format!("first={first}&order={order}"));
        assert_eq!(sorted(doors::pages(client, &list, path)), numbers, "the list page of {case}");
        assert_eq!(
            sorted(doors::items(client, &format!("/api/v1{list}"))),
            numbers,
            "the API list of {case}"
        );
        let sheet = client.get(&doors::address(&format!("/{path}.csv"), conditions, "")).is(200);
        assert!(!sheet.text().contains(SEALED), "a sealed line in the spreadsheet of {case}");
        let mut lines = doors::lines(&sheet);
        lines.sort();
        let mut expected: Vec<(String, bool)> = records
            .iter()
            .map(|r| {
                (
                    r.printed.clone(),
                    ["contact_phone", "asking_contact"]
                        .iter()
                        .any(|name| values(&r.fields, name).contains(&INSIDE))
                        && self.model.may_read_inside(asker, r),
                )
            })
            .collect();
        expected.sort();
        let told: Vec<(String, bool)> =
            lines.into_iter().map(|(number, line)| (number, line.contains(INSIDE))).collect();
        assert_eq!(told, expected, "the spreadsheet of {case}");
    }

    /// Search knows places and codes, not stages.
    fn compare_search(&mut self, who: usize, kind: &str, conditions: &Conditions) {
        let word = *self.chance.one(&WORDS);
        let (asker, client) = &self.people[who];
        let keys: Conditions = conditions
            .iter()
            .filter(|(name, _)| matches!(name.as_str(), "place" | "industry"))
            .cloned()
            .collect();
        let found = self.model.list(asker, kind, &keys).into_iter();
        let found =
            found.filter(|record| values(&record.fields, "title").iter().any(|title| title.contains(word)));
        let numbers = sorted(found.map(|record| record.number.clone()).collect());
        let keys: String =
            keys.iter().map(|(name, code)| format!("&key={name}{}{code}", encode(":"))).collect();
        let question = format!("/api/v1/search?q={word}&kind={kind}{keys}&after={}", self.position);
        let told = sorted(doors::hits(client, &question));
        assert_eq!(told, numbers, "{} asks {question}", asker.name);
    }

    /// One that may be read is there for programs and as a page, as far as it may be read; any other is not.
    fn compare_record(&mut self, who: usize, at: usize) {
        let is_page = self.chance.is_one_in(8);
        let (asker, client) = &self.people[who];
        let asked = &self.model.records[at];
        let record = self.model.find(&asked.id).expect("a record");
        let path = self.api(at);
        let case = format!("{} {path}", asker.name);
        let answer = client.get(&path);
        let is_readable = self.model.may_read(asker, record);
        assert_eq!(
            answer.status,
            if is_readable { 200 } else { 404 },
            "{case} at {}: {}",
            record.stage,
            answer.text()
        );
        if is_page {
            let page = client.get(&format!("/{}/{}", self.model.kind(asked).path, asked.number));
            let expected = match (is_readable, asked.fate) {
                (false, _) => 404,
                (true, Fate::MergedInto(_)) => 303,
                (true, _) => 200,
            };
            assert_eq!(page.status, expected, "the page of {case}");
            assert!(!page.text().contains(SEALED), "a sealed line on the page of {case}");
        }
        if is_readable {
            let told = answer.value();
            let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
            let known = [&record.number, &record.stage, record.place.as_ref().unwrap_or(&String::new())]
                .map(String::clone);
            assert_eq!([text("number"), text("stage"), text("place")], known, "{case}");
            assert_eq!(told["version"], record.version, "{case}");
            let owner = record.owner.as_deref().filter(|_| self.model.may_know_owner(asker, record));
            assert_eq!(told["owner"].as_str(), owner, "the owner of {case}");
            let has = record.fields.contains_key("contact_phone");
            let shown = told["fields"]["contact_phone"].is_string();
            assert_eq!(shown, has && self.model.may_read_inside(asker, record), "the inside of {case}");
            assert!(!answer.text().contains(SEALED), "a sealed line in {case}");
        }
    }
}
