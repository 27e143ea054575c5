//! A county with its officer, liaison, leader, firm and expert, and a record of every kind at every stage.
//!
//! Judges nothing. Start at [`Tenant::settle`].

use std::collections::BTreeSet;
use std::sync::Arc;

use base::id::RecordId;
use base::place::Place;
use catalogue::access::Role;
use catalogue::{Audience, Catalogue, Over};
use register::{New, Register, Who, Writer};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::seeded::{self, LATE, Marks, Sampler, Standing};

/// The table people review; a kind's stage is public where it says so.
const GRANTS: &str = include_str!("../../../../catalogue/grants.csv");

/// Someone with a session.
#[derive(Clone, Debug)]
pub struct Comer {
    pub name: &'static str,
    pub person: Option<RecordId>,
    /// The row of the account; none for who has none.
    pub account: Option<i64>,
    /// Empty for a visitor.
    pub cookie: String,
}

/// A record of a tenant.
#[derive(Clone, Debug)]
pub struct Held {
    pub record: Standing,
    /// Everyone may read it.
    pub public: bool,
}

pub struct Tenant {
    pub place: &'static str,
    pub marks: Marks,
    pub held: Vec<Held>,
    pub comers: Vec<Comer>,
    /// Stages no record came to: only the house makes the move that leads there.
    pub unreached: Vec<String>,
}

/// What tells two tenants apart.
pub struct Plan {
    pub place: &'static str,
    pub word: &'static str,
    pub marks: Marks,
}

impl Tenant {
    /// Files everything of a tenant in one transaction.
    pub fn settle(register: &Register, catalogue: &Arc<Catalogue>, plan: &'static Plan) -> Tenant {
        // The server that looks at the sessions asks the clock of the machine.
        let now = super::now();
        let text = format!("{}-文件-{}", plan.marks.sealed, plan.word);
        let name = format!("{}.txt", plan.marks.sealed);
        let file = register.store_file(now, &mut text.as_bytes(), &name, "text/plain").expect("a file");
        let sampler = Sampler::new(catalogue.clone(), plan.place, plan.marks, file);
        let all = move |writer: &mut Writer<'_>| Ok(settle(writer, sampler, plan));
        register.write_now(now, all).expect("a tenant").value
    }

    /// The ids of its records and people.
    pub fn ids(&self) -> BTreeSet<RecordId> {
        let people = self.comers.iter().filter_map(|comer| comer.person);
        self.held.iter().map(|held| held.record.id).chain(people).collect()
    }

    /// Serials of records not everyone may read.
    pub fn closed(&self) -> BTreeSet<usize> {
        self.held.iter().filter(|held| !held.public).map(|held| held.record.serial).collect()
    }
}

fn settle(writer: &mut Writer<'_>, mut sampler: Sampler, plan: &Plan) -> Tenant {
    let mut tenant = Tenant {
        place: plan.place,
        marks: plan.marks,
        held: Vec::new(),
        comers: Vec::new(),
        unreached: Vec::new(),
    };
    // What others refer to comes first: the firm that owns, the expert who is assigned, one of every kind.
    for (kind, stage) in [
        ("organization", "listed"),
        ("person", "listed"),
        ("achievement", "published"),
        ("demand", "published"),
    ] {
        let id = tenant.stand(writer, &mut sampler, kind, stage, "").expect("known ones can stand there");
        sampler.known.insert(kind.to_owned(), id);
    }
    let outcome =
        tenant.stand(writer, &mut sampler, "outcome", "listed", "").expect("an outcome can be listed");
    sampler.prove(writer, outcome);
    let catalogue = sampler.catalogue.clone();
    for kind in catalogue.kinds() {
        for stage in &kind.stages {
            let found = tenant.stand(writer, &mut sampler, &kind.name, &stage.name, "");
            match found {
                Some(id) => drop(sampler.known.entry(kind.name.clone()).or_insert(id)),
                None => tenant.unreached.push(format!("{} {}", kind.name, stage.name)),
            }
            if stage.reach == Audience::Public && kind.ceiling.is_some() {
                tenant.stand(writer, &mut sampler, &kind.name, &stage.name, "node");
            }
        }
    }
    tenant.come(writer, &sampler, plan);
    tenant
}

impl Tenant {
    fn stand(
        &mut self,
        writer: &mut Writer<'_>,
        sampler: &mut Sampler,
        kind: &str,
        stage: &str,
        ceiling: &str,
    ) -> Option<RecordId> {
        let catalogue = sampler.catalogue.clone();
        let kind = catalogue.kind(kind).expect("a kind");
        let more = match (&kind.ceiling, ceiling) {
            (Some(field), "node") => json!({ field: "node" }),
            _ => json!({}),
        };
        let record = sampler.stand(writer, &kind.name, stage, &more)?;
        let reach = kind.stage(stage).map_or(Audience::Private, |stage| stage.reach);
        let public = reach == Audience::Public
            && ceiling.is_empty()
            && is_granted(&kind.name, stage, "read", "anyone");
        let id = record.id;
        self.held.push(Held { record, public });
        Some(id)
    }

    /// One of each role over the place or the firm, and the expert, who has no account.
    fn come(&mut self, writer: &mut Writer<'_>, sampler: &Sampler, plan: &Plan) {
        let (firm, expert) = (sampler.known["organization"], sampler.known["person"]);
        let place = || Over::Place(Place::parse(plan.place).expect("a place"));
        let mut secrets = 0;
        let mut enter = |writer: &mut Writer<'_>, who| {
            secrets += 1;
            let secret = format!("a-session-of-{}-{secrets}", plan.word);
            let digest: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
            writer.start_session(who, &digest, LATE.parse().expect("a moment")).expect("a session");
            format!("__Host-hongniang={secret}")
        };
        let steward = seeded::office(Role::Steward);
        for (name, role) in Role::NAMES.iter().filter(|(_, role)| *role != Role::Steward) {
            let mut fields = catalogue::Fields::new();
            let title = format!("{}{name}（虚构）", plan.word);
            fields.insert("title".to_owned(), json!(title));
            fields.insert("place".to_owned(), json!(plan.place));
            let new = New { kind: "person".into(), type_path: "officer".into(), fields, ..New::default() };
            let person = writer.create(&steward, new).expect("a person").item.id;
            let login = format!("{}-{name}", plan.word);
            let account = writer.create_account(&login, None, person).expect("an account").row;
            let over = if role.is_of_organizations() { Over::Organization(firm) } else { place() };
            writer.give(account, *role, &over).expect("a role");
            let cookie = enter(writer, Who::Account(account));
            self.comers.push(Comer { name, person: Some(person), account: Some(account), cookie });
        }
        let cookie = enter(writer, Who::Person(expert));
        self.comers.push(Comer { name: "invited", person: Some(expert), account: None, cookie });
    }
}

/// Whether the table marks a column for a verb at a stage of a kind.
pub fn is_granted(kind: &str, stage: &str, verb: &str, column: &str) -> bool {
    let mut rows = GRANTS.lines().map(|row| row.split(',').collect::<Vec<_>>());
    let heads = rows.next().expect("a heading");
    let Some(at) = heads.iter().position(|head| *head == column) else { return false };
    let start = [kind, stage, verb];
    rows.any(|row| row.starts_with(&start) && row.get(at).is_some_and(|cell| !cell.is_empty()))
}
