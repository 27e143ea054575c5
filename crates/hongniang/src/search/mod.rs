//! Search: the index that follows the register's feed, and the questions asked of it.
//!
//! Only the open layer is indexed, and a document answers only an asker whose arms admit its record: text the asker
//! may not read yields no hit, no count, no snippet and no reason. Start at [`Followed`].

mod follow;
mod learn;
pub mod pages;

use std::collections::{HashMap, HashSet};
use std::sync::{Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

pub use follow::follow;
pub use learn::learn;

use assessment::claims::Claims;
use catalogue::kind::Verb;
use catalogue::{Arm, Asker, Catalogue, Subject};
use matching::Index;
use register::{Item, Key, Position, Reader, Record};

use crate::app::App;
use crate::figures::Figures;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// How long a read waits for its own write to reach the index.
const WAIT_MAX: Duration = Duration::from_secs(3);
/// Two texts that share this much are near-duplicates.
pub const ALIKE_MIN: f32 = 0.6;

/// The index and how far it has followed the feed.
pub struct Followed {
    state: RwLock<State>,
    reached: Mutex<Reached>,
    moved: Condvar,
    /// Held by whoever learns what words mean.
    learning: Mutex<()>,
}

/// What is followed: the words, what the access rule looks at, and what is counted.
pub struct State {
    /// Words.
    pub index: Index,
    /// How many documents there were when it last learned what words mean.
    learned: usize,
    /// By row.
    pub subjects: HashMap<u64, Subject>,
    /// Rows of those who asked not to be ranked, or take no invitations for now.
    pub unranked: HashSet<u64>,
    /// Figures.
    pub figures: Figures,
    /// Claims.
    pub claims: Claims,
}

#[derive(Default)]
struct Reached {
    position: Position,
    /// Where the feed stood when following began; before that the index is still being built.
    goal: Position,
    news: bool,
}

impl Followed {
    /// Nothing followed yet.
    pub fn new(catalogue: &Catalogue) -> Followed {
        let (subjects, unranked) = (HashMap::new(), HashSet::new());
        let state = State {
            index: Index::new(),
            learned: 0,
            subjects,
            unranked,
            figures: Figures::of(catalogue),
            claims: Claims::new(),
        };
        Followed {
            state: RwLock::new(state),
            reached: Mutex::default(),
            moved: Condvar::new(),
            learning: Mutex::default(),
        }
    }

    /// The index to ask. Writers wait only for the length of one question.
    pub fn ask(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The position it has reached.
    pub fn at(&self) -> Position {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).position
    }

    /// How much of the feed that stood at the start has been read, in percent; none when all of it.
    pub fn building(&self) -> Option<u8> {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, goal) = (reached.position.number, reached.goal.number);
        (at < goal).then(|| u8::try_from(at * 100 / goal.max(1)).unwrap_or(99))
    }

    /// Waits until the index has reached a position; false if it takes too long.
    pub fn wait(&self, position: Position) -> bool {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.moved.wait_timeout_while(reached, WAIT_MAX, |reached| reached.position < position);
        waited.is_ok_and(|(_, timeout)| !timeout.timed_out())
    }
}

impl State {
    /// Whether the asker may read the record of a row.
    pub fn admits(&self, arms: &Arms, row: u64) -> bool {
        self.subjects.get(&row).is_some_and(|subject| arms.admit(subject))
    }
}

/// The arms of an asker over every kind, made once per question.
pub struct Arms(HashMap<String, Vec<Arm>>);

impl Arms {
    /// The arms by which the asker reads.
    pub fn of(catalogue: &Catalogue, asker: &Asker) -> Arms {
        let of_kind =
            |kind: &catalogue::Kind| (kind.name.clone(), catalogue::access::arms(kind, asker, &Verb::Read));
        Arms(catalogue.kinds().map(of_kind).collect())
    }

    fn admit(&self, subject: &Subject) -> bool {
        self.0.get(&subject.kind).is_some_and(|arms| arms.iter().any(|arm| arm.admits(subject)))
    }
}

/// The best items for a query among some kinds, for a search step in a form.
pub fn items(
    visit: &Visit,
    reader: &Reader<'_>,
    query: &str,
    kinds: &[String],
    first: usize,
) -> Result<Vec<Item>, Trouble> {
    let asker = visit.asker();
    let arms = Arms::of(visit.app.register().catalogue(), &asker);
    let rows: Vec<i64> = {
        let state = visit.app.index().ask();
        let admit = |row: u64| {
            state.admits(&arms, row)
                && state.subjects.get(&row).is_some_and(|subject| kinds.contains(&subject.kind))
        };
        let found = state.index.search(query, &[], &admit, &[], 0, first);
        found.hits.iter().filter_map(|hit| i64::try_from(hit.id).ok()).collect()
    };
    read_items(reader, &asker, &rows)
}

/// The items of some rows, in their order; the register asks once more who may read them.
pub fn read_items(reader: &Reader<'_>, asker: &Asker, rows: &[i64]) -> Result<Vec<Item>, Trouble> {
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        match reader.seen(asker, &Key::Row(*row)) {
            Ok(item) => items.push(item),
            Err(register::Fault::NotFound) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(items)
}

/// Rows of records of the same kind that the visitor may read and that read nearly the same, the nearest first.
pub fn alike(visit: &Visit, record: &Record, share: f32, first: usize) -> Vec<i64> {
    let Ok(row) = u64::try_from(record.item.row) else { return Vec::new() };
    let arms = Arms::of(visit.app.register().catalogue(), &visit.asker());
    let state = visit.app.index().ask();
    let Some(document) = state.index.document(row) else { return Vec::new() };
    let others = |other: u64| {
        let same = state.subjects.get(&other).is_some_and(|subject| subject.kind == record.item.kind);
        other != row && same && state.admits(&arms, other)
    };
    let group = document.group.clone();
    let found = state.index.alike(&document.title, &document.text, &others, &[group.as_str()], first);
    let near = found.into_iter().filter(|(_, near)| *near >= share);
    near.filter_map(|(id, _)| i64::try_from(id).ok()).collect()
}

/// How many published records of the kind read nearly the same as this one.
pub fn duplicates(app: &App, record: &Record) -> usize {
    let Ok(row) = u64::try_from(record.item.row) else { return 0 };
    let state = app.index().ask();
    let Some(document) = state.index.document(row) else { return 0 };
    let published = |other: u64| {
        other != row
            && state.subjects.get(&other).is_some_and(|subject| {
                subject.kind == record.item.kind && subject.audience == catalogue::Audience::Public
            })
    };
    let group = document.group.clone();
    let alike = state.index.alike(&document.title, &document.text, &published, &[group.as_str()], 5);
    alike.iter().filter(|(_, share)| *share >= ALIKE_MIN).count()
}
