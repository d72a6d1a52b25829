//! `keyward persons`.

use super::session::{Id, Limit, Members, Once, OneOf, Session, Switch};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
    secret_source::{self, SecretSource},
};
use clap::{Args, Subcommand};
use domain::secret::Secret;

/// What to do with persons.
#[derive(Subcommand, Debug)]
pub(crate) enum Persons {
    /// Make a person; without a password one is made and shown this once
    Create(Create),
    /// List persons
    List(List),
    /// Show a person
    Show(Id),
    /// Change a person
    Update(Update),
    /// Delete a person: sessions and tokens are dead at once
    Delete(OneOf),
    /// Set a password; without one, one is made and shown this once
    SetPassword(SetPassword),
    /// Lift the lock after failed sign-ins
    Unlock(Id),
}

/// `keyward persons create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    /// Name to sign in by, without the tenant's part
    #[arg(long, value_name = "NAME")]
    username: String,
    /// Tenant they belong to, `*` for the cluster [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Role they have. May be repeated
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    /// Make the account switched off
    #[arg(long)]
    disabled: bool,
    #[command(flatten)]
    password: SecretSource,
    #[command(flatten)]
    must_change: MustChange,
    #[command(flatten)]
    profile: Profile,
    #[command(flatten)]
    once: Once,
}

/// `keyward persons list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Part of the user name
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Of this tenant; `*`: the cluster's own
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Who have this role
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    #[command(flatten)]
    switch: Switch,
    #[command(flatten)]
    limit: Limit,
}

/// `keyward persons update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    person: OneOf,
    /// Role they have, in place of all before; `none` for none. May be repeated
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<String>,
    #[command(flatten)]
    switch: Switch,
    #[command(flatten)]
    must_change: MustChange,
    #[command(flatten)]
    profile: Profile,
}

/// What else is known of a person.
#[derive(Args, Debug)]
struct Profile {
    /// Where they are reached; `none` for none
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Their given name; `none` for none
    #[arg(long, value_name = "NAME")]
    given_name: Option<String>,
    /// Their family name; `none` for none
    #[arg(long, value_name = "NAME")]
    family_name: Option<String>,
}

impl Profile {
    fn added_to(self, members: Members) -> Members {
        members
            .or_none("email", self.email)
            .or_none("givenName", self.given_name)
            .or_none("familyName", self.family_name)
    }
}

/// Whether a password is for one sign-in.
#[derive(Args, Debug)]
struct MustChange {
    /// Whether they must choose another password at the next sign-in
    #[arg(long, value_name = "BOOL")]
    must_change_password: Option<bool>,
}

/// `keyward persons set-password`.
#[derive(Args, Debug)]
pub(crate) struct SetPassword {
    #[command(flatten)]
    person: OneOf,
    #[command(flatten)]
    password: SecretSource,
    #[command(flatten)]
    must_change: MustChange,
}

const WHAT: &str = "New password";

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Persons) -> Result<Exit, Failure> {
    match command {
        Persons::Create(create) => create.run(session).await,
        Persons::List(list) => {
            let call = || {
                Call::get(&["v1", "persons"])
                    .query("search", list.search.as_ref())
                    .query("tenant", list.tenant.as_ref())
                    .query("role", list.role.as_ref())
                    .query("enabled", list.switch.state())
            };
            session.many(&thing::PERSON, list.limit.most(), call).await
        }
        Persons::Show(person) => {
            session.one(&thing::PERSON, Call::get(&["v1", "persons", &person.id])).await
        }
        Persons::Update(update) => {
            let members = Members::new()
                .list("roles", update.roles)
                .with("enabled", update.switch.state())
                .with("mustChangePassword", update.must_change.must_change_password);
            let body = update.profile.added_to(members).change()?;
            let call = Call::patch(&["v1", "persons", &update.person.id])
                .json(&body)
                .if_version(update.person.version.if_version);
            session.one(&thing::PERSON, call).await
        }
        Persons::Delete(one) => {
            let call = Call::delete(&["v1", "persons", &one.id]).if_version(one.version.if_version);
            session.done(call, &format!("deleted {}", one.id)).await
        }
        Persons::SetPassword(set) => {
            let environment = &session.environment;
            let password = set.password.optional(environment, secret_source::SECRET, WHAT)?;
            let body = Members::new()
                .with("password", password.as_ref().map(Secret::expose))
                .with("mustChangePassword", set.must_change.must_change_password)
                .value();
            let call = Call::post(&["v1", "persons", &set.person.id, "set-password"])
                .json(&body)
                .if_version(set.person.version.if_version);
            session.one(&thing::PERSON, call).await
        }
        Persons::Unlock(person) => {
            let call = Call::post(&["v1", "persons", &person.id, "unlock"]);
            session.done(call, &format!("unlocked {}", person.id)).await
        }
    }
}

impl Create {
    async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let environment = &session.environment;
        let password = self.password.optional(environment, secret_source::SECRET, WHAT)?;
        let members = Members::new()
            .with("username", Some(self.username))
            .with("tenant", self.tenant)
            .list("roles", self.roles)
            .with("enabled", self.disabled.then_some(false))
            .with("password", password.as_ref().map(Secret::expose))
            .with("mustChangePassword", self.must_change.must_change_password);
        let body = self.profile.added_to(members).value();
        let call = Call::post(&["v1", "persons"]).json(&body).once(self.once.idempotency_key);
        session.one(&thing::PERSON, call).await
    }
}
