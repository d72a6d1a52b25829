//! PostgreSQL for tests: a server, and a database of one's own on it.
//!
//! Where the server comes from: `KEYWARD_TEST_POSTGRES` names one (`.ci/run` does that, a server for
//! the whole run); without it the first test starts one that all later runs share, and that stays
//! until `.ci/postgres stop target/tmp/postgres`. How a server is started stands in `.ci/postgres`
//! alone. SQL goes through `psql`: a broken driver of ours must not break its own test bed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail, ensure};

/// The address of a running server; the user in it may create databases.
#[derive(Clone, Debug)]
pub struct ServerUrl(String);

impl ServerUrl {
    /// The address as text: `postgres://user:password@host:port/database`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of another database on this server.
    #[must_use]
    pub fn database(&self, name: &str) -> String {
        let (address, query) = self.0.split_once('?').unwrap_or((&self.0, ""));
        let server = match address.rsplit_once('/') {
            Some((server, _)) if !server.ends_with('/') => server,
            _ => address,
        };
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{server}/{name}{mark}{query}")
    }
}

/// The server of this run.
///
/// # Errors
/// When none is given and none can be started.
pub fn server() -> Result<ServerUrl> {
    if let Ok(given) = std::env::var("KEYWARD_TEST_POSTGRES")
        && !given.is_empty()
    {
        return Ok(ServerUrl(given));
    }
    shared_server()
}

/// Runs SQL in the database of this address and returns what it printed: no headers, fields
/// separated by `|`.
///
/// # Errors
/// When the server refuses a statement.
pub fn sql(url: &str, text: &str) -> Result<String> {
    psql(url, text)
}

/// A database of one test. It is dropped with this value.
#[derive(Debug)]
pub struct Database {
    server: ServerUrl,
    name: String,
}

impl Database {
    /// Its address.
    pub fn url(&self) -> String {
        self.server.database(&self.name)
    }

    /// Runs SQL in it and returns what it printed: no headers, fields separated by `|`.
    ///
    /// # Errors
    /// When the server refuses a statement.
    pub fn sql(&self, sql: &str) -> Result<String> {
        psql(&self.url(), sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Forced, because a test that failed may still hold connections. A server that is already
        // gone took the database with it.
        let sql = format!("DROP DATABASE IF EXISTS \"{}\" WITH (FORCE)", self.name);
        // Not waited for: a test has one thread, and a connection that is being opened on it would
        // stand still in the middle of its authentication. The server waits for such a one before it
        // drops or makes any database, a minute long.
        let _ = Command::new(psql_program())
            .args(["--no-psqlrc", "--quiet", "--dbname", self.server.as_str(), "--command", &sql])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
    }
}

/// Makes a database with a random name, as a copy of `template` or empty.
///
/// # Errors
/// When there is no server, or the template does not exist or is in use.
pub fn fresh_database(template: Option<&str>) -> Result<Database> {
    let server = server()?;
    let name = format!("keyward_{}", uuid::Uuid::new_v4().simple());
    create(&server, &name, template)?;
    Ok(Database { server, name })
}

/// Makes the template `name` once for all processes of a run: `fill` gets the address of an empty
/// database and puts in it what every copy shall have. The name has to change with the content, for
/// example by a hash of the migrations, because a developer's server outlives the run.
///
/// # Errors
/// When the server or `fill` fails; the next caller then tries again.
pub fn template(name: &str, fill: impl FnOnce(&str) -> Result<()>) -> Result<String> {
    ensure!(
        name.len() <= 48
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
        "a template's name is at most 48 of [a-z0-9_]: {name}"
    );
    let server = server()?;
    let exists = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    if !psql(server.as_str(), &exists)?.is_empty() {
        return Ok(name.to_owned());
    }
    let _lock = lock("template.lock")?;
    if !psql(server.as_str(), &exists)?.is_empty() {
        return Ok(name.to_owned());
    }
    let unfinished = format!("{name}_unfinished");
    psql(server.as_str(), &format!("DROP DATABASE IF EXISTS \"{unfinished}\" WITH (FORCE)"))?;
    create(&server, &unfinished, None)?;
    fill(&server.database(&unfinished))?;
    // The rename waits for nobody and fails while connections live: end those that `fill` left.
    psql(
        server.as_str(),
        &format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{unfinished}'"
        ),
    )?;
    psql(server.as_str(), &format!("ALTER DATABASE \"{unfinished}\" RENAME TO \"{name}\""))?;
    Ok(name.to_owned())
}

/// A server of one test, which syncs as in production and may be killed. Removed with this value.
#[derive(Debug)]
pub struct PrivateServer {
    folder: PathBuf,
    url: ServerUrl,
}

impl PrivateServer {
    /// Starts one. Takes a few seconds: only for tests of what happens when the server dies.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start() -> Result<Self> {
        let folder = state_folder()?.join(format!("private-{}", uuid::Uuid::new_v4().simple()));
        let url = ServerUrl(script(&["start", text(&folder)?, "durable"])?);
        Ok(Self { folder, url })
    }

    /// Its address, the same after every restart.
    pub fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// Kills it without a chance to write anything more.
    ///
    /// # Errors
    /// When it does not run.
    pub fn kill(&self) -> Result<()> {
        self.act(&["kill"])
    }

    /// Stops it, data kept.
    ///
    /// # Errors
    /// When the script fails.
    pub fn stop(&self) -> Result<()> {
        self.act(&["stop", "keep"])
    }

    /// Starts it again after [`Self::kill`] or [`Self::stop`].
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&self) -> Result<()> {
        self.act(&["restart"])
    }

    fn act(&self, verb_and_more: &[&str]) -> Result<()> {
        let mut arguments = verb_and_more.to_vec();
        arguments.insert(1, text(&self.folder)?);
        script(&arguments).map(drop)
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        let _ = self.act(&["stop"]);
    }
}

/// Starts the server that a developer's runs share, unless it answers already.
fn shared_server() -> Result<ServerUrl> {
    let folder = state_folder()?.join("postgres");
    // Every test is a process of its own; the first one starts the server, the others wait here.
    let _lock = lock("postgres.lock")?;
    if let Ok(url) = fs::read_to_string(folder.join("url")) {
        let url = url.trim().to_owned();
        if psql(&url, "SELECT 1").is_ok() {
            return Ok(ServerUrl(url));
        }
        // It died with the machine, perhaps together with its data: begin anew.
        script(&["stop", text(&folder)?])?;
    }
    script(&["start", text(&folder)?]).map(ServerUrl)
}

fn create(server: &ServerUrl, name: &str, template: Option<&str>) -> Result<()> {
    let from = template.unwrap_or("template0");
    psql(server.as_str(), &format!("CREATE DATABASE \"{name}\" TEMPLATE \"{from}\""))
        .with_context(|| format!("create a database from {from}"))
        .map(drop)
}

fn psql(url: &str, sql: &str) -> Result<String> {
    let output = Command::new(psql_program())
        .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
        .args(["--set", "ON_ERROR_STOP=1", "--dbname", url, "--command", sql])
        .stdin(Stdio::null())
        .output()
        .context("run psql")?;
    if !output.status.success() {
        bail!("psql: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `psql` of the newest version where Debian puts it, or else of the path: what Debian has on the path
/// only looks for that one, and takes longer for it than most statements do.
fn psql_program() -> PathBuf {
    static FOUND: LazyLock<PathBuf> = LazyLock::new(|| {
        let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else {
            return PathBuf::from("psql");
        };
        let mut found: Vec<PathBuf> =
            versions.flatten().map(|v| v.path().join("bin/psql")).filter(|p| p.is_file()).collect();
        found.sort();
        found.pop().unwrap_or_else(|| PathBuf::from("psql"))
    });
    FOUND.clone()
}

/// Runs `.ci/postgres` and returns what it printed.
fn script(arguments: &[&str]) -> Result<String> {
    let output = Command::new(workspace().join(".ci/postgres"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .context("run .ci/postgres")?;
    if !output.status.success() {
        bail!(
            ".ci/postgres {}: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// An exclusive lock between processes, held as long as the returned file is open.
fn lock(name: &str) -> Result<File> {
    let file = File::create(state_folder()?.join(name))?;
    file.lock().with_context(|| format!("lock {name}"))?;
    Ok(file)
}

fn state_folder() -> Result<PathBuf> {
    let folder = workspace().join("target/tmp");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn workspace() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not UTF-8")
}
