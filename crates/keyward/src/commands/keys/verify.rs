//! `keyward keys verify`.

use super::super::session::{Members, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
    secret_source::{self, SecretSource},
};
use clap::Args;
use serde_json::Value;

/// What to ask about a secret.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    #[command(flatten)]
    secret: SecretSource,
    /// What it should be allowed to do, all of it. May be repeated
    #[arg(long = "permission", value_name = "PERMISSION", conflicts_with = "any")]
    all: Vec<String>,
    /// What it should be allowed to do, one of it. May be repeated
    #[arg(long = "any-permission", value_name = "PERMISSION")]
    any: Vec<String>,
    /// Tenant that it should be of [default: your own; of the cluster: any]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Type that it should be of
    #[arg(long, value_name = "TYPE")]
    key_type: Option<String>,
    /// Address of the client that presented it
    #[arg(long, value_name = "ADDRESS")]
    client_address: Option<String>,
    /// Web origin of the request
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// HTTP method of the request
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,
    /// Path of the request
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    /// Units to take from the limit [default: 1]
    #[arg(long, value_name = "UNITS")]
    cost: Option<u32>,
}

impl Verify {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let environment = &session.environment;
        let secret =
            self.secret.required(environment, secret_source::SECRET, "Secret to verify")?;
        let wanted = Members::new().list("all", self.all).list("any", self.any);
        let body = Members::new()
            .with("secret", Some(secret.expose()))
            .with("permissions", (!wanted.is_empty()).then(|| wanted.value()))
            .with("tenant", self.tenant)
            .with("keyType", self.key_type)
            .with("clientAddress", self.client_address)
            .with("origin", self.origin)
            .with("method", self.method)
            .with("path", self.path)
            .with("cost", self.cost)
            .value();
        let answer = session.api.ask(Call::post(&["v1", "keys", "verify"]).json(&body)).await?;
        session.output.one(&thing::VERDICT, &answer)?;
        let verdict = answer.json()?;
        let valid = verdict.get("verdict").and_then(Value::as_str) == Some("VALID");
        Ok(if valid { Exit::Done } else { Exit::Found })
    }
}
