//! `keyward key-types`.

use super::session::{IfVersion, Limit, Members, Once, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

/// What to do with key types.
#[derive(Subcommand, Debug)]
pub(crate) enum KeyTypes {
    /// Make a key type of a tenant
    Create(Create),
    /// List key types, the seeded ones among them
    List(List),
    /// Show a key type
    Show(Named),
    /// Change a key type
    Update(Update),
}

/// A key type by its name.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// Tenant it belongs to [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// `keyward key-types create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    #[command(flatten)]
    named: Named,
    /// What its secrets begin with, such as `acme_`: random text with a checksum follows
    #[arg(long, value_name = "PREFIX", required_unless_present = "uuid")]
    prefix: Option<String>,
    /// Its secrets are UUIDs
    #[arg(long, conflicts_with = "prefix")]
    uuid: bool,
    /// How often a secret can be seen
    #[arg(long, value_enum, default_value_t = Reveal::Once)]
    reveal: Reveal,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    once: Once,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Reveal {
    /// When it is made
    Once,
    /// When it is made, and its creator confirms that it was stored
    OnceAcknowledged,
    /// Whenever somebody has the right; audited
    Recoverable,
}

/// What may change.
#[derive(Args, Debug)]
struct Settings {
    /// What it is for; `none` for nothing
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Where its secrets are presented: `bearer`, `header:NAME` or `parameter:NAME`. May be repeated
    #[arg(long = "presented-in", value_name = "PLACE", value_parser = place)]
    presented_in: Vec<Value>,
    /// Units that a key without a limit of its own may take in every interval of `--frequency`
    #[arg(long, value_name = "UNITS", requires = "frequency")]
    capacity: Option<u32>,
    /// Seconds of the interval
    #[arg(long, value_name = "SECONDS", requires = "capacity")]
    frequency: Option<u32>,
    /// Take the limit away
    #[arg(long, conflicts_with_all = ["capacity", "frequency"])]
    no_limit: bool,
    /// Setting of its keys that may change, such as `name`; `none` for none. May be repeated
    #[arg(long = "setting", value_name = "SETTING")]
    settings: Vec<String>,
}

/// `header:x-api-key` as the API writes it.
pub(super) fn place(text: &str) -> Result<Value, &'static str> {
    match text.split_once(':') {
        Some((kind @ ("header" | "parameter"), name)) if !name.is_empty() => {
            Ok(json!({ kind: name }))
        }
        None if text == "bearer" => Ok(json!("bearer")),
        _ => Err("write `bearer`, `header:NAME` or `parameter:NAME`"),
    }
}

impl Settings {
    fn members(self) -> Members {
        let limit = match (self.no_limit, self.capacity.zip(self.frequency)) {
            (true, _) => Some(Value::Null),
            (false, limit) => limit.map(|(c, f)| json!({ "capacity": c, "frequency": f })),
        };
        Members::new()
            .or_none("description", self.description)
            .with("presentedIn", (!self.presented_in.is_empty()).then_some(self.presented_in))
            .with("defaultLimit", limit)
            .list("settings", self.settings)
    }
}

/// `keyward key-types list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Also of this tenant
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward key-types update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    version: IfVersion,
}

impl Named {
    fn call(&self, call: impl FnOnce(&[&str]) -> Call) -> Call {
        call(&["v1", "key-types", &self.name]).query("tenant", self.tenant.as_ref())
    }
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: KeyTypes) -> Result<Exit, Failure> {
    match command {
        KeyTypes::Create(create) => create.run(session).await,
        KeyTypes::List(list) => {
            let call = || Call::get(&["v1", "key-types"]).query("tenant", list.tenant.as_ref());
            session.many(&thing::KEY_TYPE, list.limit.most(), call).await
        }
        KeyTypes::Show(named) => session.one(&thing::KEY_TYPE, named.call(Call::get)).await,
        KeyTypes::Update(update) => {
            let body = update.settings.members().change()?;
            let call =
                update.named.call(Call::patch).json(&body).if_version(update.version.if_version);
            session.one(&thing::KEY_TYPE, call).await
        }
    }
}

impl Create {
    async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let format = match self.prefix {
            Some(prefix) => json!({ "kind": "random", "prefix": prefix }),
            None => json!({ "kind": "uuid" }),
        };
        let reveal = match self.reveal {
            Reveal::Once => "once",
            Reveal::OnceAcknowledged => "onceAcknowledged",
            Reveal::Recoverable => "recoverable",
        };
        let body = self
            .settings
            .members()
            .with("name", Some(self.named.name))
            .with("tenant", self.named.tenant)
            .with("format", Some(format))
            .with("reveal", Some(reveal))
            .value();
        let call = Call::post(&["v1", "key-types"]).json(&body).once(self.once.idempotency_key);
        session.one(&thing::KEY_TYPE, call).await
    }
}
