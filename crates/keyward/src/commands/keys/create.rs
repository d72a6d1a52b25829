//! `keyward keys create`.

use super::super::session::{Members, Once, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
    secret_source::{self, SecretSource},
};
use clap::Args;
use domain::secret::Secret;
use serde_json::Value;

/// A key to be.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// A name for people
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What the key is for: a key type's name
    #[arg(long, value_name = "TYPE", default_value = "api")]
    key_type: String,
    /// Tenant it belongs to, `*` for the cluster [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// More about it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// What it may do, such as `orders:read`. May be repeated
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
    /// Make it switched off
    #[arg(long)]
    disabled: bool,
    /// First instant at which it works, RFC 3339
    #[arg(long, value_name = "INSTANT")]
    starts_at: Option<String>,
    /// Instant from which it works no more, RFC 3339
    #[arg(long, value_name = "INSTANT")]
    expires: Option<String>,
    #[command(flatten)]
    rate: Rate,
    #[command(flatten)]
    schedule: Schedule,
    #[command(flatten)]
    allow_list: AllowList,
    /// Person whose personal key it is [default: you]
    #[arg(long, value_name = "PERSON")]
    owner: Option<String>,
    #[command(flatten)]
    secret: SecretSource,
    #[command(flatten)]
    once: Once,
}

/// The limit of a key.
#[derive(Args, Debug)]
pub(crate) struct Rate {
    /// Units that pass in every interval of `--frequency`
    #[arg(long, value_name = "UNITS", requires = "frequency")]
    capacity: Option<u32>,
    /// Seconds of the interval
    #[arg(long, value_name = "SECONDS", requires = "capacity")]
    frequency: Option<u32>,
}

impl Rate {
    /// The member `limit`.
    pub(super) fn member(&self) -> Option<Value> {
        let members =
            Members::new().with("capacity", self.capacity).with("frequency", self.frequency);
        (!members.is_empty()).then(|| members.value())
    }
}

/// How often a key is rotated.
#[derive(Args, Debug)]
pub(crate) struct Schedule {
    /// Days between two rotations
    #[arg(long, value_name = "DAYS", requires = "rotation_overlap")]
    rotate_every_days: Option<u32>,
    /// Seconds for which the old secret then works on
    #[arg(long, value_name = "SECONDS", requires = "rotate_every_days")]
    rotation_overlap: Option<u32>,
}

impl Schedule {
    /// The member `rotation`.
    pub(super) fn member(&self) -> Option<Value> {
        let members = Members::new()
            .with("everyDays", self.rotate_every_days)
            .with("overlapSeconds", self.rotation_overlap);
        (!members.is_empty()).then(|| members.value())
    }
}

/// From where and for what a key is accepted.
#[derive(Args, Debug)]
pub(crate) struct AllowList {
    /// Web origin from which it is accepted, such as `https://*.example.com`. May be repeated
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// Address or network from which it is accepted. May be repeated
    #[arg(long = "address", value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// HTTP method for which it is accepted. May be repeated
    #[arg(long = "method", value_name = "METHOD")]
    methods: Vec<String>,
    /// Path for which it is accepted. May be repeated
    #[arg(long = "path", value_name = "PATH")]
    paths: Vec<String>,
}

impl AllowList {
    /// The member `allowList`.
    pub(super) fn member(self) -> Option<Value> {
        let members = Members::new()
            .list("origins", self.origins)
            .list("addresses", self.addresses)
            .list("methods", self.methods)
            .list("paths", self.paths);
        (!members.is_empty()).then(|| members.value())
    }
}

impl Create {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        // The one seeded type whose secret the caller chooses.
        let chosen = self.key_type == "ges";
        let (source, environment) = (&self.secret, &session.environment);
        let what = "Secret of the key";
        let secret = match chosen {
            true => Some(source.required(environment, secret_source::SECRET, what)?),
            false => source.optional(environment, secret_source::SECRET, what)?,
        };
        let body = Members::new()
            .with("keyType", Some(self.key_type))
            .with("name", Some(self.name))
            .with("tenant", self.tenant)
            .with("description", self.description)
            .list("permissions", self.permissions)
            .with("enabled", self.disabled.then_some(false))
            .with("startsAt", self.starts_at)
            .with("expires", self.expires)
            .with("limit", self.rate.member())
            .with("rotation", self.schedule.member())
            .with("allowList", self.allow_list.member())
            .with("owner", self.owner)
            .with("secret", secret.as_ref().map(Secret::expose))
            .value();
        let call = Call::post(&["v1", "keys"]).json(&body).once(self.once.idempotency_key);
        session.one(&thing::KEY, call).await
    }
}
