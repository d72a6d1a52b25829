//! Writes that wait for their turn, and what ends meanwhile: it stays so.

use super::*;
use store::Database;

/// As long as it lives nobody else writes; `None`: on PostgreSQL others go on.
fn writes_held(world: &World) -> Option<rusqlite::Connection> {
    let Database::Sqlite { path } = world.place().database() else { return None };
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    Some(connection)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ot_06_what_ends_while_a_write_waits_does_not_come_back_by_it() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (rotating, first) = made(&admin, &api(&json!({}))).await;
    rotated(&admin, &rotating, 60).await;
    let (revoking, revoked) = made(&admin, &api(&json!({}))).await;
    let soon = json!({"at": world.clock.wall().plus_seconds(60).to_string()});
    assert_eq!(act(&admin, &revoking, "revoke", &soon).await.status, 200);
    let later_on = json!({"at": world.clock.wall().plus_seconds(600).to_string()});
    later(&world, 59);
    let Some(held) = writes_held(&world) else { return };
    let (one, other) = (admin.clone(), admin.clone());
    let extending = tokio::spawn(async move {
        act(&one, &rotating, "extend-overlap", &json!({"overlapSeconds": 600})).await.status
    });
    let moving =
        tokio::spawn(async move { act(&other, &revoking, "revoke", &later_on).await.status });
    // They have read what is there, and wait to write.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    later(&world, 1);
    assert_eq!(verdicts(&admin, [&first, &revoked]).await, ["NOT_FOUND", "REVOKED"]);
    drop(held);
    assert_eq!(extending.await.unwrap(), 409);
    assert_eq!(moving.await.unwrap(), 409);
    assert_eq!(verdicts(&admin, [&first, &revoked]).await, ["NOT_FOUND", "REVOKED"]);
}
