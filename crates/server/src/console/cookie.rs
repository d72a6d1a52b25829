//! The console's cookie. Under TLS its name has a prefix by which browsers hold that it is this host's alone;
//! without TLS it is for loopback only, and goes to no other site at all (WB-01).

use crate::{app::App, browser, trace::Trace};
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

/// How this request came; `None`: in the clear from elsewhere, and then the console does not serve.
pub(super) fn transport(app: &App, trace: &Trace) -> Option<Transport> {
    let config = app.config();
    let by_proxy = trace
        .peer
        .address
        .is_some_and(|peer| crate::client_address::is_trusted(peer, &config.trusted_proxies));
    let public_tls = config.public_url.starts_with("https://");
    if trace.peer.encrypted || (public_tls && (by_proxy || trace.peer.address.is_none())) {
        return Some(Transport::Tls);
    }
    let is_here = |address: std::net::IpAddr| address.to_canonical().is_loopback();
    trace.client.is_none_or(is_here).then_some(Transport::Loopback)
}

const fn name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tls => "__Host-keyward",
        Transport::Loopback => "keyward-session",
    }
}

/// What the browser presents.
pub(super) fn find(headers: &HeaderMap, transport: Transport) -> Option<Secret> {
    browser::find_cookie(headers, name(transport))
}

/// `Set-Cookie` of a session; it goes when the browser is closed, or when the session is over.
pub(super) fn set(transport: Transport, value: &Secret) -> Option<HeaderValue> {
    field(transport, value.expose(), "")
}

/// `Set-Cookie` that takes it away.
pub(super) fn clear(transport: Transport) -> Option<HeaderValue> {
    field(transport, "", "; Max-Age=0")
}

fn field(transport: Transport, value: &str, more: &str) -> Option<HeaderValue> {
    let rules = match transport {
        Transport::Tls => "Path=/; Secure; HttpOnly; SameSite=Lax",
        Transport::Loopback => "Path=/; HttpOnly; SameSite=Strict",
    };
    let text = format!("{}={value}; {rules}{more}", name(transport));
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
