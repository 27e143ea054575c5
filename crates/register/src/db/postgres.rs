//! PostgreSQL by `postgres`: READ COMMITTED for the one writer, one snapshot for readers.

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error;

use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use super::{Row, Value};
use crate::fault::{Fault, Result};

/// Statements kept prepared on the server.
const STATEMENTS: usize = 1_000;

/// Every statement is written for one index and one order of tables. The planner is told to keep to them: what is fast
/// on the day it was measured must not be planned anew when statistics change or are not there yet, as after an
/// import. Plans are made once for a statement, whatever its values.
const SETTINGS: &str = "set plan_cache_mode = force_generic_plan; set join_collapse_limit = 1; set jit = off;
    set enable_seqscan = off; set enable_bitmapscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
    set enable_sort = off; set enable_material = off; set enable_memoize = off; set max_parallel_workers_per_gather = 0";

pub(crate) struct Postgres {
    client: RefCell<Client>,
    statements: RefCell<HashMap<String, Statement>>,
}

impl Postgres {
    pub(crate) fn open(config: &str) -> Result<Postgres> {
        let mut client = Client::connect(config, NoTls).map_err(|e| failed("connecting", &e))?;
        client.batch_execute(SETTINGS).map_err(|e| failed("connecting", &e))?;
        Ok(Postgres { client: RefCell::new(client), statements: RefCell::new(HashMap::new()) })
    }

    pub(crate) fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let statement = self.statement(sql)?;
        let found =
            self.client.borrow_mut().query(&statement, &given(values)).map_err(|e| failed(sql, &e))?;
        found.iter().map(read).collect()
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let statement = self.statement(sql)?;
        self.client.borrow_mut().execute(&statement, &given(values)).map_err(|e| failed(sql, &e))
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<()> {
        self.client.borrow_mut().batch_execute(sql).map_err(|e| failed(sql, &e))
    }

    pub(crate) fn sound(&self) -> bool {
        !self.client.borrow().is_closed()
    }

    fn statement(&self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.borrow_mut().prepare(sql).map_err(|e| failed(sql, &e))?;
        let mut kept = self.statements.borrow_mut();
        if kept.len() >= STATEMENTS {
            kept.clear();
        }
        kept.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// The driver's own text is only “db error”; the server's stands in its source.
fn failed(what: &str, error: &postgres::Error) -> Fault {
    let cause = error.source().map(|s| format!(": {s}")).unwrap_or_default();
    Fault::storage(what, format!("{error}{cause}"))
}

fn given(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|v| v as &(dyn ToSql + Sync)).collect()
}

fn read(row: &postgres::Row) -> Result<Row> {
    let values =
        (0..row.len()).map(|at| row.try_get::<_, Value>(at).map_err(|e| Fault::storage("reading a row", e)));
    Ok(Row(values.collect::<Result<_>>()?))
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Value::Int(n) => n.to_sql(&Type::INT8, out),
            Value::Text(text) => text.to_sql(&Type::TEXT, out),
            Value::Bytes(bytes) => bytes.to_sql(&Type::BYTEA, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Value, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT4 => Value::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(Vec::from_sql(ty, raw)?),
            _ => Value::Text(String::from_sql(&Type::TEXT, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Value, Box<dyn Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA | Type::NAME)
    }
}
