//! Generated histories, told to the index and to plain maps: both answer alike.

use super::{plain::Plain, *};
use domain::{key::Rotation, tenant::WarningDays};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Step {
    /// Key, version, its secrets (the first is the current one), how it is changed.
    Apply(u128, u32, Vec<u128>, u8),
    Remove(u128, u32),
    Standing(u8, Standing, u32),
    Ask(u128, u8),
    Sweep,
    Drain,
}

fn step() -> impl Strategy<Value = Step> {
    let standing = prop_oneof![3 => Just(Standing::Live), 1 => Just(Standing::Disabled), 1 => Just(Standing::Deleted)];
    prop_oneof![
        8 => (0_u128..6, 1_u32..12, prop::collection::vec(0_u128..12, 0..4), any::<u8>())
            .prop_map(|(k, v, s, how)| Step::Apply(k, v, s, how)),
        2 => (0_u128..6, 1_u32..14).prop_map(|(k, v)| Step::Remove(k, v)),
        2 => (0_u8..4, standing, 1_u32..9).prop_map(|(w, s, v)| Step::Standing(w, s, v)),
        8 => (0_u128..13, any::<u8>()).prop_map(|(n, how)| Step::Ask(n, how)),
        1 => Just(Step::Sweep),
        1 => Just(Step::Drain),
    ]
}

fn state(n: u128, version: u32, secrets: &[u128], how: u8) -> KeyState {
    let mut state = if how & 1 == 0 { key(n) } else { limited(n, 3, 2) };
    let key = &mut state.key;
    key.version = version;
    key.name = "x".repeat(usize::from(how) % 80);
    key.enabled = how & 6 != 6;
    key.owner = (how & 8 != 0).then(|| person(1));
    key.key_type = if how & 24 == 24 { "psk" } else { "nexus" }.to_owned();
    key.expires_at = (how & 96 == 96).then(|| Timestamp::from_millis(40_000));
    key.revoked_at = (how & 160 == 160).then(|| Timestamp::from_millis(60_000));
    if how & 17 == 17 {
        let overlap_s = u32::from(how >> 5);
        let due_at = Timestamp::from_millis(42_000 - 2_000 * i64::from(overlap_s));
        let rotation = Rotation { every_days: 1, overlap_s, due_at };
        key.rotation = Some(rotation);
        key.secret_ends_at = Some(rotation.secret_ends_at());
    }
    state.secrets.clear();
    for (&secret, slot) in secrets.iter().zip(0..) {
        if state.secrets.iter().all(|s| s.digest != digest(secret)) {
            let first = slot == 0;
            state.secrets.push(if first {
                current(secret)
            } else {
                ending(secret, slot, 30_000 * i64::from(slot))
            });
        }
    }
    state
}

/// What both say, in a form that can be compared.
type Said = (Verdict, Option<(Told, Ending)>, Option<LimitState>);
type Told = (KeyId, String, usize, u8);
type Ending = (Option<Timestamp>, Option<Timestamp>, Option<Warning>);

fn said(o: &Outcome<'_>) -> Said {
    let found = o.found.map(|f| {
        let told = (f.key_id, f.name.to_owned(), f.permissions.len(), f.secret_slot);
        (told, (f.expires_at, f.secret_ends_at, f.warning))
    });
    (o.verdict, found, o.limit)
}

/// One entry a key: a key that was removed and told of anew may be drained in two.
fn sorted(drained: Drained) -> (BTreeMap<KeyId, KeyUsage>, u64) {
    let mut keys: BTreeMap<KeyId, KeyUsage> = BTreeMap::new();
    for usage in drained.keys {
        let sum =
            keys.entry(usage.id).or_insert_with(|| KeyUsage::of(usage.id, ([0; 12], [None; 2])));
        sum.last_used = sum.last_used.max(usage.last_used);
        for (sum, at) in sum.secrets_used.iter_mut().zip(usage.secrets_used) {
            *sum = at.max(*sum);
        }
        for (sum, n) in sum.counts.iter_mut().zip(usage.counts) {
            *sum += n;
        }
    }
    (keys, drained.not_found)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_index_answers_like_plain_maps(steps in prop::collection::vec(step(), 1..120)) {
        let v = verifier();
        let options = Options::default();
        let mut plain = Plain::default();
        plain.loaded = true;
        plain.tenant(tenant(1)).apply(&TenantState::plain(tenant(1), Standing::Live, 1));
        let mut ms = 0;
        for step in steps {
            ms += 500;
            match step {
                Step::Apply(n, version, secrets, how) => {
                    let state = state(n, version, &secrets, how);
                    v.apply_key(&state);
                    plain.apply_key(&state);
                }
                Step::Remove(n, version) => {
                    v.remove_key(key_id(n), version);
                    plain.remove_key(key_id(n), version);
                }
                Step::Standing(0, standing, version) => {
                    let days: &[u16] = if version % 2 == 0 { &[] } else { &[1] };
                    let warning_days = WarningDays::new(days).unwrap();
                    let told = TenantState { warning_days, ..TenantState::plain(tenant(1), standing, version) };
                    v.apply_tenant(&told);
                    plain.tenant(tenant(1)).apply(&told);
                }
                Step::Standing(_, standing, version) => {
                    let roles: &[&str] = if version % 2 == 0 { &["nx1_ask"] } else { &[] };
                    let told = PrincipalState { standing, version, ..someone(PrincipalId::Person(person(1)), roles) };
                    v.apply_principal(&told);
                    let tenant = plain.tenant(tenant(1));
                    plain.seat(told.id).apply(&told, Some(tenant));
                }
                Step::Ask(n, how) => {
                    let wants = Wants::Any(&["nexus:consumer:chat", "nx1:ask"]);
                    let asked = if how & 1 == 0 { ANYTHING } else { Request { wants, ..ANYTHING } };
                    let cost = u32::from(how >> 6);
                    let presented = Presented { secret: &text(n), asked, cost };
                    let ours = v.verify(&presented, at(ms), said);
                    let theirs = plain.verify(&digest(n), &asked, Some(cost), at(ms), &options, said);
                    prop_assert_eq!(ours, theirs);
                }
                Step::Sweep => v.sweep(at(ms).mono_ns),
                Step::Drain => prop_assert_eq!(sorted(v.drain_usage()), sorted(plain.drain())),
            }
        }
        prop_assert_eq!(v.stats().keys, plain.key_count());
        prop_assert_eq!(sorted(v.drain_usage()), sorted(plain.drain()));
    }
}
