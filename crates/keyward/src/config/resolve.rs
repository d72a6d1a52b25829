//! From typed-in to ready to use: addresses parsed, defaults filled in, dangerous combinations
//! refused.

use super::{
    Config, Database, Error, Log, MasterKey, bootstrap,
    given::{self, Given},
    issuers,
    layers::Layers,
    listeners, rules,
};
use domain::{
    allow_list::{AddressRule, AllowList},
    secret::Secret,
};
use service::bootstrap::Bootstrap;
use std::{
    net::{Ipv6Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};
use url::Url;

const DATA_DIR: &str = "keyward-data";
const KEY_FILE: &str = "master.key";
/// Passwords that guard a listener beyond loopback are at least this long (PW-01).
const PASSWORD_CHARS: usize = 15;

const NAMELESS: &str =
    "without `public_url` only loopback names are known: any other host gets 421";

/// The data directory, as far as it is known without the file that lies in it.
pub(super) fn data_dir(layers: &Layers) -> PathBuf {
    let given = layers.get("data_dir").and_then(|entry| entry.value.as_str());
    PathBuf::from(given.unwrap_or(DATA_DIR))
}

/// Makes the configuration out of what was given.
pub(super) fn config(layers: Layers) -> Result<Config, Error> {
    let given: Given = layers.to_table()?.try_into().map_err(|e: toml::de::Error| {
        // Members and kinds were checked before; the message alone, it quotes no text.
        Error::new(e.message().to_owned())
    })?;
    let check = Check(&layers);
    let data_dir = PathBuf::from(given.data_dir.as_deref().unwrap_or(DATA_DIR));
    let listeners = check.listeners(&given)?;
    let (session_idle, session_lifetime) = check.session_lives(&given)?;
    let signing_key_days = check.signing_key_days(&given)?;
    let bootstrap = bootstrap::resolve(given.bootstrap.unwrap_or_default(), &check)?;
    let nodes = check.range("nodes", given.nodes, 1, 1, 1_000)?;
    let rules = rules::resolve(given.gateway, given.policies, nodes, &check)?;
    let issuers = issuers::resolve(given.issuers, &check)?;
    if let Some(open) = listeners.iter().find(|l| !listeners::is_loopback(l.address.ip())) {
        check.long_passwords(&bootstrap, open.address)?;
    }
    let given_public_url =
        given.public_url.as_deref().map(|url| check.public_url(url)).transpose()?;
    let nameless =
        given_public_url.is_none() && listeners.iter().all(|l| l.address.ip().is_unspecified());
    let warnings = nameless.then(|| NAMELESS.to_owned()).into_iter().collect();
    let seconds =
        |given: Option<u32>, default| Duration::from_secs(u64::from(given.unwrap_or(default)));
    Ok(Config {
        database: check.database(given.database.as_ref())?,
        database_connections: check.range(
            "database_connections",
            given.database_connections,
            16,
            2,
            200,
        )? as usize,
        master_key: check.master_key(given.master_key.as_ref(), data_dir.join(KEY_FILE)),
        hosts: check.hosts(given.hosts.as_deref().unwrap_or_default())?,
        trusted_proxies: check.networks(given.trusted_proxies.as_deref().unwrap_or_default())?,
        verify_on_loopback: given.verify_on_loopback.unwrap_or(false),
        nodes,
        // Below the feed's own rhythm every node would call itself stale.
        stale_after: Duration::from_secs(
            check.range("stale_after", given.stale_after, 900, 5, 86_400)?.into(),
        ),
        metrics: check.metrics_address(given.metrics_listen.as_deref())?,
        shutdown_delay: seconds(given.shutdown_delay, 1),
        shutdown_grace: seconds(given.shutdown_grace, 10),
        audit_retention_days: given
            .audit_retention_days
            .map(|days| check.range("audit_retention_days", Some(days), days, 30, 36_500))
            .transpose()?,
        session_idle,
        session_lifetime,
        signing_key_days,
        log: check.log(given.log.as_ref())?,
        listeners,
        given_public_url,
        data_dir,
        bootstrap,
        rules,
        issuers,
        warnings,
        file: None,
        layers,
    })
}

/// Checks single values; knows where each came from.
pub(super) struct Check<'a>(&'a Layers);

impl Check<'_> {
    /// Seconds that a session may idle, and live: what is usual, or less.
    fn session_lives(&self, given: &Given) -> Result<(u32, u32), Error> {
        let idle = self.range("session_idle", given.session_idle, 3_600, 60, 3_600)?;
        let life = given.session_lifetime;
        Ok((idle, self.range("session_lifetime", life, 86_400, 300, 86_400)?))
    }

    fn signing_key_days(&self, given: &Given) -> Result<u32, Error> {
        let (days, usual) = (given.signing_key_days, service::signing::DEFAULT_DAYS);
        self.range("signing_key_days", days, usual, 1, 3_650)
    }

    /// An error at the place of a setting, written `bootstrap.tenants[0].id`.
    pub(super) fn fault(&self, setting: &str, message: impl Into<String>) -> Error {
        let error = Error::new(message);
        match self.0.find(setting) {
            Some(entry) => error.at(&entry.source, setting),
            None => Error::new(format!("`{setting}`: {error}")),
        }
    }

    /// Whether a setting's value was written in its place, not fetched from elsewhere.
    pub(super) fn is_literal(&self, setting: &str) -> bool {
        self.0.find(setting).is_some_and(|entry| entry.reference.is_none())
    }

    fn range(
        &self,
        setting: &str,
        given: Option<u32>,
        default: u32,
        least: u32,
        most: u32,
    ) -> Result<u32, Error> {
        let value = given.unwrap_or(default);
        if (least..=most).contains(&value) {
            return Ok(value);
        }
        Err(self.fault(setting, format!("expected {least} to {most}, found {value}")))
    }

    /// On loopback a short one is a warning, which the first start gives.
    fn long_passwords(&self, plan: &Bootstrap, listener: SocketAddr) -> Result<(), Error> {
        match bootstrap::short_password(plan, PASSWORD_CHARS) {
            None => Ok(()),
            Some(setting) => Err(self.fault(
                &setting,
                format!(
                    "the password has fewer than {PASSWORD_CHARS} characters, and `{listener}` is \
                     reachable from other machines"
                ),
            )),
        }
    }

    fn public_url(&self, text: &str) -> Result<String, Error> {
        let wrong = |what: &str| {
            self.fault("public_url", what)
                .with_hint("write `https://keys.example.com`, without a path")
        };
        let url = Url::parse(text).map_err(|_| wrong("not an address"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong("not an `http://` or `https://` address"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("it must not carry credentials"));
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("it must end after host and port"));
        }
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }

    fn database(&self, given: Option<&given::Hidden>) -> Result<Database, Error> {
        let text = given.map_or("sqlite", |hidden| hidden.0.expose());
        if text == "sqlite" {
            return Ok(Database::Sqlite);
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            // Not parsed as a URL: PostgreSQL's own form allows several hosts.
            return Ok(Database::Postgres(Secret::new(text.to_owned())));
        }
        Err(self.fault("database", "neither `sqlite` nor a `postgres://` address").with_hint(
            "write `sqlite`, or `postgres://user@host/name` with the password by `env:` or `file:`",
        ))
    }

    fn master_key(&self, given: Option<&given::Hidden>, default: PathBuf) -> MasterKey {
        match given {
            None => MasterKey::File(default),
            Some(text) if self.is_literal("master_key") => {
                MasterKey::Text(Secret::new(text.0.expose().to_owned()))
            }
            Some(text) => match self.0.find("master_key").and_then(|e| e.reference.as_ref()) {
                Some(super::source::Reference::File(path)) => MasterKey::File(path.clone()),
                _ => MasterKey::Text(Secret::new(text.0.expose().to_owned())),
            },
        }
    }

    fn hosts(&self, given: &[String]) -> Result<Vec<String>, Error> {
        let host = |text: &String| {
            let bare = text.trim().to_ascii_lowercase();
            let v6 = bare.trim_start_matches('[').trim_end_matches(']').parse::<Ipv6Addr>();
            let name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
            match v6 {
                Ok(v6) => Some(format!("[{v6}]")),
                Err(_) => (!bare.is_empty() && bare.bytes().all(name)).then_some(bare),
            }
            .ok_or_else(|| {
                self.fault("hosts", format!("`{text}` is not a host name"))
                    .with_hint("names or addresses alone: no scheme, no port, no `*`")
            })
        };
        given.iter().map(host).collect()
    }

    fn networks(&self, given: &[String]) -> Result<AllowList, Error> {
        let network = |text: &String| {
            let text = text.trim();
            // With `!` an entry of an allow-list takes addresses away: a proxy is trusted or is not.
            let rule = if text.starts_with('!') { None } else { AddressRule::parse(text).ok() };
            rule.ok_or_else(|| {
                self.fault(
                    "trusted_proxies",
                    format!("`{text}` is neither an address nor a network"),
                )
                .with_hint("write `10.0.0.7` or `10.0.0.0/8`")
            })
        };
        let addresses = given.iter().map(network).collect::<Result<_, _>>()?;
        Ok(AllowList { addresses, ..AllowList::default() })
    }

    fn log(&self, given: Option<&given::Log>) -> Result<Log, Error> {
        let format = given.and_then(|log| log.format.as_deref()).unwrap_or("text");
        let json = match format {
            "json" => true,
            "text" => false,
            other => {
                return Err(
                    self.fault("log.format", format!("expected `text` or `json`, found `{other}`"))
                );
            }
        };
        let level = given.and_then(|log| log.level.clone()).unwrap_or_else(|| "info".to_owned());
        if crate::logging::filter(&level).is_none() {
            return Err(self
                .fault("log.level", format!("`{level}` is no level"))
                .with_hint("write `error`, `warn`, `info` or `debug`, or `info,server=debug`"));
        }
        Ok(Log { json, level })
    }
}
