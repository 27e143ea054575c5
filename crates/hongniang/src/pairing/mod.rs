//! 对接: a demand beside who and what fits it, and what people say of each suggestion.
//!
//! The ranking is `matching`'s, the judgements are `match` records; this desk joins them. A judgement re-ranks the
//! rest at once. Start at [`Pairing::of`].

pub mod invite;
pub mod pages;
pub mod suggest;
mod words;

use base::id::RecordId;
use catalogue::value::Fields;
use catalogue::{Asker, Kind};
use matching::{Judged, Need};
use register::{Direction, Item, Key, New, Reader, Record, Writer};
use serde_json::{Value, json};

use crate::fields::{PUT_FORWARD_BY, SOURCED, achievement, demand, pairing};
use crate::search::Arms;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// Hits shown of each group.
const HITS: usize = 5;
/// A hit that scores less than this share of its group's best is no suggestion.
const SHARE_MIN: f32 = 0.2;
/// Characters of a match record's heading.
const TITLE_CHARS: usize = 120;
/// Others named where one cannot be invited.
const OTHERS: usize = 3;
/// The group of experts.
const EXPERTS: &str = "match.experts";
/// Judgements read of one demand.
const JUDGED_MAX: usize = 200;

/// Groups of the match page in the order of practice: experts and societies first, then other organisations and stations, then
/// achievements and services. A type is a prefix of the index group.
const GROUPS: [(&str, &[&str]); 6] = [
    (EXPERTS, &["person/expert"]),
    ("match.societies", &["organization/society"]),
    ("match.institutes", &["organization/institute", "organization/university", "organization/intermediary"]),
    ("match.stations", &["station/"]),
    ("match.achievements", &["achievement/"]),
    ("match.services", &["service/"]),
];

/// What someone already said of a candidate.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The match record.
    pub item: Item,
    /// The candidate.
    pub candidate: RecordId,
    /// Reason code, where one was given.
    pub reason: Option<String>,
}

/// Somebody put forward whom nobody has judged yet.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The match record.
    pub item: Item,
    /// The candidate.
    pub candidate: RecordId,
    /// The broker who put them forward, where one did.
    pub by: Option<RecordId>,
    /// Why.
    pub reasons: Vec<String>,
}

/// A demand and its ranked candidates.
pub struct Pairing {
    /// Put forward and not judged yet.
    pub waiting: Vec<Waiting>,
    /// Judgements so far.
    pub judged: Vec<Judgement>,
    /// Ranked hits by group, with their items.
    pub groups: Vec<(&'static str, Vec<(matching::Hit, Item)>)>,
}

/// Whether the match page is offered beside this record.
pub fn offered(visit: &Visit, kind: &Kind, record: &Record) -> bool {
    kind.name == demand::KIND
        && !visit.asker().roles.is_empty()
        && (record.access.standing != catalogue::Standing::Anyone || suggest::offered(visit, record))
}

impl Pairing {
    /// Ranks everything the asker may read against a demand.
    pub fn of(visit: &Visit, reader: &Reader<'_>, record: &Record) -> Result<Pairing, Trouble> {
        let asker = visit.asker();
        let (judged, waiting) = said_of(reader, &asker, record)?;
        let need = need(visit, reader, &asker, record, &judged)?;
        let arms = Arms::of(visit.app.register().catalogue(), &asker);
        let ranked: Vec<_> =
            GROUPS.iter().map(|(label, prefixes)| (*label, rank(visit, &arms, &need, prefixes))).collect();
        let mut groups = Vec::new();
        for (label, hits) in ranked {
            groups.push((label, with_items(reader, &asker, hits)?));
        }
        Ok(Pairing { waiting, judged, groups })
    }
}

fn rank(visit: &Visit, arms: &Arms, need: &Need, prefixes: &[&str]) -> Vec<matching::Hit> {
    let names: Vec<String> = visit
        .app
        .register()
        .catalogue()
        .kinds()
        .flat_map(|kind| kind.types.iter().map(move |t| format!("{}/{}", kind.name, t.path)))
        .filter(|group| prefixes.iter().any(|prefix| group.starts_with(prefix)))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let state = visit.app.index().ask();
    // What sources tell is no partner anyone could call.
    let stands = |row: u64, stage: &str| state.subjects.get(&row).is_some_and(|of| of.stage == stage);
    let admit = |row: u64| state.admits(arms, row) && !stands(row, SOURCED) && !state.unranked.contains(&row);
    let mut hits = state.index.rank(need, &admit, &names, HITS);
    hits.retain(|hit| hit.score >= SHARE_MIN);
    // What nobody has confirmed for a year comes after what someone has.
    hits.sort_by_key(|hit| stands(hit.id, achievement::FADED));
    hits
}

fn with_items(
    reader: &Reader<'_>,
    asker: &Asker,
    hits: Vec<matching::Hit>,
) -> Result<Vec<(matching::Hit, Item)>, Trouble> {
    let rows: Vec<i64> = hits.iter().filter_map(|hit| i64::try_from(hit.id).ok()).collect();
    let items = crate::search::read_items(reader, asker, &rows)?;
    let item_of = |hit: matching::Hit| {
        let item = items.iter().find(|item| u64::try_from(item.row) == Ok(hit.id))?.clone();
        Some((hit, item))
    };
    Ok(hits.into_iter().filter_map(item_of).collect())
}

/// The demand as a question: its open words, its codes, and what was said of earlier answers.
fn need(
    visit: &Visit,
    reader: &Reader<'_>,
    asker: &Asker,
    record: &Record,
    judged: &[Judgement],
) -> Result<Need, Trouble> {
    let said = [demand::PROBLEM, demand::CONDITIONS, demand::WANTED, demand::PRESENT];
    let text: Vec<&str> = said.iter().filter_map(|name| record.fields.get(*name)?.as_str()).collect();
    let catalogue = visit.app.register().catalogue();
    let kind = catalogue.kind(demand::KIND).ok_or(Trouble::NotFound)?;
    let mut keys = Vec::new();
    for name in [demand::INDUSTRY, demand::DISCIPLINE] {
        let field = kind.field(name);
        if let (Some(field), Some(value)) = (field, record.fields.get(name)) {
            keys.extend(
                catalogue::value::keys(field, value, &catalogue.terms())
                    .into_iter()
                    .map(|code| format!("{name}:{code}")),
            );
        }
    }
    if let Some(place) = &record.item.place {
        keys.extend(place.ancestors().into_iter().map(|place| format!("place:{place}")));
    }
    let mut answers = Vec::new();
    for judgement in judged {
        if let Ok(item) = reader.seen(asker, &Key::Id(judgement.candidate)) {
            answers.push(Judged {
                id: u64::try_from(item.row).unwrap_or_default(),
                fits: judgement.item.stage != pairing::UNFITTING,
                reason: judgement.reason.clone(),
            });
        }
    }
    Ok(Need { title: record.item.title.clone(), text: text.join("\n"), keys, judged: answers })
}

/// What has been said of this demand's candidates, and whom nobody has judged yet, as far as the asker may read it.
fn said_of(
    reader: &Reader<'_>,
    asker: &Asker,
    record: &Record,
) -> Result<(Vec<Judgement>, Vec<Waiting>), Trouble> {
    let edges = reader.edges(asker, record.item.row, Direction::To, Some(pairing::DEMAND), JUDGED_MAX)?;
    let (mut judged, mut waiting) = (Vec::new(), Vec::new());
    for item in edges.into_iter().map(|edge| edge.item).filter(|item| item.kind == pairing::KIND) {
        let fields = reader.find(asker, &Key::Row(item.row))?.fields;
        let named = |name: &str| fields.get(name).and_then(catalogue::kind::reference);
        let Some(candidate) = named(pairing::CANDIDATE) else { continue };
        if item.stage != pairing::SUGGESTED {
            let reason = fields.get(pairing::REASON).and_then(Value::as_str).map(str::to_owned);
            judged.push(Judgement { item, candidate, reason });
            continue;
        }
        let reasons = fields.get(pairing::REASONS_SHOWN).and_then(Value::as_array);
        let reasons = reasons.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        waiting.push(Waiting { item, candidate, by: named(PUT_FORWARD_BY), reasons });
    }
    Ok((judged, waiting))
}

/// The best experts for a demand beside one who cannot be asked now.
pub fn others(visit: &Visit, reader: &Reader<'_>, demand: &Key, but: RecordId) -> Result<Vec<Item>, Trouble> {
    let record = reader.find(&visit.asker(), demand)?;
    let pairing = Pairing::of(visit, reader, &record)?;
    let experts = pairing.groups.into_iter().find(|(label, _)| *label == EXPERTS);
    let asked = |item: &Item| pairing.judged.iter().any(|judged| judged.candidate == item.id);
    let items = experts.into_iter().flat_map(|(_, hits)| hits).map(|(_, item)| item);
    Ok(items.filter(|item| item.id != but && !asked(item)).take(OTHERS).collect())
}

/// What someone says of a candidate.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The candidate.
    pub candidate: RecordId,
    /// Fits or not.
    pub fits: bool,
    /// Reason code of 不合适.
    pub reason: String,
    /// Remark.
    pub note: String,
    /// Its score when it was judged, 0 to 100; none if it was not among the hits.
    pub score: Option<u8>,
    /// The reasons that were shown.
    pub reasons: Vec<String>,
}

/// Records a verdict: the match record is found or filed, and moved.
pub fn judge(
    writer: &mut Writer<'_>,
    me: &Asker,
    record: &Record,
    verdict: &Verdict,
) -> register::Result<Record> {
    let row = match existing(writer, me, record, verdict.candidate)? {
        Some(row) => row,
        None => file(writer, me, record, verdict)?,
    };
    let mut given = Fields::new();
    if !verdict.fits {
        given.insert(pairing::REASON.into(), json!(verdict.reason));
    }
    if !verdict.note.trim().is_empty() {
        given.insert(pairing::NOTE.into(), json!(verdict.note.trim()));
    }
    let name = if verdict.fits { pairing::FIT } else { pairing::UNFIT };
    let me = &writer.kept(me)?;
    writer.make(me, &Key::Row(row), None, name, &given, 0)
}

fn existing(
    writer: &Writer<'_>,
    me: &Asker,
    record: &Record,
    candidate: RecordId,
) -> register::Result<Option<i64>> {
    for edge in writer.edges(me, record.item.row, Direction::To, Some(pairing::DEMAND), JUDGED_MAX)? {
        if edge.item.kind == pairing::KIND {
            let found = writer.find(me, &Key::Row(edge.item.row))?;
            if found.fields.get(pairing::CANDIDATE).and_then(catalogue::kind::reference) == Some(candidate) {
                return Ok(Some(edge.item.row));
            }
        }
    }
    Ok(None)
}

/// The heading of a match.
fn heading_of(candidate: &str, demand: &str, chars: usize) -> String {
    format!("{candidate} · {demand}").chars().take(chars).collect()
}

fn file(writer: &mut Writer<'_>, me: &Asker, record: &Record, verdict: &Verdict) -> register::Result<i64> {
    let mut fields = Fields::new();
    let candidate = writer.find(me, &Key::Id(verdict.candidate))?.item.title;
    let title = heading_of(&candidate, &record.item.title, TITLE_CHARS);
    fields.insert(pairing::TITLE.into(), json!(title));
    fields.insert(pairing::DEMAND.into(), json!(record.item.id.to_string()));
    fields.insert(pairing::CANDIDATE.into(), json!(verdict.candidate.to_string()));
    if let Some(score) = verdict.score {
        fields.insert(pairing::SCORE.into(), json!(score));
        fields.insert(pairing::REASONS_SHOWN.into(), json!(verdict.reasons));
    }
    let kind = writer.catalogue().kind(pairing::KIND).ok_or(register::Fault::NotFound)?;
    let type_path = kind.types.first().map(|t| t.path.clone()).unwrap_or_default();
    let new = New {
        kind: pairing::KIND.to_owned(),
        type_path,
        fields,
        place: record.item.place.clone(),
        ..New::default()
    };
    Ok(writer.create(me, new)?.item.row)
}
