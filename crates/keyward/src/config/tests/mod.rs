//! The configuration as a whole. A [`Place`] is a file of its own for each test.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod definition;
mod layers;
mod listeners;
mod refused;
mod rules;
mod shown;

use super::{Config, Environment, Error, Flag};
use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

/// A configuration file of its own for each test, gone when dropped.
struct Place(PathBuf);

impl Place {
    fn new(toml: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("keyward-config-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("k.toml"), toml).unwrap();
        Self(dir)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn load(
        &self,
        variables: &[(&str, &str)],
        flags: &[(&'static str, &'static str, &str)],
    ) -> Result<Config, Error> {
        Config::load(Some(&self.0.join("k.toml")), &self::flags(flags), &environment(variables))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

fn flags(flags: &[(&'static str, &'static str, &str)]) -> Vec<Flag> {
    flags
        .iter()
        .map(|(name, path, value)| Flag { name, path, value: (*value).to_owned() })
        .collect()
}

fn load(toml: &str) -> Result<Config, Error> {
    Place::new(toml).load(&[], &[])
}

fn refusal(toml: &str) -> String {
    let place = Place::new(toml);
    let error = place.load(&[], &[]).unwrap_err();
    let text = format!("{error} | {}", error.hint().unwrap_or_default());
    text.replace(&place.0.display().to_string(), "DIR")
}

const EXAMPLE: &str = r#"
listen = "127.0.0.1:8080"
public_url = "http://127.0.0.1:8080"
data_dir = "keyward-data"
database = "sqlite"

[bootstrap]
ops = { username = "ops", password = "env:OPS_PASSWORD" }

[[bootstrap.environments]]
id = "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11"
name = "default"

[[bootstrap.tenants]]
id = "578ec98e-f07c-46ad-9675-f36c22f3ba9f"
environment = "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11"
name = "premise_tenant"
domains = ["t100"]
realm = "companya"
persons = [{ username = "nexus", password = "env:NEXUS_PASSWORD", roles = ["admin"] }]

[[bootstrap.clients]]
client_id = "nexus_client"
secret = ""                          # empty on purpose
grants = ["password", "refresh_token"]
"#;

const EXAMPLE_SECRETS: &[(&str, &str)] =
    &[("OPS_PASSWORD", "canary-ops-password"), ("NEXUS_PASSWORD", "canary-nexus-password")];
