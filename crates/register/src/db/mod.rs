//! The stores: one small face over `rusqlite` and `postgres`, synchronous, with cached statements.
//!
//! Nothing outside this folder names a driver. Statements are `const` [`Sql`] or made by `list`; placeholders are
//! `$1`, `$2`, …; what must differ between the stores stands in [`dialect`] with its reason. Start at [`Conn`].

pub(crate) mod dialect;
mod postgres;
mod sqlite;
mod statements;

use base::id::RecordId;
use jiff::Timestamp;

use crate::fault::{Fault, Result};

pub(crate) use statements::explain;
pub use statements::{explain_all, plan_of, schema_of};

/// A statement, the same text for both stores.
pub type Sql = &'static str;

/// Which store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// One file in a folder.
    Sqlite,
    /// A PostgreSQL database.
    Postgres,
}

/// A value on its way in or out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// One connection.
pub(crate) enum Conn {
    Sqlite(sqlite::Sqlite),
    Postgres(Box<postgres::Postgres>),
}

/// How to connect again.
#[derive(Clone)]
pub(crate) enum At {
    Sqlite(std::path::PathBuf),
    Postgres(String),
}

impl At {
    pub(crate) fn connect(&self) -> Result<Conn> {
        match self {
            At::Sqlite(path) => sqlite::Sqlite::open(path).map(Conn::Sqlite),
            At::Postgres(config) => postgres::Postgres::open(config).map(Box::new).map(Conn::Postgres),
        }
    }

    pub(crate) fn store(&self) -> Store {
        match self {
            At::Sqlite(_) => Store::Sqlite,
            At::Postgres(_) => Store::Postgres,
        }
    }
}

impl Conn {
    pub(crate) fn store(&self) -> Store {
        match self {
            Conn::Sqlite(_) => Store::Sqlite,
            Conn::Postgres(_) => Store::Postgres,
        }
    }

    /// The rows of a query.
    pub(crate) fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        match self {
            Conn::Sqlite(c) => c.query(sql, values),
            Conn::Postgres(c) => c.query(sql, values),
        }
    }

    /// The first row of a query.
    pub(crate) fn one(&self, sql: &str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// Rows touched by a statement.
    pub(crate) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        match self {
            Conn::Sqlite(c) => c.execute(sql, values),
            Conn::Postgres(c) => c.execute(sql, values),
        }
    }

    /// Several statements without values, in one round trip.
    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        match self {
            Conn::Sqlite(c) => c.batch(sql),
            Conn::Postgres(c) => c.batch(sql),
        }
    }

    /// Whether the connection may be used again.
    pub(crate) fn sound(&self) -> bool {
        match self {
            Conn::Sqlite(c) => c.sound(),
            Conn::Postgres(c) => c.sound(),
        }
    }

    /// Inserts rows, of equal width for each beginning: a few rows in one round trip, many some hundred at a time.
    pub(crate) fn insert(&self, sets: Vec<(Sql, Vec<Vec<Value>>)>) -> Result<()> {
        let sets: Vec<_> = sets.into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
        let few = sets.iter().map(|(_, rows)| rows.len()).sum::<usize>() <= INSERT_ROWS;
        match self {
            Conn::Postgres(_) if few => self.insert_at_once(sets),
            _ => sets.into_iter().try_for_each(|(head, rows)| self.insert_set(head, rows)),
        }
    }

    /// Inserts into several tables by one statement. SQLite knows no inserts inside a query, and has no round trips
    /// to save.
    fn insert_at_once(&self, sets: Vec<(Sql, Vec<Vec<Value>>)>) -> Result<()> {
        let (mut parts, mut values) = (Vec::with_capacity(sets.len()), Vec::new());
        for (at, (head, rows)) in sets.into_iter().enumerate() {
            let tuples = tuples(values.len(), rows.len(), rows.first().map_or(0, Vec::len));
            parts.push(format!("w{at} as ({head} values {tuples})"));
            values.extend(rows.into_iter().flatten());
        }
        if parts.is_empty() {
            return Ok(());
        }
        self.execute(&format!("with {} select 1", parts.join(", ")), &values).map(drop)
    }

    fn insert_set(&self, head: Sql, rows: Vec<Vec<Value>>) -> Result<()> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(INSERT_ROWS).collect();
            let width = chunk.first().map_or(0, Vec::len);
            let sql = format!("{head} values {}", tuples(0, chunk.len(), width));
            self.execute(&sql, &chunk.concat())?;
        }
        Ok(())
    }
}

/// Rows of one insert: 18 columns of them stay below every driver's parameter limit.
const INSERT_ROWS: usize = 200;

/// `($1, $2), ($3, $4)`, after so many values before.
fn tuples(before: usize, rows: usize, width: usize) -> String {
    let one = |row: usize| {
        let names: Vec<String> = (1..=width).map(|c| format!("${}", before + row * width + c)).collect();
        format!("({})", names.join(", "))
    };
    (0..rows).map(one).collect::<Vec<_>>().join(", ")
}

/// One row of an answer.
#[derive(Debug)]
pub(crate) struct Row(pub(crate) Vec<Value>);

impl Row {
    fn take(&self, at: usize) -> Result<&Value> {
        self.0.get(at).ok_or_else(|| Fault::damaged("row: too few columns"))
    }

    pub(crate) fn int(&self, at: usize) -> Result<i64> {
        match self.take(at)? {
            Value::Int(n) => Ok(*n),
            _ => Err(Fault::damaged("row: not a number")),
        }
    }

    pub(crate) fn int_or_null(&self, at: usize) -> Result<Option<i64>> {
        match self.take(at)? {
            Value::Null => Ok(None),
            _ => self.int(at).map(Some),
        }
    }

    pub(crate) fn text(&self, at: usize) -> Result<String> {
        match self.take(at)? {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(Fault::damaged("row: not a text")),
        }
    }

    pub(crate) fn text_or_null(&self, at: usize) -> Result<Option<String>> {
        match self.take(at)? {
            Value::Null => Ok(None),
            _ => self.text(at).map(Some),
        }
    }

    pub(crate) fn bytes(&self, at: usize) -> Result<Vec<u8>> {
        self.bytes_or_null(at)?.ok_or_else(|| Fault::damaged("row: no bytes"))
    }

    pub(crate) fn bytes_or_null(&self, at: usize) -> Result<Option<Vec<u8>>> {
        match self.take(at)? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes.clone())),
            _ => Err(Fault::damaged("row: not bytes")),
        }
    }

    pub(crate) fn id(&self, at: usize) -> Result<RecordId> {
        self.id_or_null(at)?.ok_or_else(|| Fault::damaged("row: no id"))
    }

    pub(crate) fn id_or_null(&self, at: usize) -> Result<Option<RecordId>> {
        let Some(bytes) = self.bytes_or_null(at)? else { return Ok(None) };
        let sixteen = <[u8; 16]>::try_from(bytes).map_err(|_| Fault::damaged("id"))?;
        Ok(Some(RecordId::from_bytes(sixteen)))
    }

    pub(crate) fn time(&self, at: usize) -> Result<Timestamp> {
        Timestamp::from_microsecond(self.int(at)?).map_err(|e| Fault::storage("damaged time", e))
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(n)
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Value {
        Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(n: usize) -> Value {
        Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Value {
        Value::Int(i64::from(yes))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<RecordId> for Value {
    fn from(id: RecordId) -> Value {
        Value::Bytes(id.as_bytes().to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Bytes(bytes)
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Value {
        Value::Int(at.as_microsecond())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}
