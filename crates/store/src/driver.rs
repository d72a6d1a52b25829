//! One connection, of either database.

use crate::{
    Error,
    dialect::Dialect,
    postgres, sqlite,
    value::{Row, Value},
};

pub(crate) enum Driver {
    Sqlite(sqlite::Connection),
    Postgres(postgres::Connection),
}

impl Driver {
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) fn query(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Error> {
        match self {
            Self::Sqlite(c) => c.query(sql, args),
            Self::Postgres(c) => c.query(sql, args),
        }
    }

    pub(crate) fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64, Error> {
        match self {
            Self::Sqlite(c) => c.execute(sql, args),
            Self::Postgres(c) => c.execute(sql, args),
        }
    }

    /// Statements that do not need each other's answers; `PostgreSQL` gets them in one go.
    pub(crate) fn execute_all(&mut self, statements: &[(&str, Vec<Value>)]) -> Result<(), Error> {
        match self {
            Self::Sqlite(c) => {
                statements.iter().try_for_each(|(sql, args)| c.execute(sql, args).map(drop))
            }
            Self::Postgres(c) => c.execute_all(statements),
        }
    }

    /// Several statements as one text, without values: migrations, the ends of transactions.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Self::Sqlite(c) => c.batch(sql),
            Self::Postgres(c) => c.batch(sql),
        }
    }

    /// Whether a statement failed since the last [`Self::forget_failure`]. Such an operation is
    /// undone whatever its closure returned, because `PostgreSQL` would turn its COMMIT into a
    /// ROLLBACK, and the two databases shall not differ.
    pub(crate) const fn has_failed(&self) -> bool {
        match self {
            Self::Sqlite(c) => c.failed,
            Self::Postgres(c) => c.failed,
        }
    }

    pub(crate) const fn forget_failure(&mut self) {
        match self {
            Self::Sqlite(c) => c.failed = false,
            Self::Postgres(c) => {
                c.failed = false;
                c.retry = false;
            }
        }
    }

    /// The audit log is written from here on, and has a bounded time for it.
    pub(crate) fn audit_begins(&mut self) {
        if let Self::Postgres(c) = self {
            c.start_deadline(postgres::AUDIT_WAIT);
        }
    }

    /// The audit log has the event; what is left is the commit, with a time of its own.
    pub(crate) fn commit_begins(&mut self) {
        if let Self::Postgres(c) = self {
            c.start_deadline(postgres::COMMIT_WAIT);
        }
    }

    pub(crate) fn clear_deadline(&mut self) {
        if let Self::Postgres(c) = self {
            c.clear_deadline();
        }
    }

    /// Whether the server asked for the operation to be run again.
    pub(crate) const fn may_run_again(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(c) => c.retry,
        }
    }

    /// Whether a statement is still under way that nobody waits for any more.
    pub(crate) const fn is_late(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(c) => c.late,
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(c) => c.is_closed(),
        }
    }

    /// Closes the connection instead of giving it back.
    pub(crate) fn discard(self) {
        if let Self::Postgres(c) = self {
            c.discard();
        }
    }
}
