//! Enforcement: what a policy wants of a call, whoever asks, the gateway, `/check` or ext_authz.
//!
//! [`judge`] finds the one key in the places that the policy reads, asks memory about it and says under
//! which names the upstream learns whose it was. Nothing here knows where a call goes. A policy is used
//! as [`Compiled`], made once for each snapshot of the rules, so that a call parses no names.
//!
//! Browsers are `cors`; how a refusal is said is `refusal`.

mod ceiling;
mod compiled;
pub mod cors;
mod identity;
mod look;
mod origin;
pub mod parameters;
mod places;
mod refusal;
mod tokens;
mod whose;

pub(crate) use ceiling::Ceilings;
pub use ceiling::Holder;
pub use compiled::Compiled;
pub use identity::Identity;
pub use look::LetIn;
pub use origin::origin_of;
pub use places::Used;
pub use refusal::Refusal;
pub(crate) use refusal::STATUS;
pub use whose::{presents, scope_of};

use crate::{
    app::App,
    endings::Endings,
    failure::{Failure, Proof},
    rate_limit_headers::Limits,
};
use domain::{
    id::Scope,
    verdict::{Request, Verdict},
};
use http::HeaderMap;
use service::Context;
use std::net::IpAddr;
use tokens::Judgement;
use verifier::{LimitState, Now, Outcome, Presented, Unavailable};

/// A call, as its client sent it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its path as it came, without the query.
    pub path: &'a str,
    /// Its header fields.
    pub headers: &'a HeaderMap,
    /// Its query.
    pub query: Option<&'a str>,
    /// Its body, where that is a form and a parameter is read; see [`Compiled::reads_parameters`].
    pub form: Option<&'a str>,
    /// Where it comes from; see [`origin_of`].
    pub origin: Option<&'a str>,
    /// Its client's address.
    pub address: Option<IpAddr>,
    /// When it came.
    pub now: Now,
}

/// A call that may pass.
#[derive(Debug)]
pub struct Admitted {
    /// What the upstream learns, under the policy's names; it takes the place of whatever the client
    /// sent under them.
    pub identity: Identity,
    /// Whose key it is.
    pub scope: Scope,
    /// Whether it was an access token, which opens more than the policy's calls.
    pub is_token: bool,
    /// Where its secret was, so that it can be taken out.
    pub used: Used,
    /// The limits that it counts against.
    pub limits: Limits,
    /// What its caller is told of the end of its key.
    pub endings: Endings,
}

/// Judges a call: finds its key, takes its units, counts it.
///
/// # Errors
/// The call may not pass; nothing was taken from any limit.
pub fn judge(app: &App, policy: &Compiled, call: &Call<'_>) -> Result<Admitted, Refusal> {
    judge_within(app, policy, call, policy.tenant())
}

/// As [`judge`], for an asker that may know of these keys alone; those of the cluster are among them.
///
/// # Errors
/// The call may not pass; nothing was taken from any limit.
pub fn judge_within(
    app: &App,
    policy: &Compiled,
    call: &Call<'_>,
    tenant: Option<Scope>,
) -> Result<Admitted, Refusal> {
    let Some(credential) = places::find(policy, call)? else {
        let scheme = policy.scheme();
        return Err(Failure::Unauthenticated { scheme, proof: Proof::Absent }.into());
    };
    let source = check_source(app, call)?;
    let credential = match tokens::judge(app, policy, call, (tenant, &source), credential)? {
        Judgement::Token(admitted) => return Ok(admitted),
        Judgement::Key(credential) => credential,
    };
    let mut room = [""; compiled::FEW];
    let mut more = Vec::new();
    let presented = Presented {
        secret: credential.secret.text(),
        asked: Request {
            tenant,
            key_types: policy.key_types(),
            wants: policy.wants(&mut room, &mut more),
            origin: call.origin,
            address: call.address,
            method: Some(call.method),
            path: Some(call.path),
        },
        cost: policy.cost(),
    };
    let judged = ask(app, policy, &presented, call.now).map_err(Failure::Loading)?;
    match judged {
        (Judged::Passes { identity, scope, limit, endings }, ceiling) => {
            let limits = Limits { key: limit, policy: ceiling };
            let used = credential.used;
            Ok(Admitted { identity, scope, is_token: false, used, limits, endings })
        }
        (Judged::NoKey, _) => {
            let _ = app.service().refuse_credential(&source, call.now);
            Err(Failure::InvalidKey { scheme: policy.scheme() }.into())
        }
        (Judged::Refused { verdict, scope, limit }, ceiling) => {
            let limits = Limits { key: limit, policy: ceiling };
            Err(Refusal { failure: failure(verdict, limits), scope: Some(scope), limits })
        }
    }
}

/// Asks whether the source of a call may present credentials at all: before any look-up.
fn check_source(app: &App, call: &Call<'_>) -> Result<Context, Failure> {
    // Where only the source counts: an empty id keeps the hot path free of allocations.
    let source = Context { request_id: String::new(), address: call.address };
    app.service().check_source(&source, call.now).map_err(Failure::Service)?;
    Ok(source)
}

/// What became of a key, taken out of memory's answer.
#[expect(clippy::large_enum_variant, reason = "the large one is the usual one")]
enum Judged {
    Passes { identity: Identity, scope: Scope, limit: Option<LimitState>, endings: Endings },
    NoKey,
    Refused { verdict: Verdict, scope: Scope, limit: Option<LimitState> },
}

/// Asks memory, under the policy's own ceiling where it has one.
fn ask(
    app: &App,
    policy: &Compiled,
    presented: &Presented<'_>,
    now: Now,
) -> Result<(Judged, Option<LimitState>), Unavailable> {
    let verifier = app.service().verifier();
    let read = |outcome: &Outcome<'_>| read(policy, outcome);
    let Some(ceiling) = policy.ceiling() else {
        return Ok((verifier.verify(presented, now, read)?, None));
    };
    // The ceiling stays locked until the key is judged: a call that the key refuses takes no unit of the
    // policy's, one that the policy refuses none of the key's, and no unit is handed out twice.
    ceiling.pass(now, |has_room| {
        let judged = if has_room {
            verifier.verify(presented, now, read)?
        } else {
            verifier.refuse(presented, now, read)?
        };
        let passes = matches!(judged, Judged::Passes { .. });
        Ok((judged, passes))
    })
}

fn read(policy: &Compiled, outcome: &Outcome<'_>) -> Judged {
    match (outcome.verdict, &outcome.found) {
        (Verdict::Valid, Some(found)) => Judged::Passes {
            identity: policy.identity(found),
            scope: found.scope,
            limit: outcome.limit,
            endings: Endings::of(found),
        },
        (verdict, Some(found)) if !verdict.is_no_key() => {
            Judged::Refused { verdict, scope: found.scope, limit: outcome.limit }
        }
        _ => Judged::NoKey,
    }
}

/// A key that holds, and yet does not pass.
fn failure(verdict: Verdict, limits: Limits) -> Failure {
    if verdict != Verdict::RateLimited {
        return Failure::KeyForbidden(verdict);
    }
    match limits {
        Limits { policy: Some(state), .. } if state.remaining == 0 => Failure::PolicyLimited(state),
        Limits { key: Some(state), .. } => Failure::KeyLimited(state),
        // A limit that no state could be made for.
        Limits { .. } => Failure::Shed,
    }
}
