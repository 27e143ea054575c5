//! The match page, judging, and inviting.

use askama::Template as _;
use axum::extract::Path;
use axum::response::{Html, Response};
use base::id::RecordId;
use catalogue::Standing;
use catalogue::kind::Verb;
use matching::Reason;
use register::{Item, Key, Reader, Record};

use super::{Judgement, Pairing, Verdict, words};
use crate::clock;
use crate::fields::{demand, pairing};
use crate::records::draft::Draft;
use crate::records::export::{Sheet, send};
use crate::records::faces::row;
use crate::records::posted::Posted;
use crate::records::{address, edit, key_at, kind_at};
use crate::trouble::Trouble;
use crate::view::{HitView, MatchGroup, MatchView, OfferView, Row, WaitingView};
use crate::visit::Visit;

/// `GET /demands/{number}/match`.
pub async fn show(visit: Visit, Path(number): Path<String>) -> Result<Html<String>, Trouble> {
    Ok(Html(ranked(&visit, &number).await?.render()?))
}

/// A demand beside who fits it, as this visitor may see both.
async fn ranked(visit: &Visit, number: &str) -> Result<MatchView, Trouble> {
    let key = demand_key(visit, number)?;
    visit.must_sign_in()?;
    let looking = visit.clone();
    let read = move |reader: &Reader<'_>| {
        let record = reader.find(&looking.asker(), &key)?;
        let pairing = Pairing::of(&looking, reader, &record)?;
        view(&looking, reader, &record, &pairing)
    };
    visit.app.read(read).await
}

fn demand_key(visit: &Visit, number: &str) -> Result<Key, Trouble> {
    let kind = visit.app.register().catalogue().kind(demand::KIND).ok_or(Trouble::NotFound)?;
    key_at(kind, number)
}

/// Titles of what reasons name: what was judged, and works that speak for their makers.
fn titles(visit: &Visit, reader: &Reader<'_>, pairing: &Pairing) -> Result<Vec<(u64, String)>, Trouble> {
    let asker = visit.asker();
    let judged =
        pairing.judged.iter().filter_map(|judged| reader.seen(&asker, &Key::Id(judged.candidate)).ok());
    let hits = pairing.groups.iter().flat_map(|(_, hits)| hits);
    let work = |reason: &Reason| match reason {
        Reason::Work { id, .. } => i64::try_from(*id).ok(),
        _ => None,
    };
    let rows: Vec<i64> = hits.flat_map(|(hit, _)| hit.reasons.iter().filter_map(work)).collect();
    let works = crate::search::read_items(reader, &asker, &rows)?;
    let titled = |item: Item| Some((u64::try_from(item.row).ok()?, item.title));
    Ok(judged.chain(works).filter_map(titled).collect())
}

fn view(
    visit: &Visit,
    reader: &Reader<'_>,
    record: &Record,
    pairing: &Pairing,
) -> Result<MatchView, Trouble> {
    let kind = kind_at(&visit.app, "demands")?;
    let here = address(kind, &record.item.number);
    let titles = titles(visit, reader, pairing)?;
    let title_of = |id: u64| titles.iter().find(|(row, _)| *row == id).map(|(_, title)| title.clone());
    let group = |(label, hits): &(&'static str, Vec<(matching::Hit, Item)>)| MatchGroup {
        label: visit.t(label).to_owned(),
        hits: hits
            .iter()
            .map(|(hit, item)| {
                let fits = invitation(visit, pairing, item);
                HitView { fits, ..words::hit_view(visit, hit, item, &title_of) }
            })
            .collect(),
    };
    Ok(MatchView {
        page: visit.page(visit.texts().fill("match.title", &[("title", &record.item.title)])),
        demand: row(visit, &record.item, &[]),
        problem: record.fields.get(demand::PROBLEM).and_then(|v| v.as_str()).unwrap_or_default().to_owned(),
        figures: figures(visit, record),
        groups: pairing.groups.iter().map(group).collect(),
        may_judge: may_judge(visit, record),
        action: visit.href(&format!("{here}/match")),
        reasons: reasons(visit),
        judged: judged(visit, reader, pairing)?,
        waiting: waiting(visit, reader, pairing)?,
        put_forward: super::suggest::offered(visit, record).then(|| visit.href(&format!("{here}/suggest"))),
        exports: visit.exports(&format!("{here}/match")),
    })
}

/// The asking side judges who is put forward, and those who handle the demand for it. Who came by a link does so for the
/// demand the link is about.
fn may_judge(visit: &Visit, record: &Record) -> bool {
    let asker = visit.asker();
    let about = asker.only.as_ref().is_none_or(|only| only.records.first() == Some(&record.item.id));
    let judges =
        record.access.standing == Standing::Own || asker.roles.iter().any(|held| held.role.handles());
    let kind = visit.app.register().catalogue().kind(pairing::KIND).filter(|_| about && judges);
    kind.is_some_and(|kind| !catalogue::access::arms(kind, &asker, &Verb::Create).is_empty())
}

fn figures(visit: &Visit, record: &Record) -> Vec<(String, String)> {
    let catalogue = visit.app.register().catalogue();
    let Some(kind) = catalogue.kind(demand::KIND) else { return Vec::new() };
    [demand::PRESENT, demand::WANTED, demand::CONDITIONS, demand::VOLUME, demand::BUDGET, demand::DUE]
        .into_iter()
        .filter_map(|name| {
            let field = kind.field(name)?;
            let value = record.fields.get(name)?;
            let shown =
                catalogue::value::show(&field.shape, value, &catalogue.terms(), visit.lang, &|_| None);
            Some((field.label.text(visit.lang).to_owned(), shown))
        })
        .collect()
}

fn reasons(visit: &Visit) -> Vec<(String, String)> {
    let vocabularies = visit.app.register().catalogue().vocabularies();
    let terms = vocabularies.get(pairing::REASONS).map(|v| v.terms.as_slice()).unwrap_or_default();
    terms.iter().map(|term| (term.code.clone(), term.label.text(visit.lang).to_owned())).collect()
}

fn of<'p>(pairing: &'p Pairing, candidate: &Item) -> Option<&'p Judgement> {
    pairing.judged.iter().find(|judged| judged.candidate == candidate.id)
}

/// A candidate judged fitting is invited by the move of its match record.
fn invitation(visit: &Visit, pairing: &Pairing, candidate: &Item) -> Option<OfferView> {
    let judged = of(pairing, candidate)?;
    let kind = visit.app.register().catalogue().kind(pairing::KIND)?;
    let here = address(kind, &judged.item.number);
    let stage = crate::records::faces::badge(kind, &judged.item.stage, visit.lang).label;
    let inviting = [pairing::FITTING, pairing::EXPIRED].contains(&judged.item.stage.as_str());
    Some(OfferView {
        label: if inviting { visit.t("match.invite").to_owned() } else { stage },
        href: visit.href(&if inviting { format!("{here}/invite") } else { here }),
        primary: inviting,
        against: String::new(),
        why: Vec::new(),
    })
}

fn judged(visit: &Visit, reader: &Reader<'_>, pairing: &Pairing) -> Result<Vec<(String, Row)>, Trouble> {
    let kind = kind_at(&visit.app, "matches")?;
    let mut rows = Vec::new();
    for judged in &pairing.judged {
        let Ok(candidate) = reader.seen(&visit.asker(), &Key::Id(judged.candidate)) else { continue };
        let stage = crate::records::faces::badge(kind, &judged.item.stage, visit.lang).label;
        let reason =
            judged.reason.as_ref().and_then(|code| reasons(visit).into_iter().find(|(c, _)| c == code));
        let verdict = match reason {
            Some((_, reason)) => format!("{stage} · {reason}"),
            None => stage,
        };
        let mut shown = row(visit, &candidate, &[]);
        shown.href = visit.href(&address(kind, &judged.item.number));
        rows.push((verdict, shown));
    }
    Ok(rows)
}

/// Those put forward whom nobody has judged yet, with who did and when.
fn waiting(visit: &Visit, reader: &Reader<'_>, pairing: &Pairing) -> Result<Vec<WaitingView>, Trouble> {
    let (me, kind) = (visit.asker(), kind_at(&visit.app, "matches")?);
    let mut found = Vec::new();
    for of in &pairing.waiting {
        let Ok(candidate) = reader.seen(&me, &Key::Id(of.candidate)) else { continue };
        let names = reader.titles(&me, of.by.as_slice())?;
        let day = clock::date(clock::day_of(of.item.created_at), visit.lang);
        let said = match names.into_values().next() {
            Some(name) => visit.texts().fill("match.put-forward-by", &[("name", &name), ("day", &day)]),
            None => visit.texts().fill("match.put-forward-on", &[("day", &day)]),
        };
        found.push(WaitingView {
            row: row(visit, &candidate, &[]),
            id: of.candidate.to_string(),
            said: visit.link(&address(kind, &of.item.number), said),
            reasons: of.reasons.clone(),
        });
    }
    Ok(found)
}

/// `GET /demands/{number}/match.{ending}`: the page as a spreadsheet, every signal beside its hit.
pub async fn export(
    visit: Visit,
    Path((number, ending)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let view = ranked(&visit, &number).await?;
    let cells = |group: &str, hit: &HitView| {
        let signals: Vec<String> =
            hit.signals.iter().map(|(name, _, exact)| format!("{name} {exact}")).collect();
        let (row, score) = (&hit.row, hit.score.to_string());
        vec![
            group.to_owned(),
            row.number.clone(),
            row.title.clone(),
            score,
            hit.reasons.join("\n"),
            signals.join("\n"),
        ]
    };
    let rows =
        view.groups.iter().flat_map(|group| group.hits.iter().map(|hit| cells(&group.label, hit))).collect();
    let headings =
        ["match.group", "list.number", "list.title", "match.score", "match.reasons", "match.signals"];
    send(&Sheet::of(&visit, visit.t("match.sheet"), &headings, rows), &ending)
}

/// `POST /demands/{number}/match`: 合适 or 不合适; the rest re-rank.
pub async fn judge(visit: Visit, Path(number): Path<String>, posted: Posted) -> Result<Response, Trouble> {
    let key = demand_key(&visit, &number)?;
    let asker = visit.must_sign_in()?;
    let mut verdict = read(&posted.draft)?;
    let (looking, demand, candidate) = (visit.clone(), key.clone(), verdict.candidate);
    let shown = visit.app.read(move |reader| shown(&looking, reader, &demand, candidate)).await?;
    if let Some((score, reasons)) = shown {
        (verdict.score, verdict.reasons) = (Some(score), reasons);
    }
    visit
        .app
        .write(move |writer| {
            let record = writer.find(&asker, &key)?;
            super::judge(writer, &asker, &record, &verdict)
        })
        .await?;
    Ok(edit::redirect(&visit, &format!("/demands/{number}/match"), "notice.judged"))
}

fn read(draft: &Draft) -> Result<Verdict, Trouble> {
    let candidate = draft.one("candidate").parse().map_err(|_| Trouble::NotFound)?;
    Ok(Verdict {
        candidate,
        fits: draft.one("verdict") == "fit",
        reason: draft.one("reason").to_owned(),
        note: draft.one("note").to_owned(),
        score: None,
        reasons: Vec::new(),
    })
}

/// The score and reasons the page shows for a candidate now, so that the judgement keeps what it was about.
fn shown(
    visit: &Visit,
    reader: &Reader<'_>,
    demand: &Key,
    candidate: RecordId,
) -> Result<Option<(u8, Vec<String>)>, Trouble> {
    let record = reader.find(&visit.asker(), demand)?;
    let pairing = Pairing::of(visit, reader, &record)?;
    let mut hits = pairing.groups.iter().flat_map(|(_, hits)| hits);
    let found = hits.find(|(_, item)| item.id == candidate);
    Ok(found.map(|(hit, _)| (words::percent(hit.score), words::reasons(visit, hit, &|_| None))))
}
