//! What a verification costs: `cargo bench -p verifier [-- KEYS…]`, by default 10,000 keys and
//! 1,000,000. Nothing passes or fails here; compare what one run prints.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, and its own memory from the kernel"
)]
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark that fails may fail loudly"
)]
#![allow(missing_docs, reason = "a program of its own")]

use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, Scope},
    permission::Wants,
    right::Rights,
    secret::SecretDigest,
    time::Timestamp,
    verdict::{KeyTypes, Request, Standing, Verdict},
};
use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};
use verifier::{
    Now, Options, Presented, PrincipalState, TenantState, TokenState, Verifier, sample,
};

/// How many of the keys are called, at random.
const CALLED: u64 = 1_000_000;
/// Calls that are timed together: so few that a slice is often left alone by other programs.
const SLICE: usize = 5_000;
const SLICES: usize = 400;
const TOKENS: u64 = 1_000;

const ASKED: Request<'static> = Request {
    tenant: None,
    key_types: KeyTypes::One("nexus"),
    wants: Wants::All(&["nexus:consumer:chat"]),
    origin: None,
    address: None,
    method: None,
    path: None,
};

fn main() {
    // `cargo bench` says so; a test runner that only asks for a list gets an empty one.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    let keys: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let keys = if keys.is_empty() { vec![10_000, 1_000_000] } else { keys };
    println!("nanoseconds a call                 least   middle");
    let mut walk = cache_miss();
    report("cache miss (dependent, 512 MiB)", measure(&[()], 0, |_, ()| walk()));
    let mut text = String::new();
    sample::write_secret(1, &mut text);
    report(
        "SHA-256 of a secret",
        measure(&[text], 0, |_, t| {
            black_box(SecretDigest::of(black_box(t)));
        }),
    );
    for keys in keys {
        bench(keys);
    }
}

fn bench(keys: u64) {
    println!("\n{keys} keys");
    let before = resident();
    let verifier =
        Verifier::new(Options { seed: [3; 16], stale_after_ms: u64::MAX, ..Options::default() });
    for n in 0..sample::TENANTS {
        verifier.apply_tenant(&TenantState::plain(sample::tenant(n), Standing::Live, 1));
    }
    load(&verifier, keys);
    verifier.set_loaded();
    let after = resident();
    let stats = verifier.stats();
    let per_key = |bytes: usize| bytes as f64 / keys as f64;
    println!("  resident bytes a key, all       {:7.1}", per_key(after.saturating_sub(before)));
    println!("  index bytes a key               {:7.1}", per_key(stats.index_bytes));
    println!("  name bytes a key                {:7.1}", per_key(stats.name_bytes));

    let hits = texts(keys.min(CALLED), keys, 0);
    let misses = texts(keys.min(CALLED), keys, 1 << 40);
    let digests: Vec<SecretDigest> = hits.iter().map(|t| SecretDigest::of(t)).collect();
    let tokens = tokens(&verifier);
    let verify = |want| {
        let verifier = &verifier;
        move |now, secret: &String| {
            let presented = Presented { secret, asked: ASKED, cost: 1 };
            let verdict = verifier.verify(&presented, now, |o| {
                black_box(o.found.map(|f| (f.name, f.permissions.len())));
                o.verdict
            });
            assert!(verdict == Ok(want), "{verdict:?}");
        }
    };
    report(
        "look-up of a digest",
        measure(&digests, 1, |now, digest| {
            let asked = Request { key_types: KeyTypes::One("another"), ..ASKED };
            let id = verifier.inspect(digest, now, &asked, |o| o.found.map(|f| f.key_id));
            assert!(black_box(id.unwrap()).is_some());
        }),
    );
    report("verify, hit", measure(&hits, 1, verify(Verdict::Valid)));
    report("verify, unknown secret", measure(&misses, 1, verify(Verdict::NotFound)));
    report(
        "authenticate",
        measure(&tokens, 1, |now, token| {
            assert!(black_box(verifier.authenticate(token, now)).unwrap().is_some());
        }),
    );
    let (first, second) = hits.split_at(hits.len() / 2);
    let both = thread::scope(|scope| {
        let threads = [first, second]
            .map(|part| scope.spawn(move || measure(part, 2, verify(Verdict::Valid))));
        threads.map(|t| t.join().unwrap())
    });
    for times in both {
        report("verify, hit, two threads", times);
    }
    keep_house(&verifier);
}

fn keep_house(verifier: &Verifier) {
    let start = Instant::now();
    let drained = verifier.drain_usage();
    println!("  drain of {} called keys: {:?}", drained.keys.len(), start.elapsed());
    let start = Instant::now();
    verifier.sweep(u64::MAX / 2);
    println!("  one sweep: {:?}, states left {}", start.elapsed(), verifier.stats().limiter_states);
}

fn load(verifier: &Verifier, keys: u64) {
    const CHUNK: u64 = 10_000;
    let mut spent = 0;
    let mut slowest = Duration::ZERO;
    for first in (0..keys).step_by(usize::try_from(CHUNK).unwrap()) {
        let chunk: Vec<_> = (first..keys.min(first + CHUNK)).map(sample::key).collect();
        let (start, charged) = (Instant::now(), cpu_ns());
        verifier.apply_keys_bulk(&chunk);
        spent += cpu_ns() - charged;
        slowest = slowest.max(start.elapsed());
    }
    let each = spent as f64 / keys as f64;
    println!("  loading a key                   {each:7.1} ns (slowest 10,000: {slowest:?})");
}

fn texts(called: u64, keys: u64, offset: u64) -> Vec<String> {
    let step = (keys as f64 * 0.618_033_98) as u64 | 1;
    (0..called)
        .map(|n| {
            let mut text = String::with_capacity(36);
            sample::write_secret((n * step) % keys + offset, &mut text);
            text
        })
        .collect()
}

fn tokens(verifier: &Verifier) -> Vec<String> {
    let client = ClientId::from_u128(1);
    verifier.apply_principal(&PrincipalState {
        id: PrincipalId::Client(client),
        scope: Scope::Tenant(sample::tenant(0)),
        name: "client".to_owned(),
        rights: Rights::NONE,
        roles: Vec::new(),
        contact_centers: Vec::new(),
        standing: Standing::Live,
        version: 1,
    });
    (0..TOKENS)
        .map(|n| {
            let mut text = String::new();
            sample::write_secret(n + (1 << 50), &mut text);
            verifier.apply_token(&TokenState {
                digest: SecretDigest::of(&text),
                principal: PrincipalId::Client(client),
                client,
                family: FamilyId::from_u128(n.into()),
                scope: "*".to_owned(),
                issued_at: Timestamp::from_millis(0),
                expires_at: Timestamp::from_millis(i64::MAX >> 16),
            });
            text
        })
        .collect()
}

#[derive(Clone, Copy)]
struct Times {
    least: f64,
    middle: f64,
}

/// Runs through `items` again and again, in slices, after one pass that is not timed. Each slice
/// has a later instant, from `day` on, so that no limit is met and every window holds about what it would.
fn measure<T>(items: &[T], day: u64, mut call: impl FnMut(Now, &T)) -> Times {
    let mut now = Now { wall: Timestamp::from_millis(0), mono_ns: day * 86_400_000_000_000 };
    let mut next_slice = || {
        now.mono_ns += 30_000_000_000;
        now.wall = now.wall.plus_seconds(30);
        now
    };
    let first = next_slice();
    items.iter().for_each(|item| call(first, item));
    let mut items = items.iter().cycle();
    let mut times: Vec<Duration> = (0..SLICES)
        .map(|_| {
            let now = next_slice();
            let start = Instant::now();
            items.by_ref().take(SLICE).for_each(|item| call(now, item));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let each = |time: Duration| time.as_nanos() as f64 / SLICE as f64;
    Times { least: each(times[0]), middle: each(times[SLICES / 2]) }
}

fn report(what: &str, times: Times) {
    println!("  {what:31} {:7.1} {:8.1}", times.least, times.middle);
}

/// A walk through memory in which each step needs the one before.
fn cache_miss() -> impl FnMut() {
    let len = 1_usize << 26;
    let mut next: Vec<u64> = (0..len as u64).collect();
    // One cycle through all (Sattolo), with a plain generator.
    let mut state = 88_172_645_463_325_252_u64;
    for at in (1..len).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        next.swap(at, (state % at as u64) as usize);
    }
    let mut at = 0_u64;
    move || at = black_box(next[at as usize])
}

/// What the kernel has charged to this thread, so that neighbours on the machine count less.
fn cpu_ns() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse().unwrap()
}

/// Resident bytes of this process, as the kernel counts them.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|p| p.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}
