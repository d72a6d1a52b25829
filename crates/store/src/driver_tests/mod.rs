//! How writes run, how memory is kept true, and whether the audit log holds: on a real database,
//! which `KEYWARD_TEST_DATABASE` names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod audit;
mod audit_list;
mod embedded;
mod feed;
mod load;
mod migrations;
mod prune;
mod statements;
mod writes;

use crate::{Error, Read, Tx, table_tests::world::World};
use domain::key::Key;

/// How many rows a table has.
fn count(r: &mut Read, sql: &'static str) -> Result<i64, Error> {
    r.query_one(sql, &[])?.unwrap().int(0)
}

/// Events, changes and keys.
async fn counts(world: &World) -> (i64, i64, i64) {
    world
        .read(|r| {
            Ok((
                count(r, "SELECT count(*) FROM audit_events")?,
                count(r, "SELECT count(*) FROM changes")?,
                count(r, "SELECT count(*) FROM keys")?,
            ))
        })
        .await
}

/// Whether the key passes now, as the verifier of this node knows it.
fn verdict(world: &World, n: u128) -> domain::verdict::Verdict {
    let asked = domain::verdict::Request {
        tenant: None,
        key_types: domain::verdict::KeyTypes::Any,
        wants: domain::permission::Wants::Nothing,
        origin: None,
        address: None,
        method: None,
        path: None,
    };
    world
        .verifier
        .inspect(
            &crate::table_tests::world::digest(n),
            crate::table_tests::world::now(),
            &asked,
            |o| o.verdict,
        )
        .unwrap()
}

/// Polls until `done`, at most about `tenths` tenths of a second.
async fn within(tenths: u32, mut done: impl FnMut() -> bool) -> bool {
    for _ in 0..tenths * 10 {
        if done() {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    done()
}

/// Runs a statement that no operation of the program has: tampering, triggers.
async fn sql(world: &World, text: impl Into<String>) {
    let text = text.into();
    world.record(move |b| b.driver.batch(&text)).await.unwrap();
}

fn insert(tx: &mut Tx, key: &Key) -> Result<(), Error> {
    use crate::table_tests::world::{digest, stored};
    let n = u128::from_be_bytes(*key.id.as_bytes());
    crate::keys::insert(tx, key, &[stored(n, 0)], &[digest(n)])
}
