use super::{count, counts, insert, sql, verdict, within};
use crate::{
    Error,
    table_tests::world::{World, event, key, scope},
};
use domain::{id::Scope, verdict::Verdict};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
    mpsc,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_fails_leaves_nothing_behind() {
    let world = World::new().await;
    world.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    let before = counts(&world).await;
    let failed: Result<(), Error> = world
        .write(|tx| {
            insert(tx, &key(2, Scope::Cluster))?;
            Err(Error::Conflict("whatever"))
        })
        .await;
    assert!(matches!(failed, Err(Error::Conflict("whatever"))));
    assert_eq!(counts(&world).await, before);
    assert_eq!(verdict(&world, 2), Verdict::NotFound);
    // The chain has no gap where the failed one would have been.
    world.write(|tx| insert(tx, &key(3, Scope::Cluster))).await.unwrap();
    let positions = world
        .read(|r| {
            r.query("SELECT position FROM audit_events ORDER BY position", &[])?
                .iter()
                .map(|row| row.int(0))
                .collect::<Result<Vec<_>, _>>()
        })
        .await;
    assert_eq!(positions, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_undoes_its_operation_alone_and_reaches_the_caller() {
    let world = Arc::new(World::new().await);
    let theirs = Arc::clone(&world);
    let panicked = tokio::spawn(async move {
        theirs
            .write::<()>(|tx| {
                insert(tx, &key(1, Scope::Cluster))?;
                panic!("a bug")
            })
            .await
    });
    let (error, other) =
        tokio::join!(panicked, world.write(|tx| insert(tx, &key(2, Scope::Cluster))));
    assert!(error.unwrap_err().is_panic());
    other.unwrap();
    assert_eq!(counts(&world).await, (1, 1, 1));
    assert_eq!(verdict(&world, 1), Verdict::NotFound);
    assert_eq!(verdict(&world, 2), Verdict::Valid);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_committed_without_an_event() {
    let world = World::new().await;
    let done: Result<(), Error> = world
        .store
        .write(|tx| {
            insert(tx, &key(1, Scope::Cluster))?;
            tx.commit_all(Vec::new(), ())
        })
        .await;
    assert!(matches!(done, Err(Error::Unavailable(_))));
    assert_eq!(counts(&world).await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_failed_undoes_the_operation_even_if_the_closure_hides_it() {
    let world = World::new().await;
    let done: Result<(), Error> = world
        .write(|tx| {
            insert(tx, &key(1, Scope::Cluster))?;
            let _ = tx.execute("INSERT INTO installation (one, id) VALUES (2, 'x')", &[]);
            Ok(())
        })
        .await;
    assert!(matches!(done, Err(Error::Unavailable(_))));
    assert_eq!(counts(&world).await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_committed_and_known() {
    let world = Arc::new(World::new().await);
    let writes: Vec<_> = (1..=300_u128)
        .map(|n| {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                let scope = if n % 3 == 0 { Scope::Cluster } else { scope(n % 3) };
                world
                    .store
                    .write::<_, Error>(move |tx| {
                        insert(tx, &key(n, scope))?;
                        let mut event = event();
                        event.scope = scope;
                        tx.commit(event, ())
                    })
                    .await
                    .unwrap();
                assert!(matches!(verdict(&world, n), Verdict::Valid | Verdict::Disabled));
                let found =
                    world.read(move |r| crate::keys::find_by_id(r, None, key(n, scope).id)).await;
                assert!(found.is_some());
            })
        })
        .collect();
    for write in writes {
        write.await.unwrap();
    }
    assert_eq!(counts(&world).await, (300, 300, 300));
    let heads = world.read(crate::audit::heads).await;
    assert_eq!(heads.iter().map(|h| h.position).collect::<Vec<_>>(), [100, 100, 100]);
    let report = world.read(|r| crate::audit::verify(r, &[7; 32])).await;
    assert!(!report.findings.iter().any(|f| f.position.is_some()), "{:?}", report.findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_goes_away_does_not_stop_its_write() {
    let world = Arc::new(World::new().await);
    let (go, wait) = mpsc::channel::<()>();
    let (began, begun) = tokio::sync::mpsc::unbounded_channel();
    let (wait, theirs) = (Mutex::new(wait), Arc::clone(&world));
    let caller = tokio::spawn(async move {
        theirs
            .write(move |tx| {
                began.send(()).unwrap();
                wait.lock().unwrap().recv().unwrap();
                insert(tx, &key(1, Scope::Cluster))
            })
            .await
    });
    let mut begun = begun;
    begun.recv().await.unwrap();
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    go.send(()).unwrap();
    assert!(within(50, || verdict(&world, 1) == Verdict::Valid).await);
    assert_eq!(counts(&world).await, (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn au_03_an_audit_log_that_refuses_stops_the_change_and_nothing_else() {
    let world = World::new().await;
    world.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    let before = counts(&world).await;
    sql(&world, trigger(&world, "RAISE EXCEPTION 'no'")).await;
    let done = world.write(|tx| insert(tx, &key(2, Scope::Cluster))).await;
    assert!(matches!(done, Err(Error::Unavailable(_))), "{done:?}");
    assert_eq!(counts(&world).await, before);
    assert_eq!(verdict(&world, 1), Verdict::Valid);
    assert_eq!(verdict(&world, 2), Verdict::NotFound);
    sql(&world, "DROP TRIGGER refuse ON audit_events".replace(off(&world), "")).await;
    world.write(|tx| insert(tx, &key(2, Scope::Cluster))).await.unwrap();
    assert_eq!(verdict(&world, 2), Verdict::Valid);
}

#[tokio::test(flavor = "multi_thread")]
async fn au_03_an_audit_log_that_hangs_is_waited_for_two_seconds() {
    let world = World::new().await;
    if !world.store.is_shared() {
        return; // One file, one writer: nothing can hang there but the disk.
    }
    sql(&world, trigger(&world, "PERFORM pg_sleep(20)")).await;
    let done = tokio::time::timeout(
        std::time::Duration::from_secs(8),
        world.write(|tx| insert(tx, &key(1, Scope::Cluster))),
    );
    assert!(matches!(done.await.unwrap(), Err(Error::Unavailable(_))));
    assert_eq!(counts(&world).await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_that_deadlock_run_again() {
    let world = Arc::new(World::new().await);
    world
        .write(|tx| {
            insert(tx, &key(1, Scope::Cluster))?;
            insert(tx, &key(2, Scope::Cluster))
        })
        .await
        .unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let both = [(1, 2), (2, 1)].map(|(first, second)| {
        let (world, runs) = (Arc::clone(&world), Arc::clone(&runs));
        tokio::spawn(async move {
            world
                .write(move |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    for n in [first, second] {
                        let found =
                            crate::keys::find_for_update(tx, None, key(n, Scope::Cluster).id)?;
                        let mut key = found.unwrap();
                        key.version += 1;
                        crate::keys::update(tx, &key, crate::table_tests::world::NOW)?;
                        std::thread::yield_now();
                        tx.execute("UPDATE master_keys SET n = n", &[])?;
                        if tx.driver.dialect() == crate::dialect::Dialect::Postgres {
                            tx.query("SELECT pg_sleep(0.3)", &[])?;
                        }
                    }
                    Ok(())
                })
                .await
        })
    });
    for one in both {
        one.await.unwrap().unwrap();
    }
    if world.store.is_shared() {
        assert!(runs.load(Ordering::Relaxed) > 2, "they never met");
    }
    let versions = world
        .read(|r| {
            r.query("SELECT version FROM keys ORDER BY id", &[])?
                .iter()
                .map(|row| row.int(0))
                .collect::<Result<Vec<_>, _>>()
        })
        .await;
    assert_eq!(versions, [3, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_is_pruned_to_what_other_nodes_may_need() {
    let world = World::new().await;
    for n in 1..=4_u128 {
        world.write(move |tx| insert(tx, &key(n, Scope::Cluster))).await.unwrap();
    }
    while world.record(crate::feed::prune).await.unwrap() {}
    let left = world.read(|r| count(r, "SELECT count(*) FROM changes")).await;
    assert_eq!(left, if world.store.is_shared() { 4 } else { 1 });
}

/// A trigger before each event, in the words of the database.
pub(super) fn trigger(world: &World, act: &str) -> String {
    if world.store.is_shared() {
        format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {act}; RETURN NEW; END $f$;
             CREATE TRIGGER refuse BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION refuse();"
        )
    } else {
        "CREATE TRIGGER refuse BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'no'); END"
            .to_owned()
    }
}

fn off(world: &World) -> &'static str {
    if world.store.is_shared() { "\0" } else { " ON audit_events" }
}
