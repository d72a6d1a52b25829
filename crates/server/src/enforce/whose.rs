//! Whose key a call presents, for what must be known of its tenant before it is judged.

use super::{Call, Compiled, compiled, places};
use crate::{app::App, failure::Failure};
use domain::{
    id::Scope,
    secret::SecretDigest,
    verdict::{Request, Verdict},
};

/// Whether a call presents anything in the places that this policy reads.
#[must_use]
pub fn presents(policy: &Compiled, call: &Call<'_>) -> bool {
    !matches!(places::find(policy, call), Ok(None))
}

/// The scope of the key, where it is one that holds and this policy reads it; takes no unit, counts
/// nothing. Of a key that does not hold it is not told, so that [`super::judge`] takes one way with all of
/// these.
///
/// # Errors
/// The source has failed too often: nothing is looked up for it.
pub fn scope_of(app: &App, policy: &Compiled, call: &Call<'_>) -> Result<Option<Scope>, Failure> {
    let Some(credential) = places::find(policy, call).ok().flatten() else { return Ok(None) };
    super::check_source(app, call)?;
    let mut room = [""; compiled::FEW];
    let mut more = Vec::new();
    let asked = Request {
        tenant: policy.tenant(),
        key_types: policy.key_types(),
        wants: policy.wants(&mut room, &mut more),
        origin: call.origin,
        address: call.address,
        method: Some(call.method),
        path: Some(call.path),
    };
    let digest = SecretDigest::of(credential.secret.text());
    let found = app.service().verifier().inspect(&digest, call.now, &asked, |outcome| {
        let holds = !matches!(outcome.verdict, Verdict::NotFound) && !outcome.verdict.is_no_key();
        outcome.found.as_ref().filter(|_| holds).map(|found| found.scope)
    });
    Ok(found.ok().flatten())
}
