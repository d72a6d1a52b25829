use crate::{dialect::Dialect, driver::Driver, table_tests::world::World};
use std::path::Path;

/// Rule 7 of the house: one text for both databases, and every text is one that both take.
#[tokio::test(flavor = "multi_thread")]
async fn every_statement_can_be_prepared() {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 60, "the search for statements finds only {}", found.len());
    let world = World::new().await;
    let failed: Vec<String> = world
        .record(move |b| {
            let dialect = b.driver.dialect();
            let mut failed = Vec::new();
            for sql in &found {
                if dialect == Dialect::Sqlite && sql.contains("pg_") {
                    continue;
                }
                if let Err(why) = prepare(&mut b.driver, sql) {
                    failed.push(format!("{sql}\n  {why:?}"));
                }
            }
            Ok(failed)
        })
        .await
        .unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn prepare(driver: &mut Driver, sql: &str) -> Result<(), crate::Error> {
    match driver {
        Driver::Sqlite(connection) => connection.prepare(sql),
        Driver::Postgres(connection) => connection.prepare(sql),
    }
}

/// Literals that are whole statements, in the sources that are no tests.
#[allow(clippy::disallowed_methods, reason = "the test reads the crate's own sources")]
fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        if path.is_dir() && !name.ends_with("tests") {
            collect(&path, found);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            found.extend(code.split('"').filter(|t| is_statement(t)).map(str::to_owned));
        }
    }
}

/// Begins with a verb and is neither half of one nor a pattern for one.
fn is_statement(text: &str) -> bool {
    ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "]
        .iter()
        .any(|verb| text.starts_with(verb))
        && !text.contains('{')
        && !text.trim_end().ends_with("FROM")
        // Columns, to which `FROM` comes later.
        && (!text.starts_with("SELECT k.") || text.contains(" FROM "))
        && !text.trim_end().ends_with("WHERE")
}
