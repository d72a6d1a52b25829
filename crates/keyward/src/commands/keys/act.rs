//! What is done to one key at once: `keyward keys rotate`, `extend-overlap`, `regenerate`,
//! `revoke`, `copy`.

use super::super::session::{Id, Members, Once, OneOf, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::{self, thing},
    secret_source::{self, SecretSource},
};
use clap::Args;
use domain::secret::Secret;
use serde_json::Value;

/// `keyward keys rotate`.
#[derive(Args, Debug)]
pub(crate) struct Rotate {
    #[command(flatten)]
    key: OneOf,
    /// Seconds for which the old secret works on, up to 2592000 (30 days)
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    overlap_seconds: u32,
    /// End an overlap that still runs
    #[arg(long)]
    end_overlap: bool,
    #[command(flatten)]
    once: Once,
}

impl Rotate {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let body = Members::new()
            .with("overlapSeconds", Some(self.overlap_seconds))
            .with("endOverlap", self.end_overlap.then_some(true))
            .value();
        let call = Call::post(&["v1", "keys", &self.key.id, "rotate"])
            .json(&body)
            .if_version(self.key.version.if_version)
            .once(self.once.idempotency_key);
        with_overlap(session, &self.key.id, call).await
    }
}

/// Prints the key that a call answers and, for a person, until when the secret before its current one works.
async fn with_overlap(session: &mut Session, id: &str, call: Call) -> Result<Exit, Failure> {
    let answer = session.api.ask(call).await?;
    session.output.one(&thing::KEY, &answer)?;
    if !session.output.is_for_a_person() {
        return Ok(Exit::Done);
    }
    // The key is changed and its new secret is printed: whatever becomes of this, that is no failure.
    if let Ok(answer) = session.api.ask(Call::get(&["v1", "keys", id, "secrets"])).await
        && let Ok(known) = answer.json()
    {
        let _ = output::warn(&overlap_of(&known));
    }
    Ok(Exit::Done)
}

/// What a list of a key's secrets says of the one before the current one.
fn overlap_of(answer: &Value) -> String {
    let mut known = answer.get("secrets").and_then(Value::as_array).into_iter().flatten();
    let before = |one: &&Value| one.get("current").and_then(Value::as_bool).is_some_and(|is| !is);
    let ends = known.find(before).and_then(|one| one.get("ends")?.as_str());
    match ends {
        Some(ends) => format!("the old secret works until {ends}"),
        None => "the old secret does not work any more".to_owned(),
    }
}

/// `keyward keys extend-overlap`.
#[derive(Args, Debug)]
pub(crate) struct Extend {
    #[command(flatten)]
    key: OneOf,
    /// Seconds from now for which the old secret works on, up to 2592000 (30 days)
    #[arg(long, value_name = "SECONDS")]
    overlap_seconds: u32,
}

impl Extend {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let body = Members::new().with("overlapSeconds", Some(self.overlap_seconds)).value();
        let call = Call::post(&["v1", "keys", &self.key.id, "extend-overlap"])
            .json(&body)
            .if_version(self.key.version.if_version);
        with_overlap(session, &self.key.id, call).await
    }
}

/// `keyward keys regenerate`.
#[derive(Args, Debug)]
pub(crate) struct Renew {
    #[command(flatten)]
    key: OneOf,
    #[command(flatten)]
    once: Once,
}

impl Renew {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let call = Call::post(&["v1", "keys", &self.key.id, "regenerate"])
            .if_version(self.key.version.if_version)
            .once(self.once.idempotency_key);
        session.one(&thing::KEY, call).await
    }
}

/// `keyward keys revoke`.
#[derive(Args, Debug)]
pub(crate) struct Revoke {
    #[command(flatten)]
    key: OneOf,
    /// Instant from which it is revoked, RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// Why, for those who look later
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl Revoke {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let body = Members::new().with("at", self.at).with("reason", self.reason).value();
        let call = Call::post(&["v1", "keys", &self.key.id, "revoke"])
            .json(&body)
            .if_version(self.key.version.if_version);
        session.one(&thing::KEY, call).await
    }
}

/// `keyward keys copy`.
#[derive(Args, Debug)]
pub(crate) struct Copy {
    #[command(flatten)]
    key: Id,
    /// Name of the copy [default: that of the source, with the next free number]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Instant from which the copy is expired, RFC 3339 [default: that of the source]
    #[arg(long, value_name = "INSTANT")]
    expires: Option<String>,
    #[command(flatten)]
    secret: SecretSource,
    #[command(flatten)]
    once: Once,
}

impl Copy {
    pub(super) async fn run(self, session: &mut Session) -> Result<Exit, Failure> {
        let environment = &session.environment;
        let secret =
            self.secret.optional(environment, secret_source::SECRET, "Secret of the copy")?;
        let body = Members::new()
            .with("name", self.name)
            .with("expires", self.expires)
            .with("secret", secret.as_ref().map(Secret::expose))
            .value();
        let call = Call::post(&["v1", "keys", &self.key.id, "copy"])
            .json(&body)
            .once(self.once.idempotency_key);
        session.one(&thing::KEY, call).await
    }
}
