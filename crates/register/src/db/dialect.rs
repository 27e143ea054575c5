//! The statements that must differ between the stores, each with its reason. Nothing else may.

use super::Store;

/// A statement in both tongues.
pub struct Fork {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
    /// Why one text would not do.
    pub reason: &'static str,
}

impl Fork {
    /// The text for a store.
    pub(crate) fn on(&self, store: Store) -> &'static str {
        match store {
            Store::Sqlite => self.sqlite,
            Store::Postgres => self.postgres,
        }
    }
}

/// Starts a write and takes the one writer lock.
pub(crate) const BEGIN_WRITE: Fork = Fork {
    sqlite: "begin immediate",
    postgres: "begin isolation level read committed; select pg_advisory_xact_lock(4850112001)",
    reason: "SQLite locks the file as it begins; PostgreSQL needs a named lock, and reads what was committed before it",
};

/// Starts a read of one snapshot.
pub(crate) const BEGIN_READ: Fork = Fork {
    sqlite: "begin deferred",
    postgres: "begin isolation level repeatable read read only",
    reason: "every SQLite transaction is a snapshot; PostgreSQL has to be asked for one",
};

/// Says that this process works on the store, for as long as the connection lives.
pub(crate) const JOIN: Fork = Fork {
    sqlite: "select $1",
    postgres: "select 1 from (select pg_advisory_lock_shared(48501, $1)) as held",
    reason: "a SQLite folder has one process (its lock file); processes on PostgreSQL must see one another",
};

/// How many live processes hold another catalogue.
pub(crate) const STRANGERS: Fork = Fork {
    sqlite: "select 0 where $1 = 0",
    postgres: "select count(*) from pg_locks where locktype = 'advisory' and classid = 48501
               and database = (select oid from pg_database where datname = current_database())
               and objid::bigint <> $1",
    reason: "as above",
};

/// Columns of every table, for the comparison of schemas.
pub(crate) const COLUMNS: Fork = Fork {
    sqlite:
        "select m.name, c.name, lower(c.type), c.\"notnull\" from sqlite_master m, pragma_table_info(m.name) c
             where m.type = 'table' and m.name not like 'sqlite_%' order by 1, 2",
    postgres: "select table_name::text, column_name::text, data_type::text, (is_nullable = 'NO')::int
               from information_schema.columns where table_schema = current_schema() order by 1, 2",
    reason: "the catalogues of the stores themselves have nothing in common",
};

/// Words of the migrations.
pub(crate) const WORDS: [(&str, Fork); 5] = [
    (
        "bigint",
        Fork {
            sqlite: "integer",
            postgres: "bigint",
            reason: "a strict table in SQLite knows only integer, which holds 64 bits and makes the key the row itself",
        },
    ),
    ("{bytes}", Fork { sqlite: "blob", postgres: "bytea", reason: "name of the type" }),
    (
        "{text}",
        Fork {
            sqlite: "text",
            postgres: "text collate \"C\"",
            reason: "SQLite orders text byte by byte by default; PostgreSQL by the locale unless told",
        },
    ),
    ("{strict}", Fork { sqlite: " strict", postgres: "", reason: "PostgreSQL always checks types" }),
    (
        "{strict_rowless}",
        Fork {
            sqlite: " strict, without rowid",
            postgres: "",
            reason: "in SQLite the table is then the index of its primary key, one tree instead of two",
        },
    ),
];

/// Every fork, for the count.
pub const FORKS: [&Fork; 10] = [
    &BEGIN_WRITE,
    &BEGIN_READ,
    &JOIN,
    &STRANGERS,
    &COLUMNS,
    &WORDS[0].1,
    &WORDS[1].1,
    &WORDS[2].1,
    &WORDS[3].1,
    &WORDS[4].1,
];
