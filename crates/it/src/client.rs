//! Client libraries that others wrote: `.ci/clients` finds or installs them, and the drivers in `clients/` do
//! with them what an application does. A driver prints a line of JSON for each step that it got through.

use crate::proxy::project;
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Where a library is at home.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    /// Packages for Python.
    Python,
    /// Packages for Node.js.
    Node,
    /// The example of the crate `openidconnect`.
    OpenIdConnect,
}

impl Home {
    const fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
            Self::OpenIdConnect => "openidconnect",
        }
    }
}

/// The steps of a driver, as it saw them.
pub struct Steps(Vec<Value>);

impl Steps {
    /// The one step of this name; there is none else.
    #[must_use]
    pub fn one(&self, name: &str) -> &Value {
        let found = self.all(name);
        assert_eq!(found.len(), 1, "{name} in {:#?}", self.0);
        found[0]
    }

    /// Every step of this name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&Value> {
        self.0.iter().filter(|step| step["step"] == name).collect()
    }
}

/// Runs a driver with these variables.
///
/// # Errors
/// The library cannot be had, or the driver failed; the error holds what it wrote.
pub fn drive(home: Home, driver: &str, variables: &[(&str, String)]) -> Result<Steps> {
    let program = program(home)?;
    let script = match home {
        Home::Python => project().join("crates/it/clients/python").join(driver),
        Home::Node => project().join(".cache/clients/node").join(driver),
        Home::OpenIdConnect => bail!("it is a program, not a driver"),
    };
    let output = Command::new(program)
        .arg(&script)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        // Nothing is left beside the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("run {}", script.display()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!("{driver}, after\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let steps = said.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    Ok(Steps(steps.with_context(|| format!("{driver} said\n{said}"))?))
}

/// The program of this name; it is installed or built first where it is missing.
///
/// # Errors
/// It cannot be had.
pub fn program(home: Home) -> Result<PathBuf> {
    let output = Command::new(project().join(".ci/clients"))
        .arg(home.name())
        .stdin(Stdio::null())
        .output()
        .context("run .ci/clients")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let path = said.trim().strip_prefix(home.name()).map(str::trim);
    match path {
        Some(path) if output.status.success() => Ok(Path::new(path).to_owned()),
        _ => {
            let why = String::from_utf8_lossy(&output.stderr);
            bail!(".ci/clients {}: {}", home.name(), why.trim())
        }
    }
}
