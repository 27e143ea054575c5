//! Keys of texts on a page: what a reader sees where a text is missing.
//!
//! Knows the sections of the texts, not each text: a key nobody wrote is found as well. Start at [`keys_shown`].

use toml::Table;

/// Sections of the texts, whose keys would show as `section.key` where a text is missing.
pub fn sections() -> Vec<String> {
    let table: Table = include_str!("../../../../locales/zh.toml").parse().expect("the texts");
    table.into_iter().map(|(name, _)| name).collect()
}

/// Words of a page that look like the key of a text.
pub fn keys_shown(page: &str, sections: &[String]) -> Vec<String> {
    let words =
        page.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '@' | '=')));
    let is_key = |word: &&str| {
        word.split_once('.').is_some_and(|(section, rest)| {
            sections.iter().any(|known| known == section)
                && rest.starts_with(|c: char| c.is_ascii_lowercase())
                && !["html", "css", "js", "svg", "png", "xlsx", "csv", "json"]
                    .iter()
                    .any(|e| rest.ends_with(e))
        })
    };
    words.filter(is_key).map(str::to_owned).collect()
}
