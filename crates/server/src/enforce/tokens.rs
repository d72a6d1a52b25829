//! Access tokens where a policy lets them pass: those of persons and clients of its tenant, or of the
//! cluster. Memory alone is asked, so that a token that was revoked ends as a key does.

use super::{Admitted, Call, Compiled, Refusal, Used, compiled, places::Credential};
use crate::{
    app::App,
    endings::Endings,
    failure::{Failure, Proof, Scheme},
    rate_limit_headers::Limits,
};
use domain::{id::Scope, policy::Tokens, secret::SecretDigest};
use service::{Context, Error};
use std::convert::Infallible;
use verifier::{Caller, LimitState, Now, Principal};

/// What a credential turned out to be.
#[expect(clippy::large_enum_variant, reason = "it is looked at and gone")]
pub(super) enum Judgement<'a> {
    /// A token, and its call passes.
    Token(Admitted),
    /// To be judged as a key.
    Key(Credential<'a>),
}

/// Judges a credential that may be a token.
///
/// # Errors
/// It is none where only tokens pass, or one whose call may not pass.
pub(super) fn judge<'a>(
    app: &App,
    policy: &Compiled,
    call: &Call<'_>,
    (tenant, source): (Option<Scope>, &Context),
    credential: Credential<'a>,
) -> Result<Judgement<'a>, Refusal> {
    let tokens = policy.policy().tokens;
    if tokens == Tokens::Refused {
        return Ok(Judgement::Key(credential));
    }
    let unproved = |proof| Failure::Unauthenticated { scheme: Scheme::Bearer, proof };
    if credential.used != Used::Bearer {
        return match tokens {
            // A key is no token: nothing was presented of what passes.
            Tokens::Only => Err(unproved(Proof::Absent).into()),
            Tokens::Refused | Tokens::Accepted => Ok(Judgement::Key(credential)),
        };
    }
    let (service, text) = (app.service(), credential.secret.text());
    let known = service.verifier().authenticate(text, call.now).map_err(Failure::Loading)?;
    match known {
        None if tokens == Tokens::Accepted && policy.bearer_keys => Ok(Judgement::Key(credential)),
        Some(caller) if reaches(&caller.principal, tenant) => {
            pass(policy, &caller.principal, call.now).map(Judgement::Token)
        }
        // Of another tenant, or none: which of these, nobody is told.
        _ => {
            let _ = service.refuse_credential(source, call.now);
            Err(unproved(Proof::Refused).into())
        }
    }
}

/// Whether a token that was let in would be so now; `None`: it may be a key.
pub(super) fn still_passes(app: &App, policy: &Compiled, digest: &SecretDigest) -> Option<bool> {
    let tokens = policy.policy().tokens;
    if tokens == Tokens::Refused {
        return None;
    }
    let passes = |caller: &Caller| {
        reaches(&caller.principal, policy.tenant()) && may(policy, &caller.principal)
    };
    match app.service().verifier().caller_of(digest, app.service().now()) {
        Ok(Some(caller)) => Some(passes(&caller)),
        Ok(None) if tokens == Tokens::Accepted && policy.bearer_keys => None,
        Ok(None) | Err(_) => Some(false),
    }
}

/// Whether the principal belongs to what the policy serves; the cluster's do, but for a client that is
/// confined to some tenants.
fn reaches(principal: &Principal, tenant: Option<Scope>) -> bool {
    match (tenant, principal.scope) {
        (None, _) => true,
        (Some(tenant), Scope::Cluster) => {
            let confined = principal.contact_centers();
            confined.is_empty() || tenant.tenant().is_some_and(|id| confined.contains(&id))
        }
        (Some(tenant), own) => own == tenant,
    }
}

/// Whether its roles, as they are now, amount to what is wanted.
fn may(policy: &Compiled, principal: &Principal) -> bool {
    let mut room = [""; compiled::FEW];
    let mut more = Vec::new();
    policy.wants(&mut room, &mut more).satisfied_by(&principal.personal_permissions())
}

fn pass(policy: &Compiled, principal: &Principal, now: Now) -> Result<Admitted, Refusal> {
    let scope = principal.scope;
    let refused = |failure, limits| Refusal { failure, scope: Some(scope), limits };
    if !may(policy, principal) {
        let failure = Failure::Service(Error::NotAllowed { right: None });
        return Err(refused(failure, Limits::default()));
    }
    let ceiling = room_for(policy, now);
    let limits = Limits { key: None, policy: ceiling.map(|(state, _)| state) };
    if let Some((state, false)) = ceiling {
        return Err(refused(Failure::PolicyLimited(state), limits));
    }
    let identity = policy.identity_of(principal);
    let endings = Endings::default();
    Ok(Admitted { identity, scope, is_token: true, used: Used::Bearer, limits, endings })
}

/// Takes the call from the policy's own limit: what is left, and whether there was room.
fn room_for(policy: &Compiled, now: Now) -> Option<(LimitState, bool)> {
    let judged = policy.ceiling()?.pass(now, |room| Ok::<_, Infallible>((room, room)));
    match judged {
        Ok((room, state)) => state.map(|state| (state, room)),
        Err(never) => match never {},
    }
}
