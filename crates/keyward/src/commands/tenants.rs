//! `keyward tenants`.

use super::session::{Id, IfVersion, Limit, Members, Once, OneOf, Session, Switch};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

/// What to do with tenants.
#[derive(Subcommand, Debug)]
pub(crate) enum Tenants {
    /// Make a tenant
    Create(Create),
    /// List tenants
    List(List),
    /// Show a tenant
    Show(Id),
    /// Change a tenant
    Update(Update),
    /// Delete a tenant: its keys, tokens, persons and clients are dead at once
    Delete(OneOf),
    /// List the keys that its realm signs tokens with
    SigningKeys(Id),
    /// Make a successor for the key that its realm signs with
    RotateSigningKey(Rotate),
}

/// `keyward tenants create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Its name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Its id, where it is known elsewhere already [default: a new one]
    #[arg(long, value_name = "UUID")]
    id: Option<String>,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    once: Once,
}

/// What a tenant has.
#[derive(Args, Debug)]
struct Settings {
    /// Domain, the part before `\` in its persons' sign-in names; `none` for none. May be repeated
    #[arg(long = "domain", value_name = "DOMAIN")]
    domains: Vec<String>,
    /// Id of its environment, or `none`
    #[arg(long, value_name = "ID")]
    environment: Option<String>,
    /// Name of its realm, or `none`
    #[arg(long, value_name = "NAME")]
    realm: Option<String>,
    /// What its keys begin with, such as `acme_`, or `none`
    #[arg(long, value_name = "PREFIX")]
    key_prefix: Option<String>,
    /// How its realm signs tokens
    #[arg(long, value_enum)]
    signing_algorithm: Option<Algorithm>,
    /// Gateway route that its checked calls of OpenConnect go to, or `none`
    #[arg(long, value_name = "NAME")]
    openconnect_route: Option<String>,
    /// What a key is as long as nobody has acknowledged it
    #[arg(long, value_enum)]
    unacknowledged: Option<Unacknowledged>,
    /// With `lapse`: minutes after which it counts as disabled
    #[arg(long, value_name = "MINUTES", requires = "unacknowledged")]
    lapse_minutes: Option<u32>,
    /// Whether new keys, and changed ones, must name origins or addresses that they are accepted from
    #[arg(long, value_name = "BOOL")]
    require_allow_list: Option<bool>,
    /// Days before its end from which on a key's verdict says how many are left, with commas; `none`
    /// for none
    #[arg(long, value_name = "DAYS", value_parser = warning_days)]
    warning_days: Option<Value>,
    #[command(flatten)]
    switch: Switch,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Unacknowledged {
    /// In use like any other
    Live,
    /// Disabled
    Inactive,
    /// Disabled after some minutes
    Lapse,
}

/// `30,14,7,1`. What of it can be, the server says.
fn warning_days(text: &str) -> Result<Value, &'static str> {
    if text == "none" {
        return Ok(json!([]));
    }
    let days: Result<Vec<u32>, _> = text.split(',').map(|day| day.trim().parse()).collect();
    days.map(Value::from).map_err(|_| "write days with commas between them, such as 30,14,7,1")
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Algorithm {
    /// RSA: what most clients expect
    #[value(name = "RS256")]
    Rs256,
    /// ECDSA over P-256
    #[value(name = "ES256")]
    Es256,
    /// Ed25519
    #[value(name = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

impl Settings {
    fn members(self) -> Members {
        let unacknowledged = self.unacknowledged.map(|policy| match policy {
            Unacknowledged::Live => "live",
            Unacknowledged::Inactive => "inactive",
            Unacknowledged::Lapse => "lapse",
        });
        let policy = Members::new()
            .with("unacknowledged", unacknowledged)
            .with("lapseMinutes", self.lapse_minutes)
            .with("requireAllowList", self.require_allow_list)
            .with("warningDays", self.warning_days);
        let policy: Option<Value> = (!policy.is_empty()).then(|| policy.value());
        Members::new()
            .list("domains", self.domains)
            .or_none("environment", self.environment)
            .or_none("realm", self.realm)
            .or_none("keyPrefix", self.key_prefix)
            .or_none("openconnectRoute", self.openconnect_route)
            .with("signingAlgorithm", self.signing_algorithm.map(Algorithm::name))
            .with("enabled", self.switch.state())
            .with("policy", policy)
    }
}

/// `keyward tenants list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Part of the name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward tenants update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    tenant: Id,
    /// Another name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    version: IfVersion,
}

/// `keyward tenants rotate-signing-key`.
#[derive(Args, Debug)]
pub(crate) struct Rotate {
    #[command(flatten)]
    tenant: Id,
    /// How the realm signs from then on [default: as before]
    #[arg(long, value_enum)]
    algorithm: Option<Algorithm>,
    /// Sign with it at once; who keeps the set of keys does not know it for a while
    #[arg(long)]
    now: bool,
    #[command(flatten)]
    once: Once,
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Tenants) -> Result<Exit, Failure> {
    match command {
        Tenants::Create(create) => {
            let body = create
                .settings
                .members()
                .with("name", Some(create.name))
                .with("id", create.id)
                .value();
            let call = Call::post(&["v1", "tenants"]).json(&body).once(create.once.idempotency_key);
            session.one(&thing::TENANT, call).await
        }
        Tenants::List(list) => {
            let call = || Call::get(&["v1", "tenants"]).query("search", list.search.as_ref());
            session.many(&thing::TENANT, list.limit.most(), call).await
        }
        Tenants::Show(tenant) => {
            session.one(&thing::TENANT, Call::get(&["v1", "tenants", &tenant.id])).await
        }
        Tenants::Update(update) => {
            let body = update.settings.members().with("name", update.name).change()?;
            let call = Call::patch(&["v1", "tenants", &update.tenant.id])
                .json(&body)
                .if_version(update.version.if_version);
            session.one(&thing::TENANT, call).await
        }
        Tenants::Delete(one) => {
            let call = Call::delete(&["v1", "tenants", &one.id]).if_version(one.version.if_version);
            session.done(call, &format!("deleted {}", one.id)).await
        }
        Tenants::SigningKeys(tenant) => {
            let call = Call::get(&["v1", "tenants", &tenant.id, "signing-keys"]);
            let answer = session.api.ask(call).await?;
            session.output.rows(&thing::SIGNING_KEY, &answer)?;
            Ok(Exit::Done)
        }
        Tenants::RotateSigningKey(rotate) => {
            let body = Members::new()
                .with("algorithm", rotate.algorithm.map(Algorithm::name))
                .with("now", rotate.now.then_some(true))
                .value();
            let call = Call::post(&["v1", "tenants", &rotate.tenant.id, "rotate-signing-key"])
                .json(&body)
                .once(rotate.once.idempotency_key);
            session.one(&thing::SIGNING_KEY, call).await
        }
    }
}
