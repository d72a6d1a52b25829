//! `keyward consents`: what a person agreed that clients may know of them.

use super::session::{Session, Whose};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand};

/// What to do with the consents of a person.
#[derive(Subcommand, Debug)]
pub(crate) enum Consents {
    /// List them
    List(Whose),
    /// Take one back: the client has to ask again; tokens that it has stay
    Revoke(Revoke),
}

/// `keyward consents revoke`.
#[derive(Args, Debug)]
pub(crate) struct Revoke {
    /// The client that it was given to
    #[arg(value_name = "CLIENT_ID")]
    client_id: String,
    #[command(flatten)]
    whose: Whose,
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Consents) -> Result<Exit, Failure> {
    match command {
        Consents::List(whose) => {
            let person = whose.id(session).await?;
            let call = Call::get(&["v1", "persons", &person, "consents"]);
            let answer = session.api.ask(call).await?;
            session.output.rows(&thing::CONSENT, &answer)?;
            Ok(Exit::Done)
        }
        Consents::Revoke(revoke) => {
            let person = revoke.whose.id(session).await?;
            let call = Call::delete(&["v1", "persons", &person, "consents", &revoke.client_id]);
            session.done(call, &format!("took back what {} was allowed", revoke.client_id)).await
        }
    }
}
