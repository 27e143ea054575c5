//! A small world for a test, filed through the API as people of the house would: a university, two societies, experts
//! and achievements near and far from one demand of a plywood maker.
//!
//! Every person and firm is invented. Start at [`World::file_all`].

use serde_json::{Map, Value, json};

use super::client::{Answer, Client};

/// A record that was filed.
#[derive(Clone, Debug)]
pub struct Filed {
    /// Part of the address of its kind.
    pub kind: String,
    /// Its number as addresses write it.
    pub number: String,
    /// Its id.
    pub id: String,
}

impl Filed {
    /// The page of the record.
    pub fn page(&self) -> String {
        format!("/{}/{}", self.kind, self.number)
    }

    /// The record for programs.
    pub fn api(&self) -> String {
        format!("/api/v1/{}/{}", self.kind, self.number)
    }
}

/// Files a record; the answer as it came.
pub fn try_file(who: &Client, kind: &str, type_path: &str, fields: Value) -> Answer {
    who.json("POST", &format!("/api/v1/{kind}"), &json!({ "type": type_path, "fields": fields }), &[])
}

/// Files a record that must be accepted.
#[track_caller]
pub fn file(who: &Client, kind: &str, type_path: &str, fields: Value) -> Filed {
    filed(kind, &try_file(who, kind, type_path, fields).is(201))
}

/// The record an answer of the API tells.
#[track_caller]
pub fn filed(kind: &str, answer: &Answer) -> Filed {
    let body = answer.value();
    Filed { kind: kind.to_owned(), number: text(&body, "number"), id: text(&body, "id") }
}

/// Makes a move; the answer as it came.
pub fn try_make(who: &Client, record: &Filed, name: &str, fields: Value) -> Answer {
    who.json("POST", &format!("{}/moves/{name}", record.api()), &json!({ "fields": fields }), &[])
}

/// Makes a move that must be accepted.
#[track_caller]
pub fn make(who: &Client, record: &Filed, name: &str, fields: Value) -> Answer {
    try_make(who, record, name, fields).is(200)
}

/// A text of a JSON object, empty if there is none.
pub fn text(body: &Value, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The titles of a page of items.
pub fn titles(answer: &Answer) -> Vec<String> {
    let body = answer.value();
    let items = body.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    items.iter().map(|item| text(item, "title")).collect()
}

/// The two lines a firm types.
pub const NEED: (&str, &str) = (
    "无醛添加胶合板冷压强度不足",
    "无醛添加胶合板冷压强度不足，板坯出压机后搬运时边角开裂、分层。想找懂豆粕胶的专家，把冷压这一段做稳。",
);

/// The answers 需求体检 asks for, as people type them.
pub const ANSWERS: [(&str, &str); 6] = [
    ("present_value", "0.7 MPa"),
    ("wanted_value", "≥ 1.0 MPa"),
    ("conditions", "冷压单位压力 0.8～1.0 MPa、时间不超过 45 min；不换现有冷压机"),
    ("volume", "年产 6 万 m³ 胶合板"),
    ("budget", "60万元"),
    ("due_on", "2027-06"),
];

/// What is filed for a demand to meet.
pub struct World {
    /// Experts who know the subject, the nearest first.
    pub experts: Vec<Filed>,
    /// An expert of quite another subject.
    pub stranger: Filed,
    /// The society of the trade.
    pub society: Filed,
    /// An achievement that answers.
    pub achievement: Filed,
}

impl World {
    /// Files and lists everything as an officer of the province.
    pub fn file_all(officer: &Client) -> World {
        let university =
            organization(officer, "university", "云栖农林大学（演示）", "木材科学与胶黏剂", "330100");
        let strengths = "豆粕胶、无醛胶合板、冷压工艺的团体标准与诊断";
        let society = organization(officer, "society", "省木业学会（演示）", strengths, "330000");
        let expert = |name, skill, words: &[&str], industry| {
            expert(officer, &university, name, skill, words, industry)
        };
        let near =
            "植物蛋白胶黏剂：豆粕胶冷压初黏低、胶合板板坯分层、边角开裂，无醛添加胶合板冷压强度不足的诊断";
        let experts = vec![
            expert("沈砚秋（虚构）", near, &["豆粕胶", "冷压", "胶合板"], "C202"),
            expert("陆闻笛（虚构）", "竹木复合材料与胶合板热压工艺", &["胶合板", "热压"], "C202"),
            expert("江予白（虚构）", "人造板冷压设备与板坯转运", &["冷压", "人造板"], "C202"),
        ];
        let stranger = expert("许知微（虚构）", "奶牛乳房炎的疫苗与诊断试剂", &["疫苗", "奶牛"], "A031");
        World { experts, stranger, society, achievement: achievement(officer) }
    }
}

fn organization(officer: &Client, type_path: &str, title: &str, strengths: &str, place: &str) -> Filed {
    let fields = json!({ "title": title, "place": place, "industry": ["C202"], "strengths": strengths });
    let filed = file(officer, "organizations", type_path, fields);
    make(officer, &filed, "list", json!({}));
    filed
}

fn expert(
    officer: &Client,
    employer: &Filed,
    name: &str,
    skill: &str,
    words: &[&str],
    industry: &str,
) -> Filed {
    let fields = json!({
        "title": name, "employer": employer.id, "position": "教授", "industry": [industry], "place": "330100",
        "expertise": skill, "keywords": words, "contact_phone": "0571-0000301",
    });
    let filed = file(officer, "people", "expert", fields);
    make(officer, &filed, "list", json!({}));
    filed
}

/// An achievement without a holder belongs to who files it, so the officer may submit and publish it.
fn achievement(officer: &Client) -> Filed {
    let fields = json!({
        "title": "高预压性大豆蛋白胶黏剂及胶合板冷压工艺", "place": "330100", "industry": ["C202"],
        "summary": "以脱脂豆粕为主料，冷压初强度高，不含醛类。胶合板板坯冷压成型后强度超过 1 MPa，转运途中不开裂、不分层。",
    });
    let filed = file(officer, "achievements", "technology", fields);
    make(officer, &filed, "submit", json!({}));
    make(officer, &filed, "publish", cleared_by(officer));
    filed
}

/// What 保密审查 notes: who cleared it and when.
#[track_caller]
pub fn cleared_by(officer: &Client) -> Value {
    json!({ "secrecy_cleared_by": person_of(officer), "secrecy_cleared_on": "2026-11-20" })
}

/// The id of the person a client is signed in as: the member of staff whose name the page shows.
#[track_caller]
pub fn person_of(client: &Client) -> String {
    let home = client.get("/").is(200).text();
    let name = home.split("<summary>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
    let people = client.get("/api/v1/people?type=officer&first=100").is(200).value();
    let items = people.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let found = items.iter().find(|item| text(item, "title") == name);
    text(found.unwrap_or_else(|| panic!("{name} in {people}")), "id")
}

/// Posts a need without an account; the browser that did holds its session from then on.
#[track_caller]
pub fn post_need(firm: &Client, title: &str, problem: &str) -> Filed {
    let typed = [("title", title), ("problem", problem), ("place", "330521"), ("do", "save")];
    let kept = firm.post("/demands/post", &typed).is(303);
    let number = kept.location().split('/').nth(2).unwrap_or_default().to_owned();
    let page = firm.get(&format!("/api/v1/demands/{number}")).is(200);
    filed("demands", &page)
}

/// Writes further fields into a record through the API, on its newest version.
#[track_caller]
pub fn revise(who: &Client, record: &Filed, more: &[(&str, Value)]) -> Answer {
    let now = who.get(&record.api()).is(200);
    let mut fields: Map<String, Value> =
        now.value().get("fields").and_then(Value::as_object).cloned().unwrap_or_default();
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let tag = now.header("etag").unwrap_or_default().to_owned();
    who.json("PUT", &record.api(), &json!({ "fields": fields }), &[("if-match", &tag)])
}

/// The fields a demand needs to be submitted beside its two lines.
pub const CONTACT: [(&str, &str); 3] =
    [("contact_name", "郑知远（虚构）"), ("contact_phone", "0572-0000101"), ("place", "330521")];

/// A demand with all answers, submitted by its firm and published by an officer; the firm and the demand.
pub fn publish_need(firm: &Client, officer: &Client, more: &[(&str, Value)]) -> Filed {
    let demand = post_need(firm, NEED.0, NEED.1);
    let answers = ANSWERS.iter().chain(&CONTACT).map(|(name, value)| (*name, json!(value)));
    let all: Vec<(&str, Value)> =
        answers.chain([("industry", json!(["C202"]))]).chain(more.iter().cloned()).collect();
    revise(firm, &demand, &all).is(200);
    make(firm, &demand, "submit", json!({}));
    make(officer, &demand, "check", json!({}));
    make(officer, &demand, "publish", cleared_by(officer));
    demand
}

/// Waits until search knows everything written so far.
pub fn settle(who: &Client) {
    let health = who.get("/health").is(200).value();
    let position = text(&health, "position");
    who.get(&format!("/api/v1/search?q=x&after={position}")).is(200);
}
