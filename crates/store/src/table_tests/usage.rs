//! Usage: packed rows, hours, last uses.

use super::world::{NOW, World, digest, insert_keys, key, scope, stored};
use crate::{
    StoredSecret, keys,
    usage::{self, Span},
};
use domain::{id::KeyId, time::Timestamp, verdict::Verdict};
use verifier::{Drained, KeyUsage};

fn id(n: u128) -> KeyId {
    KeyId::from_bytes(n.to_be_bytes())
}

fn used(n: u128, counts: &[(Verdict, u32)], last_used: Option<Timestamp>) -> KeyUsage {
    let secrets_used = [last_used, None];
    let mut usage = KeyUsage { id: id(n), counts: [0; 13], last_used, secrets_used };
    for &(verdict, count) in counts {
        usage.counts[verdict as usize] = count;
    }
    usage
}

async fn flush(world: &World, at: Timestamp, keys: Vec<KeyUsage>, not_found: u64) {
    world
        .record(move |b| usage::flush(b, at, &Drained { keys: keys.clone(), not_found }))
        .await
        .unwrap();
}

async fn spans(world: &World, span: Span, key: Option<KeyId>) -> Vec<(i64, [u64; 13])> {
    let within = (NOW.plus_seconds(-86_400), NOW.plus_seconds(86_400));
    let spans = world.read(move |r| usage::spans(r, span, key, within)).await;
    spans.into_iter().map(|s| (s.start.as_millis(), s.counts)).collect()
}

async fn hours(world: &World, key: Option<KeyId>) -> Vec<(i64, [u64; 13])> {
    spans(world, Span::Hour, key).await
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_of_many_flushes_add_up_by_hour_once() {
    let world = World::new().await;
    let hour = NOW.as_millis() - NOW.as_millis() % 3_600_000;
    let next = Timestamp::from_millis(hour + 3_600_000);
    let (early, late) = (Timestamp::from_millis(hour), next.plus_millis(-1));
    flush(
        &world,
        early,
        vec![used(1, &[(Verdict::Valid, 2), (Verdict::Revoked, 1)], Some(early))],
        4,
    )
    .await;
    flush(&world, early, vec![used(1, &[(Verdict::Valid, 3)], None)], 0).await;
    flush(&world, late, vec![used(2, &[(Verdict::RateLimited, u32::MAX)], None)], 1).await;
    flush(&world, next, vec![used(1, &[(Verdict::Valid, 1)], Some(next))], 0).await;
    flush(&world, next, vec![], 0).await;

    let end = next.plus_millis(1);
    let rolled = world.record(move |b| usage::roll_up(b, end, 3)).await.unwrap();
    assert_eq!(rolled, 3);
    assert_eq!(
        world.read(|r| usage::last_used(r, &[id(1), id(2), id(3)])).await,
        [Some(early), None, None]
    );
    assert_eq!(world.record(move |b| usage::roll_up(b, end, 3)).await.unwrap(), 1);
    assert_eq!(world.record(move |b| usage::roll_up(b, end, 3)).await.unwrap(), 0);

    let mut first = [0_u64; 13];
    first[Verdict::Valid as usize] = 5;
    first[Verdict::Revoked as usize] = 1;
    let mut second = [0_u64; 13];
    second[Verdict::Valid as usize] = 1;
    assert_eq!(hours(&world, Some(id(1))).await, [(hour, first), (next.as_millis(), second)]);
    let mut limited = [0_u64; 13];
    limited[Verdict::RateLimited as usize] = u64::from(u32::MAX);
    assert_eq!(hours(&world, Some(id(2))).await, [(hour, limited)]);
    let mut unknown = [0_u64; 13];
    unknown[Verdict::NotFound as usize] = 5;
    assert_eq!(hours(&world, None).await, [(hour, unknown)]);
    assert_eq!(world.read(|r| usage::last_used(r, &[id(1)])).await, [Some(next)]);

    let day = NOW.as_millis() - NOW.as_millis() % 86_400_000;
    let mut both = first;
    both[Verdict::Valid as usize] += 1;
    assert_eq!(spans(&world, Span::Day, Some(id(1))).await, [(day, both)]);
    assert_eq!(spans(&world, Span::Day, None).await, [(day, unknown)]);

    let gone = world.record(move |b| usage::prune(b, Span::Hour, next)).await.unwrap();
    assert_eq!(gone, 8, "four of keys, four of totals");
    assert_eq!(hours(&world, Some(id(1))).await.len(), 1);
    assert_eq!(spans(&world, Span::Day, Some(id(1))).await, [(day, both)], "days outlive hours");
    let tomorrow = Timestamp::from_millis(day + 86_400_000);
    let gone = world.record(move |b| usage::prune(b, Span::Day, tomorrow)).await.unwrap();
    assert_eq!(gone, 8, "four of keys, four of totals");
    assert!(spans(&world, Span::Day, Some(id(1))).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_is_that_of_the_secret_that_was_in_its_slot() {
    let world = World::new().await;
    insert_keys(&world, vec![key(1, scope(1))]).await;
    let by = |slot: usize, at: Timestamp| {
        let mut usage = used(1, &[(Verdict::Valid, 1)], Some(at));
        usage.secrets_used = [None; 2];
        usage.secrets_used[slot] = Some(at);
        usage
    };
    let flush_by = async |slot, at| {
        flush(&world, at, vec![by(slot, at)], 0).await;
        world.record(move |b| usage::roll_up(b, at.plus_millis(1), 10)).await.unwrap();
    };
    let uses = || world.read(|r| usage::last_used_by_secret(r, id(1)));
    let [early, late, later] = [10, 20, 30].map(|s| NOW.plus_seconds(s));
    flush_by(0, early).await;
    flush_by(1, early).await;
    assert_eq!(uses().await, [(0, early)].into(), "there is no secret in the other slot");
    let rotate = |slot: u8, n: u128, at: Timestamp| {
        world.write(move |tx| {
            let mut key = keys::find_for_update(tx, None, id(1))?.unwrap();
            key.version += 1;
            keys::update(tx, &key, at)?;
            let made = StoredSecret { created_at: Some(at), ..stored(n, slot) };
            keys::set_secrets(tx, id(1), &[made], &[digest(n)])
        })
    };
    rotate(1, 2, late).await.unwrap();
    flush_by(1, early).await;
    assert_eq!(uses().await, [].into(), "that was another secret, before this one was made");
    flush_by(1, late).await;
    assert_eq!(uses().await, [(1, late)].into());
    rotate(0, 3, later).await.unwrap();
    assert_eq!(uses().await, [].into(), "the one of the slot's first secret is not this one's");
    flush_by(0, later).await;
    assert_eq!(uses().await, [(0, later)].into());
    let made = world.read(|r| keys::secrets_of(r, id(1))).await;
    assert_eq!(made.iter().map(|s| s.created_at).collect::<Vec<_>>(), [Some(later)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn last_uses_of_a_long_page_come_in_its_order() {
    let world = World::new().await;
    let keys = (1..=130)
        .map(|n| used(n, &[(Verdict::Valid, 1)], Some(NOW.plus_millis(n as i64))))
        .collect();
    flush(&world, NOW, keys, 0).await;
    world.record(|b| usage::roll_up(b, NOW.plus_millis(1), 10)).await.unwrap();
    let ids: Vec<KeyId> = (0..=131).rev().map(id).collect();
    let times = world.read(move |r| usage::last_used(r, &ids)).await;
    assert_eq!(times.len(), 132);
    for (n, time) in (0..=131_i64).rev().zip(times) {
        let wanted = (1..=130).contains(&n).then(|| NOW.plus_millis(n));
        assert_eq!(time, wanted, "key {n}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_row_that_cannot_be_read_stops_nothing() {
    let world = World::new().await;
    flush(&world, NOW, vec![used(1, &[(Verdict::Valid, 1)], Some(NOW))], 0).await;
    for bad in [vec![], vec![3], vec![1, 2, 3], [vec![1], vec![0; 8], vec![255; 40]].concat()] {
        world
            .record(move |b| {
                let sql = "INSERT INTO usage_journal (at, place, packed)
                    SELECT 1, COUNT(*), $1 FROM usage_journal";
                b.execute(sql, &[bad.as_slice().into()])
            })
            .await
            .unwrap();
    }
    assert_eq!(world.record(|b| usage::roll_up(b, NOW.plus_millis(1), 10)).await.unwrap(), 5);
    assert_eq!(world.read(|r| usage::last_used(r, &[id(1)])).await, [Some(NOW)]);
}
