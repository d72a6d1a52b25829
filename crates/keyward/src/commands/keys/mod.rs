//! `keyward keys`: one command an operation of `/v1/keys`.

mod act;
mod create;
mod import;
mod inspect_jwt;
mod list;
mod pieces;
mod update;
mod usage;
mod verify;

pub(crate) use import::{Import, download, run as import};

use super::session::{Id, Limit, OneOf, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::Subcommand;

/// What to do with keys.
#[derive(Subcommand, Debug)]
pub(crate) enum Keys {
    /// Make a key and print its secret, which is shown this once
    Create(Box<create::Create>),
    /// List keys, newest first
    List(list::List),
    /// Show a key
    Show(Id),
    /// Change settings of a key
    Update(Box<update::Update>),
    /// Make a new secret; the old one may work beside it for a while
    Rotate(act::Rotate),
    /// List the secrets that open a key, and when each was used last
    Secrets(Id),
    /// End the secret before the current one now
    RetireSecret(OneOf),
    /// Let the secret before the current one work for longer
    ExtendOverlap(act::Extend),
    /// Make a new secret; the old one is dead at once
    Regenerate(act::Renew),
    /// End a key for good, now or at an instant
    Revoke(act::Revoke),
    /// Switch a key on
    Enable(OneOf),
    /// Switch a key off
    Disable(OneOf),
    /// Take a key out of service and out of lists
    Delete(OneOf),
    /// Confirm that the secret was stored
    Acknowledge(OneOf),
    /// Make another key with the same settings and a secret of its own
    Copy(act::Copy),
    /// Show the secret of a key whose type is recoverable; audited
    Reveal(Id),
    /// Show how often a key was verified, by verdict
    Usage(usage::Usage),
    /// List what was done to a key, newest first
    Audit(KeyAudit),
    /// Ask whether a secret may do something; exit code 4 unless the verdict is VALID
    Verify(verify::Verify),
    /// Ask whose key a JWT is, by its signature; exit code 4 unless it was made here
    InspectJwt(inspect_jwt::InspectJwt),
    /// Bring keys from elsewhere; exit code 4 if any is refused
    Import(Import),
    /// Write keys to a file, without secrets
    Export(import::Export),
}

/// `keyward keys audit`.
#[derive(clap::Args, Debug)]
pub(crate) struct KeyAudit {
    #[command(flatten)]
    key: Id,
    #[command(flatten)]
    limit: Limit,
}

/// Does it.
#[expect(clippy::cognitive_complexity, reason = "a table: one arm a command")]
pub(crate) async fn run(session: &mut Session, command: Keys) -> Result<Exit, Failure> {
    let plain = |one: OneOf, verb: &str| {
        Call::post(&["v1", "keys", &one.id, verb]).if_version(one.version.if_version)
    };
    match command {
        Keys::Create(create) => create.run(session).await,
        Keys::List(list) => list.run(session).await,
        Keys::Show(key) => session.one(&thing::KEY, Call::get(&["v1", "keys", &key.id])).await,
        Keys::Update(update) => update.run(session).await,
        Keys::Rotate(rotate) => rotate.run(session).await,
        Keys::Secrets(key) => secrets(session, &key).await,
        Keys::RetireSecret(one) => session.one(&thing::KEY, plain(one, "retire-secret")).await,
        Keys::ExtendOverlap(extend) => extend.run(session).await,
        Keys::Regenerate(renew) => renew.run(session).await,
        Keys::Revoke(revoke) => revoke.run(session).await,
        Keys::Enable(one) => session.one(&thing::KEY, plain(one, "enable")).await,
        Keys::Disable(one) => session.one(&thing::KEY, plain(one, "disable")).await,
        Keys::Delete(one) => delete(session, one).await,
        Keys::Acknowledge(one) => session.one(&thing::KEY, plain(one, "acknowledge")).await,
        Keys::Copy(copy) => copy.run(session).await,
        Keys::Reveal(key) => {
            session.one(&thing::REVEALED, Call::post(&["v1", "keys", &key.id, "reveal"])).await
        }
        Keys::Usage(usage) => usage.run(session).await,
        Keys::Audit(audit) => audit.run(session).await,
        Keys::Verify(verify) => verify.run(session).await,
        Keys::InspectJwt(inspect) => inspect.run(session).await,
        Keys::Import(import) => import::run(session, import).await,
        Keys::Export(export) => export.run(session).await,
    }
}

async fn secrets(session: &mut Session, key: &Id) -> Result<Exit, Failure> {
    let answer = session.api.ask(Call::get(&["v1", "keys", &key.id, "secrets"])).await?;
    session.output.rows(&thing::KEY_SECRET, &answer)?;
    Ok(Exit::Done)
}

async fn delete(session: &mut Session, one: OneOf) -> Result<Exit, Failure> {
    let call = Call::delete(&["v1", "keys", &one.id]).if_version(one.version.if_version);
    session.done(call, &format!("deleted {}", one.id)).await
}

impl KeyAudit {
    async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let call = || Call::get(&["v1", "keys", &self.key.id, "audit"]);
        session.many(&thing::EVENT, self.limit.most(), call).await
    }
}
