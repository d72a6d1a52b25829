//! What is done to one key at once: `keyward keys rotate`, `extend-overlap`, `regenerate`,
//! `revoke`, `copy`.

use super::super::session::{Id, Members, Once, OneOf, Session};
use crate::{
    api::Call,
    failure::{Exit, Failure},
    output::thing,
    secret_source::{self, SecretSource},
};
use clap::Args;
use domain::secret::Secret;

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
        session.one(&thing::KEY, call).await
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
        session.one(&thing::KEY, call).await
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
            .with("secret", secret.as_ref().map(Secret::expose))
            .value();
        let call = Call::post(&["v1", "keys", &self.key.id, "copy"])
            .json(&body)
            .once(self.once.idempotency_key);
        session.one(&thing::KEY, call).await
    }
}
