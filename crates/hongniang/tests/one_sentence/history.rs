//! A random history over HTTP: who does what is drawn from a seed, the model says whether it is allowed, and the house
//! must say the same. Start at [`History::begin`].

use serde_json::{Value, json};

use super::kinds::texts;
use super::model::{Asker, Fate, Fields, Model, Record, values};
use crate::harness::client::Client;
use crate::harness::world::{NEED, text};
use crate::harness::{Holder, House, Store};

/// Words a title may hold, one each; what a search asks for.
pub const WORDS: [&str; 3] = ["alder", "birch", "cedar"];
pub const PLACES: [&str; 5] = ["330521", "330500", "330110", "330521100", "320500"];
pub const INDUSTRIES: [&str; 4] = ["C202", "A031", "C26", "C2021"];
/// Stands in sealed lines, and so in no answer.
pub const SEALED: &str = "鲲鹏密语";
/// Stands in the inside line of every record that has one.
pub const INSIDE: &str = "0572-000";

const HOLDERS: [Holder; 8] = [
    ("steward", "steward", "", "章一苇（虚构）"),
    ("shi", "officer", "330521", "施小满（虚构）"),
    ("yu", "officer", "330110", "余听澜（虚构）"),
    ("li", "officer", "330000", "李望舒（虚构）"),
    ("he", "officer", "", "何知秋（虚构）"),
    ("luo", "liaison", "330521", "罗清和（虚构）"),
    ("mei", "member", "", "梅若川（虚构）"),
    ("meng", "member", "", "孟初晴（虚构）"),
];

/// Chance from a seed.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % n as u64).unwrap_or_default()
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub fn is_one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// A house, the model of it, and everybody who asks.
pub struct History {
    pub model: Model,
    pub chance: Chance,
    pub people: Vec<(Asker, Client)>,
    /// Where the newest write stands in the feed.
    pub position: String,
    pub told: Vec<String>,
    pub filed: usize,
    /// Matches that were sent as invitations, once for each.
    pub invited: Vec<(usize, Value)>,
    seed: u64,
    store: Store,
    house: House,
}

impl Drop for History {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "{}\nHONGNIANG_SEED={} repeats this on {:?}",
                self.told.join("\n"),
                self.seed,
                self.store
            );
        }
    }
}

impl History {
    /// A house with people of every role, two who posted a need without an account, and an invited expert.
    pub fn begin(store: Store, seed: u64) -> History {
        let house = House::open(store, &HOLDERS);
        let mut people = vec![(Asker { name: "visitor", ..Asker::default() }, house.visitor())];
        for (login, role, place, _) in HOLDERS {
            let roles = vec![(role, Some(place).filter(|place| !place.is_empty()))];
            people.push((Asker { name: login, roles, ..Asker::default() }, house.person(login)));
        }
        let mut history = History {
            model: Model::new(),
            chance: Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            people,
            position: String::new(),
            told: Vec::new(),
            filed: 0,
            invited: Vec::new(),
            seed,
            store,
            house,
        };
        history.take_in_holders();
        history.post("posted-one");
        history.post("posted-two");
        history.found_and_invite();
        history
    }

    fn who(&self, name: &str) -> usize {
        self.people.iter().position(|(asker, _)| asker.name == name).expect("someone")
    }

    /// The records of those whom the command line gave an account.
    fn take_in_holders(&mut self) {
        let staff = self.people[self.who("steward")].1.get("/api/v1/people?first=100").is(200).value();
        for item in staff["items"].as_array().expect("items") {
            let title = text(item, "title");
            let (login, ..) = HOLDERS.iter().find(|(_, _, _, name)| *name == title).expect("a holder");
            let person =
                self.take_in("person", item, Fields::from_iter([("title".to_owned(), json!(title))]));
            let at = self.who(login);
            self.people[at].0.person = Some(person);
        }
    }

    /// A record the house filed by itself.
    fn take_in(&mut self, kind: &str, item: &Value, fields: Fields) -> String {
        let owned = item["owner"].as_str().map(str::to_owned);
        let draft = self.model.draft(
            &Asker { person: owned.clone(), ..Asker::default() },
            kind,
            &text(item, "type"),
            fields,
        );
        let place = item["place"].as_str().map(str::to_owned);
        self.keep(Record { owner: owned, place, ..draft }, item)
    }

    pub fn keep(&mut self, draft: Record, item: &Value) -> String {
        let id = text(item, "id");
        let is_own = self.model.kind(&draft).file.get("owner").and_then(|name| name.as_str()) == Some("self");
        let owner = if is_own { Some(id.clone()) } else { draft.owner.clone() };
        let (number, printed) = (text(item, "number"), text(item, "printed"));
        self.model.records.push(Record { id: id.clone(), number, printed, owner, ..draft });
        id
    }

    /// Someone posts two lines without an account and holds the session of the link.
    fn post(&mut self, name: &'static str) {
        let client = self.house.visitor();
        let title = format!("{} {}", NEED.0, WORDS[0]);
        let typed = [("title", title.as_str()), ("problem", NEED.1), ("place", PLACES[0]), ("do", "save")];
        let posted = client.post("/demands/post", &typed).is(303);
        let number = posted.location().split('/').nth(2).unwrap_or_default().to_owned();
        let found = client.get(&format!("/api/v1/demands/{number}")).is(200).value();
        // The poster's own card is kept from them too; what is known of it is whose the demand is.
        let owner = found["owner"].clone();
        let contact = json!({ "id": owner, "number": owner, "owner": owner, "type": "contact" });
        let title = Fields::from_iter([("title".to_owned(), json!("提出人"))]);
        let person = self.take_in("person", &contact, title);
        let fields = found["fields"].as_object().cloned().unwrap_or_default();
        let only = Some(self.take_in("demand", &found, fields));
        self.people.push((Asker { name, person: Some(person), only, ..Asker::default() }, client));
    }

    /// Firms under an association, members of them, and an expert who came by an invitation.
    fn found_and_invite(&mut self) {
        let (steward, officer) = (self.who("steward"), self.who("li"));
        for of_type in ["association", "firm", "firm", "society.branch"] {
            let mut fields = self.fields_of("organization");
            if of_type == "firm" {
                fields.insert("parent".into(), json!(self.ids("organization")[0]));
            }
            self.create(steward, "organization", of_type, fields);
        }
        let units = self.ids("organization");
        for (login, unit) in [("mei", &units[1]), ("meng", &units[0])] {
            let person = self.people[self.who(login)].0.person.clone().expect("a person");
            let at = self.model.records.iter().position(|r| r.id == person).expect("a record");
            let mut fields = self.model.records[at].fields.clone();
            fields.insert("employer".into(), json!(unit));
            self.revise(steward, at, fields);
        }
        let fields = json!({ "title": format!("江予白（虚构） {}", WORDS[2]), "place": "330110" });
        let fields = fields.as_object().cloned().unwrap_or_default();
        let expert = self.create(officer, "person", "expert", fields).expect("an expert");
        let mut fields = self.fields_of("demand");
        fields.insert("place".into(), json!("330521"));
        let demand = self.create(officer, "demand", "technical", fields).expect("a demand");
        let fields = json!({ "title": format!("推荐 {}", WORDS[1]), "demand": demand, "candidate": expert, "place": "330521" });
        self.create(officer, "match", "", fields.as_object().cloned().unwrap_or_default());
        let at = self.model.records.len() - 1;
        self.make(officer, at, "fit");
        self.invite(officer, &expert);
        self.publish(officer, true);
        self.publish(officer, false);
    }

    /// A demand on its way to the public; one about a choke point stays inside even when it is published.
    fn publish(&mut self, officer: usize, is_choke_point: bool) {
        let mut fields = self.fields_of("demand");
        fields.remove("ceiling");
        fields.extend([("place".into(), json!("330521")), ("choke_point".into(), json!(is_choke_point))]);
        self.create(officer, "demand", "technical", fields).expect("a demand");
        let at = self.model.records.len() - 1;
        // A check may name a liaison officer whom this officer may not know; it is then refused and tried again.
        for name in ["submit", "check", "check", "check", "check", "publish"] {
            self.make(officer, at, name);
        }
    }

    /// The invitation is sent from its own page, which hands out the expert's link.
    fn invite(&mut self, officer: usize, expert: &str) {
        let at = self.model.records.len() - 1;
        let path = format!("/matches/{}/invite", self.model.records[at].number);
        let said = [
            ("expert", expert),
            ("message", "请看一看"),
            ("effort", "半天"),
            ("reward", "paid"),
            ("do", "make"),
        ];
        let sent = self.people[officer].1.post(&path, &said).is(303);
        let fresh = sent.headers.iter().find_map(|(_, value)| value.strip_prefix("fresh="));
        let secret = fresh.and_then(|rest| rest.split(';').next()).expect("a link").to_owned();
        let mut fields = self.model.records[at].fields.clone();
        for (name, text) in &said[..4] {
            fields.insert((*name).to_owned(), json!(text));
        }
        self.invited.push((at, json!(expert)));
        self.model.records[at] = self.model.with_fields(&self.model.records[at], fields);
        self.model.records[at].stage = "invited".into();
        let client = self.house.visitor();
        client.enter(&format!("/l/{secret}"));
        let (person, only) = (Some(expert.to_owned()), Some(self.model.records[at].id.clone()));
        let asker = Asker { name: "expert", person, only, once: true, ..Asker::default() };
        self.people.push((asker, client));
    }

    fn ids(&self, kind: &str) -> Vec<String> {
        self.model.records.iter().filter(|r| r.kind == kind && r.kept()).map(|r| r.id.clone()).collect()
    }

    /// One verb by one asker; mostly someone who may, so that histories get somewhere.
    pub fn step(&mut self) {
        let (who, mut at) =
            (self.chance.below(self.people.len()), self.chance.below(self.model.records.len()));
        while let Fate::MergedInto(kept) = self.model.records[at].fate {
            at = kept;
        }
        match self.chance.below(20) {
            0..7 => {
                let kinds = [
                    "demand",
                    "demand",
                    "achievement",
                    "achievement",
                    "person",
                    "organization",
                    "match",
                    "tie",
                ];
                let kind = *self.chance.one(&kinds);
                let of_type = self.type_of(kind);
                let fields = self.fields_of(kind);
                self.create(who, kind, &of_type, fields);
            }
            7..11 => {
                let mut fields = self.model.records[at].fields.clone();
                let kind = self.model.records[at].kind.clone();
                fields.extend(self.fields_of(&kind));
                let who = self.someone_who(who, at, "revise");
                self.revise(who, at, fields);
            }
            11..18 => {
                let demands = |at: &usize| self.model.records[*at].kind == "demand";
                let demands: Vec<usize> = (0..self.model.records.len()).filter(demands).collect();
                let at = if self.chance.is_one_in(2) { *self.chance.one(&demands) } else { at };
                self.move_something(who, at);
            }
            18 => self.merge_something(),
            _ => {
                let who = if self.chance.is_one_in(2) { self.who("steward") } else { who };
                self.erase(who, at);
            }
        }
    }

    fn type_of(&mut self, kind: &str) -> String {
        let types = self.model.kinds[kind].types();
        if types.is_empty() { String::new() } else { self.chance.one(&types).clone() }
    }

    /// Twice out of three someone whom the model allows the verb, if there is anyone.
    fn someone_who(&mut self, who: usize, at: usize, verb: &str) -> usize {
        let record = &self.model.records[at];
        let may = |(_, (asker, _)): &(usize, &(Asker, Client))| self.model.may(asker, record, verb);
        let able: Vec<usize> = self.people.iter().enumerate().filter(may).map(|(at, _)| at).collect();
        if able.is_empty() || self.chance.is_one_in(3) { who } else { *self.chance.one(&able) }
    }

    fn move_something(&mut self, who: usize, at: usize) {
        let leaving = |record: &Record| -> Vec<String> {
            let moves = self.model.kind(record).moves().into_iter();
            let here = moves.filter(|mv| texts(mv, "from").contains(&record.stage.as_str()));
            here.map(|mv| mv["name"].as_str().unwrap_or_default().to_owned()).collect()
        };
        let names = leaving(&self.model.records[at]);
        if let Some(name) = (!names.is_empty()).then(|| self.chance.one(&names).clone()) {
            // Lives that end early have little to show.
            if matches!(name.as_str(), "withdraw" | "retire" | "close") && !self.chance.is_one_in(4) {
                return;
            }
            let who = self.someone_who(who, at, &name);
            self.make(who, at, &name);
        }
    }

    fn merge_something(&mut self) {
        let kind = *self.chance.one(&["organization", "person"]);
        let merging = |record: &Record| record.kind == kind && record.kept();
        let able: Vec<usize> =
            (0..self.model.records.len()).filter(|at| merging(&self.model.records[*at])).collect();
        let (keep, lose) = (*self.chance.one(&able), *self.chance.one(&able));
        let who = self.chance.below(self.people.len());
        let who = self.someone_who(who, keep, "merge");
        if keep != lose && !self.above(keep, lose) && !self.above(lose, keep) {
            self.merge(who, keep, lose);
        }
    }

    /// Whether one unit stands above another: such two are no duplicates.
    fn above(&self, upper: usize, lower: usize) -> bool {
        let mut at = Some(&self.model.records[lower]);
        while let Some(record) = at {
            if record.id == self.model.records[upper].id {
                return true;
            }
            at = values(&record.fields, "parent").first().and_then(|id| self.model.find(id));
        }
        false
    }
}
