//! Two nodes on one server. On `SQLite` there is one process, and nothing to test here.

use super::{insert, verdict, within};
use crate::{
    Apply, Database, Error, Secret,
    table_tests::world::{NOW, World, database, key},
};
use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, PersonId, Scope},
    secret::SecretDigest,
    token::{Token, TokenKind},
    verdict::Verdict,
};
use uuid::Uuid;

/// Two nodes, and the address of their database.
async fn nodes() -> Option<(World, World, String)> {
    let (database, _) = database().await;
    let Database::Postgres { url } = database else {
        return None;
    };
    let address = || Database::Postgres { url: Secret::new(url.expose().to_owned()) };
    let first = World::open(address(), None).await;
    let second = World::open(address(), None).await;
    Some((first, second, url.expose().to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_knows_a_change_within_a_second() {
    let Some((first, second, _)) = nodes().await else { return };
    first.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    assert_eq!(verdict(&first, 1), Verdict::Valid);
    assert!(within(10, || verdict(&second, 1) == Verdict::Valid).await);
    second.write(|tx| update(tx, 1, false)).await.unwrap();
    assert_eq!(verdict(&second, 1), Verdict::Disabled);
    assert!(within(10, || verdict(&first, 1) == Verdict::Disabled).await);
    first
        .write(|tx| {
            let key = crate::keys::find_by_id(tx, None, key(1, Scope::Cluster).id)?.unwrap();
            crate::keys::delete(tx, &key, NOW)
        })
        .await
        .unwrap();
    assert!(within(10, || verdict(&second, 1) == Verdict::NotFound).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_was_lost_reaches_memory_all_the_same() {
    let Some((first, _second, url)) = nodes().await else { return };
    first.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    let id = key(1, Scope::Cluster).id;
    let live = first.store.0.live.get().unwrap();
    // This node commits a change, and the feed passes it over as this node's own.
    let applies = [Apply::KeyRemoved { id, version: 2 }];
    live.expect_own(&applies);
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
        .batch_execute(&format!(
            "BEGIN; UPDATE keys SET enabled = false, version = 2;
             INSERT INTO changes (kind, id, version) VALUES (3, '{id}', 2); COMMIT"
        ))
        .await
        .unwrap();
    assert!(within(10, || live.own.as_ref().unwrap().lock().unwrap().is_empty()).await);
    assert_eq!(verdict(&first, 1), Verdict::Valid);
    // The connection broke before the server's word for it arrived.
    live.forget_own(&applies);
    assert!(within(10, || verdict(&first, 1) == Verdict::Disabled).await);
    assert!(live.doubtful().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_committed_late_is_not_passed_over() {
    let Some((first, second, url)) = nodes().await else { return };
    first.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    assert!(within(10, || verdict(&second, 1) == Verdict::Valid).await);

    // A transaction takes its number in the feed and stays open.
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let id = key(1, Scope::Cluster).id;
    client
        .batch_execute(&format!(
            "BEGIN; UPDATE keys SET enabled = false, version = 2;
             INSERT INTO changes (kind, id, version) VALUES (3, '{id}', 2)"
        ))
        .await
        .unwrap();
    // Others overtake it, and every node reads on.
    for n in 2..=5_u128 {
        first.write(move |tx| insert(tx, &key(n, Scope::Cluster))).await.unwrap();
    }
    assert!(within(10, || verdict(&second, 5) == Verdict::Valid).await);
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(verdict(&second, 1), Verdict::Valid);
    client.batch_execute("COMMIT").await.unwrap();
    assert!(within(10, || verdict(&second, 1) == Verdict::Disabled).await);
    assert!(within(10, || verdict(&first, 1) == Verdict::Disabled).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_starts_meanwhile_does_not_miss_what_is_under_way() {
    let Some((first, _, url)) = nodes().await else { return };
    first.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let id = key(1, Scope::Cluster).id;
    client
        .batch_execute(&format!(
            "BEGIN; UPDATE keys SET enabled = false, version = 2;
             INSERT INTO changes (kind, id, version) VALUES (3, '{id}', 2)"
        ))
        .await
        .unwrap();
    first.write(|tx| insert(tx, &key(2, Scope::Cluster))).await.unwrap();
    let third = World::open(Database::Postgres { url: Secret::new(url) }, None).await;
    assert_eq!(verdict(&third, 1), Verdict::Valid);
    client.batch_execute("COMMIT").await.unwrap();
    assert!(within(10, || verdict(&third, 1) == Verdict::Disabled).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_reach_the_other_node_and_go_from_it() {
    let Some((first, second, _)) = nodes().await else { return };
    let family = FamilyId(Uuid::from_u128(9));
    let (access, refresh) = (token(1, TokenKind::Access), token(2, TokenKind::Refresh));
    let shown = access.clone();
    first.record(move |b| crate::tokens::insert_pair(b, &shown, Some(&refresh))).await.unwrap();
    // Asked for at once: the store answers, and memory knows from then on.
    let found = second.store.token_by_digest(&access.digest).await.unwrap();
    assert_eq!(found.map(|t| t.digest), Some(access.digest));
    assert!(second.verifier.token_known(&access.digest));
    second.record(move |b| crate::tokens::revoke_family(b, family, NOW)).await.unwrap();
    assert!(!second.verifier.token_known(&access.digest));
    assert!(within(10, || !first.verifier.token_known(&access.digest)).await);
    assert!(first.store.token_by_digest(&access.digest).await.unwrap().is_none());
    assert!(!first.verifier.token_known(&access.digest));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_goes_on_after_the_server_threw_everybody_out() {
    let Some((first, second, url)) = nodes().await else { return };
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
        .batch_execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await
        .unwrap();
    // A connection that died in the pool costs a second attempt, not the write.
    first.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    assert!(within(30, || verdict(&second, 1) == Verdict::Valid).await);
    assert_eq!(verdict(&first, 1), Verdict::Valid);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_the_feed_was_pruned_past_is_not_fresh() {
    let Some((first, second, _)) = nodes().await else { return };
    for n in 1..=3_u128 {
        first.write(move |tx| insert(tx, &key(n, Scope::Cluster))).await.unwrap();
    }
    assert!(within(10, || verdict(&second, 3) == Verdict::Valid).await);
    let live = std::sync::Arc::clone(&second.store.0.live);
    let (behind, current) = first
        .record(move |b| {
            let mut feed = crate::feed::Feed::start(b)?;
            let live = live.get().unwrap();
            let current = feed.read(b, live).is_ok();
            // Far more than a million changes later.
            b.execute("UPDATE changes SET seq = DEFAULT", &[])?;
            Ok((feed.read(b, live), current))
        })
        .await
        .unwrap();
    assert!(current);
    assert!(matches!(behind, Err(Error::Unusable(_))));
}

fn update(tx: &mut crate::Tx, n: u128, enabled: bool) -> Result<(), Error> {
    let mut key = crate::keys::find_for_update(tx, None, key(n, Scope::Cluster).id)?.unwrap();
    key.enabled = enabled;
    key.version += 1;
    crate::keys::update(tx, &key, NOW)
}

fn token(n: u8, kind: TokenKind) -> Token {
    Token {
        digest: SecretDigest::from_bytes([n; 32]),
        kind,
        family: FamilyId(Uuid::from_u128(9)),
        principal: PrincipalId::Person(PersonId(Uuid::from_u128(7))),
        client: ClientId(Uuid::from_u128(8)),
        scope: String::new(),
        issued_at: NOW,
        expires_at: NOW.plus_seconds(600),
    }
}
