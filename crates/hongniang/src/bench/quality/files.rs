//! Lines of the files a folder of judgments holds, each fault with its file and line.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// A whole file.
pub fn read(folder: &Path, name: &str) -> Result<String> {
    let path = folder.join(name);
    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
}

/// The objects of a file of JSON lines.
pub fn lines(folder: &Path, name: &str) -> Result<Vec<Value>> {
    let parse = |(at, line): (usize, &str)| {
        serde_json::from_str(line).with_context(|| format!("{name}, line {}", at + 1))
    };
    read(folder, name)?.lines().enumerate().map(parse).collect()
}

/// A text of a line.
pub fn text_of(line: &Value, field: &str, name: &str, at: usize) -> Result<String> {
    let text = line.get(field).and_then(Value::as_str);
    text.map(str::to_owned).with_context(|| format!("{name}, line {}: no text in “{field}”", at + 1))
}

/// The two cells of each line of a table of two columns, after its heading; the second holds a list parted by `|`.
pub fn pairs(folder: &Path, name: &str) -> Result<Vec<(String, Vec<String>)>> {
    let pair = |line: &str| {
        let (first, list) = line.split_once(',').unwrap_or((line, ""));
        let list = list.trim().split('|').filter(|cell| !cell.is_empty());
        (first.to_owned(), list.map(str::to_owned).collect())
    };
    Ok(read(folder, name)?.lines().skip(1).map(pair).collect())
}
