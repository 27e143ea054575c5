//! A trouble in words: as a page, and as a problem document (RFC 9457) with a stable `code`.

use serde_json::{Value, json};

use catalogue::{Fault as FieldFault, Refusal};
use register::Fault;

use crate::locale::Texts;
use crate::trouble::Trouble;
use crate::view::{FaultLine, Link, ProblemView};
use crate::visit::Visit;

/// The page of a trouble; a fixed sentence if even that fails.
pub fn page(visit: &Visit, trouble: &Trouble) -> String {
    let telling = trouble.telling();
    let mut page = visit.page(visit.t(&format!("problem.{}.title", telling.code)));
    page.notice = None;
    let view = ProblemView {
        page,
        status: telling.status.as_u16(),
        code: telling.code.to_owned(),
        detail: detail(visit.texts(), trouble),
        faults: trouble.faults().iter().map(|fault| line(visit.texts(), fault)).collect(),
        next: next(visit, trouble),
    };
    askama::Template::render(&view).unwrap_or_else(|_| visit.t("problem.internal.detail").to_owned())
}

fn next(visit: &Visit, trouble: &Trouble) -> Vec<Link> {
    match trouble {
        Trouble::SigninNeeded => {
            let back = encode_query(&visit.path);
            vec![visit.link(&format!("/signin?next={back}"), visit.t("nav.signin"))]
        }
        Trouble::Owed(owed) => vec![visit.link(owed.page(), visit.t("sign.go-on"))],
        Trouble::ProviderDown | Trouble::ProviderWrong | Trouble::ProviderRefused | Trouble::SigninGone => {
            vec![visit.link("/signin", visit.t("sign.back")), visit.link("/", visit.t("nav.home"))]
        }
        _ => vec![visit.link("/", visit.t("nav.home"))],
    }
}

/// A text as the value of a query parameter.
pub fn encode_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// What happened and what to do, in one or two sentences.
pub fn detail(texts: &Texts, trouble: &Trouble) -> String {
    let key = format!("problem.{}.detail", trouble.telling().code);
    match trouble {
        Trouble::TooLarge(bytes) => texts.fill(&key, &[("max", &(bytes / 1024).to_string())]),
        Trouble::TooManyRows(most) | Trouble::CellTooLong(most) => {
            texts.fill(&key, &[("max", &most.to_string())])
        }
        Trouble::Throttled(seconds) => texts.fill(&key, &[("seconds", &seconds.to_string())]),
        Trouble::Malformed(what) => texts.fill(&key, &[("what", what)]),
        Trouble::Register(Fault::Refused(
            refusal @ (Refusal::Lacking(_) | Refusal::NotYet(_) | Refusal::Over(_)),
        )) => refused(texts, refusal),
        Trouble::Register(Fault::Refused(Refusal::MissingYear(year))) => {
            texts.fill(&key, &[("year", &year.to_string())])
        }
        Trouble::Register(Fault::Refused(Refusal::Guards(guards))) => {
            let names: Vec<&str> = guards.iter().map(|guard| texts.get(guard_key(*guard))).collect();
            texts.fill(&key, &[("guards", &names.join(texts.get("list.comma")))])
        }
        Trouble::Register(Fault::Claimed { by: Some(by), .. }) => texts.fill(&key, &[("by", &by.title)]),
        _ => texts.get(&key).to_owned(),
    }
}

/// Why a move is refused, in one sentence.
pub fn refused(texts: &Texts, refusal: &Refusal) -> String {
    let key = format!("refusal.{}", refusal.code());
    let day = |day: &jiff::civil::Date| base::day::Day::of(*day);
    match refusal {
        Refusal::Lacking(labels) => {
            let labels: Vec<&str> = labels.iter().map(|label| label.text(texts.lang())).collect();
            texts.fill(&key, &[("what", &labels.join(texts.get("list.comma")))])
        }
        Refusal::NotYet(Some(last)) => texts.fill(&key, &[("day", &shown(texts, day(last)))]),
        Refusal::NotYet(None) => texts.get("refusal.no-day").to_owned(),
        Refusal::Over(last) => texts.fill(&key, &[("day", &shown(texts, day(last)))]),
        _ => texts.get(&key).to_owned(),
    }
}

fn shown(texts: &Texts, day: base::day::Day) -> String {
    match texts.lang() {
        catalogue::Lang::Zh => day.zh(),
        catalogue::Lang::En => day.en(),
    }
}

/// The key of a guard's sentence.
pub fn guard_key(guard: catalogue::step::Guard) -> &'static str {
    use catalogue::step::Guard;
    match guard {
        Guard::Complete => "guard.complete",
        Guard::SecrecyCleared => "guard.secrecy-cleared",
        Guard::NotDuplicate => "guard.not-duplicate",
        Guard::ByLevelAbove => "guard.by-level-above",
        Guard::OneSide => "guard.one-side",
        Guard::WithinLimit => "guard.within-limit",
        Guard::NoConflict => "guard.no-conflict",
        Guard::NoCaseYet => "guard.no-case-yet",
        Guard::AsParty => "guard.as-party",
        Guard::NotConfirmedYet => "guard.not-confirmed-yet",
        Guard::ByBeneficiary => "guard.by-beneficiary",
        Guard::DocumentsComplete => "guard.documents-complete",
        Guard::PublicityDays => "guard.publicity-days",
        Guard::ReviewerFree => "guard.reviewer-free",
        Guard::ScoreComplete => "guard.score-complete",
        Guard::NotForOneself => "guard.not-for-oneself",
        Guard::Proven => "guard.proven",
    }
}

/// A field's fault as a sentence with its remedy.
pub fn sentence(texts: &Texts, fault: &FieldFault) -> String {
    // A label of the catalogue comes in both languages, the English one as `NAME_en`.
    let english = texts.lang() == crate::locale::Lang::En;
    let labels =
        fault.args.iter().filter_map(|(name, value)| Some((name.strip_suffix("_en")?, value.as_str())));
    let labels: Vec<(&str, &str)> = labels.filter(|_| english).collect();
    let plain = fault.args.iter().map(|(name, value)| (*name, value.as_str()));
    let plain = plain.filter(|(name, _)| !labels.iter().any(|(label, _)| label == name));
    let args: Vec<(&str, &str)> = plain.chain(labels.iter().copied()).collect();
    // Where something like the wrong word is known, the sentence says so.
    let near = args.iter().any(|(name, value)| *name == "nearest" && !value.is_empty());
    let key = format!("fault.{}{}", fault.code, if near { "-near" } else { "" });
    texts.fill(if texts.has(&key) { &key } else { key.trim_end_matches("-near") }, &args)
}

/// A field's fault as a line of the list at the top.
pub fn line(texts: &Texts, fault: &FieldFault) -> FaultLine {
    FaultLine { id: fault.field.clone(), label: fault.field.clone(), text: sentence(texts, fault) }
}

/// The problem document.
pub fn document(texts: &Texts, trouble: &Trouble, instance: &str) -> String {
    let telling = trouble.telling();
    let errors: Vec<Value> = trouble.faults().iter().map(|fault| error(texts, fault)).collect();
    let mut body = json!({
        "type": format!("/api#problem-{}", telling.code),
        "title": texts.get(&format!("problem.{}.title", telling.code)),
        "status": telling.status.as_u16(),
        "code": telling.code,
        "detail": detail(texts, trouble),
        "instance": instance,
    });
    if !errors.is_empty() {
        body["errors"] = Value::Array(errors);
    }
    match trouble {
        Trouble::Register(Fault::Stale { theirs, .. }) => {
            body["current"] = json!({ "version": theirs.item.version, "fields": theirs.fields });
        }
        Trouble::Register(Fault::Claimed { field, by: Some(by), .. }) => {
            body["claimed"] = json!({ "field": field, "by": by.id.to_string(), "number": by.number.path() });
        }
        _ => {}
    }
    body.to_string()
}

fn error(texts: &Texts, fault: &FieldFault) -> Value {
    let pointer = format!("/fields/{}", fault.field.replace('.', "/"));
    json!({ "pointer": pointer, "code": fault.code, "detail": sentence(texts, fault) })
}

#[cfg(test)]
mod tests {
    use crate::locale::{Lang, Locales};

    #[test]
    fn every_code_has_words_in_both_languages() {
        let texts = |name: &str| crate::embedded::text(name);
        let locales = Locales::load(texts("locales/zh.toml"), texts("locales/en.toml")).expect("locales");
        let faults = catalogue::value::FAULT_CODES.iter().chain(base::fault::CodeError::CODES);
        let faults = faults.chain(base::text::TextFault::CODES).map(|code| format!("fault.{code}"));
        let refusals = catalogue::step::REFUSAL_CODES.iter().map(|code| format!("refusal.{code}"));
        let guards = catalogue::step::Guard::NAMES.iter().map(|(name, _)| format!("guard.{name}"));
        for key in faults.chain(refusals).chain(guards) {
            for lang in [Lang::Zh, Lang::En] {
                assert!(locales.of(lang).has(&key), "{key} has no words in {lang:?}");
            }
        }
    }
}
