use super::{insert, verdict};
use crate::{
    Database, Secret,
    table_tests::world::{NOW, World, database, key, person, scope, tenant},
};
use domain::{id::Scope, verdict::Verdict};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_start_finds_everything_as_it_was_left() {
    let (database, folder) = database().await;
    let again = match &database {
        Database::Sqlite { path } => Database::Sqlite { path: path.clone() },
        Database::Postgres { url } => {
            Database::Postgres { url: Secret::new(url.expose().to_owned()) }
        }
    };
    let world = World::open(database, None).await;
    world
        .write(|tx| {
            crate::tenants::insert(tx, &tenant(1))?;
            let mut off = tenant(2);
            off.enabled = false;
            crate::tenants::insert(tx, &off)?;
            crate::persons::insert(
                tx,
                &person(5, scope(1), "ann"),
                &crate::persons::PasswordRecord::new("$argon2id$".to_owned()),
            )?;
            for n in 1..=6_u128 {
                insert(tx, &key(n, if n == 5 { scope(2) } else { scope(1) }))?;
            }
            let gone = key(3, scope(1));
            crate::keys::delete(tx, &gone, NOW).map(drop)
        })
        .await
        .unwrap();
    // One sealed digest does not open any more: that key alone is out.
    world
        .record(|b| {
            let id = key(4, Scope::Cluster).id;
            b.execute(
                "UPDATE secrets SET sealed_digest = $1 WHERE key_id = $2",
                &[vec![1_u8, 2, 3].into(), id.as_bytes().into()],
            )?;
            // And a row that cannot be read.
            let id = key(6, Scope::Cluster).id;
            b.execute(
                "UPDATE keys SET allow_list = 'no list' WHERE id = $1",
                &[id.as_bytes().into()],
            )
        })
        .await
        .unwrap();
    let verdicts = |world: &World| (1..=6).map(|n| verdict(world, n)).collect::<Vec<_>>();
    world.store.shutdown().await;

    let world = World::open(again, folder).await;
    assert_eq!(
        verdicts(&world),
        [
            Verdict::Valid,
            Verdict::Valid,
            Verdict::NotFound,
            Verdict::NotFound,
            Verdict::Disabled,
            Verdict::NotFound
        ]
    );
    assert!(world.verifier.freshness().0);
    let ann = domain::actor::PrincipalId::Person(domain::id::PersonId(Uuid::from_u128(5)));
    assert!(world.verifier.principal(ann).unwrap().is_live());
}
