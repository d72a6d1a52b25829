//! The command line. Flags are one layer of the configuration and win over the others; the rest of
//! the settings has no flag.

use crate::{
    commands::{ask::Ask, audit},
    config::Flag,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Issues, enforces and audits API keys.
#[derive(Parser, Debug)]
#[command(
    name = "keyward",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "Settings come from flags, KEYWARD_* variables, one TOML file and defaults, in this order.\n\
                  `keyward config` shows them all."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Settings that every command takes.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    /// Configuration file [default: keyward.toml in the data directory]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Directory of the database and the master key [default: keyward-data]
    #[arg(long, value_name = "DIR", global = true)]
    data_dir: Option<String>,
    /// `sqlite`, or a `postgres://` address without a password (it would show in process lists)
    #[arg(long, value_name = "DATABASE", global = true)]
    database: Option<String>,
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", global = true)]
    listen: Option<String>,
    /// Where clients reach Keyward
    #[arg(long, value_name = "URL", global = true)]
    public_url: Option<String>,
    /// `text` or `json`
    #[arg(long, value_name = "FORMAT", global = true)]
    log_format: Option<String>,
    /// `error`, `warn`, `info` or `debug`
    #[arg(long, value_name = "LEVEL", global = true)]
    log_level: Option<String>,
}

impl Settings {
    /// The directory of the data, where a flag names it: then no server is asked.
    pub(crate) fn data_dir(&self) -> Option<&str> {
        self.data_dir.as_deref()
    }

    /// The flags that were given, as a layer of the configuration.
    pub(crate) fn flags(&self) -> Vec<Flag> {
        [
            ("--data-dir", "data_dir", &self.data_dir),
            ("--database", "database", &self.database),
            ("--listen", "listen", &self.listen),
            ("--public-url", "public_url", &self.public_url),
            ("--log-format", "log.format", &self.log_format),
            ("--log-level", "log.level", &self.log_level),
        ]
        .into_iter()
        .filter_map(|(name, path, value)| Some(Flag { name, path, value: value.clone()? }))
        .collect()
    }
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Serve: at the first start make the data directory, the database and first credentials
    Serve(Serve),
    #[command(flatten)]
    Ask(Box<Ask>),
    /// Look into the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Print the configuration with the source of each value, secrets hidden
    Config(ShowConfig),
    /// Copy the embedded database into one file, while the server runs
    Backup(Backup),
    /// Make a data directory out of a backup; what was revoked since does not come back unnoticed
    Restore(Restore),
    /// Give a cluster person who is locked out a new password, on the machine itself
    Recover(Recover),
    /// Ask the server of this configuration whether it is ready: for probes of containers
    Health,
    /// Measure this build on this machine and print each figure with its ratio to what is promised
    Bench(Bench),
}

/// `keyward serve`.
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Also make two sample tenants with keys of every type that it issues; needs an empty database
    #[arg(long)]
    pub(crate) demo: bool,
    /// Of a start that takes secrets out of its environment: the rest of them is on standard input
    #[arg(long, hide = true)]
    pub(crate) secrets_on_stdin: bool,
}

/// `keyward config`.
#[derive(Args, Debug)]
pub(crate) struct ShowConfig {
    /// Say above each setting what it is for and how the environment calls it
    #[arg(long)]
    pub(crate) explain: bool,
}

/// `keyward audit`.
#[derive(Subcommand, Debug)]
pub(crate) enum Audit {
    /// List events, newest first
    List(audit::List),
    /// Write a chain with its links, a line an event
    Export(audit::Export),
    /// Check every chain for edits, gaps, reorderings and truncation; exit code 4 if any is found
    Verify(Verify),
}

/// `keyward audit verify`.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// A signed head that was kept elsewhere: the line from the log or the export. May be repeated
    #[arg(long, value_name = "HEAD")]
    pub(crate) head: Vec<String>,
}

/// `keyward backup`.
#[derive(Args, Debug)]
pub(crate) struct Backup {
    /// The new file; it is for its owner alone, and holds no master key
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

/// `keyward restore`.
#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The backup
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Move the database that is there aside
    #[arg(long, requires = "from")]
    pub(crate) replace: bool,
    /// A newer backup or database file of the same installation: what ended in it stays ended. May be
    /// repeated
    #[arg(long, value_name = "FILE", requires = "from")]
    pub(crate) newer: Vec<PathBuf>,
    /// A signed head that was kept elsewhere: newer databases that lack it are not the last. May be
    /// repeated
    #[arg(long, value_name = "HEAD", requires = "from")]
    pub(crate) head: Vec<String>,
    /// Say that what changed after this instant is lost, so that keys revoked since may work again
    #[arg(long, value_name = "INSTANT")]
    pub(crate) accept_loss: Option<String>,
}

/// `keyward recover`.
#[derive(Args, Debug)]
pub(crate) struct Recover {
    /// The user name of a person of the cluster
    #[arg(long, value_name = "NAME", default_value = "ops")]
    pub(crate) user: String,
}

/// `keyward bench`.
#[derive(Args, Debug)]
pub(crate) struct Bench {
    /// What to measure
    #[arg(value_enum, default_value_t = Figure::All)]
    pub(crate) figure: Figure,
    /// Keys in memory
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(2..=100_000_000))]
    pub(crate) keys: u64,
    /// Sessions in the table, for `sessions`
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    pub(crate) sessions: u64,
    /// Connections that ask for verdicts at once
    #[arg(long, value_name = "COUNT", default_value_t = 32)]
    pub(crate) connections: usize,
    /// How often those that are compared take turns
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    pub(crate) rounds: u64,
    /// How long one turn takes
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    pub(crate) seconds: u64,
    /// Directory for the databases of the run [default: that of temporary files]
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
    /// An empty PostgreSQL database, for `revoke` on two nodes, for `reindex` and for `sessions`; it is left full
    #[arg(long, value_name = "URL")]
    pub(crate) postgres: Option<String>,
    /// With `http`, `gateway` and `check`: count instructions instead of time; needs valgrind
    #[arg(long)]
    pub(crate) callgrind: bool,
    /// Of the helpers: the size of an answer, or the number of digests
    #[arg(long, hide = true, default_value_t = 0)]
    pub(crate) bytes: usize,
}

/// What `keyward bench` measures.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Figure {
    /// One verification in the process, and the bytes a key takes
    Index,
    /// The start, and verification over HTTP
    Http,
    /// Durable creations over HTTP
    Write,
    /// Keys that an import takes over in a second
    Import,
    /// How soon a revocation holds
    Revoke,
    /// Calls through the gateway, beside nginx alone
    Gateway,
    /// Checks for proxies, asked directly and by nginx, beside fixed answers
    Check,
    /// The memory of the server while a body of 1 GiB passes the gateway
    Stream,
    /// Tokens that a realm signs in a second, beside `openssl speed`
    Sign,
    /// The CPU of the server for a page of the console
    Console,
    /// Keys that are sealed anew in a second, and verification meanwhile; not among `all`
    Reindex,
    /// What a sign-in asks of a table of very many sessions; not among `all`
    Sessions,
    /// Good calls beside thousands of silent and slow connections; not among `all`
    Slow,
    /// All of them but `slow`, `sessions` and `reindex`
    All,
    /// The bare server that `http` compares with
    #[value(hide = true)]
    Bare,
    /// The digests that `http --callgrind` takes off
    #[value(hide = true)]
    Digests,
}

#[cfg(test)]
mod tests;
