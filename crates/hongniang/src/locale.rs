//! Texts in both languages, and the language of an address.
//!
//! Chinese is the reference: a key missing in English shows Chinese, a key missing in both shows itself (a test
//! keeps both from happening). Never formats numbers or days: `base` does. Start at [`Locales`].

use std::collections::HashMap;
use std::sync::Arc;

pub use catalogue::value::Lang;

/// The texts of one language.
#[derive(Debug)]
pub struct Texts {
    by_key: HashMap<String, String>,
    lang: Lang,
}

impl Texts {
    /// The text of a key, or the key itself.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.by_key.get(key).map_or(key, String::as_str)
    }

    /// The text of a key with named places `{name}` filled.
    pub fn fill(&self, key: &str, args: &[(&str, &str)]) -> String {
        args.iter()
            .fold(self.get(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// The language they are in.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether the key has a text.
    pub fn has(&self, key: &str) -> bool {
        self.by_key.contains_key(key)
    }
}

/// Both languages.
#[derive(Clone, Debug)]
pub struct Locales {
    zh: Arc<Texts>,
    en: Arc<Texts>,
}

impl Locales {
    /// Reads the two TOML files; nested tables become dotted keys.
    pub fn load(zh: &str, en: &str) -> anyhow::Result<Locales> {
        let chinese = flatten(&zh.parse()?);
        let mut english = chinese.clone();
        english.extend(flatten(&en.parse()?));
        let of = |by_key, lang| Arc::new(Texts { by_key, lang });
        Ok(Locales { zh: of(chinese, Lang::Zh), en: of(english, Lang::En) })
    }

    /// The texts of a language.
    pub fn of(&self, lang: Lang) -> &Arc<Texts> {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

fn flatten(table: &toml::Table) -> HashMap<String, String> {
    fn walk(prefix: &str, value: &toml::Value, into: &mut HashMap<String, String>) {
        match value {
            toml::Value::Table(table) => {
                for (name, value) in table {
                    let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                    walk(&key, value, into);
                }
            }
            toml::Value::String(text) => {
                into.insert(prefix.to_owned(), text.clone());
            }
            _ => {}
        }
    }
    let mut texts = HashMap::new();
    walk("", &toml::Value::Table(table.clone()), &mut texts);
    texts
}

/// An address in a language: English stands under `/en`.
pub fn href(lang: Lang, path: &str) -> String {
    match lang {
        Lang::Zh => path.to_owned(),
        Lang::En if path == "/" => "/en/".to_owned(),
        Lang::En => format!("/en{path}"),
    }
}

/// The other language.
pub fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    }
}
