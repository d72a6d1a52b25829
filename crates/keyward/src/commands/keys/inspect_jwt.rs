//! `keyward keys inspect-jwt`.

use super::super::session::{Members, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
    secret_source::{self, SecretSource},
};
use clap::Args;
use serde_json::Value;

/// The JWT to look at.
#[derive(Args, Debug)]
pub(crate) struct InspectJwt {
    #[command(flatten)]
    secret: SecretSource,
}

impl InspectJwt {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let environment = &session.environment;
        let secret = self.secret.required(environment, secret_source::SECRET, "JWT to inspect")?;
        let body = Members::new().with("secret", Some(secret.expose())).value();
        let answer =
            session.api.ask(Call::post(&["v1", "keys", "inspect-jwt"]).json(&body)).await?;
        session.output.one(&thing::INSPECTED, &answer)?;
        let genuine = answer.json()?.get("genuine").and_then(Value::as_bool) == Some(true);
        Ok(if genuine { Exit::Done } else { Exit::Found })
    }
}
