//! Every statement of the register in one list, so that a test prepares and explains each on both stores.

use super::dialect::COLUMNS;
use super::{Conn, Sql, Store, Value, tuples};
use crate::fault::Result;
use crate::reader::{Reader, among};
use crate::{
    account, admit, around, behalf, chain, channel, counts, create, credits, delivery, erase, factor, file,
    find, forget, history, identity, invited, job, joining, link, merge, notice, open, privacy, reckon, ring,
    seen, session, stations, substitute, tied, told, trail, verify, whole, work,
};

const ROOMS: [&[Sql]; 35] = [
    account::STATEMENTS,
    around::STATEMENTS,
    behalf::STATEMENTS,
    chain::STATEMENTS,
    channel::STATEMENTS,
    counts::STATEMENTS,
    create::STATEMENTS,
    credits::STATEMENTS,
    delivery::STATEMENTS,
    erase::STATEMENTS,
    factor::STATEMENTS,
    file::STATEMENTS,
    find::STATEMENTS,
    forget::STATEMENTS,
    history::STATEMENTS,
    identity::STATEMENTS,
    invited::STATEMENTS,
    job::STATEMENTS,
    joining::STATEMENTS,
    link::STATEMENTS,
    merge::STATEMENTS,
    notice::STATEMENTS,
    open::STATEMENTS,
    privacy::STATEMENTS,
    reckon::STATEMENTS,
    ring::STATEMENTS,
    seen::STATEMENTS,
    session::STATEMENTS,
    stations::STATEMENTS,
    substitute::STATEMENTS,
    tied::STATEMENTS,
    told::STATEMENTS,
    trail::STATEMENTS,
    verify::STATEMENTS,
    whole::STATEMENTS,
];

/// All statements, open ones completed.
fn all() -> Vec<String> {
    let fixed = ROOMS.iter().flat_map(|room| room.iter()).map(|sql| (*sql).to_owned());
    let open = [find::OPEN_STATEMENTS, whole::OPEN_STATEMENTS, admit::OPEN_STATEMENTS, work::OPEN_STATEMENTS]
        .into_iter()
        .flatten();
    let open = open.map(|sql| format!("{sql}{}", among(0, &[Value::Null, Value::Null]).0));
    let inserts = whole::INSERTS.iter().map(|(sql, width)| format!("{sql} values {}", tuples(0, 1, *width)));
    fixed.chain(open).chain(inserts).collect()
}

/// Every fixed statement with its plan; an error names a statement the store does not take.
pub fn explain_all(reader: &Reader<'_>) -> Result<Vec<(String, Vec<String>)>> {
    all().into_iter().map(|sql| explain(reader.conn, &sql).map(|plan| (sql, plan))).collect()
}

/// The plan of any statement; to hold the proof itself against statements known to be bad.
pub fn plan_of(reader: &Reader<'_>, sql: &str) -> Result<Vec<String>> {
    explain(reader.conn, sql)
}

/// The plan of a statement as it would be run, one line a step.
pub(crate) fn explain(conn: &Conn, sql: &str) -> Result<Vec<String>> {
    let count = (1..).take_while(|n| sql.contains(&format!("${n}"))).count();
    match conn.store() {
        Store::Sqlite => {
            let values = vec![Value::Null; count];
            let rows = conn.query(&format!("explain query plan {sql}"), &values)?;
            rows.iter().map(|row| row.text(3)).collect()
        }
        Store::Postgres => {
            conn.batch(&format!("prepare probe as {sql}"))?;
            let nulls = vec!["null"; count].join(", ");
            let given = if count == 0 { String::new() } else { format!("({nulls})") };
            let plan = conn.query(&format!("explain (costs off) execute probe{given}"), &[]);
            conn.batch("deallocate probe")?;
            plan?.iter().map(|row| row.text(0)).collect()
        }
    }
}

/// Tables with their columns, `table.column` and whether it must be filled; the same on both stores.
pub fn schema_of(reader: &Reader<'_>) -> Result<Vec<(String, String, i64)>> {
    let rows = reader.conn.query(COLUMNS.on(reader.conn.store()), &[])?;
    rows.iter()
        .map(|row| Ok((format!("{}.{}", row.text(0)?, row.text(1)?), row.text(2)?, row.int(3)?)))
        .collect()
}
