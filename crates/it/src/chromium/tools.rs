//! What `.ci/browser` finds or installs.

use crate::proxy::project;
use anyhow::{Context as _, Result, bail};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The program of this name; it is installed first where it is missing.
///
/// # Errors
/// It cannot be had.
pub(super) fn program(name: &str) -> Result<PathBuf> {
    let output = Command::new(project().join(".ci/browser"))
        .arg(name)
        .stdin(Stdio::null())
        .output()
        .context("run .ci/browser")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let path = said.trim().strip_prefix(name).map(str::trim);
    match path {
        Some(path) if output.status.success() => Ok(Path::new(path).to_owned()),
        _ => bail!(".ci/browser {name}: {}", String::from_utf8_lossy(&output.stderr).trim()),
    }
}

/// The folder of the packages that look at pages.
pub(super) fn packages() -> PathBuf {
    project().join(".cache/browser/node")
}
