//! Who may ask for verifications (EN-06): a token whose principal holds `Keys.canVerify`, a key with
//! `keyward:keys:verify`, a trusted proxy, and, where that is switched on, loopback itself. Anyone
//! else gets 404: to a stranger there is no oracle here.

use crate::{
    app::App,
    client_address::{came_through_a_proxy, is_trusted},
    credentials::{self, Authorization},
    enforce,
    failure::Failure,
    request_id::RequestId,
};
use domain::{
    id::Scope,
    permission::Wants,
    right::Right,
    secret::Shape,
    verdict::{KeyTypes, Request, Verdict},
};
use http::{HeaderMap, HeaderName, Uri};
use service::{Caller, Context, VerifyCaller};
use std::net::IpAddr;
use verifier::{LimitState, Now, Presented};

/// What the decision needs of a request.
pub(crate) struct Asking<'a> {
    /// The socket's peer.
    pub(crate) peer: Option<IpAddr>,
    /// The client behind it.
    pub(crate) client: Option<IpAddr>,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) uri: &'a Uri,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) now: Now,
    pub(crate) request_id: RequestId,
}

/// Where whoever asks `/check` or ext_authz presents its own credential: `Authorization` is its client's.
const CREDENTIAL: HeaderName = HeaderName::from_static("x-keyward-authorization");

/// Who asks whether a call of somebody else may pass. Here the peer alone counts: whom it forwards for is
/// the client that it asks about.
pub(crate) async fn establish_for_check(
    app: &App,
    asking: &Asking<'_>,
) -> Result<VerifyCaller, Failure> {
    let trusted = |peer: IpAddr| is_trusted(peer.to_canonical(), &app.config().trusted_proxies);
    if asking.peer.is_some_and(trusted) {
        return Ok(VerifyCaller::Trusted);
    }
    let mut fields = asking.headers.get_all(&CREDENTIAL).iter();
    let field = fields.next().filter(|_| fields.next().is_none());
    match field.and_then(credentials::bearer) {
        Some(token) => Ok(by_token_or_key(app, asking, token.0).await?.0),
        None => Err(Failure::NoRoute),
    }
}

type Established = (VerifyCaller, Option<LimitState>);

/// Who asks, and the state of its own limit where it has one.
pub(crate) async fn establish(app: &App, asking: &Asking<'_>) -> Result<Established, Failure> {
    let bearer = match credentials::authorization(asking.headers, false)? {
        Some(Authorization::Bearer(token)) => Some(token.0),
        Some(Authorization::Basic(_) | Authorization::Other) | None => None,
    };
    let key = credentials::api_key(asking.headers)?.map(|key| key.0);
    let in_query = credentials::token_in_query(asking.uri);
    match (bearer, key) {
        (Some(_), Some(_)) => Err(Failure::TwoCredentials),
        (Some(_), None) | (None, Some(_)) if in_query => Err(Failure::TwoCredentials),
        (Some(token), None) => by_token_or_key(app, asking, token).await,
        (None, Some(key)) => {
            check_source(app, asking)?;
            match by_key(app, asking, key)? {
                Some(found) => Ok(found),
                None => {
                    let _ = app.service().refuse_credential(&context(asking), asking.now);
                    Err(stranger(asking, "the key does not open verify", None))
                }
            }
        }
        (None, None) => by_place(app, asking),
    }
}

async fn by_token_or_key(
    app: &App,
    asking: &Asking<'_>,
    text: &str,
) -> Result<Established, Failure> {
    check_source(app, asking)?;
    // A text with our checksum is a key; looking it up as a token first would digest it twice.
    if matches!(Shape::of(text), Ok(Shape::Checksummed))
        && let Some(found) = by_key(app, asking, text)?
    {
        return Ok(found);
    }
    if let Some(token) = app.service().verifier().authenticate(text, asking.now)? {
        return by_principal(asking, &Caller::from_token(token, source(asking)));
    }
    // Another node may have issued it a moment ago; this also counts the failure. On the heap: it is as
    // large as all that it may ask the database.
    match Box::pin(app.service().authenticate(text, context(asking))).await {
        Ok(caller) => by_principal(asking, &caller),
        Err(service::Error::Unauthenticated) => {
            Err(stranger(asking, "the credential does not hold", None))
        }
        Err(other) => Err(other.into()),
    }
}

fn by_principal(asking: &Asking<'_>, caller: &Caller) -> Result<Established, Failure> {
    if !caller.holds(Right::KeysVerify) {
        return Err(stranger(asking, "the right is missing", Some(caller)));
    }
    let scope = match caller.bound_to() {
        Some(tenant) => Scope::Tenant(tenant),
        None if caller.is_cluster() => Scope::Cluster,
        // Confined to several tenants: no one scope describes what it may know of.
        None => return Err(stranger(asking, "bound to several tenants", Some(caller))),
    };
    Ok((VerifyCaller::Principal { scope }, None))
}

fn by_key(app: &App, asking: &Asking<'_>, secret: &str) -> Result<Option<Established>, Failure> {
    let presented = Presented {
        secret,
        asked: Request {
            tenant: None,
            key_types: KeyTypes::Any,
            wants: Wants::All(&["keyward:keys:verify"]),
            origin: enforce::origin_of(asking.headers),
            address: asking.client,
            method: Some(asking.method),
            path: Some(asking.path),
        },
        cost: 1,
    };
    app.service().verifier().verify(&presented, asking.now, |outcome| {
        match (outcome.verdict, outcome.found) {
            (Verdict::Valid, Some(key)) => Ok(Some((
                VerifyCaller::Key { scope: key.scope, key_id: key.key_id },
                outcome.limit,
            ))),
            (Verdict::RateLimited, _) => match outcome.limit {
                Some(state) => Err(Failure::CallerLimited(state)),
                None => Ok(None),
            },
            _ => Ok(None),
        }
    })?
}

fn by_place(app: &App, asking: &Asking<'_>) -> Result<Established, Failure> {
    let config = app.config();
    let Some(peer) = asking.peer else { return Err(Failure::NoRoute) };
    let open = config.verify_on_loopback_without_credentials
        && peer.to_canonical().is_loopback()
        && !came_through_a_proxy(asking.headers);
    // Whoever a proxy forwards for is the caller; the proxy is one only when it asks for itself.
    let trusted = |address| is_trusted(address, &config.trusted_proxies);
    if open || (trusted(peer) && asking.client.is_some_and(trusted)) {
        return Ok((VerifyCaller::Trusted, None));
    }
    Err(Failure::NoRoute)
}

fn context(asking: &Asking<'_>) -> Context {
    Context { request_id: asking.request_id.as_str().to_owned(), address: asking.client }
}

/// Where only the source counts: an empty id keeps the hot path free of allocations.
fn source(asking: &Asking<'_>) -> Context {
    Context { request_id: String::new(), address: asking.client }
}

fn check_source(app: &App, asking: &Asking<'_>) -> Result<(), Failure> {
    Ok(app.service().check_source(&source(asking), asking.now)?)
}

/// The answer is that of a path where nothing is; the log alone says what was wrong (LG-05).
fn stranger(asking: &Asking<'_>, why: &'static str, who: Option<&Caller>) -> Failure {
    tracing::warn!(
        target: "keyward::access",
        request_id = asking.request_id.as_str(),
        client = asking.client.map(tracing::field::display),
        tenant = who.map(|caller| tracing::field::display(caller.scope())),
        actor = who.map(|caller| tracing::field::display(caller.principal.id)),
        why,
        "a caller of verify was refused"
    );
    Failure::NoRoute
}
