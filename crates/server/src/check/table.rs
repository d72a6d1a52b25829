//! The rows: one for each method, because proxies ask with the method of the call.

use crate::{
    access::Access,
    document::{Operation, operation, schema},
    failure::{ErrorStyle, Failure, Proof, Scheme},
    route::{Handler, Route, Surface},
    surfaces::native,
};
use domain::{rate_limit::Limit, verdict::Verdict};
use http::Method;
use verifier::LimitState;

const STYLE: ErrorStyle = native::STYLE;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "check",
    about: "Forward-auth: whether a call may pass, for a proxy that stands in front of an API.",
    prefixes: &[("/check", STYLE)],
    documented: true,
    routes: ROUTES,
};

const fn check(operation: &'static str, method: Method) -> Route {
    Route::new(operation, method, super::PATH, Access::CheckCaller, STYLE, Handler::Check, doc)
        .any_host()
}

static ROUTES: &[Route] = &[
    check("check", Method::GET),
    check("check_head", Method::HEAD),
    check("check_post", Method::POST),
    check("check_put", Method::PUT),
    check("check_patch", Method::PATCH),
    check("check_delete", Method::DELETE),
    check("check_options", Method::OPTIONS),
];

fn doc() -> Operation {
    let scheme = Scheme::ApiKey;
    let limited = Limit::new(120, 60).ok();
    let limited = limited.map(|limit| LimitState { limit, remaining: 0, reset_after_ms: 7_000 });
    let policy = schema::pattern("^[a-z0-9_-]{1,64}$");
    operation("Check a call")
        .about(ABOUT)
        .path("policy", "The policy that the call is held to.", policy, "orders")
        .header("X-Original-Method", "Of the call: nginx.", schema::text(1, 32), "GET")
        .header("X-Original-URI", "Of the call: nginx.", schema::text(1, 8192), "/orders?page=1")
        .header("X-Forwarded-Method", "Of the call: Caddy, Traefik.", schema::text(1, 32), "GET")
        .header("X-Forwarded-Uri", "Of the call: Caddy, Traefik.", schema::text(1, 8192), "/orders")
        .answers_nothing(200, "The call may pass. The header fields are for the upstream.")
        .with_header("X-Keyward-Tenant", "The key's tenant, `*` for the cluster's.", "*")
        .with_header("X-Keyward-Key-Id", "The key's id.", "key_0H7mQXr2vLk9TzB4cWfYpN")
        .with_header("X-Keyward-Key-Name", "Its name, percent-encoded.", "orders,%20production")
        .with_header("X-Keyward-Permissions", "What it may do, with spaces between.", "orders:read")
        .with_header("X-Keyward-Status", "The status that is meant.", "200")
        .with_header("RateLimit", "What is left of the limits.", "\"key\";r=99;t=60")
        .with_header("RateLimit-Policy", "The limits.", "\"key\";q=100;w=60")
        .with_header(
            "X-Keyward-Secret-Ends",
            "Until when the presented secret works, where it is on its way out.",
            "2026-11-29T09:30:00.000Z",
        )
        .with_header("X-Keyward-Days-Left", "Days left, once a warning day is reached.", "12")
        .fails([
            Failure::Unauthenticated { scheme, proof: Proof::Absent },
            Failure::InvalidKey { scheme },
            Failure::KeyForbidden(Verdict::InsufficientPermissions),
            Failure::KeyForbidden(Verdict::RequestNotAllowed),
            Failure::OriginNotAllowed,
        ])
        .fails(
            limited
                .into_iter()
                .flat_map(|state| [Failure::KeyLimited(state), Failure::PolicyLimited(state)]),
        )
}

const ABOUT: &str = "\
    Whether a call may pass, by a policy of `/v1/policies` or of the configuration. Ask with the header \
    fields of the call as its client sent them: the key stands where the policy reads it, and a policy \
    with another envelope refuses in that envelope's words.\n\n\
    Who may ask: a peer among `trusted_proxies`, or whoever presents a token with `Keys.canVerify` or a key \
    with `keyward:keys:verify` as `X-Keyward-Authorization: Bearer …`. To anyone else there is nothing \
    here: 404. Method and address of the call are taken from `X-Original-*` or `X-Forwarded-*` of trusted \
    proxies alone; else they are the request's own, and what follows the policy in its path.\n\n\
    Every answer about a policy carries `X-Keyward-Status`, the status that is meant: a policy with \
    `limitedAs` 403 answers 403 instead of 429 and 400. A pre-flight of a browser is answered 200, with \
    the header fields of CORS, or 403. Answers under any host.";
