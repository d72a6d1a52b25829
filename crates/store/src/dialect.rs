//! The places where the two databases do not take the same text.
//!
//! SQL is written once, with `$1` … `$n`. `SQLite` numbers `$n` by first appearance, so there it
//! becomes `?n`; it locks the whole file for a write, so row locks are left out.

use std::borrow::Cow;

/// Which database a text is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

const ROW_LOCKS: [&str; 2] = [" FOR UPDATE", " FOR SHARE"];

impl Dialect {
    /// A statement as this database takes it.
    pub(crate) fn statement(self, sql: &str) -> Cow<'_, str> {
        match self {
            Self::Postgres => Cow::Borrowed(sql),
            Self::Sqlite => Cow::Owned(for_sqlite(sql)),
        }
    }

    /// A migration as this database takes it: its types, and how a table ends, stand in braces.
    pub(crate) fn migration(self, text: &str) -> String {
        let words: [(&str, &str); 6] = match self {
            Self::Sqlite => [
                ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
                ("{int}", "INTEGER"),
                ("{bool}", "INTEGER"),
                ("{blob}", "BLOB"),
                ("{strict}", "STRICT"),
                ("{clustered}", "STRICT, WITHOUT ROWID"),
            ],
            Self::Postgres => [
                ("{serial}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
                ("{int}", "BIGINT"),
                ("{bool}", "BOOLEAN"),
                ("{blob}", "BYTEA"),
                (" {strict}", ""),
                (" {clustered}", ""),
            ],
        };
        words.iter().fold(text.to_owned(), |text, (word, own)| text.replace(word, own))
    }
}

fn for_sqlite(sql: &str) -> String {
    let sql = ROW_LOCKS.iter().fold(Cow::Borrowed(sql), |sql, lock| match sql.contains(lock) {
        true => Cow::Owned(sql.replace(lock, "")),
        false => sql,
    });
    let mut out = String::with_capacity(sql.len());
    let mut quoted = false;
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        quoted ^= c == '\'';
        let parameter = c == '$' && !quoted && chars.peek().is_some_and(char::is_ascii_digit);
        out.push(if parameter { '?' } else { c });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_by_their_number_and_row_locks_left_out() {
        let sql = "SELECT a FROM t WHERE b = $2 AND c = '$1' AND d = $1 FOR UPDATE";
        assert_eq!(
            Dialect::Sqlite.statement(sql),
            "SELECT a FROM t WHERE b = ?2 AND c = '$1' AND d = ?1"
        );
        assert_eq!(Dialect::Postgres.statement(sql), sql);
    }

    #[test]
    fn a_migration_names_the_types_of_its_database() {
        let text = "CREATE TABLE t (\n  a {int},\n  b {blob},\n  c {bool}\n) {strict};\n";
        assert_eq!(
            Dialect::Sqlite.migration(text),
            "CREATE TABLE t (\n  a INTEGER,\n  b BLOB,\n  c INTEGER\n) STRICT;\n"
        );
        assert!(Dialect::Postgres.migration(text).contains("c BOOLEAN\n);"));
    }
}
