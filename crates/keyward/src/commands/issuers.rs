//! `keyward issuers`.

use super::session::{IfVersion, Limit, Members, Once, Session, Switch};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
    secret_source::{self, SecretSource},
};
use clap::{Args, Subcommand};
use domain::secret::Secret;
use serde_json::{Value, json};

/// What to do with issuers.
#[derive(Subcommand, Debug)]
pub(crate) enum Issuers {
    /// Believe an OpenID provider from now on
    Create(Create),
    /// List issuers, those of the server's configuration among them
    List(List),
    /// Show an issuer
    Show(Named),
    /// Change an issuer
    Update(Update),
    /// Believe an issuer no more: the sessions and tokens of its persons end
    Delete(Delete),
}

/// An issuer by its id.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// Its id
    #[arg(value_name = "ID")]
    id: String,
}

/// `keyward issuers create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Its name, which stands in the address that it sends browsers back to
    #[arg(value_name = "NAME")]
    name: String,
    /// Its `iss`, exactly, such as `https://sso.example.com/realms/staff`
    #[arg(value_name = "ADDRESS")]
    issuer: String,
    /// Tenant whose persons it speaks for [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    secret: SecretSource,
    #[command(flatten)]
    once: Once,
}

/// `keyward issuers list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Those of this tenant alone, `*` for those of the cluster
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward issuers update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    settings: Settings,
    /// Be a public client to it from now on
    #[arg(long, conflicts_with_all = ["secret_file", "prompt"])]
    no_secret: bool,
    #[command(flatten)]
    secret: SecretSource,
    #[command(flatten)]
    version: IfVersion,
}

/// `keyward issuers delete`.
#[derive(Args, Debug)]
pub(crate) struct Delete {
    #[command(flatten)]
    named: Named,
    #[command(flatten)]
    version: IfVersion,
}

/// What an issuer is believed.
#[derive(Args, Debug)]
struct Settings {
    /// What people read on the sign-in page
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// The id under which it knows us; `none` takes it away
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Scope that a sign-in asks for. May be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Audience that a caller's token may name; `none` for none. May be repeated
    #[arg(long = "audience", value_name = "AUDIENCE")]
    audiences: Vec<String>,
    /// What a caller's token may say it is: `at+jwt`, or `JWT` as Keycloak has it. May be repeated
    #[arg(long = "token-type", value_name = "TYPE")]
    token_types: Vec<String>,
    /// How it may sign. May be repeated
    #[arg(long = "algorithm", value_name = "ALGORITHM")]
    algorithms: Vec<String>,
    /// The claim that names a person for people
    #[arg(long, value_name = "CLAIM")]
    username_claim: Option<String>,
    /// Where in the claims roles stand, such as `realm_access.roles`; `none` takes it away
    #[arg(long, value_name = "PATH")]
    roles_claim: Option<String>,
    /// A value there and the role that it becomes, `VALUE=ROLE`; `none` for none. May be repeated
    #[arg(long = "map-role", value_name = "VALUE=ROLE", value_parser = mapped)]
    role_map: Vec<Value>,
    /// Whether it signs in to the realm
    #[arg(long, value_name = "BOOL")]
    sign_in: Option<bool>,
    /// Whether its tokens are taken from callers
    #[arg(long, value_name = "BOOL")]
    callers: Option<bool>,
    #[command(flatten)]
    switch: Switch,
}

fn mapped(text: &str) -> Result<Value, &'static str> {
    match text.rsplit_once('=') {
        Some((value, role)) => Ok(json!({"value": value, "role": role})),
        None if text == "none" => Ok(Value::Null),
        None => Err("write the claim's value, `=`, and the name of a role"),
    }
}

impl Settings {
    fn members(self) -> Members {
        let map = match self.role_map.as_slice() {
            [] => None,
            [Value::Null] => Some(Vec::new()),
            some => Some(some.to_vec()),
        };
        Members::new()
            .with("label", self.label)
            .or_none("clientId", self.client_id)
            .list("scopes", self.scopes)
            .list("audiences", self.audiences)
            .list("tokenTypes", self.token_types)
            .list("algorithms", self.algorithms)
            .with("usernameClaim", self.username_claim)
            .or_none("rolesClaim", self.roles_claim)
            .with("roleMap", map)
            .with("signIn", self.sign_in)
            .with("callers", self.callers)
            .with("enabled", self.switch.state())
    }
}

impl Named {
    fn call(&self, call: impl FnOnce(&[&str]) -> Call) -> Call {
        call(&["v1", "issuers", &self.id])
    }
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Issuers) -> Result<Exit, Failure> {
    match command {
        Issuers::Create(create) => {
            let secret = given(session, &create.secret)?;
            let members = create.settings.members().with("name", Some(create.name));
            let members = members.with("issuer", Some(create.issuer)).with("tenant", create.tenant);
            let body = members.with("clientSecret", secret.as_ref().map(Secret::expose)).value();
            let call = Call::post(&["v1", "issuers"]).json(&body).once(create.once.idempotency_key);
            session.one(&thing::ISSUER, call).await
        }
        Issuers::List(list) => {
            let call = || Call::get(&["v1", "issuers"]).query("tenant", list.tenant.as_ref());
            session.many(&thing::ISSUER, list.limit.most(), call).await
        }
        Issuers::Show(named) => session.one(&thing::ISSUER, named.call(Call::get)).await,
        Issuers::Update(update) => {
            let secret = match update.no_secret {
                true => Some(Value::Null),
                false => given(session, &update.secret)?.map(|secret| secret.expose().into()),
            };
            let body = update.settings.members().with("clientSecret", secret).change()?;
            let call =
                update.named.call(Call::patch).json(&body).if_version(update.version.if_version);
            session.one(&thing::ISSUER, call).await
        }
        Issuers::Delete(one) => {
            let call = one.named.call(Call::delete).if_version(one.version.if_version);
            session.done(call, &format!("deleted {}", one.named.id)).await
        }
    }
}

fn given(session: &Session, secret: &SecretSource) -> Result<Option<Secret>, Failure> {
    let what = "Secret by which the issuer knows us";
    secret.optional(&session.environment, secret_source::SECRET, what)
}
