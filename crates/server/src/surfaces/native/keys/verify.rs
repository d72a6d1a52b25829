//! `POST /v1/keys/verify`: the hot path. Parse, verify, write bytes; nothing else.

pub(super) mod question;
pub(super) mod verdict;

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation},
    failure::Failure,
    front::FrontRequest,
};
use bytes::Bytes;
use domain::{
    id::Scope,
    rate_limit::Limit,
    verdict::{Request as Asked, Verdict},
};
use http::{Response, StatusCode};
use question::Question;
use service::Error;
use verifier::{Outcome, Presented};

/// A longer answer than most: one allocation for all of them.
const ANSWER_BYTES: usize = 512;
const JSON: &str = "application/json";

pub(in super::super) fn verify(
    app: &App,
    request: &FrontRequest<'_>,
) -> Result<Response<Body>, Failure> {
    // Fails closed: the table's access establishes a caller, or this is never reached.
    let caller = request.caller.ok_or(Failure::NoRoute)?;
    if let Some(question) = question::read_plain(request.body) {
        return judge(app, request, caller.scope(), &question).map(json);
    }
    // Text without escapes is borrowed from the body; escapes are rare and cost copies.
    if request.body.contains(&b'\\') {
        judge(app, request, caller.scope(), &question::read::<String>(request.body)?).map(json)
    } else {
        judge(app, request, caller.scope(), &question::read::<&str>(request.body)?).map(json)
    }
}

/// The verdict as JSON.
pub(super) fn judge<S: AsRef<str>>(
    app: &App,
    request: &FrontRequest<'_>,
    reach: Scope,
    question: &Question<S>,
) -> Result<Bytes, Failure> {
    let named = question.tenant()?;
    let tenant = match (reach, named) {
        (Scope::Cluster, named) => named,
        // Another tenant than the caller's own: nothing of it is told, not even a verdict.
        (Scope::Tenant(_), Some(other)) if other != reach => return Ok(not_found()),
        (Scope::Tenant(_), _) => Some(reach),
    };
    let mut room = [""; question::FEW];
    let mut more = Vec::new();
    let presented = Presented {
        secret: question.secret.as_ref(),
        asked: Asked {
            tenant,
            key_types: question.key_type().into(),
            wants: question.wants(&mut room, &mut more)?,
            origin: question.origin(),
            address: question.client_address()?,
            method: question.method(),
            path: question.path(),
        },
        cost: question.cost()?,
    };
    let tells_all = reach == Scope::Cluster;
    app.service()
        .verifier()
        .verify(&presented, request.now, |outcome| answer_to(outcome, tells_all, presented.cost))?
}

fn answer_to(outcome: &Outcome<'_>, tells_all: bool, cost: u32) -> Result<Bytes, Failure> {
    let hidden = outcome.verdict == Verdict::WrongTenant && !tells_all;
    let Some(found) = outcome.found.filter(|_| !hidden && outcome.verdict != Verdict::NotFound)
    else {
        return Ok(not_found());
    };
    let all_else_holds = matches!(outcome.verdict, Verdict::Valid | Verdict::RateLimited);
    if all_else_holds && found.limit.map(Limit::capacity).is_some_and(|most| cost > most) {
        return Err(question::bad("cost", "must be 0 to the key's capacity"));
    }
    let mut out = Vec::with_capacity(ANSWER_BYTES);
    verdict::write(&mut out, outcome.verdict, &found, outcome.limit.as_ref());
    Ok(Bytes::from(out))
}

const fn not_found() -> Bytes {
    Bytes::from_static(br#"{"verdict":"NOT_FOUND"}"#)
}

fn json(verdict: Bytes) -> Response<Body> {
    answer::with_type(StatusCode::OK, JSON, verdict)
}

pub(in super::super) fn doc() -> Operation {
    operation("Verify a key")
        .about(
            "Whether a presented secret may do something now. The verdict is an \
             answer, not an error: 200 whatever it is. Each call takes `cost` units \
             from the key's limit where everything else holds.\n\nWho may ask: a \
             token with the right `Keys.canVerify`, a key with the permission \
             `keyward:keys:verify`, or whom the configuration trusts. To anyone else \
             there is nothing here: 404. A caller of a tenant learns of that tenant's \
             keys and of the cluster's alone.",
        )
        .takes_as(JSON, question::schema(), question::example())
        .answers_as(
            200,
            "The verdict. Further members come with a key that was found.",
            JSON,
            verdict::schema(),
            verdict::example(),
        )
        .fails([
            Error::invalid(
                "permissions",
                "each must be 2 to 6 parts of a-z, 0-9, `_` and `-`, joined by `:`, \
             without `*`",
            ),
            Error::invalid("cost", "must be 0 to the key's capacity"),
        ])
}
