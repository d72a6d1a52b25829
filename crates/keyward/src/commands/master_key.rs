//! `keyward master-key`.

use super::session::Session;
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand};

/// What to do with the master key.
#[derive(Subcommand, Debug)]
pub(crate) enum MasterKey {
    /// Show which master keys there are, and how far a change is
    Status,
    /// Make a new one, in front of the key file: it takes over, and everything is sealed anew
    Rotate,
    /// Take one that nothing lies under any more out of the key file
    Retire(Named),
}

/// A master key by its name.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
}

const ROTATED: &str = "a new master key is in front of the key file: keep a copy of the file elsewhere now, and \
                       copy it to the other nodes; `keyward master-key status` shows how far the change is";

/// Does it.
pub(crate) async fn run(session: &mut Session, command: MasterKey) -> Result<Exit, Failure> {
    match command {
        MasterKey::Status => {
            let answer = session.api.ask(Call::get(&["v1", "master-keys"])).await?;
            session.output.rows(&thing::MASTER_KEY, &answer)?;
            session.output.rows_besides(&thing::NODE, &answer)?;
            Ok(Exit::Done)
        }
        MasterKey::Rotate => {
            session.done(Call::post(&["v1", "master-keys", "rotate"]), ROTATED).await
        }
        MasterKey::Retire(Named { name }) => {
            let call = Call::post(&["v1", "master-keys", &name, "retire"]);
            let what = format!(
                "`{name}` is out of the key file; backups from before the change still need it: keep a copy \
                 as long as them"
            );
            session.done(call, &what).await
        }
    }
}
