//! What only an embedded database has: one writer with a queue, a lock, a file with a mode.

use super::{count, insert, verdict};
use crate::{
    Database, Error, Options, Store, Value,
    table_tests::world::{World, database, event, key},
};
use domain::{id::Scope, verdict::Verdict};
use std::sync::{Arc, Mutex, mpsc};

/// Keeps the writer busy until told to go on.
async fn blocked(store: &Store) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<(), Error>>) {
    let (go, wait) = mpsc::channel::<()>();
    let (began, mut begun) = tokio::sync::mpsc::unbounded_channel();
    let (wait, store) = (Mutex::new(wait), store.clone());
    let blocker = tokio::spawn(async move {
        store
            .record::<_, Error>(move |_| {
                began.send(()).unwrap();
                wait.lock().unwrap().recv().unwrap();
                Ok(())
            })
            .await
    });
    begun.recv().await.unwrap();
    (go, blocker)
}

/// However few keys there were when the planner looked at them, an import finds secrets by their index.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_looks_secrets_up_by_their_index() {
    let world = World::new().await;
    if world.store.is_shared() {
        return;
    }
    world.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    let counted = world.store.record(|b| b.driver.batch("ANALYZE")).await;
    counted.unwrap();
    let plan = world
        .store
        .read(|r| -> Result<Vec<String>, Error> {
            let sql = format!("EXPLAIN QUERY PLAN {}", crate::keys::holders_sql());
            let rows = r.query_dynamic(&sql, &vec![Value::Blob(Vec::new()); 200])?;
            rows.iter().map(|row| row.text(3)).collect()
        })
        .await
        .unwrap();
    assert!(plan.iter().all(|step| step.starts_with("SEARCH")), "{plan:?}");
    assert!(plan[0].starts_with("SEARCH s "), "{plan:?}");
}

/// What a refusal is founded on may be another operation of the batch, which is not committed yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_when_what_it_saw_is_committed() {
    let world = Arc::new(World::new().await);
    if world.store.is_shared() {
        return;
    }
    let (go, first) = blocked(&world.store).await;
    let writing = Arc::clone(&world);
    let write = tokio::spawn(async move {
        writing.write(|tx| insert(tx, &key(1, Scope::Cluster))).await.unwrap();
    });
    while world.store.0.waiting() < 1 {
        tokio::task::yield_now().await;
    }
    let asking = Arc::clone(&world);
    let refused = tokio::spawn(async move {
        let store = asking.store.clone();
        let taken = store.write::<(), Error>(|tx| {
            let known = crate::keys::find_by_id(tx, None, key(1, Scope::Cluster).id)?;
            Err(Error::Conflict(if known.is_some() { "taken" } else { "free" }))
        });
        let taken = taken.await;
        (taken, verdict(&asking, 1))
    });
    while world.store.0.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    // The last one of the batch holds the commit up.
    let holding = world.store.clone();
    let last = tokio::spawn(async move { blocked(&holding).await });
    while world.store.0.waiting() < 3 {
        tokio::task::yield_now().await;
    }
    go.send(()).unwrap();
    let (go_on, last) = last.await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    assert!(!refused.is_finished(), "it was told of a key that is not committed");
    go_on.send(()).unwrap();
    let (taken, seen) = refused.await.unwrap();
    assert!(matches!(taken, Err(Error::Conflict("taken"))), "{taken:?}");
    assert_eq!(seen, Verdict::Valid, "what it was told of is in memory");
    for done in [first, last] {
        done.await.unwrap().unwrap();
    }
    write.await.unwrap();
}

/// `SQLite` only: on a server, operations do not queue behind one.
#[tokio::test(flavor = "multi_thread")]
async fn urgent_writes_go_first_and_a_full_queue_refuses() {
    let world = Arc::new(World::new().await);
    if world.store.is_shared() {
        return;
    }
    let (go, blocker) = blocked(&world.store).await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut waiting = Vec::new();
    for n in 0..5_000_u32 {
        let (store, order) = (world.store.clone(), Arc::clone(&order));
        let mut write = Box::pin(async move {
            let note = move |name| order.lock().unwrap().push((name, n));
            if n == 4_999 {
                store
                    .write_urgent::<_, Error>(move |tx| {
                        note("urgent");
                        tx.commit(event(), ())
                    })
                    .await
            } else {
                store
                    .write::<_, Error>(move |tx| {
                        note("normal");
                        tx.commit(event(), ())
                    })
                    .await
            }
        });
        // Queued in this order: the first poll is what queues.
        let first =
            std::future::poll_fn(|cx| std::task::Poll::Ready(write.as_mut().poll(cx))).await;
        match first {
            std::task::Poll::Ready(done) => waiting.push(tokio::spawn(async { done })),
            std::task::Poll::Pending => waiting.push(tokio::spawn(write)),
        }
    }
    go.send(()).unwrap();
    blocker.await.unwrap().unwrap();
    let mut refused = 0;
    for one in waiting {
        match one.await.unwrap() {
            Ok(()) => {}
            Err(Error::Unavailable(_)) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 4_999 - 4_096);
    assert_eq!(order.lock().unwrap()[0], ("urgent", 4_999));
    let events = world.read(|r| count(r, "SELECT count(*) FROM audit_events")).await;
    assert_eq!(events, 4_097);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_directory_that_is_open_is_refused_until_it_is_closed() {
    let (database, folder) = database().await;
    let Database::Sqlite { path } = &database else {
        return;
    };
    let again = || Database::Sqlite { path: path.clone() };
    let first = Store::connect(again(), Options::default()).await.unwrap();
    let second = Store::connect(again(), Options::default()).await;
    let message = second.err().unwrap().to_string();
    assert!(
        message.contains("keyward.lock") && message.contains("stop the running server"),
        "{message}"
    );
    first.shutdown().await;
    assert!(matches!(first.record::<(), Error>(|_| Ok(())).await, Err(Error::Unavailable(_))));
    Store::connect(again(), Options::default()).await.unwrap().shutdown().await;
    let _ = std::fs::remove_dir_all(folder.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::disallowed_methods, reason = "the test looks at the files of its own store")]
async fn a_database_file_and_its_journals_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (database, folder) = database().await;
    let Database::Sqlite { path } = &database else {
        return;
    };
    let store = Store::connect(Database::Sqlite { path: path.clone() }, Options::default()).await;
    let store = store.unwrap();
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder.as_ref().unwrap()).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with("keyward.db") {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
            names.push(name);
        }
    }
    assert!(names.iter().any(|n| n.ends_with("-wal")), "{names:?}");
    store.shutdown().await;
    let _ = std::fs::remove_dir_all(folder.unwrap());
}
