//! Every setting there is: its path, what it takes, its default, what it is for.
//!
//! The environment's names, `keyward config`, the check for unknown members and the table in
//! `docs/configuration.md` are all made from this list; `given.rs` holds the same paths as fields,
//! and a test compares the two.

mod bootstrap;
mod issuers;
mod rules;

use super::setting::{Fallback, Kind, Setting};
use std::borrow::Cow;

pub(super) const REQUIRED: Fallback = Fallback::Nothing("required");
pub(super) const OPTIONAL: Fallback = Fallback::Nothing("");

pub(super) const fn setting(
    path: &'static str,
    kind: Kind,
    fallback: Fallback,
    about: &'static str,
) -> Setting {
    Setting { path, kind, fallback, about }
}

/// All of them, in the order in which they are printed.
pub(crate) fn settings() -> impl Iterator<Item = &'static Setting> {
    PROCESS
        .iter()
        .chain(rules::SETTINGS.iter().flat_map(|part| part.iter()))
        .chain(issuers::SETTINGS)
        .chain(bootstrap::SETTINGS)
}

/// Those of the process itself.
const PROCESS: &[Setting] = &[
    setting(
        "listen",
        Kind::Text,
        Fallback::Value("\"127.0.0.1:8080\""),
        "Address and port to listen on, with every surface. Or a list of tables, one a listener:",
    ),
    setting("listen[].address", Kind::Text, REQUIRED, "Address and port of this listener."),
    setting(
        "listen[].surfaces",
        Kind::Texts,
        Fallback::Nothing("all"),
        "What this listener serves: `ops` (health), `native` (`/v1`), `gateway` (its routes), \
         `check` (`/check` and Envoy's gRPC), `environment_v3`, `nexus_v3`, `nexusone` (`/api/user/psk`, \
         `/api/dataproduct`), `experience` (`/openconnect`), `auth_v3`, `oauth2`, `oidc` (`/realms`), \
         `docs` (`/openapi.json`, `/docs`), `console` (`/console`). \
         All else is not found there.",
    ),
    setting(
        "listen[].tls_certificate",
        Kind::Text,
        OPTIONAL,
        "File of this listener's certificate and what is between it and its authority, PEM. With it \
         the listener speaks TLS 1.2 and 1.3 and nothing else.",
    ),
    setting(
        "listen[].tls_key",
        Kind::Text,
        OPTIONAL,
        "File of the certificate's private key, PEM; not readable by everybody.",
    ),
    setting(
        "tls_certificate",
        Kind::Text,
        OPTIONAL,
        "As `listen[].tls_certificate`, where `listen` is one address.",
    ),
    setting(
        "tls_key",
        Kind::Text,
        OPTIONAL,
        "As `listen[].tls_key`, where `listen` is one address.",
    ),
    setting(
        "metrics_listen",
        Kind::Text,
        Fallback::Nothing("off"),
        "Address and port for Prometheus, `/metrics` and nothing else, by plain HTTP without \
         credentials: such as `127.0.0.1:9464`. It tells figures, never names or keys.",
    ),
    setting(
        "public_url",
        Kind::Text,
        Fallback::Derived(
            "`http://`, or with a certificate `https://`, and the first listener's address",
        ),
        "Where clients reach Keyward: issuer and links are made from it, never from `Host`.",
    ),
    setting(
        "data_dir",
        Kind::Text,
        Fallback::Value("\"keyward-data\""),
        "Directory of the database, the master key and `keyward.toml`. Made when missing.",
    ),
    setting(
        "database",
        Kind::DatabaseAddress,
        Fallback::Value("\"sqlite\""),
        "`sqlite`: a file in the data directory. Or `postgres://user:password@host/name`.",
    ),
    setting(
        "database_connections",
        Kind::Whole,
        Fallback::Value("16"),
        "Connections to PostgreSQL, or readers of SQLite, that a node keeps: 2 to 200.",
    ),
    setting(
        "master_key",
        Kind::Secret,
        Fallback::Derived("`file:` and `master.key` in the data directory"),
        "`<id>:<base64 of 32 bytes>`, more of them separated by commas: the first seals, all open. \
         A file that does not exist is made together with a new, empty database only.",
    ),
    setting(
        "plain_http_behind_tls_proxy",
        Kind::Switch,
        Fallback::Value("false"),
        "Says that a proxy in front speaks TLS. Without it a listener beyond loopback that has no \
         certificate is refused.",
    ),
    setting(
        "hosts",
        Kind::Texts,
        Fallback::Value("[]"),
        "Further host names that clients may use, besides that of `public_url` and loopback's. \
         Requests for any other are answered 421.",
    ),
    setting(
        "trusted_proxies",
        Kind::Texts,
        Fallback::Value("[]"),
        "Addresses or networks (`10.0.0.0/8`) of proxies: their `Forwarded` headers are believed, \
         and what they ask for themselves, not for a client behind them, needs no credentials at \
         verify and `/check`.",
    ),
    setting(
        "verify_on_loopback",
        Kind::Switch,
        Fallback::Value("false"),
        "Lets callers on this machine verify without credentials, unless the request passed a proxy.",
    ),
    setting(
        "nodes",
        Kind::Whole,
        Fallback::Value("1"),
        "How many nodes share one PostgreSQL: each enforces this part of every key's limit.",
    ),
    setting(
        "stale_after",
        Kind::Duration,
        Fallback::Value("\"15m\""),
        "A node that could not read the changes for so long answers 503 instead of a verdict.",
    ),
    setting(
        "shutdown_delay",
        Kind::Duration,
        Fallback::Value("\"1s\""),
        "How long `/health/ready` answers 503 before the listeners close: time for what stands in \
         front to send its requests elsewhere.",
    ),
    setting(
        "shutdown_grace",
        Kind::Duration,
        Fallback::Value("\"10s\""),
        "How long running requests may take after a request to stop.",
    ),
    setting(
        "audit_retention_days",
        Kind::Whole,
        Fallback::Nothing("for ever"),
        "Days for which audit events are kept, 30 at least. Older ones go up to a signed head, and an \
         event `audit.prune` says so. The same on every node.",
    ),
    setting(
        "session_idle",
        Kind::Duration,
        Fallback::Value("\"1h\""),
        "Without a call for so long a browser is no longer signed in, to a realm or the console; an hour at \
         most. The same on every node.",
    ),
    setting(
        "session_lifetime",
        Kind::Duration,
        Fallback::Value("\"1d\""),
        "After so long a browser has to sign in again, to a realm or the console, whatever it called; a day at \
         most. The same on every node.",
    ),
    setting(
        "signing_key_days",
        Kind::Whole,
        Fallback::Value("90"),
        "Days after which a realm's signing key gets a successor, 1 at least. The successor is published \
         an hour before it signs. The same on every node.",
    ),
    setting(
        "log.format",
        Kind::Text,
        Fallback::Value("\"text\""),
        "`text` or `json`, one event a line, to standard error.",
    ),
    setting(
        "log.level",
        Kind::Text,
        Fallback::Value("\"info\""),
        "`error`, `warn`, `info` or `debug`; also per module: `info,server=debug`.",
    ),
];

/// The setting of a path written with `[]`.
pub(crate) fn find(path: &str) -> Option<&'static Setting> {
    settings().find(|s| s.path == path)
}

/// Whether settings lie below this path, as members of one table (`.`) or of each of a list (`[].`).
pub(crate) fn has_below(path: &str, separator: &str) -> bool {
    settings().any(|s| s.path.strip_prefix(path).is_some_and(|rest| rest.starts_with(separator)))
}

/// The names that may stand directly inside the table of this path.
pub(crate) fn members_of(path: &str) -> Vec<&'static str> {
    let below = |setting: &Setting| match path {
        "" => Some(setting.path),
        _ => setting.path.strip_prefix(path)?.strip_prefix('.'),
    };
    let first = |rest: &'static str| rest.split(['.', '[']).next();
    let mut names: Vec<_> = settings().filter_map(below).filter_map(first).collect();
    names.dedup();
    names
}

/// The name that a member of this table has here. Rules are written as our API writes them, too:
/// `keyTypes` is `key_types`.
pub(crate) fn spelt<'a>(table: &str, name: &'a str) -> Cow<'a, str> {
    let rules = ["gateway.routes[]", "gateway.upstreams[]", "policies[]"];
    if !rules.iter().any(|list| table.starts_with(list)) || name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut snake = String::with_capacity(name.len() + 2);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    if find(&format!("{table}.{snake}")).is_some() || has_below(&format!("{table}.{snake}"), ".") {
        Cow::Owned(snake)
    } else {
        Cow::Borrowed(name)
    }
}
