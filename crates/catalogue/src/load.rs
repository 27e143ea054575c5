//! From files to a checked catalogue: every fault of every file, and the kinds that are sound.
//!
//! Never reads a disk: paths and texts come in. A path says what a file is: `…/KIND/kind.toml`,
//! `…/KIND/types/TYPE.toml`, `…/vocabularies/NAME.toml`; below a folder `local` a file may only add.
//! Start at [`Catalogue::load`].

mod diagnostic;
mod field;
mod kind;
mod resolve;
mod source;
mod vocabulary;

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

pub use diagnostic::Diagnostic;

use crate::kind::{Kind, Vocabulary};
use crate::schema::Schema;
use crate::value::{Fault, Fields, Terms};
use diagnostic::Mark;
use kind::Draft;
use resolve::Known;

/// What names of an overlay begin with, so that they can never clash with names that come later.
pub const LOCAL_PREFIX: &str = "local_";

/// The kinds and vocabularies of an installation.
#[derive(Debug, Clone)]
pub struct Catalogue {
    kinds: BTreeMap<String, Kind>,
    order: Vec<String>,
    vocabularies: BTreeMap<String, Vocabulary>,
    schemas: BTreeMap<(String, String), Schema>,
    digest: [u8; 32],
}

/// What a file is by its path.
#[derive(Debug, PartialEq, Eq)]
enum Part<'p> {
    Kind(&'p str),
    Type(&'p str, &'p str),
    Vocabulary(&'p str),
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
        files.iter().for_each(|file| loading.first(file));
        files.iter().for_each(|file| loading.second(file));
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

    /// All vocabularies from files, by name.
    pub fn vocabularies(&self) -> &BTreeMap<String, Vocabulary> {
        &self.vocabularies
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

fn part_of(path: &str) -> Part<'_> {
    let mut parts = path.trim_end_matches(".toml").rsplit('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("kind"), Some(kind), _) => Part::Kind(kind),
        (Some(of), Some("types"), Some(kind)) => Part::Type(kind, of),
        (Some(name), Some("vocabularies"), _) => Part::Vocabulary(name),
        _ => Part::Other,
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
    vocabularies: BTreeMap<String, Vocabulary>,
    vocabulary_names: Vec<String>,
    found: Vec<Diagnostic>,
}

impl Loading {
    /// Kinds and vocabularies, since types and uses speak of them.
    fn first(&mut self, file: &File) {
        match part_of(&file.path) {
            Part::Kind(name) => self.read_kind(file, name),
            Part::Vocabulary(name) => self.read_vocabulary(file, name),
            Part::Type(..) => {}
            Part::Other => {
                let remedy =
                    "files are KIND/kind.toml, KIND/types/TYPE.toml and vocabularies/NAME.toml".to_owned();
                self.found.push(start_of(file).fault(
                    "unknown-file",
                    "this file is none of a catalogue".to_owned(),
                    remedy,
                ));
            }
        }
    }

    /// Types, into the kinds they belong to.
    fn second(&mut self, file: &File) {
        let Part::Type(name, path) = part_of(&file.path) else { return };
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
        let (mut draft, mut found) =
            source::read(&file.path, &file.text, |s, section| kind::read_kind(s, section, name));
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
        let (vocabulary, mut found) =
            source::read(&file.path, &file.text, |s, section| vocabulary::read_vocabulary(s, section, name));
        found.extend(file.local.then(|| local_name(file, name)).flatten());
        self.vocabulary_names.push(name.to_owned());
        if found.is_empty() {
            self.vocabularies.insert(name.to_owned(), vocabulary);
        }
        self.found.extend(found);
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
            vocabulary_names: self.vocabulary_names.iter().map(String::as_str).collect(),
        }
    }

    /// Looks every name up, and keeps what is sound.
    fn finish(mut self, digest: [u8; 32]) -> (Catalogue, Vec<Diagnostic>) {
        let mut faulty: Vec<(String, Vec<Diagnostic>)> = Vec::new();
        for (name, draft) in &self.drafts {
            let mut found = resolve::faults(draft, &self.known());
            found.extend(self.clash(draft));
            if !found.is_empty() || draft.faulty {
                faulty.push((name.clone(), found));
            }
        }
        for (name, found) in faulty {
            self.drafts.remove(&name);
            self.found.extend(found);
        }
        self.found.sort();
        self.found.dedup();
        (self.sound(digest), self.found)
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

    fn sound(&self, digest: [u8; 32]) -> Catalogue {
        let mut drafts: Vec<&Draft> = self.drafts.values().collect();
        drafts.sort_by_key(|draft| (draft.order, &draft.kind.name));
        let order = drafts.iter().map(|draft| draft.kind.name.clone()).collect();
        let kinds: BTreeMap<String, Kind> =
            drafts.iter().map(|draft| (draft.kind.name.clone(), ancestors_first(&draft.kind))).collect();
        let vocabularies = self.vocabularies.clone();
        let schemas = crate::schema::all(kinds.values(), &Terms(&vocabularies));
        Catalogue { kinds, order, vocabularies, schemas, digest }
    }
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
    let remedy = format!("call it `{LOCAL_PREFIX}{name}`");
    let message = format!("`{name}` is local and must begin with `{LOCAL_PREFIX}`");
    (!name.starts_with(LOCAL_PREFIX)).then(|| start_of(file).fault("local-name", message, remedy))
}
