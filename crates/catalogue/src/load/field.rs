//! Reading the fields of a kind or type.
//!
//! Never looks names up: vocabularies and kinds a field speaks of become uses of names, resolved when every file is read.

use super::kind::{Draft, Names, Use};
use super::shared::Shared;
use super::source::{Section, Source, Word};
use crate::kind::{Audience, Field, Layer, SearchRole, Shape};

/// Layers by name.
const LAYERS: [(&str, Layer); 3] =
    [("open", Layer::Open), ("inside", Layer::Inside), ("sealed", Layer::Sealed)];
/// Parts in search by name.
const SEARCH: [(&str, SearchRole); 4] = [
    ("title", SearchRole::Title),
    ("text", SearchRole::Text),
    ("key", SearchRole::Key),
    ("maker", SearchRole::Maker),
];
/// Value types by name; those that need more keys stand for themselves here.
const SHAPES: [(&str, Plain); 15] = [
    ("line", Plain::Line),
    ("string", Plain::Line),
    ("text", Plain::Text),
    ("integer", Plain::Integer),
    ("boolean", Plain::Boolean),
    ("day", Plain::Day),
    ("place", Plain::Place),
    ("code", Plain::Code),
    ("credit_code", Plain::CreditCode),
    ("orcid", Plain::Orcid),
    ("money", Plain::Money),
    ("quantity", Plain::Quantity),
    ("reference", Plain::Reference),
    ("file", Plain::File),
    ("group", Plain::Group),
];
/// Field names that mean something to filters, forms and addresses.
const RESERVED: [&str; 11] =
    ["type", "stage", "owner", "all", "any", "not", "id", "number", "kind", "version", "move"];

#[derive(Clone, Copy)]
enum Plain {
    Line,
    Text,
    Integer,
    Boolean,
    Day,
    Place,
    Code,
    CreditCode,
    Orcid,
    Money,
    Quantity,
    Reference,
    File,
    Group,
}

/// Reads `[fields.*]` of a section into the draft; `of_type` is the type that adds them.
pub(super) fn read_fields(
    s: &mut Source<'_>,
    section: &mut Section<'_>,
    draft: &mut Draft,
    of_type: Option<&str>,
) {
    for (name, table) in section.named(s, "fields") {
        let mut field = read_field(s, &name, table, draft, false);
        if let Some(path) = of_type {
            field.of_types = vec![path.to_owned()];
        }
        add(s, draft, &name, field);
    }
}

/// Reads the file of a part; the kind of the draft has its fields alone.
pub(super) fn read_part_file(s: &mut Source<'_>, mut section: Section<'_>) -> Draft {
    let mut draft = Draft::new(section.mark.clone());
    read_fields(s, &mut section, &mut draft, None);
    if draft.kind.fields.is_empty() {
        let remedy = "write them as [fields.NAME]";
        s.fault(&section.mark_of("fields"), "missing-key", "a part needs fields", remedy);
    }
    section.finish(s);
    draft
}

/// Gives the draft the fields of the parts it names. Types the fields speak of become uses of the kind's, told
/// where the kind names the part; vocabularies and kinds are looked up in the part's own file.
pub(super) fn take_parts(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft, shared: &Shared) {
    for word in t.texts(s, "parts") {
        let Some(part) = shared.parts.get(&word.text) else {
            s.found.push(word.mark.unknown("unknown-part", "part", &word.text, &shared.part_names()));
            continue;
        };
        draft.parts.push(word.text.clone());
        for field in &part.kind.fields {
            let known = draft.kind.fields.len();
            add(s, draft, &Word { text: field.name.clone(), mark: word.mark.clone() }, field.clone());
            if draft.kind.fields.len() > known {
                draft.of_parts.push(field.name.clone());
            }
        }
        let through = Some(format!("part `{}`", word.text));
        let types = part.used.iter().filter(|used| used.what == Names::Type).map(|used| Use {
            what: used.what,
            word: Word { text: used.word.text.clone(), mark: word.mark.clone() },
            through: through.clone(),
        });
        draft.used.extend(types);
    }
}

/// Adds a field: a name has one meaning in the whole kind, so a second declaration must be the same
/// field of another type.
fn add(s: &mut Source<'_>, draft: &mut Draft, name: &Word, field: Field) {
    let Some(known) = draft.kind.fields.iter_mut().find(|known| known.name == field.name) else {
        draft.kind.fields.push(field);
        return;
    };
    let same = Field { of_types: known.of_types.clone(), ..field.clone() } == *known;
    if same && !known.of_types.is_empty() && !field.of_types.is_empty() {
        known.of_types.extend(field.of_types);
        return;
    }
    let message =
        format!("field `{}` is declared already, with another meaning or for every type", name.text);
    s.fault(
        &name.mark,
        "duplicate-field",
        message,
        "a type adds fields and never redefines one: choose another name",
    );
}

fn read_field(
    s: &mut Source<'_>,
    name: &Word,
    mut table: Section<'_>,
    draft: &mut Draft,
    nested: bool,
) -> Field {
    super::kind::check_name(s, name, "field", '_');
    if !nested && RESERVED.contains(&name.text.as_str()) {
        s.fault(
            &name.mark,
            "reserved-name",
            format!("`{}` is a reserved name", name.text),
            "choose another name",
        );
    }
    let t = &mut table;
    let plain = plain_shape(s, t);
    let mut field = Field {
        name: name.text.clone(),
        label: t.label_needed(s, "label"),
        help: t.label(s, "help"),
        ask: t.label(s, "ask"),
        shape: read_shape(s, t, plain, draft),
        many: t.flag(s, "many"),
        required: t.flag(s, "required"),
        min: None,
        max: None,
        layer: Layer::Inside,
        list: false,
        search: None,
        assigns: false,
        claim: false,
        by_moves: false,
        lowers: None,
        past: false,
        not_above: None,
        purpose: None,
        columns: Vec::new(),
        of_types: Vec::new(),
    };
    read_bounds(s, t, &mut field);
    read_past(s, t, &mut field);
    if !nested {
        read_uses(s, t, draft, &mut field);
    }
    table.finish(s);
    field
}

/// A day that has come, of the record or of a line of a group.
fn read_past(s: &mut Source<'_>, t: &mut Section<'_>, field: &mut Field) {
    field.past = t.flag(s, "past");
    if field.past && (field.shape != Shape::Day || field.many) {
        s.fault(&t.mark_of("past"), "meaningless", "`past`: only a day has come or has not", "");
    }
}

/// What only a field of the record itself may say.
fn read_uses(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft, field: &mut Field) {
    field.layer = t.one_of(s, "layer", &LAYERS).unwrap_or(Layer::Inside);
    field.list = t.flag(s, "list");
    field.search = t.one_of(s, "search", &SEARCH);
    field.claim = t.flag(s, "claim");
    field.by_moves = t.flag(s, "by_moves");
    field.assigns = t.one_of(s, "gives", &[("assigned", true)]).unwrap_or_default();
    field.lowers = t.one_of(s, "lowers", &Audience::NAMES);
    let above = t.text(s, "not_above");
    field.not_above = above.as_ref().map(|word| word.text.clone());
    draft.uses(Names::Field, above);
    field.purpose = t.text(s, "purpose").map(|word| word.text);
    field.columns = t.texts(s, "columns").into_iter().map(|word| word.text).collect();
    let types = t.texts(s, "types");
    field.of_types = types.iter().map(|word| word.text.clone()).collect();
    draft.uses(Names::Type, types);
    check_uses(s, t, field);
}

/// Combinations that would mean nothing.
fn check_uses(s: &mut Source<'_>, t: &Section<'_>, field: &Field) {
    let reference = matches!(field.shape, Shape::Reference(_));
    let flat = !matches!(field.shape, Shape::Text | Shape::File | Shape::Group(_));
    let faults = [
        ("gives", field.assigns && !reference, "only a reference can assign"),
        ("list", field.list && !flat, "a long text, file or group cannot be filtered or sorted by"),
        (
            "list",
            field.list && field.layer == Layer::Sealed,
            "a sealed field cannot be filtered by: the list would tell it",
        ),
        (
            "search",
            field.search.is_some() && field.layer == Layer::Sealed,
            "a sealed field cannot be searched",
        ),
        ("claim", field.claim && (!flat || field.many), "only a single short value can be unique"),
        (
            "lowers",
            field.lowers.is_some() && field.shape != Shape::Boolean,
            "only a boolean lowers the audience",
        ),
        (
            "not_above",
            field.not_above.is_some() && !matches!(field.shape, Shape::Integer | Shape::Money),
            "only a whole number or an amount is above another",
        ),
    ];
    for (key, wrong, message) in faults {
        if wrong {
            s.fault(&t.mark_of(key), "meaningless", format!("`{key}`: {message}"), "");
        }
    }
}

fn plain_shape(s: &mut Source<'_>, t: &mut Section<'_>) -> Plain {
    if t.has("type") {
        return t.one_of(s, "type", &SHAPES).unwrap_or(Plain::Line);
    }
    if t.has("vocabulary") {
        return Plain::Code;
    }
    let _ = t.text_needed(s, "type");
    Plain::Line
}

fn read_shape(s: &mut Source<'_>, t: &mut Section<'_>, plain: Plain, draft: &mut Draft) -> Shape {
    match plain {
        Plain::Line => Shape::Line,
        Plain::Text => Shape::Text,
        Plain::Integer => Shape::Integer,
        Plain::Boolean => Shape::Boolean,
        Plain::Day => Shape::Day,
        Plain::Place => Shape::Place,
        Plain::CreditCode => Shape::CreditCode,
        Plain::Orcid => Shape::Orcid,
        Plain::Money => Shape::Money,
        Plain::Quantity => Shape::Quantity,
        Plain::File => Shape::File,
        Plain::Code => {
            let word = t.text_needed(s, "vocabulary");
            let name = word.as_ref().map(|word| word.text.clone()).unwrap_or_default();
            draft.uses(Names::Vocabulary, word);
            Shape::Code(name)
        }
        Plain::Reference => {
            let kinds = t.texts(s, "kinds");
            let names = kinds.iter().map(|word| word.text.clone()).collect();
            draft.uses(Names::Kind, kinds);
            Shape::Reference(names)
        }
        Plain::Group => Shape::Group(read_group(s, t, draft)),
    }
}

fn read_group(s: &mut Source<'_>, t: &mut Section<'_>, draft: &mut Draft) -> Vec<Field> {
    let tables = t.named(s, "fields");
    if tables.is_empty() {
        s.fault(
            &t.mark_of("type"),
            "empty-group",
            "a group needs fields",
            "write them as [fields.NAME.fields.SUB]",
        );
    }
    let fields: Vec<Field> =
        tables.into_iter().map(|(name, table)| read_field(s, &name, table, draft, true)).collect();
    if fields.iter().any(|field| matches!(field.shape, Shape::Group(_)) || field.many) {
        s.fault(
            &t.mark_of("fields"),
            "nested-group",
            "a group holds neither groups nor lists",
            "make it a record of its own",
        );
    }
    fields
}

/// Bounds: characters of texts, items of lists, values of whole numbers.
fn read_bounds(s: &mut Source<'_>, t: &mut Section<'_>, field: &mut Field) {
    let keys = match (&field.shape, field.many) {
        (_, true) => Some(("minItems", "maxItems")),
        (Shape::Line | Shape::Text, _) => Some(("minLength", "maxLength")),
        (Shape::Integer, _) => Some(("minimum", "maximum")),
        _ => None,
    };
    let Some((low, high)) = keys else { return };
    field.min = t.number(s, low);
    field.max = t.number(s, high);
    if field.min.zip(field.max).is_some_and(|(min, max)| min > max) {
        s.fault(&t.mark_of(low), "bounds", format!("`{low}` is larger than `{high}`"), "");
    }
}
