//! What a verification costs: `cargo bench -p verifier [-- KEYS…]`, by default 10,000 keys and
//! 1,000,000. Nothing passes or fails here; compare what one run prints.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, and its own memory from the kernel"
)]
#![allow(clippy::print_stdout, reason = "its output is what it is for")]
#![allow(clippy::unwrap_used, reason = "a benchmark that fails may fail loudly")]
#![allow(missing_docs, reason = "a program of its own")]

use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, Scope},
    permission::Wants,
    right::Rights,
    secret::SecretDigest,
    time::Timestamp,
    verdict::{Request, Standing, Verdict},
};
use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};
use verifier::{Now, Options, Presented, PrincipalState, TokenState, Verifier, sample};

/// How many of the keys are called, at random.
const CALLED: u64 = 1_000_000;
/// Calls of one measurement.
const CALLS: usize = 1_000_000;
const ROUNDS: usize = 7;
const TOKENS: u64 = 1_000;

const ASKED: Request<'static> = Request {
    tenant: None,
    key_type: Some("nexus"),
    wants: Wants::All(&["nexus:consumer:chat"]),
    origin: None,
    address: None,
    method: None,
    path: None,
};

fn main() {
    let keys: Vec<u64> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let keys = if keys.is_empty() { vec![10_000, 1_000_000] } else { keys };
    println!("cache miss (dependent, 512 MiB)   {:8.1} ns", cache_miss());
    println!("SHA-256 of a secret               {:8.1} ns", sha256());
    println!(
        "Instant::now                      {:8.1} ns",
        best(|| {
            for _ in 0..CALLS {
                black_box(Instant::now());
            }
        })
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
        verifier.apply_tenant(sample::tenant(n), Standing::Live, 1);
    }
    load(&verifier, keys);
    verifier.set_loaded();
    let after = resident();
    let stats = verifier.stats();
    let per_key = |bytes: usize| bytes as f64 / keys as f64;
    println!("  resident bytes a key, all       {:8.1}", per_key(after.saturating_sub(before)));
    println!("  index bytes a key               {:8.1}", per_key(stats.index_bytes));
    println!("  name bytes a key                {:8.1}", per_key(stats.name_bytes));

    let hits = texts(keys.min(CALLED), keys, 0);
    let misses = texts(keys.min(CALLED), keys, 1 << 40);
    let digests: Vec<SecretDigest> = hits.iter().map(|t| SecretDigest::of(t)).collect();
    let mut clock = Clock(0);
    // The first round warms the caches and claims the states.
    report("verify, hit", || calls(&verifier, &hits, &mut clock, Verdict::Valid));
    report("verify, unknown secret", || calls(&verifier, &misses, &mut clock, Verdict::NotFound));
    report("look-up by digest, hit", || {
        let now = clock.next();
        for digest in digests.iter().cycle().take(CALLS) {
            let id = verifier.inspect(digest, now, &ASKED, |o| o.found.map(|f| f.key_id));
            black_box(id.unwrap());
        }
    });
    let tokens = tokens(&verifier);
    report("authenticate", || {
        let now = clock.next();
        for token in tokens.iter().cycle().take(CALLS) {
            assert!(black_box(verifier.authenticate(token, now)).unwrap().is_some());
        }
    });
    println!(
        "  verify, hit, on 2 threads       {:8.1} ns",
        two_threads(&verifier, &hits, &mut clock)
    );
    let start = Instant::now();
    let drained = verifier.drain_usage();
    println!("  drain of {} called keys: {:?}", drained.keys.len(), start.elapsed());
    let start = Instant::now();
    verifier.sweep(clock.next().mono_ns);
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
    println!("  loading a key                   {each:8.1} ns (slowest 10,000: {slowest:?})");
}

/// Processor time a call with two threads at work, the worse of the two.
fn two_threads(verifier: &Verifier, hits: &[String], clock: &mut Clock) -> f64 {
    let from = clock.next().mono_ns;
    let (first, second) = hits.split_at(hits.len() / 2);
    let each = thread::scope(|scope| {
        let threads = [first, second].map(|part| {
            scope.spawn(move || {
                let mut clock = Clock(from);
                best(|| calls(verifier, part, &mut clock, Verdict::Valid))
            })
        });
        threads.map(|t| t.join().unwrap())
    });
    clock.0 += 1_000 * 3_600_000_000_000;
    each[0].max(each[1])
}

/// A clock that steps over every limit's interval once a measurement.
struct Clock(u64);

impl Clock {
    fn next(&mut self) -> Now {
        self.0 += 3_600_000_000_000;
        let wall = i64::try_from(self.0 / 1_000_000).unwrap();
        Now { wall: Timestamp::from_millis(wall % 1_000_000_000), mono_ns: self.0 }
    }
}

fn calls(verifier: &Verifier, texts: &[String], clock: &mut Clock, want: Verdict) {
    let mut now = clock.next();

    let mut other = 0_usize;
    for (n, secret) in texts.iter().cycle().take(CALLS).enumerate() {
        // With few keys the limit of 120 would be met: time goes on as it would.
        if n % texts.len() == 0 {
            now.mono_ns += 30_000_000_000;
        }
        let presented = Presented { secret, asked: ASKED, cost: 1 };
        let verdict = verifier.verify(&presented, now, |o| {
            black_box(o.found.map(|f| (f.name, f.permissions.len())));
            o.verdict
        });
        other += usize::from(verdict != Ok(want));
    }

    clock.0 = now.mono_ns;
    assert!(other == 0, "{other} other verdicts than {want:?}");
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

fn report(what: &str, run: impl FnMut()) {
    println!("  {what:31} {:8.1} ns", best(run));
}

/// The best of several rounds of `CALLS` each, in nanoseconds of processor time a call.
fn best(mut run: impl FnMut()) -> f64 {
    let times = (0..ROUNDS).map(|_| {
        let start = cpu_ns();
        run();
        cpu_ns() - start
    });
    times.min().unwrap() as f64 / CALLS as f64
}

fn sha256() -> f64 {
    let mut text = String::new();
    sample::write_secret(1, &mut text);
    best(|| {
        for _ in 0..CALLS {
            black_box(SecretDigest::of(black_box(&text)));
        }
    })
}

/// A walk through memory in which each step needs the one before.
fn cache_miss() -> f64 {
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
    let mut at = 0;
    best(|| {
        for _ in 0..CALLS {
            at = next[at as usize];
        }
        black_box(at);
    })
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
