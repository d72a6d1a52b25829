//! The supply chain: `deny.toml` holds the rules, this test holds them against the graph that cargo
//! resolved. It needs no other tool and no network beyond what a build needs.

use std::process::Command;

use super::{read, report, root};

struct Package {
    name: String,
    version: String,
    licence: Option<String>,
    source: Option<String>,
}

fn rules() -> toml::Table {
    read("deny.toml").parse().expect("deny.toml")
}

/// What is built on this kind of machine. The lock file also names crates of systems that we do not
/// build for; their sources are not even downloaded.
fn packages() -> Vec<Package> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &host])
        .current_dir(root())
        .output()
        .expect("run cargo metadata");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("its JSON");
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| Package {
            name: text(&package["name"]).expect("a name"),
            version: text(&package["version"]).expect("a version"),
            licence: text(&package["license"]),
            source: text(&package["source"]),
        })
        .collect()
}

#[test]
fn sc_03_every_licence_is_on_the_list() {
    let rules = rules();
    let allowed: Vec<&str> = rules["licenses"]["allow"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    assert!(!allowed.iter().any(|l| l.contains("GPL") || l.contains("MPL")), "no copyleft");
    let packages = packages();
    assert!(packages.len() > 50, "cargo metadata named {} packages", packages.len());
    let findings: Vec<String> = packages
        .iter()
        .filter(|package| {
            !package.licence.as_deref().is_some_and(|licence| permits(licence, &allowed))
        })
        .map(|p| {
            format!("{} {}: {}", p.name, p.version, p.licence.as_deref().unwrap_or("no licence"))
        })
        .collect();
    report(&findings, "Take another crate, or argue for the licence in deny.toml.");
}

/// Evaluates an SPDX expression: AND binds more tightly than OR, as in SPDX 2.3 annex D.
fn permits(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let permitted = either(&words, &mut at, allowed);
    permitted && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut permitted = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        permitted |= both(words, at, allowed);
    }
    permitted
}

fn both(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let mut permitted = single(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        permitted &= single(words, at, allowed);
    }
    permitted
}

fn single(words: &[&str], at: &mut usize, allowed: &[&str]) -> bool {
    let Some(word) = words.get(*at) else {
        return false;
    };
    *at += 1;
    if *word == "(" {
        let permitted = either(words, at, allowed);
        *at += 1;
        return permitted;
    }
    let mut licence = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{licence} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    allowed.contains(&licence.as_str())
}

#[test]
fn an_expression_is_permitted_by_its_parts() {
    let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"];
    for permitted in [
        "MIT",
        "GPL-3.0 OR MIT",
        "MIT/GPL-3.0",
        "ISC AND (MIT OR GPL-2.0)",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(permits(permitted, &allowed), "{permitted}");
    }
    for refused in
        ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "(GPL-2.0 OR LGPL-2.1) AND MIT", "", "MIT MIT"]
    {
        assert!(!permits(refused, &allowed), "{refused}");
    }
}

/// The bans of `deny.toml`: a name, and below which version it is banned (`None`: every version).
fn bans() -> Vec<(String, Option<String>, String)> {
    rules()["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|ban| {
            let spec = ban["crate"].as_str().expect("a crate");
            let reason = ban["reason"].as_str().expect("a ban has a reason").to_owned();
            match spec.split_once(":<") {
                Some((name, version)) => (name.to_owned(), Some(version.to_owned()), reason),
                None => (spec.to_owned(), None, reason),
            }
        })
        .collect()
}

#[test]
fn sc_01_no_banned_crate_is_built() {
    // What cargo would build. The lock file is no witness here: it also names crates that an optional
    // feature of some crate would bring, and that nobody switches on.
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args([
            "tree",
            "--workspace",
            "--locked",
            "--edges",
            "all",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(root())
        .output()
        .expect("run cargo tree");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let built = String::from_utf8_lossy(&output.stdout);
    let names: Vec<&str> = built.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(names.contains(&"domain"), "cargo tree names our crates");
    let findings: Vec<String> = bans()
        .iter()
        .filter(|(name, floor, _)| floor.is_none() && names.contains(&name.as_str()))
        .map(|(name, _, reason)| format!("{name}: {reason}"))
        .collect();
    report(&findings, "`cargo tree --invert <crate>` tells who brings it.");
}

#[test]
fn sc_01_no_version_is_below_its_floor() {
    // The lock file, not the graph of this machine: what another system would build counts too.
    let lock: toml::Table = read("Cargo.lock").parse().expect("Cargo.lock");
    let bans = bans();
    assert!(bans.len() > 10, "deny.toml names {} bans", bans.len());
    let mut findings = Vec::new();
    for package in lock["package"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        let version = package["version"].as_str().expect("a version");
        for (banned, floor, reason) in &bans {
            let below = floor.as_deref().is_some_and(|floor| numbers(version) < numbers(floor));
            if banned == name && below {
                findings.push(format!("{name} {version}: {reason}"));
            }
        }
    }
    report(&findings, "`cargo update -p <crate>` lifts it.");
}

/// Versions whose predecessors have an advisory that a server is exposed to.
const FLOORS: [(&str, &str); 10] = [
    ("h2", "0.4.16"),
    ("bytes", "1.11.1"),
    ("tokio-postgres", "0.7.18"),
    ("postgres-protocol", "0.6.12"),
    ("sqlx", "0.8.1"),
    ("rustls-webpki", "0.103.13"),
    ("time", "0.3.47"),
    ("lru", "0.18.2"),
    ("crossbeam-epoch", "0.9.20"),
    ("tracing-subscriber", "0.3.20"),
];

#[test]
fn sc_01_no_floor_was_taken_out_or_lowered() {
    let bans = bans();
    let holds = |name: &str, floor: &str| {
        bans.iter().any(|(banned, below, _)| {
            // Banned altogether is a floor too.
            banned == name && below.as_deref().is_none_or(|b| numbers(b) >= numbers(floor))
        })
    };
    let findings: Vec<String> = FLOORS
        .iter()
        .filter(|(name, floor)| !holds(name, floor))
        .map(|(name, floor)| format!("{name} below {floor} is not banned"))
        .collect();
    report(&findings, "Write it into deny.toml.");
}

/// The numbers of a version; a pre-release counts as its release, which no floor here depends on.
fn numbers(version: &str) -> [u64; 3] {
    let release = version.split(['-', '+']).next().unwrap_or(version);
    let mut parts = release.split('.').map(|part| part.parse().expect("a number"));
    [0, 1, 2].map(|_| parts.next().unwrap_or(0))
}

#[test]
fn versions_are_compared_as_numbers() {
    assert!(numbers("0.4.9") < numbers("0.4.16"));
    assert!(numbers("0.41.0") >= numbers("0.41"));
    assert!(numbers("1.0.0+spec") >= numbers("1.0.0"));
}

#[test]
fn every_crate_comes_from_the_registry() {
    let findings: Vec<String> = packages()
        .iter()
        .filter(|p| p.source.as_deref().is_some_and(|source| !source.starts_with("registry+")))
        .map(|p| format!("{} {}: {}", p.name, p.version, p.source.as_deref().unwrap_or_default()))
        .collect();
    report(&findings, "A branch in somebody's repository can change or vanish.");
}
