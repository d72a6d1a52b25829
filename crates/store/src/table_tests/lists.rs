//! Pages of keys: every filter, the cursor, the escape characters of a search.

use super::world::{NOW, World, insert_keys, key, scope};
use crate::keys::{self, KeyFilter, Page, list_in};
use domain::{
    id::Scope,
    key::{Key, SOON_DAYS, Standing},
    permission::Permission,
};

async fn page(world: &World, filter: KeyFilter) -> Page<Key> {
    world.read(move |r| keys::list(r, &filter)).await
}

fn all() -> KeyFilter {
    KeyFilter { now: NOW, limit: 200, ..KeyFilter::default() }
}

fn numbers(keys: &[Key]) -> Vec<u128> {
    keys.iter().map(|key| u128::from_be_bytes(*key.id.as_bytes())).collect()
}

/// The numbers of all that a filter finds, in ascending order.
async fn found(world: &World, filter: KeyFilter) -> Vec<u128> {
    let page = page(world, filter).await;
    assert_eq!(page.next, None);
    let mut numbers = numbers(&page.items);
    numbers.sort_unstable();
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_pages_newest_first_without_loss_over_equal_instants() {
    let world = World::new().await;
    let mut keys: Vec<Key> = (1..=23).map(|n| key(n, scope(n % 2))).collect();
    for (n, key) in (0_i64..).zip(&mut keys) {
        // Three instants for all of them.
        key.created_at = NOW.plus_millis(n % 3);
    }
    let mut wanted = keys.clone();
    wanted.sort_by_key(|key| std::cmp::Reverse((key.created_at, key.id)));
    insert_keys(&world, keys).await;
    for limit in [1, 2, 7, 23, 24] {
        for of in [None, Some(scope(1)), Some(scope(0)), Some(Scope::Cluster)] {
            let mut filter = KeyFilter { limit, scope: of, ..all() };
            let (mut seen, mut pages) = (Vec::new(), 0);
            loop {
                let page = page(&world, filter.clone()).await;
                assert!(page.items.len() <= limit as usize);
                seen.extend(numbers(&page.items));
                pages += 1;
                match page.next {
                    Some(next) => filter.after = Some(next),
                    None => break,
                }
            }
            let wanted: Vec<Key> =
                wanted.iter().filter(|k| of.is_none_or(|of| of == k.scope)).cloned().collect();
            assert_eq!(seen, numbers(&wanted), "limit {limit}");
            assert_eq!(pages, wanted.len().div_ceil(limit as usize).max(1), "limit {limit}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deleted_keys_leave_the_list() {
    let world = World::new().await;
    insert_keys(&world, vec![key(1, scope(1)), key(2, scope(1))]).await;
    world.write(|tx| keys::delete(tx, &key(1, scope(1)), NOW)).await.unwrap();
    assert_eq!(found(&world, all()).await, [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_standing_finds_the_keys_that_it_is_the_first_thing_against() {
    let world = World::new().await;
    let mut keys: Vec<Key> = (1..=64).map(|n| key(n, scope(1))).collect();
    // Every choice of what may stand against a key.
    for (bits, key) in (0_u8..).zip(&mut keys) {
        let (past, later) = (Some(NOW.plus_seconds(-5)), Some(NOW.plus_seconds(5)));
        key.revoked_at = if bits & 1 != 0 { Some(NOW) } else { later };
        key.expires_at = if bits & 2 != 0 { past } else { None };
        key.secret_ends_at = if bits & 4 != 0 { past } else { later };
        key.enabled = bits & 8 == 0;
        key.held_at = if bits & 16 != 0 { past } else { None };
        key.starts_at = if bits & 32 != 0 { later } else { past };
    }
    insert_keys(&world, keys.clone()).await;
    // What is new is not held back: that comes later.
    let held: Vec<Key> = keys.iter().filter(|key| key.held_at.is_some()).cloned().collect();
    let hold = move |tx: &mut crate::Tx| {
        let later = |key: &Key| Key { version: key.version + 1, ..key.clone() };
        held.iter().try_for_each(|key| keys::update(tx, &later(key), NOW))
    };
    world.write(hold).await.unwrap();
    for standing in Standing::ALL {
        let filter = KeyFilter { standing: Some(standing), ..all() };
        let of = (1..).zip(&keys).filter(|(_, key)| key.standing(NOW) == Some(standing));
        let wanted: Vec<u128> = of.map(|(n, _)| n).collect();
        assert!(!wanted.is_empty());
        assert_eq!(found(&world, filter).await, wanted, "{}", standing.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn states_unite_and_none_pressed_shows_all() {
    let world = World::new().await;
    let soon = SOON_DAYS * 86_400;
    let mut keys: Vec<Key> = (1..=7).map(|n| key(n, scope(1))).collect();
    keys[1].expires_at = Some(NOW);
    keys[2].revoked_at = Some(NOW.plus_seconds(-5));
    keys[3].expires_at = Some(NOW.plus_millis(1));
    keys[4].revoked_at = Some(NOW.plus_seconds(soon));
    keys[4].expires_at = Some(NOW.plus_seconds(soon + 1));
    keys[5].expires_at = Some(NOW.plus_seconds(soon).plus_millis(1));
    keys[6].enabled = false;
    insert_keys(&world, keys.clone()).await;
    for bits in 0..8_u8 {
        let filter = KeyFilter {
            available: bits & 1 != 0,
            unavailable: bits & 2 != 0,
            soon_unavailable: bits & 4 != 0,
            ..all()
        };
        // The rule again, from the words of the domain.
        let wanted: Vec<u128> = (1..)
            .zip(&keys)
            .filter(|(_, key)| {
                use domain::key::Availability as A;
                let state = key.availability(NOW);
                bits == 0
                    || filter.available && state != A::Unavailable
                    || filter.unavailable && state == A::Unavailable
                    || filter.soon_unavailable && state == A::SoonUnavailable
            })
            .map(|(n, _)| n)
            .collect();
        assert_eq!(found(&world, filter).await, wanted, "pressed {bits:03b}");
    }
    let unavailable = KeyFilter { unavailable: true, ..all() };
    assert_eq!(found(&world, unavailable).await, [2, 3]);
    let soon = KeyFilter { soon_unavailable: true, ..all() };
    assert_eq!(found(&world, soon).await, [4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_is_literal_and_regardless_of_case() {
    let world = World::new().await;
    let names =
        ["100% Sure", "100 percent", "a_b", "axb", "Bang!", "ÄRGER", "plain \\ slash", "last"];
    let mut keys = Vec::new();
    for (n, name) in (1..).zip(names) {
        let mut key = key(n, scope(1));
        key.name = name.to_owned();
        key.created_by = if n == 8 { "Designer".to_owned() } else { "nexus".to_owned() };
        keys.push(key);
    }
    insert_keys(&world, keys).await;
    for (search, wanted) in [
        ("100%", vec![1]),
        ("100", vec![1, 2]),
        ("A_B", vec![3]),
        ("_", vec![3]),
        ("%", vec![1]),
        ("!", vec![5]),
        ("ärger", vec![6]),
        ("\\", vec![7]),
        ("DESIGN", vec![8]),
        ("lastdesigner", vec![]),
        ("nexus", vec![1, 2, 3, 4, 5, 6, 7]),
        ("'; DROP TABLE keys; --", vec![]),
    ] {
        let filter = KeyFilter { search: Some(search.to_owned()), ..all() };
        assert_eq!(found(&world, filter).await, wanted, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn types_unite_and_permissions_match_by_coverage() {
    let world = World::new().await;
    let held = [
        &["nexus:consumer:chat"][..],
        &["nexus:consumer:*"],
        &["nexus:*"],
        &["nexus:designer:chat", "nexus:consumer:securemail"],
        &["a_b:c"],
        &["axb:c"],
        &[],
    ];
    let mut keys = Vec::new();
    for (n, held) in (1..).zip(held) {
        let mut key = key(n, scope(1));
        key.key_type = ["nexus", "api", "ges"][(n % 3) as usize].to_owned();
        key.permissions = held.iter().map(|p| Permission::parse(p).unwrap()).collect();
        keys.push(key);
    }
    insert_keys(&world, keys.clone()).await;
    for wanted in [
        "nexus:consumer:chat",
        "nexus:consumer:securemail",
        "nexus:consumer:chat:deep",
        "nexus:consumer:*",
        "nexus:*",
        "nexus:designer:chat",
        "a_b:c",
        "engagement:x",
    ] {
        let covering: Vec<u128> = (1..)
            .zip(&keys)
            .filter(|(_, key)| key.permissions.iter().any(|p| p.covers(wanted)))
            .map(|(n, _)| n)
            .collect();
        let filter = KeyFilter { permission: Some(wanted.to_owned()), ..all() };
        assert_eq!(found(&world, filter).await, covering, "{wanted}");
    }
    let types = |names: &[&str]| KeyFilter {
        key_types: names.iter().map(|n| (*n).to_owned()).collect(),
        ..all()
    };
    assert_eq!(found(&world, types(&["nexus"])).await, [3, 6]);
    assert_eq!(found(&world, types(&["api", "ges"])).await, [1, 2, 4, 5, 7]);
    assert_eq!(found(&world, types(&["none"])).await, [0_u128; 0]);
    let both = KeyFilter { permission: Some("nexus:consumer:chat".to_owned()), ..types(&["api"]) };
    assert_eq!(found(&world, both).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_read_enough_is_short_and_goes_on_from_there() {
    let world = World::new().await;
    let mut keys: Vec<Key> = (1..=40).map(|n| key(n, scope(1))).collect();
    for n in [0, 17, 39] {
        keys[n].name = "rare".to_owned();
    }
    insert_keys(&world, keys).await;
    let mut filter = KeyFilter { search: Some("rare".to_owned()), limit: 2, ..all() };
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let now = filter.clone();
        let page = world.read(move |r| list_in(r, &now, &[2, 8])).await;
        seen.extend(numbers(&page.items));
        pages += 1;
        match page.next {
            Some(next) => filter.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [40, 18, 1]);
    assert_eq!(pages, 4, "40 rows, 10 a page");
}
