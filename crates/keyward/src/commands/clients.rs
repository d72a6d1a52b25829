//! `keyward clients`.

use super::session::{IfVersion, Limit, Members, Once, Session, Switch};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
    secret_source::{self, SecretSource},
};
use clap::{Args, Subcommand};
use domain::secret::Secret;

/// What to do with OAuth 2.0 clients.
#[derive(Subcommand, Debug)]
pub(crate) enum Clients {
    /// Make a client; its secret is made and shown this once unless one is given
    Create(Create),
    /// List clients
    List(List),
    /// Show a client
    Show(Named),
    /// Change a client
    Update(Update),
    /// Delete a client: its tokens are dead at once
    Delete(Named),
    /// Make a new secret; the old one is dead at once
    RegenerateSecret(Regenerate),
}

/// A client by the id that it signs in by.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// Its client id
    #[arg(value_name = "CLIENT_ID")]
    client_id: String,
    #[command(flatten)]
    version: IfVersion,
}

/// `keyward clients create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// The id that it signs in by
    #[arg(long, value_name = "CLIENT_ID")]
    client_id: String,
    /// Tenant it belongs to, `*` for the cluster [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Make it without a secret; it proves nothing
    #[arg(long, conflicts_with_all = ["secret_file", "prompt"])]
    public: bool,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    secret: SecretSource,
    #[command(flatten)]
    once: Once,
}

/// What a client has.
#[derive(Args, Debug)]
struct Settings {
    /// A name for people
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// More about it; `none` for none
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Grant it may use: `authorization_code`, `client_credentials`, `password`, `refresh_token`. May be
    /// repeated
    #[arg(long = "grant", value_name = "GRANT")]
    grants: Vec<String>,
    /// Scope it may ask for; a realm gives it unasked. May be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Scope that a realm gives it only where it asks; `none` for none. May be repeated
    #[arg(long = "optional-scope", value_name = "SCOPE")]
    optional_scopes: Vec<String>,
    /// Whether a realm asks the person who signs in to it first
    #[arg(long, value_name = "BOOL")]
    consent_required: Option<bool>,
    /// Whether codes need a challenge: `required` or `optional`
    #[arg(long, value_name = "WORD")]
    pkce: Option<String>,
    /// What the header of its realm's access tokens says: `JWT` or `at+jwt`
    #[arg(long, value_name = "TYPE")]
    access_token_type: Option<String>,
    /// Address it may be sent back to; `authorization_code` needs one. May be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Role it has when it acts for itself; `none` for none. May be repeated
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Tenant that a client of the cluster is confined to; `none` for none. May be repeated
    #[arg(long = "contact-center", value_name = "TENANT")]
    contact_centers: Vec<String>,
    /// Seconds for which its access tokens live
    #[arg(long, value_name = "SECONDS")]
    access_ttl_seconds: Option<u32>,
    /// Seconds for which its refresh tokens live
    #[arg(long, value_name = "SECONDS")]
    refresh_ttl_seconds: Option<u32>,
    #[command(flatten)]
    switch: Switch,
}

impl Settings {
    fn members(self) -> Members {
        Members::new()
            .with("name", self.name)
            .or_none("description", self.description)
            .list("grants", self.grants)
            .list("scopes", self.scopes)
            .list("optionalScopes", self.optional_scopes)
            .with("consentRequired", self.consent_required)
            .with("pkce", self.pkce)
            .with("accessTokenType", self.access_token_type)
            .list("redirectUris", self.redirect_uris)
            .list("roles", self.roles)
            .list("contactCenters", self.contact_centers)
            .with("accessTtlSeconds", self.access_ttl_seconds)
            .with("refreshTtlSeconds", self.refresh_ttl_seconds)
            .with("enabled", self.switch.state())
    }
}

/// `keyward clients list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Of this tenant; `*`: the cluster's own
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Part of the client id or of the name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward clients update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    client: Named,
    #[command(flatten)]
    settings: Settings,
}

/// `keyward clients regenerate-secret`.
#[derive(Args, Debug)]
pub(crate) struct Regenerate {
    #[command(flatten)]
    client: Named,
    #[command(flatten)]
    once: Once,
}

impl Named {
    fn call(&self, call: impl FnOnce(&[&str]) -> Call) -> Call {
        call(&["v1", "clients", &self.client_id]).if_version(self.version.if_version)
    }
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Clients) -> Result<Exit, Failure> {
    match command {
        Clients::Create(create) => create.run(session).await,
        Clients::List(list) => {
            let call = || {
                Call::get(&["v1", "clients"])
                    .query("tenant", list.tenant.as_ref())
                    .query("search", list.search.as_ref())
            };
            session.many(&thing::CLIENT, list.limit.most(), call).await
        }
        Clients::Show(client) => session.one(&thing::CLIENT, client.call(Call::get)).await,
        Clients::Update(update) => {
            let body = update.settings.members().change()?;
            session.one(&thing::CLIENT, update.client.call(Call::patch).json(&body)).await
        }
        Clients::Delete(client) => {
            let what = format!("deleted {}", client.client_id);
            session.done(client.call(Call::delete), &what).await
        }
        Clients::RegenerateSecret(regenerate) => {
            let Named { client_id, version } = regenerate.client;
            let call = Call::post(&["v1", "clients", &client_id, "regenerate-secret"])
                .if_version(version.if_version)
                .once(regenerate.once.idempotency_key);
            session.one(&thing::CLIENT, call).await
        }
    }
}

impl Create {
    async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let environment = &session.environment;
        let secret = match self.public {
            true => None,
            false => {
                let what = "Secret of the client";
                self.secret.optional(environment, secret_source::CLIENT_SECRET, what)?
            }
        };
        let body = self
            .settings
            .members()
            .with("clientId", Some(self.client_id))
            .with("tenant", self.tenant)
            .with("public", self.public.then_some(true))
            .with("secret", secret.as_ref().map(Secret::expose))
            .value();
        let call = Call::post(&["v1", "clients"]).json(&body).once(self.once.idempotency_key);
        session.one(&thing::CLIENT, call).await
    }
}
