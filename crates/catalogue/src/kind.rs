//! A kind as it stands after checking: its fields, types, stages, moves and grants.
//!
//! Plain data, built by loading and read by everyone; nothing here is written by hand in Rust.
//! Start at [`Kind`].

use base::id::RecordId;

use crate::access::Role;

/// A text in both languages; Chinese is the reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Where a field's text lies, and so who may read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Whoever may read the record.
    Open,
    /// The owner, the assigned and the handling roles.
    #[default]
    Inside,
    /// The owner, and whoever an `opening` tie names.
    Sealed,
}

/// How far a record travels; ordered, the smaller the closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The owner and the assigned only.
    Private,
    /// Those who work on this installation.
    Node,
    /// The line county → city → province → nation.
    Line,
    /// Every node of the network.
    Network,
    /// Everyone.
    Public,
}

/// What a field's words count for in search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchRole {
    /// The heading.
    Title,
    /// Running text.
    Text,
    /// A code or keyword that must match as a whole.
    Key,
    /// Whose work it is: what the record says speaks for them.
    Maker,
}

/// The value type of a field. Closed: a new one is code in `value`, `schema` and the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Shape {
    /// One line of text.
    #[default]
    Line,
    /// Several lines of text.
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// A [`base::day::Day`].
    Day,
    /// A [`base::place::Place`].
    Place,
    /// A term of the named vocabulary (`industry`, `discipline`, or a file).
    Code(String),
    /// A unified social credit code.
    CreditCode,
    /// An ORCID.
    Orcid,
    /// A [`base::money::Money`].
    Money,
    /// A [`base::quantity::Quantity`].
    Quantity,
    /// The id of a record of one of these kinds; of any kind where none is named.
    Reference(Vec<String>),
    /// A stored file: `{hash, name, bytes, media}`.
    File,
    /// A group of sub-fields, nearly always repeated.
    Group(Vec<Field>),
}

/// One field of a kind. A name has one meaning and shape in the whole kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// Identifier, snake case.
    pub name: String,
    /// What the form calls it.
    pub label: Label,
    /// One line of help under the label.
    pub help: Label,
    /// The question 体检 asks when it is missing.
    pub ask: Label,
    /// Value type.
    pub shape: Shape,
    /// A list of values.
    pub many: bool,
    /// Obligatory on every record of the types that have the field.
    pub required: bool,
    /// Characters or items at least.
    pub min: Option<u32>,
    /// Characters or items at most.
    pub max: Option<u32>,
    /// Who may read it.
    pub layer: Layer,
    /// May be filtered and sorted by.
    pub list: bool,
    /// Its part in search.
    pub search: Option<SearchRole>,
    /// Those it names are `assigned`.
    pub assigns: bool,
    /// Unique among home records (a credit code).
    pub claim: bool,
    /// Filled by moves alone: the record's own form does not ask for it.
    pub by_moves: bool,
    /// A yes holds the record back to this audience unless its ceiling says otherwise (卡脖子).
    pub lowers: Option<Audience>,
    /// A day that has come: not after the day of writing.
    pub past: bool,
    /// An amount or number that is not above that of another field.
    pub not_above: Option<String>,
    /// Personal data: what it is for, a term of the vocabulary [`PURPOSES`].
    pub purpose: Option<String>,
    /// Headings recognised in spreadsheets.
    pub columns: Vec<String>,
    /// Type paths that have it; empty means every type.
    pub of_types: Vec<String>,
}

/// A type: a path such as `firm` or `society.branch`; adds fields to its ancestors'.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Dotted path.
    pub path: String,
    /// Name on screen.
    pub label: Label,
    /// Names it goes by elsewhere; in a kind, each leads to one type.
    pub also: Vec<String>,
    /// Stage of a new record of this type; otherwise that of the type above, then that of the kind.
    pub start: Option<String>,
    /// What is asked before a station is recognised, where this is a type of application.
    pub recognition: Option<crate::sheet::Recognition>,
}

/// A stage of a kind's life.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Identifier.
    pub name: String,
    /// Name on screen.
    pub label: Label,
    /// How far a record at this stage may travel.
    pub reach: Audience,
    /// The clocks that run while a record stands here.
    pub clocks: Vec<Clock>,
    /// Nothing more is expected here (drawn grey, left out of work lists).
    pub closed: bool,
}

/// A promise with a date: when it runs out, a move falls due, or the house makes one by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Identifier, unique in the kind.
    pub name: String,
    /// Name on screen.
    pub label: Label,
    /// How long it runs from the entry into the stage.
    pub span: Span,
    /// The move that falls due, if any.
    pub due_move: Option<String>,
    /// The move the house makes by itself on the day after the last, if any.
    pub does: Option<String>,
    /// Who is told when the last day has passed and nothing happened.
    pub climbs: Vec<By>,
    /// Until its day nobody needs to be reminded: the record stands in no work list for this move.
    pub rests: bool,
}

/// How long a clock runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Days of the official calendar on which offices work.
    WorkingDays(u16),
    /// Days, holidays included.
    Days(u16),
    /// Months; the last day of a shorter month stands for a day it lacks.
    Months(u16),
    /// To the day a field of the record says, or so many days before it; it does not run while the field is empty.
    To {
        /// The field.
        field: String,
        /// Days before.
        days_before: u16,
    },
}

/// `role@standing`, or a bare standing such as `own` or `anyone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct By {
    /// The role asked for; none for a bare standing.
    pub role: Option<Role>,
    /// How the asker must stand to the record.
    pub standing: crate::access::Standing,
}

/// What a grant lets its holders do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// See the record.
    Read,
    /// Start a new one.
    Create,
    /// Change its fields without moving it.
    Revise,
    /// Merge a duplicate into it.
    Merge,
    /// Erase it, as the law grants.
    Erase,
    /// Make the named move.
    Move(String),
    /// Make the named move for the party whose move it is.
    Behalf(String),
}

/// One row of the grants table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// What it allows.
    pub verb: Verb,
    /// To whom.
    pub by: By,
    /// At which stages; empty means at every stage.
    pub stages: Vec<String>,
    /// Reading shows the open layer alone, however the asker stands: one side of a match before both have said yes.
    pub open: bool,
}

/// A move from stage to stage. Its grants stand in [`Kind::grants`].
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Identifier, kebab case; part of the address.
    pub name: String,
    /// The verb on the button.
    pub label: Label,
    /// Stages it leaves.
    pub from: Vec<String>,
    /// Stage it enters; none keeps the stage.
    pub to: Option<String>,
    /// Fields its form shows and may write.
    pub takes: Vec<String>,
    /// Those of `takes` that must be filled.
    pub needs: Vec<String>,
    /// What must hold.
    pub when: Vec<crate::step::Guard>,
    /// What follows in the same transaction.
    pub then: Vec<crate::step::Effect>,
    /// Clocks of the stage that start anew where the stage is kept.
    pub winds: Vec<String>,
    /// Who is told that it was made.
    pub tells: Vec<By>,
    /// Who may make it for the party whose move it is; kept in the change.
    pub behalf: Vec<By>,
    /// The main button of its stage.
    pub primary: bool,
    /// Records of others it waits for.
    pub wants: Vec<Want>,
    /// The field with the last day before it may be made.
    pub opens: Option<String>,
    /// The field with the last day on which it may be made.
    pub closes: Option<String>,
    /// The field that keeps who made it.
    pub signs_who: Option<String>,
    /// The field that keeps the day it was made.
    pub signs_on: Option<String>,
}

/// Records a move waits for: so many of a kind that name the record in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Their kind.
    pub kind: String,
    /// Their reference field.
    pub field: String,
    /// The stages at which they count; empty counts all.
    pub stages: Vec<String>,
    /// The type, and those below it, that counts; none counts all.
    pub type_path: Option<String>,
    /// How many at least.
    pub least: u32,
    /// How many at most, where more stand in the way.
    pub most: Option<u32>,
    /// What is missing or stands in the way, in words.
    pub label: Label,
}

/// A noun of the mission.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kind {
    /// Identifier.
    pub name: String,
    /// Its part of the address, plural.
    pub path: String,
    /// The character in its numbers (需, 成, …).
    pub sign: String,
    /// Name on screen.
    pub label: Label,
    /// What an empty list says.
    pub empty: Label,
    /// The field that is the heading.
    pub title: String,
    /// The field whose day it counts on.
    pub day: Option<String>,
    /// The field that names where it belongs.
    pub place: Option<String>,
    /// The reference field whose target owns it, or `self` where the record owns itself (a person);
    /// none, or an empty field: whoever created it.
    pub owner: Option<String>,
    /// The code field that limits its audience (`ceiling`).
    pub ceiling: Option<String>,
    /// Its records are persons: every field tells of one.
    pub personal: bool,
    /// All fields, in form order.
    pub fields: Vec<Field>,
    /// All types, ancestors first.
    pub types: Vec<Type>,
    /// All stages, in order of life.
    pub stages: Vec<Stage>,
    /// Stage of a new record.
    pub start: String,
    /// All moves.
    pub moves: Vec<Move>,
    /// Who may do what.
    pub grants: Vec<Grant>,
    /// What 体检 asks for, and how many gaps a grade allows.
    pub checkup: Option<crate::checkup::Rule>,
    /// Fields of the two-line start of a public form; empty means no public form.
    pub quick: Vec<String>,
    /// Rules its records keep beyond themselves, looked at whenever people write one.
    pub rules: Vec<crate::step::Rule>,
    /// Fields the register works out on every write.
    pub reckons: Vec<crate::step::Reckoned>,
}

impl Audience {
    /// Names as files and ceiling fields write them.
    pub const NAMES: [(&'static str, Audience); 5] = [
        ("private", Audience::Private),
        ("node", Audience::Node),
        ("line", Audience::Line),
        ("network", Audience::Network),
        ("public", Audience::Public),
    ];

    /// The audience of a name.
    pub fn named(name: &str) -> Option<Audience> {
        Audience::NAMES.iter().find(|(known, _)| *known == name).map(|(_, audience)| *audience)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        Audience::NAMES.iter().find(|(_, audience)| audience == self).map_or("", |(name, _)| name)
    }
}

impl Label {
    /// The text in a language; Chinese where there is no English one.
    pub fn text(&self, lang: crate::value::Lang) -> &str {
        match lang {
            crate::value::Lang::En if !self.en.is_empty() => &self.en,
            _ => &self.zh,
        }
    }
}

impl Shape {
    /// Its name as files write it.
    pub fn name(&self) -> &'static str {
        match self {
            Shape::Line => "line",
            Shape::Text => "text",
            Shape::Integer => "integer",
            Shape::Boolean => "boolean",
            Shape::Day => "day",
            Shape::Place => "place",
            Shape::Code(_) => "code",
            Shape::CreditCode => "credit_code",
            Shape::Orcid => "orcid",
            Shape::Money => "money",
            Shape::Quantity => "quantity",
            Shape::Reference(_) => "reference",
            Shape::File => "file",
            Shape::Group(_) => "group",
        }
    }
}

/// The value of [`Kind::owner`] for records that own themselves.
pub const OWNER_SELF: &str = "self";

/// The vocabulary of what personal data is for.
pub const PURPOSES: &str = "personal_purpose";

impl Type {
    /// Whether people call it so, on screen or elsewhere; however it is spelt in width and case.
    pub fn is_called(&self, text: &str) -> bool {
        let folded = base::text::fold(text.trim());
        let mut names = [&self.label.zh, &self.label.en].into_iter().chain(&self.also);
        !folded.is_empty() && names.any(|name| base::text::fold(name.trim()) == folded)
    }
}

impl Kind {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields of a type, in form order: its own, its ancestors' and those of every type.
    pub fn fields_of<'k>(&'k self, type_path: &'k str) -> impl Iterator<Item = &'k Field> {
        self.fields.iter().filter(move |field| {
            field.of_types.is_empty() || field.of_types.iter().any(|of| type_within(type_path, of))
        })
    }

    /// Whether a field tells of a person by what it is: all of a person's own record, contacts, and who is named where
    /// not everyone reads. Such a field must say what it is for; others may.
    pub fn is_personal(&self, field: &Field) -> bool {
        let contact = field.name.starts_with("contact_") || field.name.ends_with("_contact");
        let names = matches!(&field.shape, Shape::Reference(kinds) if kinds.iter().eq(["person"]));
        self.personal || contact || names && field.layer != Layer::Open
    }

    /// The type of a path.
    pub fn type_of(&self, path: &str) -> Option<&Type> {
        self.types.iter().find(|of| of.path == path)
    }

    /// The type a text names: by path, by label in either language, or by a name it goes by elsewhere.
    pub fn type_called(&self, text: &str) -> Option<&Type> {
        self.type_of(text.trim()).or_else(|| self.types.iter().find(|of| of.is_called(text)))
    }

    /// The stage of a name.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// The move of a name.
    pub fn move_of(&self, name: &str) -> Option<&Move> {
        self.moves.iter().find(|of| of.name == name)
    }

    /// Moves that leave a stage, in the order of the file.
    pub fn moves_from<'k>(&'k self, stage: &'k str) -> impl Iterator<Item = &'k Move> {
        self.moves.iter().filter(move |of| of.from.iter().any(|from| from == stage))
    }

    /// The clocks of all stages.
    pub fn clocks(&self) -> impl Iterator<Item = &Clock> {
        self.stages.iter().flat_map(|stage| &stage.clocks)
    }

    /// Fields that may be filtered and sorted by.
    pub fn listed(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.list)
    }

    /// The stage of a new record of a type: its own start, else its ancestors', else the kind's.
    pub fn start_of(&self, type_path: &str) -> &str {
        type_line(type_path).find_map(|path| self.type_of(path)?.start.as_deref()).unwrap_or(&self.start)
    }

    /// The grants of a verb.
    pub fn grants_of<'k>(&'k self, verb: &'k Verb) -> impl Iterator<Item = &'k Grant> {
        self.grants.iter().filter(move |grant| grant.verb == *verb)
    }
}

/// Whether a type path is another or lies below it.
pub fn type_within(path: &str, of: &str) -> bool {
    type_line(path).any(|up| up == of)
}

/// A type path and the paths above it, itself first: `society.branch`, `society`.
pub fn type_line(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('.').map(|(up, _)| up))
}

/// A reference value read from a body: the id it names.
pub fn reference(value: &serde_json::Value) -> Option<RecordId> {
    value.as_str()?.parse().ok()
}
