//! `keyward psk`: the personal key of whoever is signed in.

use super::session::{Members, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
};
use clap::{Args, Subcommand};
use serde_json::Value;

const PATH: [&str; 3] = ["api", "user", "psk"];

/// What to do with the one personal key that a person may have.
#[derive(Subcommand, Debug)]
pub(crate) enum Psk {
    /// Show your personal key, without its secret
    Show,
    /// Make your personal key and print its secret, which is shown this once
    Create(Described),
    /// Make a new secret; the old one is dead at once
    Regenerate(Described),
    /// Take your personal key out of service
    Delete,
}

/// What a key is for.
#[derive(Args, Debug)]
pub(crate) struct Described {
    /// What the key is for; `regenerate` keeps it where nothing is said
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

/// Does it.
pub(crate) async fn run(session: &mut Session, command: Psk) -> Result<Exit, Failure> {
    match command {
        Psk::Show => session.one(&thing::PSK, Call::get(&PATH)).await,
        Psk::Create(described) => {
            let description = described.description.map_or(Value::Null, Value::from);
            let body = Members::new().with("description", Some(description)).value();
            session.one(&thing::PSK, Call::post(&PATH).json(&body)).await
        }
        Psk::Regenerate(described) => {
            let body = Members::new().with("description", described.description).value();
            let call = Call::post(&["api", "user", "psk", "regenerate"]).json(&body);
            session.one(&thing::PSK, call).await
        }
        Psk::Delete => session.done(Call::delete(&PATH), "deleted your personal key").await,
    }
}
