//! `keyward roles`.

use super::session::{IfVersion, Limit, Members, Once, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand};

/// What to do with roles.
#[derive(Subcommand, Debug)]
pub(crate) enum Roles {
    /// Make a role
    Create(Create),
    /// List roles, the seeded ones among them
    List(List),
    /// Show a role
    Show(Named),
    /// Change what a role may do; it holds at once for all who have it
    Update(Update),
    /// Delete a role that nobody has
    Delete(Delete),
    /// List every right and what it is for
    Rights,
}

/// `keyward roles create`.
#[derive(Args, Debug)]
pub(crate) struct Create {
    #[command(flatten)]
    role: Named,
    /// Right that it bundles; `keyward roles rights` lists them. May be repeated
    #[arg(long = "right", value_name = "RIGHT")]
    rights: Vec<String>,
    #[command(flatten)]
    once: Once,
}

/// `keyward roles list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Of this tenant; `*`: the cluster's own
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// A role by its name.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// Tenant it belongs to, `*` for the cluster [default: your own]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// `keyward roles update`.
#[derive(Args, Debug)]
pub(crate) struct Update {
    #[command(flatten)]
    role: Named,
    /// Right that it bundles, in place of all before; `none` for none. May be repeated
    #[arg(long = "right", value_name = "RIGHT")]
    rights: Vec<String>,
    #[command(flatten)]
    version: IfVersion,
}

/// `keyward roles delete`.
#[derive(Args, Debug)]
pub(crate) struct Delete {
    #[command(flatten)]
    role: Named,
    #[command(flatten)]
    version: IfVersion,
}

impl Named {
    fn call(&self, call: impl FnOnce(&[&str]) -> Call) -> Call {
        call(&["v1", "roles", &self.name]).query("tenant", self.tenant.as_ref())
    }
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Roles) -> Result<Exit, Failure> {
    match command {
        Roles::Create(create) => {
            let body = Members::new()
                .with("name", Some(create.role.name))
                .with("tenant", create.role.tenant)
                .with("rights", Some(create.rights))
                .value();
            let call = Call::post(&["v1", "roles"]).json(&body).once(create.once.idempotency_key);
            session.one(&thing::ROLE, call).await
        }
        Roles::List(list) => {
            let call = || Call::get(&["v1", "roles"]).query("tenant", list.tenant.as_ref());
            session.many(&thing::ROLE, list.limit.most(), call).await
        }
        Roles::Show(role) => session.one(&thing::ROLE, role.call(Call::get)).await,
        Roles::Update(update) => {
            let body = Members::new().list("rights", update.rights).change()?;
            let call = update.role.call(Call::patch).json(&body);
            session.one(&thing::ROLE, call.if_version(update.version.if_version)).await
        }
        Roles::Delete(delete) => {
            let call = delete.role.call(Call::delete).if_version(delete.version.if_version);
            session.done(call, &format!("deleted {}", delete.role.name)).await
        }
        Roles::Rights => {
            let answer = session.api.ask(Call::get(&["v1", "rights"])).await?;
            session.output.rows(&thing::RIGHT, &answer)?;
            Ok(Exit::Done)
        }
    }
}
