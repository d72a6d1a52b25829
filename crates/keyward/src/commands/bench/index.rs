//! One verification within the process, and the bytes a key takes.

use super::{
    machine::{self, Stretch},
    made::{self, Pattern, SECRET_BYTES},
    report::{Report, median, rounded},
};
use crate::cli::Bench;
use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, Scope},
    permission::Wants,
    right::Rights,
    secret::SecretDigest,
    time::Timestamp,
    verdict::{KeyTypes, Request, Standing, Verdict},
};
use std::{hint::black_box, sync::Barrier, time::Instant};
use verifier::{Now, Options, Presented, PrincipalState, TenantState, TokenState, Verifier};

/// Where the clock stands; it moves by a little at each call.
const AT: Timestamp = Timestamp::from_millis(1_772_366_400_000);
/// Keys that are called; of more than these the others only take room.
const CALLED: u64 = 1_000_000;
const TOKENS: u64 = 100_000;
const TENANTS: u64 = 1_000;
/// Passes over all called keys; the first one claims their states and is not counted.
const PASSES: usize = 5;

/// Measures with ten thousand keys and with as many as were asked for.
pub(super) fn run(arguments: &Bench, report: &mut Report) {
    for keys in [10_000.min(arguments.keys), arguments.keys] {
        measure(keys, report);
    }
    // Last, because it takes half a gigabyte that the figures above must not hold.
    report.section("The machine");
    report
        .plain("dependent load that misses every cache", &format!("{:.0} ns", machine::miss_ns()));
    report.plain("SHA-256 of a secret", &format!("{:.0} ns", machine::digest_ns()));
}

fn measure(keys: u64, report: &mut Report) {
    report.section(&format!("In process, {keys} keys"));
    let before = machine::resident_bytes();
    let begin = Instant::now();
    let verifier = filled(keys);
    let filling = begin.elapsed().as_secs_f64();
    let resident = machine::resident_bytes() - before;
    let promised = if keys <= 10_000 { 300.0 } else { 700.0 };

    let secrets = shuffled(keys);
    let passes = |range: &[u8], verdict| one_thread(&verifier, range, verdict);
    let (first, second) = secrets.split_at(secrets.len() / SECRET_BYTES / 2 * SECRET_BYTES);
    let hit = passes(&secrets, Verdict::Valid);
    report.at_most("verify, 1 thread", hit, "ns", promised);
    let both = two_threads(&verifier, first, second);
    report.plain("verify, 2 threads, each", &format!("{} ns", rounded(both)));
    report.plain("2 threads do so many times what one does", &rounded(2.0 * hit / both));
    report.note("nanoseconds of the thread's own CPU time");
    let strangers: Vec<u8> =
        (0..keys.min(CALLED)).flat_map(|n| made::secret(made::UNKNOWN + n)).collect();
    let miss = passes(&strangers, Verdict::NotFound);
    report.plain("verify, no such key", &format!("{} ns", rounded(miss)));
    report.plain("access token", &format!("{} ns", rounded(tokens(&verifier))));

    let stats = verifier.stats();
    let each = |bytes: f64| bytes / stats.keys.max(1) as f64;
    let index = each(stats.index_bytes as f64);
    // Tables double, so fewer keys may stand in twice the room.
    if keys >= 10_000_000 {
        report.at_most("index, bytes a key", index, "B", 120.0);
    } else {
        report.plain("index, bytes a key", &format!("{} B", rounded(index)));
    }
    report.plain("names, bytes a key", &format!("{} B", rounded(each(stats.name_bytes as f64))));
    report.plain("process grown by, bytes a key", &format!("{} B", rounded(each(resident))));
    report.plain("keys put in a second", &format!("{:.0}", keys as f64 / filling));
}

fn filled(keys: u64) -> Verifier {
    let expected_keys = usize::try_from(keys).unwrap_or(0);
    let seed = made::uuid_of(1, 9).into_bytes();
    let verifier = Verifier::new(Options { expected_keys, seed, ..Options::default() });
    let pattern = Pattern::of_tenants(TENANTS.min(keys), AT);
    for tenant in pattern.tenants() {
        verifier.apply_tenant(&TenantState::plain(*tenant, Standing::Live, 1));
    }
    // States are made as they are taken, so that only what the index keeps is measured.
    verifier.apply_keys_bulk((0..keys).map(|n| pattern.state(n)));
    let client = ClientId(made::uuid_of(1, 4));
    verifier.apply_principal(&PrincipalState {
        id: PrincipalId::Client(client),
        scope: Scope::Cluster,
        name: "bench".to_owned(),
        rights: Rights::NONE,
        roles: Vec::new(),
        contact_centers: Vec::new(),
        standing: Standing::Live,
        version: 1,
    });
    for n in 0..TOKENS.min(keys) {
        verifier.apply_token(&TokenState {
            digest: SecretDigest::of(made::text(&made::secret(token_number(n)))),
            principal: PrincipalId::Client(client),
            client,
            family: FamilyId(made::uuid_of(n, 5)),
            scope: "*".to_owned(),
            issued_at: AT,
            expires_at: AT.plus_seconds(43_200),
        });
    }
    verifier.set_loaded();
    verifier.confirm_fresh(1);
    verifier
}

const fn token_number(n: u64) -> u64 {
    made::UNKNOWN * 2 + n
}

/// Secrets of keys that lie anywhere in the table, one after the other: reading them costs next to
/// nothing, because the machine sees that coming.
fn shuffled(keys: u64) -> Vec<u8> {
    let called = keys.min(CALLED);
    // A stride that shares no factor with the number of keys meets each called key once.
    let stride = keys / called;
    let mut order: Vec<u64> = (0..called).map(|n| n * stride).collect();
    for last in (1..order.len()).rev() {
        #[expect(clippy::cast_possible_truncation, reason = "a place in a list")]
        let other = (made::mixed(last as u64) % (last as u64 + 1)) as usize;
        order.swap(last, other);
    }
    order.into_iter().flat_map(made::secret).collect()
}

fn now(calls: u64) -> Now {
    // A call each 100 ns, so that windows move as they would.
    Now {
        wall: AT.plus_millis(i64::try_from(calls / 10_000).unwrap_or(0)),
        mono_ns: 1 + calls * 100,
    }
}

/// Presents each secret once; returns how many got another verdict than `wanted`.
fn pass(verifier: &Verifier, secrets: &[u8], wanted: Verdict, round: u64) -> u64 {
    let asked = Request {
        tenant: None,
        key_types: KeyTypes::One("nexus"),
        wants: Wants::All(&[made::PERMISSION]),
        origin: None,
        address: None,
        method: None,
        path: None,
    };
    let count = (secrets.len() / SECRET_BYTES) as u64;
    let mut others = 0;
    for (n, secret) in (round * count..).zip(secrets.chunks_exact(SECRET_BYTES)) {
        let presented = Presented { secret: made::text(secret), asked, cost: 1 };
        let verdict = verifier.verify(&presented, now(n), |outcome| {
            black_box(outcome.found.map(|f| f.key_id));
            outcome.verdict
        });
        others += u64::from(verdict != Ok(wanted));
    }
    others
}

fn one_thread(verifier: &Verifier, secrets: &[u8], wanted: Verdict) -> f64 {
    let count = (secrets.len() / SECRET_BYTES) as f64;
    // Few keys are passed over so often that a pass is long enough to be timed.
    let times = (CALLED as f64 / count / 2.0).ceil().max(1.0) as u64;
    let mut timed = Vec::new();
    for round in 0..=PASSES as u64 {
        let work = Stretch::begin();
        let others: u64 =
            (0..times).map(|n| pass(verifier, secrets, wanted, round * times + n)).sum();
        let ns = work.nanoseconds() / count / times as f64;
        debug_assert_eq!(others, 0);
        black_box(others);
        if round > 0 {
            timed.push(ns);
        }
        // What is counted goes to the database once a second; here it goes nowhere.
        black_box(verifier.drain_usage());
    }
    median(&timed)
}

fn two_threads(verifier: &Verifier, first: &[u8], second: &[u8]) -> f64 {
    let barrier = Barrier::new(2);
    let timed = |secrets| {
        barrier.wait();
        one_thread(verifier, secrets, Verdict::Valid)
    };
    let timed = &timed;
    std::thread::scope(|scope| {
        let other = scope.spawn(move || timed(second));
        f64::midpoint(timed(first), other.join().unwrap_or(f64::NAN))
    })
}

fn tokens(verifier: &Verifier) -> f64 {
    let count = u64::try_from(verifier.stats().tokens).unwrap_or(1).max(1);
    let texts: Vec<made::Text> =
        (0..count).map(|n| made::secret(token_number(made::mixed(n) % count))).collect();
    let timed: Vec<f64> = (0..=PASSES)
        .map(|_| {
            let work = Stretch::begin();
            let found = texts
                .iter()
                .filter(|t| matches!(verifier.authenticate(made::text(*t), now(0)), Ok(Some(_))));
            black_box(found.count());
            work.nanoseconds() / count as f64
        })
        .collect();
    median(timed.get(1..).unwrap_or_default())
}
