//! What a move does to a record: one pure function, [`step`].
//!
//! Guards, effects and rules are closed lists, each in a file of its own.
//! Never touches a record that is not handed to it.

mod effect;
mod guard;
mod rule;

pub use effect::Effect;
pub use guard::{Guard, unconfirmed};
pub use rule::{Reckoned, Rule};

use base::calendar::{Calendar, MissingYear};
use base::day::Day;
use base::id::RecordId;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::access::{Access, Asker, Standing, Subject, may};
use crate::kind::{Audience, Clock, Kind, Label, Move, Span, Verb, Want};
use crate::value::{Fault, Fields, is_empty, is_filled};

/// What the step may know beside the record.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// Who moves.
    pub asker: &'a Asker,
    /// The day it happens.
    pub today: Date,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The record's fields before the move, all layers.
    pub fields: &'a Fields,
    /// What was given with the move, canonical.
    pub given: &'a Fields,
    /// How many near-duplicates were found against this version.
    pub duplicates: usize,
    /// What other records say of it.
    pub around: &'a Around,
}

/// What was found around a record, where a move asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Guards that look beyond the record and do not hold.
    pub failing: Vec<Guard>,
    /// Moves that wait for other records, and for which.
    pub lacking: Vec<(String, Want)>,
}

impl Around {
    /// Nothing stands against anything.
    pub const CLEAR: &'static Around = &Around { failing: Vec::new(), lacking: Vec::new() };
}

/// What a move does.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The stage entered (or kept).
    pub to: String,
    /// Audience there.
    pub audience: Audience,
    /// All fields after the move.
    pub fields: Fields,
    /// The clocks that start. Where another stage is entered those of the left stage stop; where the stage is kept
    /// the others run on.
    pub clocks: Vec<Started>,
    /// What follows.
    pub effects: Vec<Effect>,
    /// By which access.
    pub access: Access,
    /// For whom it was made, where it was not the asker's own: who owns the record or is assigned.
    pub behalf: Option<RecordId>,
}

/// A clock that starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Its name.
    pub name: String,
    /// Its last day.
    pub due: Date,
    /// The move that then falls due.
    pub due_move: Option<String>,
    /// The house makes a move by itself on the day after.
    pub rings: bool,
}

/// Why a move is refused; every reason has a remedy in the locale (`refusal.<code>`).
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The kind has no such move.
    NoSuchMove,
    /// The record is not at a stage the move leaves.
    WrongStage {
        /// Where it stands.
        stage: String,
    },
    /// No grant admits the asker.
    NotAllowed,
    /// Faults in what was given, or gaps in what is needed: all at once.
    Faults(Vec<Fault>),
    /// Guards that do not hold: all at once.
    Guards(Vec<Guard>),
    /// Records of others it waits for, in words: all at once.
    Lacking(Vec<Label>),
    /// Its time has not come: the last day before it may be made, where that is known.
    NotYet(Option<Date>),
    /// Its time is over: the last day on which it might have been made.
    Over(Date),
    /// The working-day calendar lacks this year.
    MissingYear(i16),
}

/// Every code of a [`Refusal`], so that a test can ask the locales for them.
pub const REFUSAL_CODES: &[&str] = &[
    "no-such-move",
    "wrong-stage",
    "not-allowed",
    "faults",
    "guards",
    "lacking",
    "not-yet",
    "over",
    "missing-year",
];

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NoSuchMove => "no-such-move",
            Refusal::WrongStage { .. } => "wrong-stage",
            Refusal::NotAllowed => "not-allowed",
            Refusal::Faults(_) => "faults",
            Refusal::Guards(_) => "guards",
            Refusal::Lacking(_) => "lacking",
            Refusal::NotYet(_) => "not-yet",
            Refusal::Over(_) => "over",
            Refusal::MissingYear(_) => "missing-year",
        }
    }
}

/// A move that leaves the stage of a record, and what stands against making it now.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer<'k> {
    /// The move.
    pub mv: &'k Move,
    /// The access by which the asker may make it, if any.
    pub access: Option<Access>,
    /// The asker makes it for the party whose move it is.
    pub behalf: bool,
    /// Why it is refused as things stand; what its own form will ask for is no reason.
    pub refusal: Option<Refusal>,
}

/// Every move that leaves the record's stage, in the order of the file, each with what stands against it.
/// `facts.given` is not looked at.
pub fn offers<'k>(kind: &'k Kind, record: &Subject, facts: &Facts<'_>) -> Vec<Offer<'k>> {
    let moves = kind.moves.iter().filter(|mv| mv.from.contains(&record.stage));
    moves
        .map(|mv| {
            let allowed = allowed(kind, record, mv, facts);
            let refusal =
                if allowed.is_none() { Some(Refusal::NotAllowed) } else { against(kind, record, mv, facts) };
            let behalf = allowed.as_ref().is_some_and(|(_, behalf)| *behalf);
            Offer { mv, access: allowed.map(|(access, _)| access), behalf, refusal }
        })
        .collect()
}

/// Guards that would not hold even when the move's form is filled in, and a calendar that cannot count.
fn against(kind: &Kind, record: &Subject, mv: &Move, facts: &Facts<'_>) -> Option<Refusal> {
    let fillable = |guard: &Guard| {
        !guard.fields().is_empty()
            && guard.fields().iter().all(|name| mv.takes.iter().any(|takes| takes == name))
    };
    let failing = failing_guards(kind, record, mv, facts.fields, facts);
    let failing: Vec<Guard> = failing.into_iter().filter(|guard| !fillable(guard)).collect();
    if !failing.is_empty() {
        return Some(Refusal::Guards(failing));
    }
    let waiting = in_time(mv, facts.fields, facts.today).and_then(|()| nothing_lacks(mv, facts));
    waiting.and_then(|()| start_clocks(kind, record, mv, facts.fields, facts)).err()
}

/// What the move would do, or why not. Faults, then guards, are each reported all at once.
///
/// A move that keeps its stage keeps the running clocks: `to` is then the record's stage, and only those it winds start anew.
pub fn step(kind: &Kind, record: &Subject, name: &str, facts: &Facts<'_>) -> Result<Step, Refusal> {
    let mv = kind.move_of(name).ok_or(Refusal::NoSuchMove)?;
    let allowed = allowed(kind, record, mv, facts);
    if !mv.from.contains(&record.stage) {
        return Err(Refusal::WrongStage { stage: record.stage.clone() });
    }
    let (access, behalf) = allowed.ok_or(Refusal::NotAllowed)?;
    let behalf = if behalf { party(kind, record, mv) } else { None };
    let mut fields = merged(facts.fields, facts.given);
    sign(mv, facts, &mut fields);
    let faults = faults_of(mv, &fields, facts.given);
    if !faults.is_empty() {
        return Err(Refusal::Faults(faults));
    }
    let failing = failing_guards(kind, record, mv, &fields, facts);
    if !failing.is_empty() {
        return Err(Refusal::Guards(failing));
    }
    in_time(mv, &fields, facts.today)?;
    nothing_lacks(mv, facts)?;
    let clocks = start_clocks(kind, record, mv, &fields, facts)?;
    let to = mv.to.clone().unwrap_or_else(|| record.stage.clone());
    let audience = audience(kind, &to, &fields);
    Ok(Step { to, audience, fields, clocks, effects: mv.then.clone(), access, behalf })
}

/// What the house does when a clock has run out, if that clock of the record's stage does anything. Guards and needs are
/// for people: what nobody answered is not asked again here.
pub fn lapse(
    kind: &Kind,
    record: &Subject,
    clock: &str,
    facts: &Facts<'_>,
) -> Option<Result<(String, Step), Refusal>> {
    let clock = kind.stage(&record.stage)?.clocks.iter().find(|of| of.name == clock)?;
    let name = clock.does.as_deref()?;
    Some(by_itself(kind, record, name, facts)?.map(|step| (name.to_owned(), step)))
}

/// What a move does that follows by itself, if it leaves the record's stage.
pub fn by_itself(
    kind: &Kind,
    record: &Subject,
    name: &str,
    facts: &Facts<'_>,
) -> Option<Result<Step, Refusal>> {
    let mv = kind.move_of(name).filter(|mv| mv.from.contains(&record.stage))?;
    let access = Access { standing: Standing::Node, role: None, open: false };
    let to = mv.to.clone().unwrap_or_else(|| record.stage.clone());
    let step = |clocks| Step {
        audience: audience(kind, &to, facts.fields),
        to,
        fields: facts.fields.clone(),
        clocks,
        effects: mv.then.clone(),
        access,
        behalf: None,
    };
    Some(start_clocks(kind, record, mv, facts.fields, facts).map(step))
}

/// Whose move it is: those it is granted to by what they are to the record.
pub fn party(kind: &Kind, record: &Subject, mv: &Move) -> Option<RecordId> {
    let verb = Verb::Move(mv.name.clone());
    let standings: Vec<Standing> = kind.grants_of(&verb).map(|grant| grant.by.standing).collect();
    let assigned = || record.assigned.first().copied();
    match standings.contains(&Standing::Assigned) {
        true => assigned().or(record.owner),
        false => record.owner.or_else(assigned),
    }
}

/// How far a record at a stage travels: the smaller of what the stage reaches and what its owner allows.
/// A stage the kind does not know keeps it private; a field that `lowers` speaks only where no ceiling is stated.
pub fn audience(kind: &Kind, stage: &str, fields: &Fields) -> Audience {
    let reach = kind.stage(stage).map_or(Audience::Private, |stage| stage.reach);
    let stated = kind.ceiling.as_ref().and_then(|name| fields.get(name)).and_then(|value| value.as_str());
    let lowered = || {
        kind.fields.iter().filter(|field| is_yes(fields, &field.name)).filter_map(|field| field.lowers).min()
    };
    let ceiling = match stated {
        Some(name) => Audience::named(name).unwrap_or(Audience::Private),
        None => lowered().unwrap_or(Audience::Public),
    };
    reach.min(ceiling)
}

/// The clocks of a stage entered today by a record with these fields.
pub fn clocks_of(
    kind: &Kind,
    stage: &str,
    fields: &Fields,
    today: Date,
    calendar: &Calendar,
) -> Result<Vec<Started>, MissingYear> {
    let clocks = kind.stage(stage).map(|stage| stage.clocks.as_slice()).unwrap_or_default();
    clocks.iter().filter_map(|clock| started(clock, fields, today, calendar).transpose()).collect()
}

/// The clocks that run once fields were changed and the stage was kept: those that go by a field go by it anew.
pub fn clocks_kept(kind: &Kind, stage: &str, running: &[Started], fields: &Fields) -> Vec<Started> {
    let clocks = || kind.stage(stage).into_iter().flat_map(|stage| &stage.clocks);
    let by_field =
        |name: &str| clocks().any(|clock| clock.name == name && matches!(clock.span, Span::To { .. }));
    let mut kept: Vec<Started> = running.iter().filter(|clock| !by_field(&clock.name)).cloned().collect();
    kept.extend(clocks().filter_map(|clock| Some(started_on(clock, due_by_field(clock, fields)?))));
    kept.sort_by(|a, b| a.name.cmp(&b.name));
    kept
}

fn started(
    clock: &Clock,
    fields: &Fields,
    today: Date,
    calendar: &Calendar,
) -> Result<Option<Started>, MissingYear> {
    let due = match clock.span {
        Span::WorkingDays(days) => Some(calendar.add_working_days(today, u32::from(days))?),
        Span::Days(days) => Some(today.saturating_add(i64::from(days).days())),
        Span::Months(months) => Some(today.saturating_add(i64::from(months).months())),
        Span::To { .. } => due_by_field(clock, fields),
    };
    Ok(due.map(|due| started_on(clock, due)))
}

fn started_on(clock: &Clock, due: Date) -> Started {
    let (name, due_move) = (clock.name.clone(), clock.due_move.clone());
    Started { name, due, due_move, rings: clock.does.is_some() }
}

/// The last day of a clock that goes by a field; none while it is empty, or where the clock counts by itself.
fn due_by_field(clock: &Clock, fields: &Fields) -> Option<Date> {
    let Span::To { field, days_before } = &clock.span else { return None };
    Some(last_day(fields, field)?.saturating_sub(i64::from(*days_before).days()))
}

/// The last day a field of days speaks of.
fn last_day(fields: &Fields, name: &str) -> Option<Date> {
    Day::parse(fields.get(name)?.as_str()?).ok().map(|day| day.last())
}

/// A move is made after the day that opens it and up to the day that closes it. What opens a move must be known; what
/// closes it need not be.
fn in_time(mv: &Move, fields: &Fields, today: Date) -> Result<(), Refusal> {
    if let Some(field) = &mv.opens {
        let day = last_day(fields, field);
        if day.is_none_or(|day| today <= day) {
            return Err(Refusal::NotYet(day));
        }
    }
    match mv.closes.as_ref().and_then(|field| last_day(fields, field)) {
        Some(day) if today > day => Err(Refusal::Over(day)),
        _ => Ok(()),
    }
}

fn nothing_lacks(mv: &Move, facts: &Facts<'_>) -> Result<(), Refusal> {
    let lacking = facts.around.lacking.iter().filter(|(name, _)| *name == mv.name);
    let labels: Vec<Label> = lacking.map(|(_, want)| want.label.clone()).collect();
    if labels.is_empty() { Ok(()) } else { Err(Refusal::Lacking(labels)) }
}

fn start_clocks(
    kind: &Kind,
    record: &Subject,
    mv: &Move,
    fields: &Fields,
    facts: &Facts<'_>,
) -> Result<Vec<Started>, Refusal> {
    let started = match mv.to.as_deref() {
        Some(to) if to != record.stage => clocks_of(kind, to, fields, facts.today, facts.calendar),
        _ => {
            let here = kind.stage(&record.stage).into_iter().flat_map(|stage| &stage.clocks);
            let wound = here.filter(|clock| mv.winds.contains(&clock.name));
            let wound = wound.map(|clock| started(clock, fields, facts.today, facts.calendar).transpose());
            wound.flatten().collect()
        }
    };
    started.map_err(|MissingYear(year)| Refusal::MissingYear(year))
}

/// The access by which the asker may make the move, and whether that is for the party alone.
fn allowed(kind: &Kind, record: &Subject, mv: &Move, facts: &Facts<'_>) -> Option<(Access, bool)> {
    let own = may(kind, facts.asker, record, &Verb::Move(mv.name.clone()));
    let behalf = || may(kind, facts.asker, record, &Verb::Behalf(mv.name.clone()));
    own.map(|access| (access, false)).or_else(|| behalf().map(|access| (access, true)))
}

/// What was given over what stood there; an empty value clears the field.
fn merged(before: &Fields, given: &Fields) -> Fields {
    let mut fields = before.clone();
    for (name, value) in given {
        fields.insert(name.clone(), value.clone());
    }
    fields.retain(|_, value| !is_empty(value));
    fields
}

/// A move that is signed keeps who made it and when.
fn sign(mv: &Move, facts: &Facts<'_>, fields: &mut Fields) {
    let who = mv.signs_who.as_ref().zip(facts.asker.person.map(|id| id.to_string()));
    let on = mv.signs_on.as_ref().map(|name| (name, facts.today.to_string()));
    for (name, value) in who.into_iter().chain(on) {
        fields.insert(name.clone(), value.into());
    }
}

fn faults_of(mv: &Move, fields: &Fields, given: &Fields) -> Vec<Fault> {
    let foreign = given.keys().filter(|name| !mv.takes.contains(name));
    let foreign = foreign.map(|name| Fault::new(name.as_str(), "not-taken").with("name", name));
    let missing = mv.needs.iter().filter(|name| !is_filled(fields, name));
    foreign.chain(missing.map(|name| Fault::new(name.as_str(), "required"))).collect()
}

fn failing_guards(
    kind: &Kind,
    record: &Subject,
    mv: &Move,
    fields: &Fields,
    facts: &Facts<'_>,
) -> Vec<Guard> {
    let failing = mv.when.iter().filter(|guard| !guard.holds(kind, record, fields, facts));
    failing.copied().collect()
}

fn is_yes(fields: &Fields, name: &str) -> bool {
    fields.get(name).and_then(|value| value.as_bool()).unwrap_or_default()
}
