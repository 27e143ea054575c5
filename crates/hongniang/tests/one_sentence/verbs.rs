//! The verbs of a history: each is asked of the model and of the house, and both must answer the same.

use serde_json::{Value, json};

use super::history::{History, INDUSTRIES, INSIDE, PLACES, SEALED, WORDS};
use super::kinds::texts;
use super::model::{Fields, Record, values};
use crate::harness::client::Answer;

impl History {
    /// What the house answered must be what the model foresaw.
    fn agree(&mut self, who: usize, foreseen: bool, what: &str, answer: &Answer) {
        let name = self.people[who].0.name;
        self.told.push(format!("{}: {name} {what}: {}", self.told.len(), answer.status));
        let is_done = (200..300).contains(&answer.status);
        let is_refused = matches!(answer.status, 401 | 403 | 404 | 409 | 422);
        let told = answer.text();
        assert!(is_done || is_refused, "{name} {what}: {} {told}", answer.status);
        assert_eq!(
            is_done, foreseen,
            "{name} {what}: the house says {} where the model says {foreseen}\n{told}",
            answer.status
        );
        if let (true, Some(position)) = (is_done, answer.header("position")) {
            self.position = position.to_owned();
        }
    }

    pub fn create(&mut self, who: usize, kind: &str, of_type: &str, fields: Fields) -> Option<String> {
        let asker = &self.people[who].0;
        // Whoever came by a link posts anew, as somebody else: not this one's act.
        if asker.only.is_some() && kind == "demand" {
            return None;
        }
        let draft = self.model.draft(asker, kind, of_type, fields);
        let may = self.model.may(asker, &draft, "create")
            && self.model.may_refer(asker, None, &draft)
            && (of_type != "opening" || self.may_open(who, &draft));
        let body = json!({ "type": of_type, "fields": draft.fields });
        let path = format!("/api/v1/{}", self.model.kinds[kind].path);
        let answer = self.people[who].1.json("POST", &path, &body, &[]);
        self.agree(
            who,
            may,
            &format!("files a {kind} {of_type} {}", Value::Object(draft.fields.clone())),
            &answer,
        );
        may.then(|| self.keep(draft, &answer.value()))
    }

    /// Only who owns a record opens its sealed layer to others.
    fn may_open(&self, who: usize, tie: &Record) -> bool {
        let asker = &self.people[who].0;
        let parties = self.model.parties(asker);
        let from = values(&tie.fields, "from")
            .first()
            .and_then(|id| self.model.records.iter().find(|r| r.id == *id));
        let kept = |record: &&Record| asker.only.as_ref().is_none_or(|only| self.model.reaches(only, record));
        from.filter(kept)
            .and_then(|record| record.owner.as_ref())
            .is_some_and(|owner| parties.contains(owner))
    }

    pub fn revise(&mut self, who: usize, at: usize, mut fields: Fields) {
        let (record, asker) = (self.model.records[at].clone(), &self.people[who].0);
        let keeps = record.fields.get("details").cloned();
        fields.remove("details");
        let path = self.api(at);
        let body = json!({ "fields": fields });
        fields.extend(keeps.map(|details| ("details".to_owned(), details)));
        let after = self.model.with_fields(&record, fields);
        let may = self.model.may_read(asker, &record)
            && self.model.may(asker, &record, "revise")
            && self.model.may_refer(asker, Some(&record), &after);
        let tag = format!("\"{}\"", record.version);
        let answer = self.people[who].1.json("PUT", &path, &body, &[("if-match", &tag)]);
        self.agree(who, may, &format!("revises {path} {body}"), &answer);
        if may {
            self.model.records[at] = after;
        }
    }

    pub fn make(&mut self, who: usize, at: usize, name: &str) {
        let given = self.given(who, at, name);
        let (record, asker) = (self.model.records[at].clone(), &self.people[who].0);
        let mv = self.model.kind(&record).moves().into_iter().find(|mv| mv["name"].as_str() == Some(name));
        let mv = mv.expect("a move").clone();
        let mut fields = record.fields.clone();
        fields.extend(given.clone());
        let mut after = self.model.with_fields(&record, fields);
        after.stage = mv.get("to").and_then(|to| to.as_str()).unwrap_or(&record.stage).to_owned();
        let may = self.model.may_read(asker, &record)
            && self.model.may(asker, &record, name)
            && texts(&mv, "needs").iter().all(|name| after.fields.contains_key(*name))
            && (!texts(&mv, "when").contains(&"complete") || self.is_complete(&after))
            && (!texts(&mv, "when").contains(&"within-limit") || self.may_be_invited(&after))
            && self.model.may_refer(asker, Some(&record), &after);
        let path = format!("{}/moves/{name}", self.api(at));
        let body = json!({ "fields": given });
        let answer = self.people[who].1.json("POST", &path, &body, &[]);
        self.agree(who, may, &format!("{path} from {} {body}", record.stage), &answer);
        if may {
            let asker = &mut self.people[who].0;
            asker.answered |= asker.once && asker.only.as_ref() == Some(&after.id);
            self.model.records[at] = after;
            if name == "invite" {
                let expert = self.model.records[at].fields["expert"].clone();
                self.invited.push((at, expert));
            }
            if texts(&mv, "then").contains(&"join-demand") {
                self.join(at);
            }
            if texts(&mv, "then").contains(&"open-case") {
                self.agree_on_case(at);
            }
        }
    }

    /// 体检 grade B or better: few of its questions are open.
    fn is_complete(&self, record: &Record) -> bool {
        let checkup = self.model.kind(record).file["checkup"].as_table().expect("a checkup");
        let open =
            texts(checkup, "asks").into_iter().filter(|name| !record.fields.contains_key(*name)).count();
        checkup["b_gaps"].as_integer().is_some_and(|most| open as i64 <= most)
    }

    /// Nobody is invited more than four times a month, to what they declined, or to their own side.
    fn may_be_invited(&self, of: &Record) -> bool {
        const A_MONTH: usize = 4;
        let expert = of.fields["expert"].clone();
        // A match counts for the expert it names now, as often as it was sent.
        let names = |at: &usize| self.model.records[*at].fields.get("expert") == Some(&expert);
        let sent = self.invited.iter().filter(|(at, _)| names(at)).count();
        let named = |id: &Value| self.model.find(id.as_str().unwrap_or_default());
        let asked = named(&of.fields["demand"]);
        let mut asking: Vec<String> = of.owner.iter().cloned().collect();
        asking.extend(asked.and_then(|demand| demand.owner.clone()));
        let mut side: Vec<String> = Vec::new();
        for who in [&expert, &of.fields["candidate"]] {
            side.extend(who.as_str().map(str::to_owned));
            let units = ["holder", "employer"]
                .iter()
                .flat_map(|name| named(who).map(|record| values(&record.fields, name)).unwrap_or_default());
            side.extend(units.map(str::to_owned));
        }
        let declined = self.model.records.iter().any(|r| {
            r.kind == "match"
                && r.stage == "declined"
                && r.fields.get("expert") == Some(&expert)
                && r.fields.get("demand") == of.fields.get("demand")
        });
        sent < A_MONTH && !declined && !side.iter().any(|id| asking.contains(id))
    }

    /// Both sides learn how to reach one another; the demand goes on.
    fn agree_on_case(&mut self, at: usize) {
        self.model.records[at].version += 1;
        let demand = self.model.records[at].fields["demand"].clone();
        let of = self.model.records.iter().position(|r| demand == r.id.as_str() && r.kept());
        // How to reach the asking side is written into the match.
        if of.is_some_and(|of| values(&self.model.records[of].fields, "contact_phone").contains(&INSIDE)) {
            self.model.records[at].fields.insert("asking_contact".to_owned(), json!(INSIDE));
            self.model.records[at].told.insert(INSIDE.to_owned());
        }
        if let Some(record) = of.map(|of| &mut self.model.records[of])
            && record.stage == "published"
        {
            record.stage = "docking".into();
            record.version += 1;
        }
    }

    /// The expert who accepts joins the demand.
    fn join(&mut self, at: usize) {
        let (demand, expert) = (
            self.model.records[at].fields["demand"].clone(),
            self.model.records[at].fields["expert"].clone(),
        );
        let at = self.model.records.iter().position(|r| demand == r.id.as_str() && r.kept());
        let Some(record) = at.map(|at| self.model.records[at].clone()) else { return };
        let mut fields = record.fields.clone();
        let experts = fields.entry("experts").or_insert_with(|| json!([]));
        match experts.as_array_mut() {
            Some(list) if !list.contains(&expert) => list.push(expert),
            _ => return,
        }
        self.model.records[at.unwrap_or_default()] = self.model.with_fields(&record, fields);
    }

    pub fn merge(&mut self, who: usize, keep: usize, lose: usize) {
        let asker = &self.people[who].0;
        let may = [keep, lose].into_iter().map(|at| &self.model.records[at]);
        let may = may.clone().all(|r| self.model.may_read(asker, r) && self.model.may(asker, r, "merge"));
        let body = json!({ "lose": self.model.records[lose].number });
        let path = format!("{}/merge", self.api(keep));
        let answer = self.people[who].1.json("POST", &path, &body, &[]);
        self.agree(who, may, &format!("{path} {body}"), &answer);
        if may {
            self.model.merge(keep, lose);
        }
    }

    pub fn erase(&mut self, who: usize, at: usize) {
        // Who is erased is signed out for good (tests/privacy.rs); those of this history go on.
        let signs_in = |id: &String| self.people.iter().any(|(asker, _)| asker.person.as_ref() == Some(id));
        if !self.model.records[at].kept() || signs_in(&self.model.records[at].id) {
            return;
        }
        let may = self.model.may(&self.people[who].0, &self.model.records[at], "erase");
        let path = self.api(at);
        let answer = self.people[who].1.json("DELETE", &path, &json!({ "reason": "withdrawn-consent" }), &[]);
        self.agree(who, may, &format!("erases {path}"), &answer);
        if may {
            self.model.erase(at);
        }
    }

    pub fn api(&self, at: usize) -> String {
        let record = &self.model.records[at];
        format!("/api/v1/{}/{}", self.model.kind(record).path, record.number)
    }

    /// What a record of a kind may say, at random.
    pub fn fields_of(&mut self, kind: &str) -> Fields {
        self.filed += 1;
        let word = *self.chance.one(&WORDS);
        let mut said = json!({ "title": format!("第 {} 条 {word}", self.filed) });
        let any = |history: &mut History, kind: &str| {
            let ids: Vec<String> =
                history.model.records.iter().filter(|r| r.kind == kind).map(|r| r.id.clone()).collect();
            if ids.is_empty() { json!(null) } else { json!(history.chance.one(&ids)) }
        };
        let may: &[&str] = match kind {
            "demand" => &["place", "industry", "purpose", "ceiling", "choke_point", "details", "due_on"],
            "achievement" => &["place", "industry", "modes", "ceiling", "details", "holder", "inventors"],
            "person" => &["place", "industry", "source", "ceiling", "employer"],
            "organization" => &["industry", "level", "ceiling"],
            "match" => &["place", "expert"],
            _ => &["place"],
        };
        let must: &[&str] = match kind {
            "demand" => {
                &["problem", "present_value", "wanted_value", "conditions", "volume", "contact_phone"]
            }
            "achievement" | "person" => &["contact_phone"],
            "organization" => &["place", "contact_phone"],
            "match" => &["demand", "candidate"],
            _ => &["from", "to"],
        };
        for name in must {
            said[*name] = self.value_of(name, &any);
        }
        for name in may {
            if self.chance.below(2) == 0 && (*name != "ceiling" || self.chance.is_one_in(3)) {
                said[*name] = self.value_of(name, &any);
            }
        }
        let mut said = said.as_object().cloned().unwrap_or_default();
        said.retain(|_, value| !value.is_null());
        said
    }

    fn value_of(&mut self, name: &str, any: &dyn Fn(&mut History, &str) -> Value) -> Value {
        match name {
            "place" => json!(self.chance.one(&PLACES)),
            "industry" => json!([self.chance.one(&INDUSTRIES)]),
            "purpose" => json!(self.chance.one(&["upgrade", "rural"])),
            "modes" => json!([self.chance.one(&["license", "transfer"]), "service"]),
            "source" => json!(self.chance.one(&["society", "overseas"])),
            "level" => json!(self.chance.one(&["county", "national"])),
            "ceiling" => json!(self.chance.one(&["private", "node", "line", "network", "public"])),
            "choke_point" => json!(self.chance.is_one_in(2)),
            "due_on" => json!("2027-06"),
            "details" => json!(SEALED),
            "contact_phone" => json!(INSIDE),
            "holder" | "employer" | "party" => any(self, "organization"),
            "inventors" => json!([any(self, "person")]),
            "expert" => any(self, "person"),
            "demand" => any(self, "demand"),
            "candidate" | "from" => {
                match any(self, ["person", "organization", "achievement"][self.filed % 3]) {
                    Value::Null => any(self, "person"),
                    found => found,
                }
            }
            "to" => any(self, ["person", "organization"][self.filed % 2]),
            _ => json!("说明如前"),
        }
    }

    /// What the form of a move is given.
    fn given(&mut self, who: usize, at: usize, name: &str) -> Fields {
        let me = self.model.person(&self.people[who].0).map(|person| person.id.clone());
        let person = |history: &mut History| {
            let people: Vec<String> =
                history.model.records.iter().filter(|r| r.kind == "person").map(|r| r.id.clone()).collect();
            history.chance.one(&people).clone()
        };
        let kind = self.model.records[at].kind.clone();
        let cleared = || json!({ "secrecy_cleared_by": me, "secrecy_cleared_on": "2026-11-20" });
        let mut given = match (kind.as_str(), name) {
            ("demand", "submit") => {
                json!({ "contact_name": "郑知远（虚构）", "contact_phone": INSIDE, "place": self.chance.one(&PLACES) })
            }
            ("achievement", "submit") => json!({ "summary": "简介", "place": self.chance.one(&PLACES) }),
            ("demand", "check") => json!({ "liaison": person(self) }),
            ("demand", "take-up") => json!({ "experts": [person(self)] }),
            ("demand", "ask-back") => json!({ "questions": [{ "code": "budget" }] }),
            ("demand", "close") => json!({ "close_reason": "solved" }),
            ("demand", "withdraw") => json!({ "withdrawn_reason": "changed" }),
            ("achievement", "confirm") => json!({ "confirmed_on": "2026-11-20" }),
            ("demand" | "achievement", "clear" | "publish") => cleared(),
            ("match", "unfit" | "decline") => json!({ "reason": self.chance.one(&["too-far", "capacity"]) }),
            ("match", "invite") => {
                json!({ "expert": person(self), "message": "请看一看", "effort": "半天", "reward": "paid" })
            }
            ("match", "refer") => json!({ "refers_to": "另一位" }),
            ("tie", "end") => json!({ "until": "2026-12-31" }),
            _ => json!({}),
        };
        if (kind.as_str(), name) == ("demand", "publish") {
            given["not_duplicate"] = json!(true);
        }
        let mut given = given.as_object().cloned().unwrap_or_default();
        given.retain(|_, value| !value.is_null());
        given
    }
}
