use super::sql;
use crate::{
    Database, Error, Installation, MasterKeyRow, Options, SealedKeyRow, Secret, Store,
    installation,
    table_tests::world::{World, database},
};
use uuid::Uuid;

async fn opened() -> (World, impl Fn() -> Database) {
    let (database, folder) = database().await;
    let again = match &database {
        Database::Sqlite { path } => {
            let path = path.clone();
            Box::new(move || Database::Sqlite { path: path.clone() }) as Box<dyn Fn() -> Database>
        }
        Database::Postgres { url } => {
            let url = url.expose().to_owned();
            Box::new(move || Database::Postgres { url: Secret::new(url.clone()) })
        }
    };
    (World::open(database, folder).await, again)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_ours_is_not_written() {
    for (tampering, words) in [
        ("UPDATE migrations SET checksum = 'x' WHERE number = 2", "migration 2"),
        ("INSERT INTO migrations (number, checksum) VALUES (900, 'x')", "newer version"),
    ] {
        let (world, again) = opened().await;
        sql(&world, tampering).await;
        world.store.shutdown().await;
        let refused = Store::connect(again(), Options::default()).await.err().unwrap();
        assert!(matches!(refused, Error::Unusable(_)), "{refused:?}");
        assert!(refused.to_string().contains(words), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_is_made_once_and_read_back() {
    let (world, again) = opened().await;
    assert_eq!(world.store.installation().await.unwrap(), None);
    sql(&world, "DELETE FROM master_keys").await;
    let new = Installation {
        id: Uuid::from_u128(42),
        master_keys: vec![MasterKeyRow {
            n: 1,
            name: "first".to_owned(),
            check: [3; 32],
            state: "writer".to_owned(),
        }],
        sealed: vec![SealedKeyRow { name: "audit".to_owned(), generation: 1, sealed: vec![1, 2] }],
    };
    assert_eq!(world.store.install(new.clone()).await.unwrap(), new);
    assert!(matches!(world.store.install(new.clone()).await, Err(Error::Conflict("installation"))));
    // A master key that something is sealed under stays.
    let used = world.record(|b| installation::delete_master_key(b, 1)).await;
    assert!(matches!(used, Err(Error::Conflict("master_key"))));
    world.store.shutdown().await;
    let store = Store::connect(again(), Options::default()).await.unwrap();
    assert_eq!(store.installation().await.unwrap(), Some(new));
    store.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_at_once_migrate_once() {
    let (database, folder) = database().await;
    let Database::Postgres { url } = database else {
        let _ = std::fs::remove_dir_all(folder.unwrap());
        return;
    };
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let url = Secret::new(url.expose().to_owned());
            tokio::spawn(Store::connect(Database::Postgres { url }, Options::default()))
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap().shutdown().await;
    }
}
