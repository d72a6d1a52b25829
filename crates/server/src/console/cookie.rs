//! The console's cookies. Under TLS their names have a prefix by which browsers hold that they are this host's
//! alone; without TLS the console is for the machine itself, and its session goes to no other site at all (WB-01).

use crate::{
    app::App,
    browser,
    client_address::{came_through_a_proxy, is_trusted, says_clear},
    trace::Trace,
};
use domain::secret::Secret;
use http::{HeaderMap, HeaderValue, Response, header};
use std::sync::{Arc, Mutex, PoisonError};

/// How the browser reaches us.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Transport {
    /// By TLS, here or at a proxy that we trust.
    Tls,
    /// In the clear, from the machine itself.
    Loopback,
}

/// What a browser presents from now on, if that changed while it was served: the answer carries it, be it a
/// page or a failure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Renewed(Arc<Mutex<Option<HeaderValue>>>);

impl Renewed {
    /// Notes it.
    pub(super) fn note(&self, field: Option<HeaderValue>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = field;
    }

    /// Puts it into the answer.
    pub(crate) fn put<B>(&self, response: &mut Response<B>) {
        let field = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        response.headers_mut().extend(field.map(|field| (header::SET_COOKIE, field)));
    }
}

/// How this request came; `None`: in the clear from elsewhere, and then the console does not serve. What a
/// proxy that we do not trust hands on counts as from elsewhere, and so does a client whose address nobody
/// can read.
pub(super) fn transport(app: &App, trace: &Trace, headers: &HeaderMap) -> Option<Transport> {
    let config = app.config();
    if trace.peer.encrypted {
        return Some(Transport::Tls);
    }
    let public_tls = config.public_url.starts_with("https://");
    let Some(peer) = trace.peer.address else {
        // In process, or by a socket of the machine.
        let here = !came_through_a_proxy(headers);
        let (fine, transport) = match public_tls {
            true => (!says_clear(headers), Transport::Tls),
            false => (here, Transport::Loopback),
        };
        return fine.then_some(transport);
    };
    if is_trusted(peer, &config.trusted_proxies) && came_through_a_proxy(headers) {
        return (public_tls && !says_clear(headers)).then_some(Transport::Tls);
    }
    let here = peer.to_canonical().is_loopback() && !came_through_a_proxy(headers);
    here.then_some(Transport::Loopback)
}

/// The session.
const SESSION: (&str, &str) = ("__Host-keyward", "keyward-session");
/// What the sign-in page is bound to.
const VISIT: (&str, &str) = ("__Host-keyward-visit", "keyward-visit");
/// What is kept while a browser is at an issuer outside.
const OUTSIDE: (&str, &str) = ("__Host-keyward-outside", "keyward-outside");
/// Seconds for which a browser keeps what the sign-in page is bound to.
const VISIT_S: u32 = 86_400;

const fn name(transport: Transport, (tls, loopback): (&'static str, &'static str)) -> &'static str {
    match transport {
        Transport::Tls => tls,
        Transport::Loopback => loopback,
    }
}

/// The session that the browser presents.
pub(super) fn find(headers: &HeaderMap, transport: Transport) -> Option<Secret> {
    browser::find_cookie(headers, name(transport, SESSION))
}

/// `Set-Cookie` of a session; it goes when the browser is closed, or when the session is over.
pub(super) fn set(transport: Transport, value: &Secret) -> Option<HeaderValue> {
    field(transport, SESSION, value.expose(), None)
}

/// `Set-Cookie` that takes it away.
pub(super) fn clear(transport: Transport) -> Option<HeaderValue> {
    field(transport, SESSION, "", Some(0))
}

/// What the sign-in page was bound to, as this browser presents it.
pub(super) fn find_visit(headers: &HeaderMap, transport: Transport) -> Option<Secret> {
    browser::find_cookie(headers, name(transport, VISIT))
}

/// `Set-Cookie` of it.
pub(super) fn set_visit(transport: Transport, value: &Secret) -> Option<HeaderValue> {
    field(transport, VISIT, value.expose(), Some(VISIT_S))
}

/// What was kept while the browser was at an issuer outside.
pub(super) fn find_outside(headers: &HeaderMap, transport: Transport) -> Option<Secret> {
    browser::find_cookie(headers, name(transport, OUTSIDE))
}

/// `Set-Cookie` of it; for no seconds: it is taken away.
pub(super) fn set_outside(transport: Transport, value: &Secret, age_s: u32) -> Option<HeaderValue> {
    field(transport, OUTSIDE, value.expose(), Some(age_s))
}

fn field(
    transport: Transport,
    names: (&'static str, &'static str),
    value: &str,
    age_s: Option<u32>,
) -> Option<HeaderValue> {
    // Whoever comes back from an issuer comes from another site: what they began must come along.
    let strict = transport == Transport::Loopback && names == SESSION;
    let mut text = format!(
        "{}={value}; Path=/; HttpOnly; SameSite={}",
        name(transport, names),
        if strict { "Strict" } else { "Lax" }
    );
    if transport == Transport::Tls {
        text.push_str("; Secure");
    }
    if let Some(age_s) = age_s {
        text.push_str(&format!("; Max-Age={age_s}"));
    }
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
