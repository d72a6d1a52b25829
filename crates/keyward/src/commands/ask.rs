//! The commands that ask our own API, and those that need neither configuration nor data.

use super::{
    audit, clients, completions, consents, issuers, key_policies, key_types, keys, login,
    master_key, persons, policies, psk, roles, routes,
    session::{self, Family},
    sessions, tenants, token, whoami,
};
use crate::{
    api::ApiOptions,
    cli::Settings,
    commands::runtime,
    config::Environment,
    failure::{Exit, Failure},
};
use clap::{Args, Subcommand};

/// What to ask.
#[derive(Subcommand, Debug)]
pub(crate) enum Ask {
    /// Sign in, and keep the tokens in a file that only you may read
    Login(login::Login),
    /// Sign out, and delete that file
    Logout(login::Logout),
    /// Show who you are to the server, with roles and rights
    Whoami(whoami::Whoami),
    /// Print a token, for scripts and `curl`
    Token(token::Token),
    /// Keys: make, look at, change, verify
    Keys(Family<keys::Keys>),
    /// Bring keys from elsewhere, as `keyward keys import`
    Import(Import),
    /// Your own personal key (PSK), of which a person has one
    Psk(Family<psk::Psk>),
    /// Key types: what keys are for
    KeyTypes(Family<key_types::KeyTypes>),
    /// Policies for keys: how long they live, how many there may be
    KeyPolicies(Family<key_policies::KeyPolicies>),
    /// Tenants
    Tenants(Family<tenants::Tenants>),
    /// Persons: accounts of people
    Persons(Family<persons::Persons>),
    /// Sessions: the browsers in which a person is signed in
    Sessions(Family<sessions::Sessions>),
    /// Consents: what a person agreed that clients may know of them
    Consents(Family<consents::Consents>),
    /// Roles: named bundles of rights
    Roles(Family<roles::Roles>),
    /// OAuth 2.0 clients
    Clients(Family<clients::Clients>),
    /// Policies: what calls must present, for `/check` and ext_authz
    Policies(Family<policies::Policies>),
    /// Routes of the gateway: policies, and where their calls go
    Routes(Family<routes::Routes>),
    /// Issuers outside: OpenID providers that sign persons in, or whose tokens callers present
    Issuers(Family<issuers::Issuers>),
    /// The master key: what everything at rest is sealed under
    MasterKey(Family<master_key::MasterKey>),
    /// Print a completion script for a shell
    Completions(completions::Completions),
    /// Print the manual page, or write all of them
    Man(completions::Man),
}

/// `keyward import`.
#[derive(Args, Debug)]
#[group(skip)]
pub(crate) struct Import {
    #[command(flatten)]
    options: ApiOptions,
    #[command(flatten)]
    import: keys::Import,
}

/// Does it.
pub(crate) fn run(
    command: Ask,
    settings: &Settings,
    environment: Environment,
) -> Result<Exit, Failure> {
    macro_rules! family {
        ($family:expr, $run:path) => {{
            let Family { options, command } = $family;
            session::with(&options, settings, environment, async |session| {
                $run(session, command).await
            })
        }};
    }
    let signs_in = match &command {
        Ask::Login(_) | Ask::Logout(_) => true,
        Ask::Token(token) => !token.grant.names_nobody(),
        _ => false,
    };
    if signs_in && settings.data_dir().is_some() {
        return Err(Failure::new(Exit::Usage, "tokens are a server's, and `--data-dir` asks none")
            .with_hint("leave `--data-dir` out and name the server by `--server`"));
    }
    match command {
        Ask::Login(login) => runtime()?.block_on(login::login(login, &environment)),
        Ask::Logout(logout) => runtime()?.block_on(login::logout(logout, &environment)),
        Ask::Whoami(whoami) => {
            session::with(&whoami.options, settings, environment, async |session| {
                whoami::run(session).await
            })
        }
        Ask::Token(token) if token.grant.names_nobody() => {
            session::with(&token.options, settings, environment, async |session| {
                token::of_login(session).await
            })
        }
        Ask::Token(token) => runtime()?.block_on(token::run(token, &environment)),
        Ask::Keys(family) => family!(family, keys::run),
        Ask::Import(Import { options, import }) => {
            session::with(&options, settings, environment, async |session| {
                keys::import(session, import).await
            })
        }
        Ask::Psk(family) => family!(family, psk::run),
        Ask::KeyTypes(family) => family!(family, key_types::run),
        Ask::KeyPolicies(family) => family!(family, key_policies::run),
        Ask::Tenants(family) => family!(family, tenants::run),
        Ask::Persons(family) => family!(family, persons::run),
        Ask::Sessions(family) => family!(family, sessions::run),
        Ask::Consents(family) => family!(family, consents::run),
        Ask::Roles(family) => family!(family, roles::run),
        Ask::Clients(family) => family!(family, clients::run),
        Ask::Policies(family) => family!(family, policies::run),
        Ask::Issuers(family) => family!(family, issuers::run),
        Ask::Routes(family) => family!(family, routes::run),
        Ask::MasterKey(family) => family!(family, master_key::run),
        Ask::Completions(completions) => completions::completions(&completions),
        Ask::Man(man) => completions::man(&man),
    }
}

/// `keyward audit list`.
pub(crate) fn audit_list(
    list: audit::List,
    settings: &Settings,
    environment: Environment,
) -> Result<Exit, Failure> {
    let options = list.options.clone();
    session::with(&options, settings, environment, async |session| audit::list(session, list).await)
}

/// `keyward audit export`.
pub(crate) fn audit_export(
    export: audit::Export,
    settings: &Settings,
    environment: Environment,
) -> Result<Exit, Failure> {
    let options = export.options.clone();
    session::with(&options, settings, environment, async |session| {
        audit::export(session, export).await
    })
}
