//! Why an outcome has the grade it has, in words a reader can check, and what would raise it.

use catalogue::Kind;
use catalogue::evidence::{Evidence, Grounds, Rests, weigh};
use register::{Key, Reader, Record};

use crate::clock;
use crate::fields::outcome;
use crate::trouble::Trouble;
use crate::view::{GradeView, WhyLine};
use crate::visit::Visit;

/// The panel of a record's page; none where the kind has no grade, and for what only sources tell.
pub fn panel(
    visit: &Visit,
    reader: &Reader<'_>,
    kind: &Kind,
    record: &Record,
) -> Result<Option<GradeView>, Trouble> {
    if kind.name != outcome::KIND || record.item.stage == crate::fields::SOURCED {
        return Ok(None);
    }
    let grounds = reader.grounds(&visit.asker(), &Key::Row(record.item.row))?;
    let found = weigh(&grounds);
    Ok(Some(GradeView {
        letter: found.code().to_uppercase(),
        words: visit
            .app
            .register()
            .catalogue()
            .terms()
            .label(outcome::EVIDENCE, found.code(), visit.lang)
            .to_owned(),
        heading: visit.t(heading(found)).to_owned(),
        lines: lines(visit, &grounds, record),
        next: visit.t(next(found, &grounds)).to_owned(),
    }))
}

fn heading(found: Evidence) -> &'static str {
    match found {
        Evidence::A => "evidence.why-a",
        Evidence::B => "evidence.why-b",
        Evidence::C => "evidence.why-c",
        Evidence::D => "evidence.why-d",
    }
}

fn lines(visit: &Visit, grounds: &Grounds, record: &Record) -> Vec<WhyLine> {
    let line = |yes, text: String| WhyLine { yes, text };
    let said = |yes, key: &str| line(yes, visit.t(key).to_owned());
    let mut lines = Vec::new();
    if grounds.disputed {
        lines.push(said(false, "evidence.disputed"));
    }
    lines.push(said(grounds.rests == Rests::Registered, &format!("evidence.rests-{}", grounds.rests.code())));
    let day = record.fields.get(outcome::CONFIRMED_ON).and_then(|day| day.as_str()?.parse().ok());
    lines.push(match day.filter(|_| grounds.confirmed) {
        Some(day) => {
            line(true, visit.texts().fill("evidence.confirmed", &[("on", &clock::date(day, visit.lang))]))
        }
        None => said(false, "evidence.unconfirmed"),
    });
    lines.push(match (grounds.papers, grounds.minutes) {
        (true, _) => said(true, "evidence.papers"),
        (false, true) => said(true, "evidence.minutes"),
        (false, false) => said(false, "evidence.no-papers"),
    });
    lines
}

/// What would raise it by one.
fn next(found: Evidence, grounds: &Grounds) -> &'static str {
    match found {
        _ if grounds.disputed => "evidence.next-disputed",
        Evidence::A => "evidence.next-a",
        Evidence::B => "evidence.next-b",
        Evidence::C => "evidence.next-c",
        Evidence::D => "evidence.next-d",
    }
}
