//! Looking again at a key that was let in, for what lasts longer than a call.

use super::{Call, Compiled, Used, compiled, places, tokens};
use crate::app::App;
use domain::{
    secret::SecretDigest,
    verdict::{Request, Verdict},
};
use std::net::IpAddr;

/// What a key was let in with. No secret is in it.
#[derive(Debug)]
pub struct LetIn {
    digest: SecretDigest,
    used: Used,
    origin: Option<String>,
    address: Option<IpAddr>,
    method: String,
    path: String,
}

impl LetIn {
    /// Remembers the key of a call that was let in.
    #[must_use]
    pub fn of(policy: &Compiled, call: &Call<'_>) -> Option<Self> {
        let credential = places::find(policy, call).ok().flatten()?;
        Some(Self {
            digest: SecretDigest::of(credential.secret.text()),
            used: credential.used,
            origin: call.origin.map(str::to_owned),
            address: call.address,
            method: call.method.to_owned(),
            path: call.path.to_owned(),
        })
    }

    /// The path of the call.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether this policy would let it in now; takes no unit, counts nothing.
    #[must_use]
    pub fn still_passes(&self, app: &App, policy: &Compiled) -> bool {
        if !policy.reads(&self.used) {
            return false;
        }
        if self.used == Used::Bearer
            && let Some(passes) = tokens::still_passes(app, policy, &self.digest)
        {
            return passes;
        }
        let mut room = [""; compiled::FEW];
        let mut more = Vec::new();
        let asked = Request {
            tenant: policy.tenant(),
            key_types: policy.key_types(),
            wants: policy.wants(&mut room, &mut more),
            origin: self.origin.as_deref(),
            address: self.address,
            method: Some(&self.method),
            path: Some(&self.path),
        };
        let (verifier, now) = (app.service().verifier(), app.service().now());
        let verdict = verifier.inspect(&self.digest, now, &asked, |outcome| outcome.verdict);
        verdict.is_ok_and(|verdict| verdict == Verdict::Valid)
    }
}
