//! The database misbehaving on demand, and a look at its rows behind the program's back.

use crate::world::Place;
use domain::secret::Secret;
use store::Database;

impl Place {
    /// Runs SQL that both databases take, past the program, and returns the first column of its rows.
    #[must_use]
    pub fn sql(&self, text: &str) -> Vec<String> {
        self.sql_each(text, text)
    }

    /// From now on `act`, a statement, runs in the transaction of whatever does `what` to a row of
    /// `table`: `after_each("DELETE", "sign_in_attempts", "UPDATE persons SET …")`.
    pub fn after_each(&self, what: &str, table: &str, act: &str) {
        self.trigger(&format!("AFTER {what}"), table, act, act);
    }

    /// From now on the database refuses to do `what` to rows of `table`, until [`Self::mend`].
    pub fn refuse(&self, what: &str, table: &str) {
        let when = format!("BEFORE {what}");
        self.trigger(&when, table, "SELECT RAISE(ABORT, 'refused')", "RAISE EXCEPTION 'refused'");
    }

    /// Takes the trigger of `table` away again.
    pub fn mend(&self, table: &str) {
        let drop = format!("DROP TRIGGER on_{table}");
        let _ = self.sql_each(&drop, &format!("{drop} ON {table}"));
    }

    fn trigger(&self, when: &str, table: &str, sqlite: &str, postgres: &str) {
        let _ = self.sql_each(
            &format!("CREATE TRIGGER on_{table} {when} ON {table} BEGIN {sqlite}; END"),
            &format!(
                "CREATE OR REPLACE FUNCTION on_{table}() RETURNS trigger LANGUAGE plpgsql AS
                     $f$ BEGIN {postgres}; RETURN NULL; END $f$;
                 CREATE TRIGGER on_{table} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION on_{table}()"
            ),
        );
    }

    fn sql_each(&self, sqlite: &str, postgres: &str) -> Vec<String> {
        match self.database() {
            Database::Sqlite { path } => {
                // A program that was started here keeps its data in a folder of its own.
                let of_program = self.folder().join("data/keyward.db");
                let path = if of_program.exists() { of_program } else { path };
                in_file(&path, sqlite).expect("a statement for SQLite")
            }
            Database::Postgres { url } => {
                let printed = on_server(&url, postgres);
                printed.lines().map(str::to_owned).collect()
            }
        }
    }
}

fn in_file(path: &std::path::Path, text: &str) -> rusqlite::Result<Vec<String>> {
    let connection = rusqlite::Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let mut statement = connection.prepare(text)?;
    if statement.column_count() == 0 {
        statement.execute([])?;
        return Ok(Vec::new());
    }
    let rows = statement.query_map([], |row| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            rusqlite::types::ValueRef::Integer(n) => n.to_string(),
            _ => String::new(),
        })
    })?;
    rows.collect()
}

fn on_server(url: &Secret, text: &str) -> String {
    crate::postgres::sql(url.expose(), text).expect("a statement for PostgreSQL")
}
