//! What the database itself refuses to change, whoever writes the statement.

use super::world::{World, insert_keys, key, scope};
use domain::key_type::{Permissions, seeded};

async fn refused(world: &World, sql: &'static str) -> bool {
    world.record(move |b| b.execute(sql, &[])).await.is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn ot_05_what_a_key_is_cannot_be_changed_by_sql_either() {
    let world = World::new().await;
    insert_keys(&world, vec![key(1, scope(1))]).await;
    for sql in [
        "UPDATE keys SET id = lookup FROM secrets WHERE key_id = id",
        "UPDATE keys SET scope = '*'",
        "UPDATE keys SET key_type = 'api'",
        "UPDATE keys SET owner = '00000000-0000-0000-0000-000000000001'",
        "UPDATE keys SET created_at = created_at + 1",
        "UPDATE keys SET created_by = 'someone else'",
        "UPDATE keys SET permissions = '[\"nexus:cluster:chat\"]'",
    ] {
        assert!(refused(&world, sql).await, "{sql}");
    }
    assert!(!refused(&world, "UPDATE keys SET name = 'new', permissions = permissions").await);
    assert!(!refused(&world, "UPDATE keys SET deleted_at = 1").await);
    assert!(refused(&world, "UPDATE keys SET deleted_at = NULL").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn ot_05_permissions_change_only_where_the_type_allows_it() {
    let world = World::new().await;
    let types = seeded();
    let mut keys = Vec::new();
    for (n, key_type) in (1..).zip(&types) {
        let mut key = key(n, scope(1));
        key.key_type.clone_from(&key_type.name);
        keys.push(key);
    }
    insert_keys(&world, keys).await;
    for key_type in types {
        let name = key_type.name.clone();
        let change = world
            .record(move |b| {
                let sql = "UPDATE keys SET permissions = '[\"a:b\"]' WHERE key_type = $1";
                b.execute(sql, &[name.as_str().into()])
            })
            .await;
        assert_eq!(change.is_ok(), key_type.settings.permissions, "{}", key_type.name);
        let own = matches!(key_type.permissions, Permissions::TenantsOwn);
        assert_eq!(key_type.settings.permissions, own, "{}", key_type.name);
    }
}
