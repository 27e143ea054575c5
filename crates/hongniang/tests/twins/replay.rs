//! The replay: every recorded request is made again by someone of the other tenant, and by a visitor.
//!
//! What is not theirs must be answered as if it were not there. Start at [`Replay::by`].

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use base::id::RecordId;
use base::number::Number;
use base::place::Place;

use super::record::{Asked, ask};
use crate::harness::cells;
use crate::harness::client::Answer;
use crate::harness::tenant::{Comer, Tenant};

/// What a write that is none of one's business may be answered with; 401 asks a visitor to sign in.
const REFUSALS: [u16; 6] = [401, 403, 404, 409, 410, 422];
/// Writes to a record of another that are for whoever has an account, and why that does no harm.
const FOR_ALL: [(&str, &str); 1] =
    [("/organizations/{number}/join", "it only asks; who administers the organisation admits")];
/// Characters up to which a typed value is too common a word to be taken out of an answer.
const TYPED_MIN: usize = 6;
/// Parameters that name something one person has.
const OF_ONE: [&str; 4] = ["{channel}", "{job}", "{row}", "{account}"];
/// A row of a list of one's own that nobody has.
const NO_ROW: &str = "999999999";

/// What a replay met.
#[derive(Debug, Default)]
pub struct Met {
    pub requests: usize,
    pub missing: usize,
    pub refused: usize,
    pub read: usize,
    pub wrong: Vec<String>,
}

pub struct Replay<'r> {
    pub address: SocketAddr,
    /// Whose requests these are.
    pub theirs: &'r Tenant,
    pub asked: &'r [Asked],
    pub closed: BTreeSet<usize>,
}

impl Replay<'_> {
    /// Every request once by one who asks; every `stride`-th where that is not one.
    pub fn by(&self, comer: &Comer, stride: usize) -> Met {
        let (mut met, mut absent) = (Met::default(), BTreeMap::new());
        for asked in self.asked.iter().step_by(stride) {
            let asked = &self.reworded(asked);
            let answer = ask(self.address, comer, asked, &asked.path);
            met.requests += 1;
            let said = match self.hidden(asked) {
                Some(fake) => {
                    met.missing += 1;
                    let key = (asked.route.method, fake.clone(), asked.content);
                    let like: &Answer =
                        absent.entry(key).or_insert_with(|| ask(self.address, comer, asked, &fake));
                    same(asked, &fake, &answer, like)
                }
                None => None,
            };
            let said =
                said.or_else(|| self.refused(asked, &answer, &mut met)).or_else(|| self.told(asked, &answer));
            if let Some(said) = said {
                let text: String = answer.text().chars().take(300).collect();
                met.wrong.push(format!(
                    "{} {} {} as {}: {said}: {} {text}",
                    asked.route.method, asked.path, asked.body, comer.name, answer.status
                ));
            }
        }
        met
    }

    /// What is filed anew is filed in other words: one may read what one has written.
    fn reworded(&self, asked: &Asked) -> Asked {
        let mut asked = asked.clone();
        if asked.about.is_none() {
            let marks = self.theirs.marks;
            for mark in [marks.open, marks.inside, marks.sealed] {
                asked.body =
                    asked.body.replace(mark, "照抄").replace(&crate::harness::client::encode(mark), "copied");
            }
        }
        asked
    }

    /// The same address of what nobody has, where what is asked for is not for everyone.
    fn hidden(&self, asked: &Asked) -> Option<String> {
        if let Some(held) = asked.about.map(|at| &self.theirs.held[at]) {
            let number = absent_number(self.theirs.place);
            let fake = asked.path.replace(&held.record.number, &number);
            return (!held.public).then(|| fake.replace(&held.record.id.to_string(), &absent_id()));
        }
        let bare = asked.path.split('?').next().unwrap_or_default();
        let is_own = |part: &&str| OF_ONE.iter().any(|name| part.contains(name));
        asked.route.template.split('/').any(|part| is_own(&part)).then(|| {
            let parts = bare.split('/').zip(asked.route.template.split('/'));
            let parts = parts.map(|(part, template)| if is_own(&template) { NO_ROW } else { part });
            parts.collect::<Vec<_>>().join("/")
        })
    }

    /// A write to anything of theirs is refused, in words.
    fn refused(&self, asked: &Asked, answer: &Answer, met: &mut Met) -> Option<String> {
        if answer.status >= 500 {
            return Some("the house failed".to_owned());
        }
        if asked.route.method == "GET" {
            met.read += usize::from(answer.status == 200);
            return None;
        }
        asked.about?;
        if FOR_ALL.iter().any(|(template, _)| *template == asked.route.template) && answer.status < 400 {
            return None;
        }
        met.refused += 1;
        let text = answer.text();
        let is_clear = text.contains("<h1") || text.contains("\"code\"");
        match REFUSALS.contains(&answer.status) && is_clear {
            true => None,
            false => Some("not refused, or not in words".to_owned()),
        }
    }

    /// Words of theirs that may not be told: anything inside or sealed, and titles of what is not for everyone.
    fn told(&self, asked: &Asked, answer: &Answer) -> Option<String> {
        let (text, marks) = (words(asked, answer), self.theirs.marks);
        if let Some(mark) = [marks.inside, marks.sealed].iter().find(|mark| text.contains(**mark)) {
            return Some(format!("tells {mark}"));
        }
        let serials = text.split(marks.open).skip(1);
        let serials = serials.filter_map(|rest| rest.get(..5)?.parse::<usize>().ok());
        let told: BTreeSet<usize> = serials.filter(|serial| self.closed.contains(serial)).collect();
        (!told.is_empty()).then(|| format!("tells titles of {told:?}"))
    }
}

/// The words of an answer, without those of the question, which a form shows again.
fn words(asked: &Asked, answer: &Answer) -> String {
    if answer.status == 200 && asked.path.split('?').next().is_some_and(|path| path.ends_with(".xlsx")) {
        return cells(&answer.body).into_iter().flatten().collect::<Vec<_>>().join("\n");
    }
    if asked.route.method != "GET" && asked.about.is_none() {
        return String::new();
    }
    let typed = asked.body.split('&').filter_map(|pair| Some(decoded(pair.split_once('=')?.1)));
    let typed = typed.filter(|value| asked.route.method != "GET" && value.chars().count() > TYPED_MIN);
    typed.fold(answer.text(), |text, value| text.replace(&value, ""))
}

/// A value of a form as it was typed.
fn decoded(value: &str) -> String {
    let mut parts = value.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(part.len().min(2));
        bytes.extend(u8::from_str_radix(code, 16));
        bytes.extend(rest.bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// How two answers differ but for the address.
fn same(asked: &Asked, fake: &str, answer: &Answer, like: &Answer) -> Option<String> {
    let plain = |answer: &Answer, path: &str| {
        let (path, encoded) = (path.to_owned(), crate::harness::client::encode(path));
        answer
            .text()
            .replace(&path, "HERE")
            .replace(&encoded, "HERE")
            .replace(&encoded.replace("%2F", "/"), "HERE")
    };
    if answer.status != like.status {
        return Some(format!("what is not there is answered {}", like.status));
    }
    let (one, other) = (plain(answer, &asked.path), plain(like, fake));
    (one != other).then(|| format!("told apart from what is not there: {}", first_difference(&one, &other)))
}

pub fn first_difference(one: &str, other: &str) -> String {
    let at = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let part = |text: &str| text.chars().skip(at.saturating_sub(20)).take(80).collect::<String>();
    format!("“{}” / “{}”", part(one), part(other))
}

fn absent_number(place: &str) -> String {
    let place = base::number::series_of(&Place::parse(place).expect("a place"));
    Number::new(&place, 2026, 999_999).expect("a number").path()
}

fn absent_id() -> String {
    RecordId::new(1_795_000_000_000, [7; 10]).to_string()
}
