//! SQLite by `rusqlite`: one file, write-ahead log, `synchronous = FULL`.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};

use super::{Row, Value};
use crate::fault::{Fault, Result};

/// Statements kept prepared: the fixed ones and the usual shapes of lists.
const STATEMENTS: usize = 512;

/// The file is read as memory as far as SQLite goes (2 GiB): lists of a million records touch pages all over it, and
/// the cache of one connection holds few of them.
const SETTINGS: &str = "pragma journal_mode = wal; pragma synchronous = full; pragma temp_store = memory;
    pragma cache_size = -65536; pragma mmap_size = 2147418112; pragma wal_autocheckpoint = 4000;
    pragma secure_delete = fast;";

pub(crate) struct Sqlite(Connection);

impl Sqlite {
    pub(crate) fn open(path: &Path) -> Result<Sqlite> {
        let conn = Connection::open(path).map_err(|e| Fault::storage("opening the store", e))?;
        conn.busy_timeout(Duration::from_secs(10)).map_err(|e| Fault::storage("opening the store", e))?;
        conn.execute_batch(SETTINGS).map_err(|e| Fault::storage("opening the store", e))?;
        // Without this a statement is planned anew whenever a bound value changes, which costs more than running it.
        let steady = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true);
        steady.map_err(|e| Fault::storage("opening the store", e))?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(Sqlite(conn))
    }

    pub(crate) fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        self.try_query(sql, values).map_err(|e| Fault::storage(sql, e))
    }

    fn try_query(&self, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.0.prepare_cached(&numbered(sql))?;
        let width = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(width);
            for at in 0..width {
                values.push(read(row.get_ref(at)?));
            }
            found.push(Row(values));
        }
        Ok(found)
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let run = || self.0.prepare_cached(&numbered(sql))?.execute(params_from_iter(values));
        run().map(|n| n as u64).map_err(|e| Fault::storage(sql, e))
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        // `begin` and `commit` frame every read: parsed once, like any other statement.
        let run = || match sql.contains(';') {
            true => self.0.execute_batch(sql),
            false => self.0.prepare_cached(sql)?.execute([]).map(drop),
        };
        run().map_err(|e| Fault::storage(sql, e))
    }

    /// A connection left inside a transaction is not given to the next reader.
    pub(crate) fn sound(&self) -> bool {
        self.0.is_autocommit()
    }
}

/// `$1` is a name in SQLite, numbered by first appearance; `?1` is a number.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn read(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Text(x.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
