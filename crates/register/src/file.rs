//! Stored bytes, named by their hash. A field holds the reference; who may read a layer that names a file may have it.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use base::limits::UPLOAD_BYTES_MAX;
use catalogue::{Asker, Fields};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::chain::hex;
use crate::db::{Conn, Sql};
use crate::fault::{Fault, Result};
use crate::open::{Register, Shared};
use crate::reader::Reader;
use crate::record::Key;
use crate::writer::Writer;

/// A stored file as a field's value holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRef {
    /// SHA-256 of the bytes, in hexadecimal: the name in the object store.
    pub hash: String,
    /// Name it was handed in under.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// Media type.
    pub media: String,
}

const KEEP: Sql = "insert into file (hash, bytes, name, media, at_us, gone) values ($1, $2, $3, $4, $5, 0)
     on conflict (hash) do update set gone = 0";
const DROP: Sql = "update file set gone = 1 where hash in (select m.hash from mention m where m.record = $1)
     and not exists (select 1 from mention x where x.hash = file.hash and x.record <> $1)";
const UNMENTION: Sql = "delete from mention where record = $1";
const GONE: Sql = "select hash from file where gone = 1 order by hash limit $1";
const FORGET: Sql = "delete from file where hash = $1 and gone = 1";

/// Statements of this room, for the proof of plans.
pub(crate) const STATEMENTS: &[Sql] = &[KEEP, DROP, UNMENTION, GONE, FORGET];

/// Files removed in one write; the next write takes the rest.
const REMOVED_MAX: usize = 100;

impl FileRef {
    /// The value of a file field.
    pub fn value(&self) -> Value {
        json!({ "hash": self.hash, "name": self.name, "bytes": self.bytes, "media": self.media })
    }
}

impl Register {
    /// Stores bytes under their hash, durably, and notes the file; the same bytes are stored once.
    ///
    /// Errors: `too-large` past [`UPLOAD_BYTES_MAX`], `storage`.
    pub fn store_file(
        &self,
        now: Timestamp,
        from: &mut dyn Read,
        name: &str,
        media: &str,
    ) -> Result<FileRef> {
        let (part, hash, bytes) = self.receive(from)?;
        let file = FileRef { hash, name: name.to_owned(), bytes, media: media.to_owned() };
        // Put in place under the writer lock, so that no removal of the same bytes comes between bytes and row.
        self.write_now(now, move |writer| writer.keep_file(&part, file)).map(|written| written.value)
    }

    /// Where the bytes of a hash lie, if they are here.
    pub fn file(&self, hash: &str) -> Option<PathBuf> {
        self.0.shared.object(hash).filter(|path| path.is_file())
    }

    /// Takes bytes into a part file, hashing as they come; a part that fails is removed.
    fn receive(&self, from: &mut dyn Read) -> Result<(PathBuf, String, u64)> {
        let name = hex(&self.0.shared.draw::<16>());
        let part = self.0.shared.objects.join(format!("{name}.part"));
        let received = copy(from, &part);
        if received.is_err() {
            drop(std::fs::remove_file(&part));
        }
        received.map(|(hash, bytes)| (part, hash, bytes))
    }
}

impl Shared {
    fn object(&self, hash: &str) -> Option<PathBuf> {
        let sound = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'));
        let folder = hash.get(..2).filter(|_| sound)?;
        Some(self.objects.join(folder).join(hash))
    }

    /// Removes the bytes of files no record names any more, under the writer lock that `conn` holds; gives how many.
    ///
    /// Bytes go before their row: whoever is stopped in between finds the row and goes on.
    pub(crate) fn remove_gone(&self, conn: &Conn) -> Result<usize> {
        let gone = conn.query(GONE, &[REMOVED_MAX.into()])?;
        for row in &gone {
            let hash = row.text(0)?;
            match self.object(&hash).map_or(Ok(()), std::fs::remove_file) {
                Err(e) if e.kind() != ErrorKind::NotFound => {
                    return Err(Fault::storage("removing a file", e));
                }
                _ => conn.execute(FORGET, &[hash.into()])?,
            };
        }
        Ok(gone.len())
    }
}

fn copy(from: &mut dyn Read, part: &PathBuf) -> Result<(String, u64)> {
    let failed = |e| Fault::storage("storing a file", e);
    let mut file = File::create(part).map_err(failed)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let n = from.read(&mut buffer).map_err(failed)?;
        let Some(read) = buffer.get(..n).filter(|read| !read.is_empty()) else { break };
        bytes += n;
        if bytes > UPLOAD_BYTES_MAX {
            return Err(Fault::TooLarge { what: "file", most: UPLOAD_BYTES_MAX as u64 });
        }
        hash.update(read);
        file.write_all(read).map_err(failed)?;
    }
    file.sync_all().map_err(failed)?;
    Ok((hex(&hash.finalize()), bytes as u64))
}

impl Reader<'_> {
    /// The file of this hash that a layer of the record names which the asker may read without opening.
    pub fn file_of(&self, me: &Asker, key: &Key, hash: &str) -> Result<FileRef> {
        let record = self.find(me, key)?;
        named(&record.fields, hash).ok_or(Fault::NotFound)
    }
}

impl Writer<'_> {
    fn keep_file(&mut self, part: &Path, file: FileRef) -> Result<FileRef> {
        let failed = |e| Fault::storage("storing a file", e);
        let place = self.shared.object(&file.hash).ok_or_else(|| Fault::damaged("hash"))?;
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
            std::fs::rename(part, &place).map_err(failed)?;
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        let (hash, name, media) = (file.hash.as_str(), file.name.as_str(), file.media.as_str());
        let values = [hash.into(), file.bytes.into(), name.into(), media.into(), self.now.into()];
        self.conn.execute(KEEP, &values)?;
        Ok(file)
    }

    /// Takes away what an erased record says of files; those it was the last to name are removed after the commit.
    pub(crate) fn drop_files(&mut self, record: i64) -> Result<()> {
        let dropped = self.conn.execute(DROP, &[record.into()])?;
        self.conn.execute(UNMENTION, &[record.into()])?;
        self.head.files_gone |= dropped > 0;
        Ok(())
    }
}

/// The hashes of the files that the fields name.
pub(crate) fn hashes(fields: &Fields) -> Vec<String> {
    let mut found = Vec::new();
    fields.values().for_each(|value| collect(&mut found, value));
    found.sort();
    found.dedup();
    found
}

fn collect(found: &mut Vec<String>, value: &Value) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| collect(found, item)),
        Value::Object(map) => {
            found.extend(map.get("hash").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|item| collect(found, item));
        }
        _ => {}
    }
}

/// The file of this hash among the fields, whether alone, in a list or in a group.
pub(crate) fn named(fields: &Fields, hash: &str) -> Option<FileRef> {
    fields.values().find_map(|value| search(value, hash))
}

fn search(value: &Value, hash: &str) -> Option<FileRef> {
    match value {
        Value::Array(list) => list.iter().find_map(|item| search(item, hash)),
        Value::Object(map) if map.get("hash").and_then(Value::as_str) == Some(hash) => {
            let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let bytes = map.get("bytes").and_then(Value::as_u64).unwrap_or_default();
            Some(FileRef { hash: hash.to_owned(), name: text("name"), bytes, media: text("media") })
        }
        Value::Object(map) => map.values().find_map(|item| search(item, hash)),
        _ => None,
    }
}
