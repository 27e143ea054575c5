//! Reasons and signals of a hit in plain words. Every word comes from the values the ranking used.

use matching::{Hit, Reason};

use crate::search::pages::key_label;
use crate::view::HitView;
use crate::visit::Visit;

/// Reasons shown of each hit.
const REASONS: usize = 3;

/// The reasons of a hit, strongest first.
pub fn reasons(visit: &Visit, hit: &Hit, title_of: &dyn Fn(u64) -> Option<String>) -> Vec<String> {
    hit.reasons.iter().filter_map(|reason| sentence(visit, reason, title_of)).take(REASONS).collect()
}

fn sentence(visit: &Visit, reason: &Reason, title_of: &dyn Fn(u64) -> Option<String>) -> Option<String> {
    let quoted =
        |words: &[String]| words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join("、");
    let fill = |key: &str, args: &[(&str, &str)]| Some(visit.texts().fill(key, args));
    match reason {
        Reason::Title(words) => fill("reason.title", &[("words", &quoted(words))]),
        Reason::Words(words) => fill("reason.words", &[("words", &quoted(words))]),
        Reason::Key { key } => fill("reason.key", &[("name", &key_label(visit, key))]),
        Reason::Near { key } => fill("reason.near", &[("name", &key_label(visit, key))]),
        Reason::Like { id, words } => {
            fill("reason.like", &[("name", &title_of(*id)?), ("words", &quoted(words))])
        }
        Reason::Work { id, words } => {
            fill("reason.work", &[("name", &title_of(*id)?), ("words", &quoted(words))])
        }
        Reason::Fresh { day } => {
            let date =
                jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(*day).ok()?).ok()?;
            fill("reason.fresh", &[("day", &crate::clock::date(date, visit.lang))])
        }
    }
}

/// The signals of a hit: name, share of 100, exact value × weight.
pub fn signals(visit: &Visit, hit: &Hit) -> Vec<(String, u8, String)> {
    hit.signals
        .iter()
        .map(|signal| {
            let exact = format!("{:.2} × {:.2} = {:.3}", signal.value, signal.weight, signal.contribution);
            (visit.t(&format!("signal.{}", signal.name)).to_owned(), percent(signal.contribution), exact)
        })
        .collect()
}

/// A share of one as a whole percentage, 0 to 100.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100 before")]
pub fn percent(share: f32) -> u8 {
    (share * 100.0).round().clamp(0.0, 100.0) as u8
}

/// A hit as the page shows it.
pub fn hit_view(
    visit: &Visit,
    hit: &Hit,
    item: &register::Item,
    title_of: &dyn Fn(u64) -> Option<String>,
) -> HitView {
    HitView {
        row: crate::records::faces::row(visit, item, &[]),
        id: item.id.to_string(),
        score: percent(hit.score),
        reasons: reasons(visit, hit, title_of),
        signals: signals(visit, hit),
        fits: None,
    }
}
