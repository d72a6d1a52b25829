//! `keyward sessions`: the browsers in which a person is signed in.

use super::session::{Session, Whose};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand};

/// What to do with the sessions of a person.
#[derive(Subcommand, Debug)]
pub(crate) enum Sessions {
    /// List them, the youngest sign-in first
    List(Whose),
    /// End one, with every token that came of it
    End(End),
    /// End all of them
    EndAll(Whose),
}

/// `keyward sessions end`.
#[derive(Args, Debug)]
pub(crate) struct End {
    /// The session's id
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    whose: Whose,
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Sessions) -> Result<Exit, Failure> {
    match command {
        Sessions::List(whose) => {
            let person = whose.id(session).await?;
            let call = Call::get(&["v1", "persons", &person, "sessions"]);
            let answer = session.api.ask(call).await?;
            session.output.rows(&thing::SESSION, &answer)?;
            Ok(Exit::Done)
        }
        Sessions::End(end) => {
            let person = end.whose.id(session).await?;
            let call = Call::delete(&["v1", "persons", &person, "sessions", &end.id]);
            session.done(call, &format!("ended {}", end.id)).await
        }
        Sessions::EndAll(whose) => {
            let person = whose.id(session).await?;
            let call = Call::delete(&["v1", "persons", &person, "sessions"]);
            session.done(call, &format!("ended all sessions of {person}")).await
        }
    }
}
