//! `SQLite`: how a connection is opened, and statements on it.

use crate::{
    Error, Options,
    dialect::Dialect,
    error::Refused,
    value::{Row, Value},
};
use rusqlite::{
    OpenFlags,
    types::{ToSqlOutput, ValueRef},
};
use std::{collections::HashMap, path::Path};

/// Statements that a connection keeps prepared: more than the program has.
const PREPARED: usize = 256;
/// How many times a reader's cache the writer has.
const WRITER_CACHE: u32 = 8;

pub(crate) struct Connection {
    connection: rusqlite::Connection,
    /// Statements as `SQLite` takes them, by the text they were written in.
    texts: HashMap<String, Box<str>>,
    pub(crate) failed: bool,
    /// The extended code of the last failure, for whoever ends the transaction.
    pub(crate) last_code: i32,
}

impl Connection {
    /// Opens for writing, making the file where there is none.
    pub(crate) fn writer(path: &Path, options: &Options) -> Result<Self, Error> {
        let connection = Self::open(path, OpenFlags::SQLITE_OPEN_CREATE, options)?;
        connection
            .connection
            .execute_batch(&format!(
                "PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = {};
                 PRAGMA secure_delete = ON;
                 PRAGMA journal_size_limit = 67108864;
                 PRAGMA wal_autocheckpoint = 8000;
                 PRAGMA cache_size = -{};",
                if options.fsync { "FULL" } else { "OFF" },
                // The index of look-ups is hit at random, and what falls out of the cache in the
                // middle of a large transaction goes through the journal and back.
                options.cache_kib.saturating_mul(WRITER_CACHE),
            ))
            .map_err(|e| failure(&e))?;
        Ok(connection)
    }

    /// Opens for reading; refused by `SQLite` itself when it writes.
    pub(crate) fn reader(path: &Path, options: &Options) -> Result<Self, Error> {
        let connection = Self::open(path, OpenFlags::empty(), options)?;
        connection.connection.execute_batch("PRAGMA query_only = ON;").map_err(|e| failure(&e))?;
        Ok(connection)
    }

    fn open(path: &Path, create: OpenFlags, options: &Options) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
        let connection =
            rusqlite::Connection::open_with_flags(path, flags).map_err(|e| failure(&e))?;
        // The timeout first: switching to WAL already wants a lock.
        connection
            .execute_batch(&format!(
                "PRAGMA busy_timeout = 2000;
                 PRAGMA foreign_keys = ON;
                 PRAGMA temp_store = MEMORY;
                 PRAGMA cache_size = -{};
                 PRAGMA trusted_schema = OFF;",
                options.cache_kib,
            ))
            .map_err(|e| failure(&e))?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        Ok(Self { connection, texts: HashMap::new(), failed: false, last_code: 0 })
    }

    pub(crate) fn query(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Error> {
        let result = self.try_query(sql, args);
        self.note(result)
    }

    pub(crate) fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, Error> {
        let result = self.try_execute(sql, args);
        self.note(result)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let result = self.connection.execute_batch(sql);
        self.note(result)
    }

    /// A statement without values or answer, kept prepared.
    pub(crate) fn control(&mut self, sql: &str) -> Result<(), Error> {
        let result = self.connection.prepare_cached(sql).and_then(|mut s| s.execute([])).map(drop);
        self.note(result)
    }

    /// Whether there is no transaction: an error may have ended it (disk full, I/O).
    pub(crate) fn is_autocommit(&self) -> bool {
        self.connection.is_autocommit()
    }

    #[cfg(test)]
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<(), Error> {
        let result = self.connection.prepare(text(&mut self.texts, sql)).map(drop);
        result.map_err(|error| failure(&error))
    }

    fn note<T>(&mut self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| {
            self.failed = true;
            self.last_code = error.sqlite_error().map_or(0, |sqlite| sqlite.extended_code);
            failure(&error)
        })
    }

    fn try_query(&mut self, sql: &str, args: &[Value]) -> rusqlite::Result<Vec<Row>> {
        let mut statement = self.connection.prepare_cached(text(&mut self.texts, sql))?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(args))?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(value(row.get_ref(column)?));
            }
            all.push(Row(values));
        }
        Ok(all)
    }

    fn try_execute(&mut self, sql: &str, args: &[Value]) -> rusqlite::Result<u64> {
        let mut statement = self.connection.prepare_cached(text(&mut self.texts, sql))?;
        let mut rows = statement.query(rusqlite::params_from_iter(args))?;
        // A statement with RETURNING is done only when its rows were read.
        while rows.next()?.is_some() {}
        drop(rows);
        drop(statement);
        Ok(self.connection.changes())
    }
}

fn text<'a>(texts: &'a mut HashMap<String, Box<str>>, sql: &str) -> &'a str {
    if !texts.contains_key(sql) {
        // Lists have texts of their own; their number is small, but nothing may grow for ever.
        if texts.len() >= 4 * PREPARED {
            texts.clear();
        }
        let written = Dialect::Sqlite.statement(sql).into_owned();
        texts.insert(sql.to_owned(), written.into());
    }
    texts.get(sql).map_or("", |text| text)
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        // STRICT tables hold none; an aggregate could make one.
        #[expect(clippy::cast_possible_truncation, reason = "whole numbers only")]
        ValueRef::Real(x) => Value::Int(x as i64),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(_) => Value::Blob(bytes.to_vec()),
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Bool(b) => ValueRef::Integer((*b).into()),
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// `SQLite`'s messages name tables and columns, never values.
pub(crate) fn failure(error: &rusqlite::Error) -> Error {
    let state =
        error.sqlite_error().map_or_else(String::new, |sqlite| sqlite.extended_code.to_string());
    Error::unavailable(Refused { state, message: error.to_string() })
}
