//! The hand-written texts of the demonstration: enough of them, and no two alike.
//!
//! Alike is what the index of the product calls so, and a run of characters two texts share to the letter.

#[cfg(test)]
mod seeds {
    use std::collections::HashMap;
    use std::path::PathBuf;

    use matching::{Document, Index};
    use toml::{Table, Value};

    /// What the guard against duplicates calls nearly the same.
    const ALIKE_MIN: f32 = 0.6;
    /// Characters in a row that no two texts share.
    const RUN_CHARS: usize = 20;

    /// One text: kind, key, heading and body.
    struct Text {
        kind: &'static str,
        key: String,
        title: String,
        body: String,
    }

    fn folder() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../demo")
    }

    fn tables(path: PathBuf, name: &str) -> Vec<Table> {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let table: Table = text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        list(&table, name)
    }

    fn list(table: &Table, name: &str) -> Vec<Table> {
        let found = table.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        found.into_iter().filter_map(|one| one.as_table().cloned()).collect()
    }

    fn string(table: &Table, name: &str) -> String {
        table.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Kind, its list in a file of seeds, its file of records, and the field that holds the running text.
    const KINDS: [(&str, &str, &str, &str); 3] = [
        ("demand", "demand", "demands.toml", "problem"),
        ("achievement", "achievement", "achievements.toml", "summary"),
        ("expert", "expert", "persons.toml", "expertise"),
    ];

    fn texts() -> Vec<Text> {
        let mut texts = Vec::new();
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder().join("seeds"))
            .expect("a folder of seeds")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        let topics: Vec<Table> = files.into_iter().flat_map(|file| tables(file, "topic")).collect();
        for (kind, seeds, file, body) in KINDS {
            let grown = topics.iter().flat_map(|topic| {
                let key = string(topic, "key");
                list(topic, seeds).into_iter().enumerate().map(move |(at, one)| (format!("{key} {at}"), one))
            });
            let written = tables(folder().join(file), "record").into_iter();
            let written = written.filter(|one| kind != "expert" || string(one, "type") == "expert");
            let all = grown.chain(written.map(|one| (string(&one, "key"), one)));
            texts.extend(all.map(|(key, one)| Text {
                kind,
                key,
                title: if kind == "expert" { String::new() } else { string(&one, "title") },
                body: string(&one, body),
            }));
        }
        texts
    }

    #[test]
    fn there_is_enough_to_search() {
        let texts = texts();
        let count = |kind: &str| texts.iter().filter(|text| text.kind == kind).count();
        let counts = (count("demand"), count("achievement"), count("expert"));
        assert!(counts.0 >= 300 && counts.1 >= 1_000 && counts.2 >= 400, "{counts:?}");
    }

    #[test]
    fn no_two_texts_are_alike_to_the_index() {
        let texts = texts();
        let mut index = Index::new();
        for (id, text) in (0u64..).zip(&texts) {
            index.put(Document {
                id,
                group: text.kind.to_owned(),
                title: text.title.clone(),
                text: text.body.clone(),
                ..Document::default()
            });
        }
        let mut alike = Vec::new();
        for (id, text) in (0u64..).zip(&texts) {
            let others = |other: u64| other > id;
            for (other, share) in index.alike(&text.title, &text.body, &others, &[text.kind], 3) {
                let other = usize::try_from(other).ok().and_then(|at| texts.get(at)).map(|t| t.key.as_str());
                if share >= ALIKE_MIN {
                    alike.push(format!("{} ~ {other:?}: {share}", text.key));
                }
            }
        }
        assert!(alike.is_empty(), "{}", alike.join("\n"));
    }

    #[test]
    fn no_two_texts_share_a_sentence() {
        let texts = texts();
        let mut runs: HashMap<Vec<char>, usize> = HashMap::new();
        let mut shared = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let letters: Vec<char> = text.body.chars().collect();
            for run in letters.windows(RUN_CHARS) {
                let first = *runs.entry(run.to_vec()).or_insert(at);
                if first != at {
                    let told: String = run.iter().collect();
                    shared.push(format!("{} ~ {}: {told}", texts[first].key, text.key));
                }
            }
        }
        assert!(shared.is_empty(), "{}", shared.join("\n"));
    }
}
