//! Reading a folder of text files: catalogues and calendars on disk.

use std::path::Path;

use anyhow::Context as _;

/// Adds every file of an ending below the folder as (`prefix/relative path`, text), in order of name.
pub fn read_texts(
    folder: &Path,
    ending: &str,
    prefix: &str,
    into: &mut Vec<(String, String)>,
) -> anyhow::Result<()> {
    let listing = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut entries: Vec<_> = listing.collect::<Result<_, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            read_texts(&path, ending, &name, into)?;
        } else if path.extension().is_some_and(|e| e == ending) {
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            into.push((name, text));
        }
    }
    Ok(())
}
