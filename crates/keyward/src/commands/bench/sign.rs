//! Tokens that a realm signs, in the process, with each algorithm: how many a second, and the CPU time
//! of one beside what `openssl speed` says of the same algorithm, taken in turn.

use super::{
    installation::Folder,
    machine,
    report::{Report, median, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Context as _, Result};
use domain::{id::TenantId, signing::Algorithm, time::Timestamp};
use serde_json::{Map, Value, json};
use service::{
    Caller, Context, Service, Settings,
    bootstrap::{Bootstrap, NewTenant},
    clock::Clock,
    entropy::Entropy,
    open::{MasterKeys, Opening},
    signing::RotateSigningKey,
};
use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use store::Database;

/// What `openssl speed` calls each algorithm.
const ALGORITHMS: [(Algorithm, &str); 3] =
    [(Algorithm::Rs256, "rsa2048"), (Algorithm::Es256, "ecdsap256"), (Algorithm::EdDsa, "ed25519")];

/// What one turn of signing came to.
struct Turn {
    a_second: f64,
    cpu_us: f64,
}

pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    report.section(&format!(
        "Tokens of a realm, {cores} at once, {} rounds of {} s in turn",
        arguments.rounds, arguments.seconds,
    ));
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let folder = Folder::new(arguments.folder.as_deref())?;
    let tenant = TenantId(Entropy::system().uuid());
    let service = runtime.block_on(opened(&folder, tenant))?;
    let time = Duration::from_secs(arguments.seconds);
    for (algorithm, name) in ALGORITHMS {
        runtime.block_on(sign_by(&service, tenant, algorithm))?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..arguments.rounds {
            ours.push(runtime.block_on(turn(&service, tenant, cores, time))?);
            theirs.extend(openssl_us(name, arguments.seconds));
        }
        let of = |value: fn(&Turn) -> f64| ours.iter().map(value).collect::<Vec<_>>();
        let (all, cpu) = (of(|turn| turn.a_second), of(|turn| turn.cpu_us));
        let algorithm = algorithm.as_str();
        report.plain(&format!("{algorithm}: tokens a second"), &rounded(median(&all)));
        report.plain("CPU a token", &format!("{} us", rounded(median(&cpu))));
        if theirs.is_empty() {
            report.note("openssl is not installed, or says nothing of this algorithm");
            continue;
        }
        let ratios: Vec<f64> = cpu.iter().zip(&theirs).map(|(a, b)| a / b).collect();
        let beside = format!("openssl speed {name}: CPU a signature");
        report.plain(&beside, &format!("{} us", rounded(median(&theirs))));
        report.plain("a token / a signature", &format!("{} x", rounded(median(&ratios))));
    }
    runtime.block_on(service.close());
    Ok(())
}

/// An installation with one realm.
async fn opened(folder: &Folder, tenant: TenantId) -> Result<Service> {
    let data = folder.path().join("data");
    fs::create_dir_all(&data)?;
    let realm = NewTenant {
        id: Some(tenant),
        environment: None,
        name: "bench".to_owned(),
        domains: Vec::new(),
        realm: Some("bench".to_owned()),
        persons: Vec::new(),
    };
    let bootstrap = Bootstrap {
        ops: None,
        environments: Vec::new(),
        tenants: vec![realm],
        clients: Vec::new(),
    };
    let opening = Opening {
        database: Database::Sqlite { path: data.join("keyward.db") },
        master_keys: MasterKeys::File(data.join("master.key")),
        bootstrap,
        settings: Settings::default(),
        clock: Clock::system(Timestamp::from_millis(0)),
        entropy: Entropy::system(),
    };
    Ok(Service::open(opening).await?.0)
}

async fn sign_by(service: &Service, tenant: TenantId, algorithm: Algorithm) -> Result<()> {
    let context = Context { address: None, request_id: "bench".to_owned() };
    let caller = Caller::local("bench", context);
    let rotate = RotateSigningKey { algorithm: Some(algorithm), now: true };
    service.rotate_signing_key(&caller, tenant, rotate).await?;
    service.realm_keys(tenant).await?;
    Ok(())
}

/// So many callers, each of whom asks for one token after the other.
async fn turn(service: &Service, tenant: TenantId, callers: usize, time: Duration) -> Result<Turn> {
    let (begin, cpu) = (Instant::now(), machine::cpu_seconds(std::process::id())?);
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let (service, claims) = (service.clone(), claims());
            tokio::spawn(async move {
                let mut made = 0_u32;
                while begin.elapsed() < time {
                    service.sign_jwt(tenant, "JWT", &claims).await?;
                    made += 1;
                }
                Ok::<_, service::Error>(made)
            })
        })
        .collect();
    let mut made = 0.0;
    for caller in callers {
        made += f64::from(caller.await??);
    }
    let wall = begin.elapsed().as_secs_f64();
    let cpu = machine::cpu_seconds(std::process::id())? - cpu;
    Ok(Turn { a_second: made / wall, cpu_us: cpu * 1e6 / made })
}

/// The claims of a service account's token.
fn claims() -> Map<String, Value> {
    let claims = json!({
        "exp": 1_772_367_000, "iat": 1_772_366_400,
        "jti": "trtcc:0b3f5c1e-6a0b-4c57-9d0e-0d6f3f1f9b11",
        "iss": "https://sso.example/realms/companya", "aud": "account",
        "sub": "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11", "typ": "Bearer", "azp": "myID", "acr": "1",
        "allowed-origins": ["https://app.example"],
        "realm_access": {"roles": ["nx1_ask", "nx1_engineer", "nx1_monitor"]},
        "resource_access": {"account": {"roles": ["view-profile"]}},
        "scope": "email openid profile", "clientHost": "192.0.2.7", "email_verified": false,
        "preferred_username": "service-account-myid", "clientAddress": "192.0.2.7",
        "client_id": "myID",
    });
    match claims {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}

/// Microseconds of CPU time that one signature takes there; nothing where there is no such program.
fn openssl_us(name: &str, seconds: u64) -> Option<f64> {
    let output = Command::new("openssl")
        .args(["speed", "-mr", "-seconds", &seconds.to_string(), name])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .context("openssl")
        .ok()?;
    signatures_a_second(&String::from_utf8_lossy(&output.stdout)).map(|a_second| 1e6 / a_second)
}

/// The last line for machines: `+F2:2:2048:1985.1:33184.0`, with a name before the figures where the
/// bits do not say which curve. Signatures come first, verifications last.
fn signatures_a_second(output: &str) -> Option<f64> {
    let line = output.lines().rev().find(|line| line.starts_with("+F"))?;
    let fields: Vec<&str> = line.trim().split(':').collect();
    fields.get(fields.len().checked_sub(2)?)?.parse().ok().filter(|a_second| *a_second > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_for_machines_is_read() {
        let of = |line: &str| signatures_a_second(&format!("+R:1\n{line}\n")).map(f64::round);
        assert_eq!(of("+F2:2:2048:1985.106383:33184.000000"), Some(1985.0));
        assert_eq!(of("+F4:3:256:25768.750000:8457.142857"), Some(25769.0));
        assert_eq!(of("+F6:0:253:Ed25519:11818.367347:4546.938776"), Some(11818.0));
        assert_eq!(of("+F2"), None);
        assert_eq!(signatures_a_second(""), None);
    }
}
