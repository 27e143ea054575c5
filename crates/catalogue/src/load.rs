//! From files to a checked catalogue: every fault of every file, and the kinds that are sound.
//!
//! Never reads a disk: paths and texts come in. A path says what a file is: `…/KIND/kind.toml`,
//! `…/KIND/types/TYPE.toml`, or `NAME.toml` in a folder `vocabularies`, `lives`, `parts`, `views` or
//! `indicators`; below a folder `local` a file may only add. Files of a folder `forms` are left to the desks.
//! Start at [`Catalogue::load`].

mod diagnostic;
mod field;
mod indicator;
mod kind;
mod life;
mod resolve;
mod shared;
mod source;
mod view;
mod vocabulary;

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

pub use diagnostic::Diagnostic;

use crate::indicator::Indicator;
use crate::kind::{Kind, Shape};
use crate::schema::Schema;
use crate::value::{Fault, Fields, Terms};
use crate::view::View;
use crate::vocabulary::Vocabulary;
use diagnostic::Mark;
use kind::Draft;
use resolve::Known;
use shared::Shared;
use source::{Section, Source, Word};
use view::World;
use vocabulary::Mapping;

/// What names of an overlay begin with, so that they can never clash with names that come later.
pub const LOCAL_PREFIX: &str = "local_";

/// The kinds, vocabularies, views and indicators of an installation.
#[derive(Debug, Clone)]
pub struct Catalogue {
    kinds: BTreeMap<String, Kind>,
    order: Vec<String>,
    vocabularies: BTreeMap<String, Vocabulary>,
    views: Vec<View>,
    indicators: Vec<Indicator>,
    schemas: BTreeMap<(String, String), Schema>,
    digest: [u8; 32],
}

/// What a file is by its path.
#[derive(Debug, PartialEq, Eq)]
enum What<'p> {
    Kind(&'p str),
    Type(&'p str, &'p str),
    Vocabulary(&'p str),
    Life(&'p str),
    Part(&'p str),
    Views,
    Indicators,
    /// A form on paper, which the desk that fills it in reads.
    Form,
    Other,
}

struct File {
    path: String,
    text: String,
    local: bool,
}

impl Catalogue {
    /// Reads files (path, text) in any order. Faulty kinds and vocabularies are left out; what is wrong
    /// with them, and with any other file, stands in the diagnostics, in order of file and line.
    pub fn load(files: impl IntoIterator<Item = (String, String)>) -> (Catalogue, Vec<Diagnostic>) {
        let mut files: Vec<File> = files.into_iter().filter_map(file_of).collect();
        files.sort_by(|a, b| (a.local, &a.path).cmp(&(b.local, &b.path)));
        let mut loading = Loading::default();
        files.iter().for_each(|file| loading.words(file));
        files.iter().for_each(|file| loading.kinds(file));
        files.iter().for_each(|file| loading.types(file));
        loading.finish(digest(&files))
    }

    /// The kind of a name.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)
    }

    /// The kind whose address has this part.
    pub fn by_path(&self, path: &str) -> Option<&Kind> {
        self.kinds.values().find(|kind| kind.path == path)
    }

    /// The kinds in order of display.
    pub fn kinds(&self) -> impl Iterator<Item = &Kind> {
        self.order.iter().filter_map(|name| self.kinds.get(name))
    }

    /// All vocabularies from files, by name; with them, where there are indicators, the one of their names.
    pub fn vocabularies(&self) -> &BTreeMap<String, Vocabulary> {
        &self.vocabularies
    }

    /// Local industry lists: the vocabularies whose terms stand for codes of `industry`, by name.
    pub fn lists(&self) -> impl Iterator<Item = &Vocabulary> {
        self.vocabularies.values().filter(|vocabulary| vocabulary.maps.as_deref() == Some("industry"))
    }

    /// The codes a term stands for and those of the terms below it, each once, in the order of the file; empty
    /// where there is no such term or it maps to nothing.
    pub fn mapped(&self, vocabulary: &str, term: &str) -> Vec<String> {
        let terms = self.terms();
        let all = self.vocabularies.get(vocabulary).map(|found| found.terms.as_slice()).unwrap_or_default();
        let within =
            all.iter().filter(|other| terms.line(vocabulary, &other.code).iter().any(|up| up == term));
        let mut codes = Vec::new();
        for code in within.flat_map(|other| &other.maps) {
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        codes
    }

    /// The named sets of records, in order of the files.
    pub fn views(&self) -> impl Iterator<Item = &View> {
        self.views.iter()
    }

    /// The view of a name.
    pub fn view(&self, name: &str) -> Option<&View> {
        self.views.iter().find(|view| view.name == name)
    }

    /// The indicators, in order of the files.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter()
    }

    /// The indicator of a name.
    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.name == name)
    }

    /// Look-up of terms.
    pub fn terms(&self) -> Terms<'_> {
        Terms(&self.vocabularies)
    }

    /// SHA-256 over all files: processes on one store must agree on it.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// JSON Schema of a type of a kind; the kind's own fields where it has no types and the path is empty.
    pub fn schema(&self, kind: &str, type_path: &str) -> Option<&Value> {
        Some(&self.schemas.get(&(kind.to_owned(), type_path.to_owned()))?.document)
    }

    /// The fields in canonical form, and every fault of them at once; `None` where kind or type is unknown.
    pub fn check(&self, kind: &str, type_path: &str, fields: &Fields) -> Option<(Fields, Vec<Fault>)> {
        let schema = self.schemas.get(&(kind.to_owned(), type_path.to_owned()))?;
        Some(crate::value::check(self.kind(kind)?, type_path, fields, &self.terms(), schema))
    }
}

fn file_of((path, text): (String, String)) -> Option<File> {
    let path = path.replace('\\', "/");
    let local = path.split('/').rev().skip(1).any(|part| part == "local");
    path.ends_with(".toml").then_some(File { path, text, local })
}

fn what_is(path: &str) -> What<'_> {
    let mut parts = path.trim_end_matches(".toml").rsplit('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("kind"), Some(kind), _) => What::Kind(kind),
        (Some(of), Some("types"), Some(kind)) => What::Type(kind, of),
        (Some(name), Some("vocabularies"), _) => What::Vocabulary(name),
        (Some(name), Some("lives"), _) => What::Life(name),
        (Some(name), Some("parts"), _) => What::Part(name),
        (Some(_), Some("views"), _) => What::Views,
        (Some(_), Some("indicators"), _) => What::Indicators,
        (Some(_), Some("forms"), _) => What::Form,
        _ => What::Other,
    }
}

fn digest(files: &[File]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for file in files {
        for text in [&file.path, &file.text] {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text.as_bytes());
        }
    }
    hash.finalize().into()
}

/// A catalogue under loading.
#[derive(Default)]
struct Loading {
    drafts: BTreeMap<String, Draft>,
    shared: Shared,
    vocabularies: BTreeMap<String, Vocabulary>,
    vocabulary_names: Vec<String>,
    mappings: Vec<Mapping>,
    views: Vec<view::Draft>,
    view_names: Vec<String>,
    indicators: Vec<indicator::Draft>,
    indicator_names: Vec<String>,
    found: Vec<Diagnostic>,
}

/// Reads the tables of a file of views or indicators: each with its name, none where it is at fault.
type ReadNamed<T> = fn(&mut Source<'_>, Section<'_>) -> Vec<(Word, Option<T>)>;

impl Loading {
    /// What kinds speak of: vocabularies, lives, parts, and the names of indicators; views come with them.
    fn words(&mut self, file: &File) {
        match what_is(&file.path) {
            What::Vocabulary(name) => self.read_vocabulary(file, name),
            What::Life(name) => self.read_shared(file, ("life", name), life::read_life_file),
            What::Part(name) => self.read_shared(file, ("part", name), field::read_part_file),
            What::Views => {
                let drafts = self.read_named(file, "view", view::read_views);
                self.views.extend(drafts);
            }
            What::Indicators => {
                let drafts = self.read_named(file, "indicator", indicator::read_indicators);
                self.indicators.extend(drafts);
            }
            What::Kind(_) | What::Type(..) | What::Form | What::Other => {}
        }
    }

    /// Kinds, since types speak of them.
    fn kinds(&mut self, file: &File) {
        match what_is(&file.path) {
            What::Kind(name) => self.read_kind(file, name),
            What::Other => {
                let remedy = "files are KIND/kind.toml, KIND/types/TYPE.toml, and NAME.toml in vocabularies, \
                              lives, parts, views and indicators";
                let message = "this file is none of a catalogue".to_owned();
                self.found.push(start_of(file).fault("unknown-file", message, remedy.to_owned()));
            }
            _ => {}
        }
    }

    /// Types, into the kinds they belong to.
    fn types(&mut self, file: &File) {
        let What::Type(name, path) = what_is(&file.path) else { return };
        let Some(draft) = self.drafts.get(name) else {
            let known: Vec<&str> = self.drafts.keys().map(String::as_str).collect();
            self.found.push(start_of(file).unknown("unknown-kind", "kind", name, &known));
            return;
        };
        let mut draft = draft.clone();
        let before = draft.kind.fields.len();
        let ((), mut found) = source::read(&file.path, &file.text, |s, section| {
            kind::read_type_file(s, section, &mut draft, path);
        });
        if file.local {
            let last = path.rsplit('.').next().unwrap_or(path);
            let added = draft.kind.fields.iter().skip(before).map(|field| field.name.as_str());
            found.extend(added.chain([last]).filter_map(|name| local_name(file, name)));
            found.extend(resolve::faults(&draft, &self.known()));
        }
        if !file.local || found.is_empty() {
            self.drafts.insert(name.to_owned(), draft);
        }
        self.found.extend(found);
    }

    fn read_kind(&mut self, file: &File, name: &str) {
        if self.drafts.contains_key(name) {
            self.twice(file, "kind", name);
            return;
        }
        let (mut draft, mut found) = source::read(&file.path, &file.text, |s, section| {
            kind::read_kind(s, section, name, &self.shared)
        });
        found.extend(file.local.then(|| local_name(file, name)).flatten());
        draft.faulty = !found.is_empty();
        self.found.extend(found);
        self.drafts.insert(name.to_owned(), draft);
    }

    fn read_vocabulary(&mut self, file: &File, name: &str) {
        if self.vocabulary_names.iter().any(|known| known == name) {
            self.twice(file, "vocabulary", name);
            return;
        }
        let ((vocabulary, mapping), mut found) =
            source::read(&file.path, &file.text, |s, section| vocabulary::read_vocabulary(s, section, name));
        found.extend(file.local.then(|| local_name(file, name)).flatten());
        self.vocabulary_names.push(name.to_owned());
        if found.is_empty() {
            self.vocabularies.insert(name.to_owned(), vocabulary);
            self.mappings.extend(mapping);
        }
        self.found.extend(found);
    }

    /// A life or part: one draft a file, of the file's name.
    fn read_shared(
        &mut self,
        file: &File,
        (what, name): (&str, &str),
        read: fn(&mut Source<'_>, Section<'_>) -> Draft,
    ) {
        let known = if what == "life" { &self.shared.lives } else { &self.shared.parts };
        if known.contains_key(name) {
            self.twice(file, what, name);
            return;
        }
        let (mut draft, mut found) = source::read(&file.path, &file.text, read);
        found.extend(file.local.then(|| local_name(file, name)).flatten());
        draft.faulty = !found.is_empty();
        self.found.extend(found);
        let into = if what == "life" { &mut self.shared.lives } else { &mut self.shared.parts };
        into.insert(name.to_owned(), draft);
    }

    /// A file of views or indicators: names are those of its tables, each declared once in the whole catalogue.
    fn read_named<T>(&mut self, file: &File, what: &str, read: ReadNamed<T>) -> Vec<T> {
        let (drafts, found) = source::read(&file.path, &file.text, read);
        self.found.extend(found);
        let names = if what == "view" { &mut self.view_names } else { &mut self.indicator_names };
        let mut kept = Vec::new();
        for (name, draft) in drafts {
            let local = file.local.then(|| local_name_at(&name.mark, &name.text)).flatten();
            if names.contains(&name.text) {
                let message = format!("{what} `{}` is declared already", name.text);
                let remedy = "choose another name".to_owned();
                self.found.push(name.mark.fault("duplicate-name", message, remedy));
            } else if local.is_none() {
                kept.extend(draft);
            }
            self.found.extend(local);
            names.push(name.text);
        }
        kept
    }

    fn twice(&mut self, file: &File, what: &str, name: &str) {
        let remedy = "an overlay only adds: choose another name".to_owned();
        self.found.push(start_of(file).fault(
            "duplicate-name",
            format!("{what} `{name}` stands in another file"),
            remedy,
        ));
    }

    fn known(&self) -> Known<'_> {
        Known {
            kinds: self.drafts.keys().map(String::as_str).collect(),
            vocabularies: &self.vocabularies,
            vocabulary_names: self.all_vocabulary_names(),
        }
    }

    /// Vocabularies declared, that of the indicators included where there are any.
    fn all_vocabulary_names(&self) -> Vec<&str> {
        let indicator = (!self.indicator_names.is_empty()).then_some(crate::indicator::VOCABULARY);
        self.vocabulary_names.iter().map(String::as_str).chain(indicator).collect()
    }

    /// Looks every name up, and keeps what is sound.
    fn finish(mut self, digest: [u8; 32]) -> (Catalogue, Vec<Diagnostic>) {
        self.check_mappings();
        self.check_shared();
        let kind_names: Vec<String> = self.drafts.keys().cloned().collect();
        self.check_kinds();
        let terms = self.indicators.iter().map(|draft| (draft.name.text.as_str(), &draft.label));
        self.speak_indicators(crate::indicator::vocabulary(terms));
        let world = World {
            kinds: &self.drafts,
            kind_names: kind_names.iter().map(String::as_str).collect(),
            terms: Terms(&self.vocabularies),
        };
        let names: Vec<&str> = self.indicator_names.iter().map(String::as_str).collect();
        let (views, mut found) = view::resolve(&self.views, &world);
        let (indicators, wrong) = indicator::resolve(&self.indicators, &names, &world);
        found.extend(wrong);
        self.found.extend(found);
        let terms = indicators.iter().map(|sound| (sound.name.as_str(), &sound.label));
        self.speak_indicators(crate::indicator::vocabulary(terms));
        self.found.sort();
        self.found.dedup();
        (self.sound(views, indicators, digest), self.found)
    }

    /// Puts the vocabulary of the indicators among the others.
    fn speak_indicators(&mut self, vocabulary: Vocabulary) {
        match vocabulary.terms.is_empty() {
            true => self.vocabularies.remove(crate::indicator::VOCABULARY),
            false => self.vocabularies.insert(vocabulary.name.clone(), vocabulary),
        };
    }

    /// Leaves out vocabularies that map to what is not there.
    fn check_mappings(&mut self) {
        let (terms, names) = (Terms(&self.vocabularies), self.all_vocabulary_names());
        let faults =
            self.mappings.iter().map(|mapping| (mapping.name.clone(), mapping.faults(&terms, &names)));
        let faulty: Vec<(String, Vec<Diagnostic>)> = faults.filter(|(_, found)| !found.is_empty()).collect();
        for (name, found) in faulty {
            self.vocabularies.remove(&name);
            self.found.extend(found);
        }
    }

    /// Marks the lives and parts that name what is not there.
    fn check_shared(&mut self) {
        let known = self.known();
        let all = self.shared.lives.values().chain(self.shared.parts.values());
        let found: Vec<Vec<Diagnostic>> = all.map(|draft| resolve::shared_faults(draft, &known)).collect();
        let all = self.shared.lives.values_mut().chain(self.shared.parts.values_mut());
        for (draft, found) in all.zip(found) {
            draft.faulty |= !found.is_empty();
            self.found.extend(found);
        }
    }

    /// Leaves out kinds with a fault, and those that share a faulty life or part.
    fn check_kinds(&mut self) {
        let mut faulty: Vec<(String, Vec<Diagnostic>)> = Vec::new();
        for (name, draft) in &self.drafts {
            let mut found = resolve::faults(draft, &self.known());
            found.extend(self.clash(draft));
            found.extend(self.wanting(draft));
            let shares = self.shared.faults_of(draft, &mut found);
            if !found.is_empty() || draft.faulty || shares {
                faulty.push((name.clone(), found));
            }
        }
        for (name, found) in faulty {
            self.drafts.remove(&name);
            self.found.extend(found);
        }
    }

    /// Two kinds with one path or sign: the later of the two is at fault.
    fn clash(&self, draft: &Draft) -> Vec<Diagnostic> {
        let earlier = self
            .drafts
            .values()
            .filter(|other| (other.order, &other.kind.name) < (draft.order, &draft.kind.name));
        let mut found = Vec::new();
        for other in earlier {
            for (what, mine, theirs) in
                [("path", &draft.kind.path, &other.kind.path), ("sign", &draft.kind.sign, &other.kind.sign)]
            {
                if mine == theirs && !mine.is_empty() {
                    let message = format!("{what} `{mine}` is that of the kind `{}`", other.kind.name);
                    found.push(draft.mark.fault("duplicate-name", message, format!("choose another {what}")));
                }
            }
        }
        found
    }

    /// Moves that wait for records which cannot be: a kind without the field, the stage or the type.
    fn wanting(&self, draft: &Draft) -> Vec<Diagnostic> {
        let wants = draft.kind.moves.iter().flat_map(|mv| mv.wants.iter().map(move |want| (mv, want)));
        let mut found = Vec::new();
        for (mv, want) in wants {
            let Some(other) = self.drafts.get(&want.kind) else { continue };
            let refers = other.kind.field(&want.field);
            let refers = refers.is_some_and(|field| matches!(field.shape, Shape::Reference(_)));
            let stages = want.stages.iter().all(|stage| other.kind.stage(stage).is_some());
            let of_type = want.type_path.as_ref().is_none_or(|path| other.kind.type_of(path).is_some());
            if !(refers && stages && of_type) {
                let message =
                    format!("the move `{}` wants records of `{}` that cannot be", mv.name, want.kind);
                let remedy = "name a reference field, stages and a type of that kind".to_owned();
                found.push(draft.mark.fault("wants", message, remedy));
            }
        }
        found
    }

    fn sound(&self, views: Vec<View>, indicators: Vec<Indicator>, digest: [u8; 32]) -> Catalogue {
        let mut drafts: Vec<&Draft> = self.drafts.values().collect();
        drafts.sort_by_key(|draft| (draft.order, &draft.kind.name));
        let order = drafts.iter().map(|draft| draft.kind.name.clone()).collect();
        let kinds: BTreeMap<String, Kind> =
            drafts.iter().map(|draft| (draft.kind.name.clone(), in_order(draft))).collect();
        let vocabularies = self.vocabularies.clone();
        let schemas = crate::schema::all(kinds.values(), &Terms(&vocabularies));
        Catalogue { kinds, order, vocabularies, views, indicators, schemas, digest }
    }
}

/// The kind as it is shown: fields of parts after all others, types after those above them.
fn in_order(draft: &Draft) -> Kind {
    let mut kind = ancestors_first(&draft.kind);
    kind.fields.sort_by_key(|field| draft.of_parts.contains(&field.name));
    kind
}

/// The kind with every type after the types above it, otherwise in the order of the files.
fn ancestors_first(kind: &Kind) -> Kind {
    let mut sorted = Vec::with_capacity(kind.types.len());
    let mut waiting: Vec<&crate::kind::Type> = kind.types.iter().rev().collect();
    waiting.retain(|of| !of.path.contains('.'));
    while let Some(of) = waiting.pop() {
        sorted.push(of.clone());
        let below = kind
            .types
            .iter()
            .rev()
            .filter(|other| other.path.rsplit_once('.').is_some_and(|(up, _)| up == of.path));
        waiting.extend(below);
    }
    Kind { types: sorted, ..kind.clone() }
}

fn start_of(file: &File) -> Mark {
    Mark { file: file.path.as_str().into(), line: 1, column: 1 }
}

fn local_name(file: &File, name: &str) -> Option<Diagnostic> {
    local_name_at(&start_of(file), name)
}

fn local_name_at(mark: &Mark, name: &str) -> Option<Diagnostic> {
    let remedy = format!("call it `{LOCAL_PREFIX}{name}`");
    let message = format!("`{name}` is local and must begin with `{LOCAL_PREFIX}`");
    (!name.starts_with(LOCAL_PREFIX)).then(|| mark.fault("local-name", message, remedy))
}
