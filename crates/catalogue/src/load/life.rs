//! Reading a life: stages, moves and grants, whether they stand in a kind's own file or in one that kinds share.
//!
//! Never decides whether a name exists: names are collected as uses and looked up by `resolve`.

use super::kind::{Draft, Names, Use, check_name, field_names, name_of, names};
use super::shared::Shared;
use super::source::{Section, Source, Word};
use crate::access::{Role, Standing};
use crate::kind::{Audience, By, Clock, Grant, Move, Span, Stage, Verb, Want};
use crate::step::{Effect, Guard};

/// Reads stages, moves and grants into the draft, after those that stand there.
pub(super) fn read_life(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    read_stages(s, t, draft);
    read_moves(s, t, draft);
    read_grants(s, t, draft);
}

/// Reads the file of a life; the kind of the draft has its stages, moves and grants alone.
pub(super) fn read_life_file(s: &mut Source<'_>, mut section: Section<'_>) -> Draft {
    let t = &mut section;
    let mut draft = Draft::new(t.mark.clone());
    read_life(s, t, &mut draft);
    if draft.kind.stages.is_empty() {
        let remedy = "write it as [stages.NAME]";
        s.fault(&t.mark_of("stages"), "missing-key", "a life needs at least one stage", remedy);
    }
    section.finish(s);
    draft
}

/// Gives the draft the life it says it leads. The fields of the life become uses of the kind's, told where the
/// kind names its life; its stages and moves are looked up in the life's own file.
pub(super) fn lead_life(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft, shared: &Shared) {
    let Some(word) = t.text(s, "life") else { return };
    draft.life = Some(word.clone());
    let Some(life) = shared.lives.get(&word.text) else {
        s.found.push(word.mark.unknown("unknown-life", "life", &word.text, &shared.life_names()));
        return;
    };
    let here = |text: &str| Word { text: text.to_owned(), mark: word.mark.clone() };
    draft.kind.stages.clone_from(&life.kind.stages);
    draft.kind.moves.clone_from(&life.kind.moves);
    draft.kind.grants.clone_from(&life.kind.grants);
    draft.declared.extend(life.declared.iter().map(|(what, name)| (*what, here(&name.text))));
    let fields = life.used.iter().filter(|used| used.what == Names::Field);
    let through = Some(format!("life `{}`", word.text));
    let uses =
        fields.map(|used| Use { what: used.what, word: here(&used.word.text), through: through.clone() });
    draft.used.extend(uses);
}

fn read_stages(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for (name, mut table) in t.named(s, "stages") {
        check_name(s, &name, "stage", '_');
        draft.declare(s, Names::Stage, &name);
        if !table.has("reach") {
            s.fault(
                &name.mark,
                "missing-key",
                "`reach` is missing",
                "private, node, line, network or public",
            );
        }
        let reach = table.one_of(s, "reach", &Audience::NAMES).unwrap_or(Audience::Private);
        let mut clocks: Vec<_> = table.section(s, "clock").into_iter().collect();
        clocks.extend(table.list(s, "clocks"));
        let clocks = clocks.into_iter().filter_map(|clock| read_clock(s, clock, draft)).collect();
        let label = table.label_needed(s, "label");
        let closed = table.flag(s, "closed");
        table.finish(s);
        draft.kind.stages.push(Stage { name: name.text, label, reach, clocks, closed });
    }
}

fn read_clock(s: &mut Source<'_>, mut table: Section<'_>, draft: &mut Draft) -> Option<Clock> {
    let name = table.text_needed(s, "name");
    let span = read_span(s, &mut table, draft);
    let due_move = table.text(s, "move");
    let does = table.text(s, "does");
    let climbs = read_by(s, &mut table, "climbs");
    let rests = table.flag(s, "rests");
    let label = table.label_needed(s, "label");
    table.finish(s);
    let (name, span) = (name?, span?);
    let text = |word: &Option<Word>| word.as_ref().map(|word| word.text.clone());
    let clock = Clock {
        name: name.text.clone(),
        label,
        span,
        due_move: text(&due_move),
        does: text(&does),
        climbs,
        rests,
    };
    draft.declare(s, Names::Clock, &name);
    draft.uses(Names::Move, due_move);
    draft.uses(Names::Move, does);
    Some(clock)
}

/// `after = "10 working days"`, or `on = "FIELD"` and perhaps `before = "30 days"`.
fn read_span(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) -> Option<Span> {
    let (on, before) = (t.text(s, "on"), t.text(s, "before"));
    let word = if on.is_some() { before } else { t.text_needed(s, "after") };
    let span = word.as_ref().map(|word| span_of(&word.text));
    let span = match (&on, span) {
        (None, span) => span?,
        (Some(_), None) => Some(Span::Days(0)),
        // Only days are counted back.
        (Some(_), Some(span)) => span.filter(|span| matches!(span, Span::Days(_))),
    };
    let Some(span) = span else {
        let (mark, text) =
            word.map_or_else(|| (t.mark.clone(), String::new()), |word| (word.mark, word.text));
        let remedy =
            "write it as \"10 working days\", \"30 days\" or \"12 months\"; before a day, as \"30 days\"";
        s.fault(&mark, "clock", format!("`{text}` is no span"), remedy);
        return None;
    };
    let Some(field) = on else { return Some(span) };
    let days_before = if let Span::Days(days) = span { days } else { 0 };
    let name = field.text.clone();
    draft.uses(Names::Field, Some(field));
    Some(Span::To { field: name, days_before })
}

fn span_of(text: &str) -> Option<Span> {
    let (count, unit) = text.split_once(' ')?;
    let count = count.parse::<u16>().ok().filter(|count| *count >= 1)?;
    let most = |most: u32| u32::from(count) <= most;
    match unit {
        "working day" | "working days" if most(base::limits::WORKING_DAYS_MAX) => {
            Some(Span::WorkingDays(count))
        }
        "day" | "days" if most(base::limits::CLOCK_DAYS_MAX) => Some(Span::Days(count)),
        "month" | "months" if most(base::limits::CLOCK_MONTHS_MAX) => Some(Span::Months(count)),
        _ => None,
    }
}

fn read_moves(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for mut table in t.list(s, "moves") {
        let Some(name) = table.text_needed(s, "name") else {
            table.finish(s);
            continue;
        };
        check_name(s, &name, "move", '-');
        draft.declare(s, Names::Move, &name);
        let by = read_by(s, &mut table, "by");
        let of = read_move(s, &mut table, draft, &name);
        let grant = |verb: Verb, by: &By| Grant { verb, by: *by, stages: of.from.clone(), open: false };
        let own = by.iter().map(|by| grant(Verb::Move(of.name.clone()), by));
        let behalf = of.behalf.iter().map(|by| grant(Verb::Behalf(of.name.clone()), by));
        draft.kind.grants.extend(own.chain(behalf));
        draft.kind.moves.push(of);
        table.finish(s);
    }
}

fn read_move(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft, name: &Word) -> Move {
    let from = names(s, t, draft, "from", Names::Stage);
    if from.is_empty() {
        s.fault(&name.mark, "missing-key", format!("the move `{}` leaves no stage", name.text), "say `from`");
    }
    let (signs_who, signs_on) = read_signs(s, t, draft);
    let mut of = Move {
        name: name.text.clone(),
        label: t.label_needed(s, "label"),
        from,
        to: name_of(s, t, draft, "to", Names::Stage),
        takes: field_names(s, t, draft, "takes"),
        needs: field_names(s, t, draft, "needs"),
        when: t.all_of(s, "when", "guard", &Guard::NAMES),
        then: t.all_of(s, "then", "effect", &Effect::NAMES),
        winds: names(s, t, draft, "winds", Names::Clock),
        tells: read_by(s, t, "tells"),
        behalf: read_by(s, t, "behalf"),
        primary: t.flag(s, "primary"),
        wants: read_wants(s, t, draft),
        opens: name_of(s, t, draft, "opens", Names::Field),
        closes: name_of(s, t, draft, "closes", Names::Field),
        signs_who,
        signs_on,
    };
    let untaken = of.needs.iter().filter(|need| !of.takes.contains(need)).cloned().collect::<Vec<_>>();
    of.takes.extend(untaken);
    check_guards(t, draft, &of);
    of
}

/// `signs = { who = "FIELD", on = "FIELD" }`.
fn read_signs(
    s: &mut Source<'_>,
    t: &mut Section<'_>,
    draft: &mut Draft,
) -> (Option<String>, Option<String>) {
    let Some(mut table) = t.section(s, "signs") else { return (None, None) };
    let who = name_of(s, &mut table, draft, "who", Names::Field);
    let on = name_of(s, &mut table, draft, "on", Names::Field);
    table.finish(s);
    (who, on)
}

/// `wants = [{ kind, field, type, stages, least, most, label }]`.
fn read_wants(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) -> Vec<Want> {
    let read = |s: &mut Source<'_>, mut table: Section<'_>, draft: &mut Draft| {
        let (kind, field) = (table.text_needed(s, "kind"), table.text_needed(s, "field"));
        let of_type = table.text(s, "type").map(|word| word.text);
        let stages = table.texts(s, "stages").into_iter().map(|word| word.text).collect();
        let (least, most) = (table.number(s, "least"), table.number(s, "most"));
        let label = table.label_needed(s, "label");
        table.finish(s);
        draft.uses(Names::Kind, kind.clone());
        let least = least.unwrap_or(u32::from(most.is_none()));
        Some(Want { kind: kind?.text, field: field?.text, stages, type_path: of_type, least, most, label })
    };
    t.list(s, "wants").into_iter().filter_map(|table| read(s, table, draft)).collect()
}

/// A guard or effect that looks at fields needs the kind to have them.
fn check_guards(t: &Section<'_>, draft: &mut Draft, of: &Move) {
    let fields = of.when.iter().flat_map(|guard| guard.fields().iter().map(|field| ("when", *field)));
    let fields =
        fields.chain(of.then.iter().flat_map(|effect| effect.fields().iter().map(|field| ("then", *field))));
    for (key, field) in fields {
        draft.uses(Names::Field, Some(Word { text: field.to_owned(), mark: t.mark_of(key) }));
    }
}

/// The verbs of a `[[grants]]` entry.
const VERBS: [(&str, Verb); 5] = [
    ("read", Verb::Read),
    ("create", Verb::Create),
    ("revise", Verb::Revise),
    ("merge", Verb::Merge),
    ("erase", Verb::Erase),
];

fn read_grants(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) {
    for mut table in t.list(s, "grants") {
        let stages = names(s, &mut table, draft, "stages", Names::Stage);
        let open = table.one_of(s, "layer", &[("open", true)]).unwrap_or_default();
        let before = draft.kind.grants.len();
        for (key, verb) in &VERBS {
            let by = read_by(s, &mut table, key);
            let grants =
                by.into_iter().map(|by| Grant { verb: verb.clone(), by, stages: stages.clone(), open });
            draft.kind.grants.extend(grants);
        }
        if draft.kind.grants.len() == before {
            s.fault(
                &table.mark,
                "no-grant",
                "this entry grants nothing",
                "say read, create, revise, merge or erase",
            );
        }
        table.finish(s);
    }
}

fn read_by(s: &mut Source<'_>, t: &mut Section<'_>, key: &'static str) -> Vec<By> {
    let words = t.texts(s, key);
    words.iter().filter_map(|word| by_of(s, word)).collect()
}

fn by_of(s: &mut Source<'_>, word: &Word) -> Option<By> {
    let (role, standing) = match word.text.split_once('@') {
        Some((role, standing)) => (Some(role), standing),
        None => (None, word.text.as_str()),
    };
    let look = |s: &mut Source<'_>, code, what: &str, name: &str, known: Vec<&str>| {
        s.found.push(word.mark.unknown(code, what, name, &known));
    };
    let role_found =
        role.map(|name| Role::NAMES.iter().find(|(known, _)| *known == name).map(|(_, role)| *role));
    if let (Some(None), Some(name)) = (role_found, role) {
        look(s, "unknown-role", "role", name, Role::NAMES.iter().map(|(name, _)| *name).collect());
    }
    let Some((_, found)) = Standing::NAMES.iter().find(|(known, _)| *known == standing) else {
        look(
            s,
            "unknown-standing",
            "standing",
            standing,
            Standing::NAMES.iter().map(|(name, _)| *name).collect(),
        );
        return None;
    };
    if role.is_none() && matches!(found, Standing::Region | Standing::Node) {
        let remedy = format!("write officer@{standing}, say");
        s.fault(&word.mark, "no-role", format!("`{standing}` means nothing without a role"), remedy);
        return None;
    }
    if let Some(Some(role)) = role_found
        && !role.standings().contains(found)
    {
        let remedy =
            format!("write {}", role.standings().iter().map(Standing::name).collect::<Vec<_>>().join(", "));
        let message = format!("`{}` never stands so: the role is held over something else", word.text);
        s.fault(&word.mark, "no-standing", message, remedy);
        return None;
    }
    match role_found {
        Some(None) => None,
        role => Some(By { role: role.flatten(), standing: *found }),
    }
}
