//! The test call: judged in this process by what answers at the address, as though it had come from the
//! visitor's own address. It counts as a use where such a call would, and takes its units.

use super::{
    super::{Form, Visiting},
    endpoints::{Door, Endpoint},
};
use crate::{
    answer::Body,
    app::App,
    enforce::{self, Call, Compiled, Holder},
    failure::{Failure, Proof, Rendering, Scheme},
    gateway::envelopes,
    middleware,
    peer::Peer,
    surfaces::{experience, native},
};
use bytes::Bytes;
use domain::{gateway_route::GatewayRoute, key_type::Place, policy::Envelope, secret::Secret};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version, header,
};
use http_body_util::{BodyExt, Full, Limited};
use service::whoami;

/// How much of an answer is read; as much of it is shown.
const MOST_BYTES: usize = 16 * 1024;

/// What takes an event.
const SEND: &str = "send_event";

/// What was typed besides the key.
#[derive(Default)]
pub(super) struct Given {
    pub(super) endpoint: String,
    pub(super) origin: String,
    pub(super) agentid: String,
    pub(super) crm_id: String,
    pub(super) event: String,
}

impl Given {
    /// What stands in the form before anybody typed.
    pub(super) fn usual() -> Self {
        Self {
            agentid: "4711".to_owned(),
            crm_id: "crm-1".to_owned(),
            event: "screenPop".to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn of(form: &Form) -> Self {
        let text = |name| form.filled(name).unwrap_or_default();
        Self {
            endpoint: text("endpoint"),
            origin: text("origin"),
            agentid: text("agentid"),
            crm_id: text("crmId"),
            event: text("event"),
        }
    }
}

/// What became of a call.
#[derive(Default)]
pub(super) struct Called {
    /// The call was not made: what has to be mended first.
    pub(super) fault: Option<&'static str>,
    pub(super) passed: bool,
    /// What that means.
    pub(super) meaning: &'static str,
    /// `200 OK`.
    pub(super) status: String,
    /// The fields that say something of the key.
    pub(super) fields: Vec<(String, String)>,
    pub(super) body: String,
}

/// A call to be made.
pub(super) struct TestCall<'a> {
    pub(super) app: &'a App,
    pub(super) visitor: &'a Visiting,
    pub(super) endpoint: &'a Endpoint,
    pub(super) given: &'a Given,
}

impl TestCall<'_> {
    pub(super) async fn send(&self, secret: Option<Secret>) -> Result<Called, Failure> {
        let secret = secret.map(|text| Secret::new(text.expose().trim().to_owned()));
        let Some(secret) = secret.filter(|secret| !secret.expose().is_empty()) else {
            return Ok(Called::mend("Paste an API key for the test call."));
        };
        let Some(mut headers) = self.headers(&secret) else {
            return Ok(Called::mend(
                "An API key, and an origin, have visible ASCII characters alone.",
            ));
        };
        let response = match &self.endpoint.door {
            Door::OpenConnect => self.send_event(&mut headers).await?,
            Door::Route(route) => self.judge(route, &headers, &secret),
            Door::Whoami => self.whoami(&secret),
        };
        Ok(Called::of(response, &self.endpoint.door).await)
    }

    /// The fields of the call; `None`: what was typed fits into none.
    fn headers(&self, secret: &Secret) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        let (name, text) = match &self.endpoint.place {
            Place::Bearer => {
                let text = Secret::new(format!("Bearer {}", secret.expose()));
                (header::AUTHORIZATION, HeaderValue::from_str(text.expose()))
            }
            Place::Header(name) => (
                HeaderName::from_bytes(name.as_bytes()).ok()?,
                HeaderValue::from_str(secret.expose()),
            ),
            // Not in a field; it must be text all the same.
            Place::Parameter(_) => (header::CONNECTION, HeaderValue::from_str(secret.expose())),
        };
        let mut value = text.ok()?;
        value.set_sensitive(true);
        if !matches!(self.endpoint.place, Place::Parameter(_)) {
            headers.insert(name, value);
        }
        if !self.given.origin.is_empty() {
            headers.insert(header::ORIGIN, HeaderValue::from_str(&self.given.origin).ok()?);
        }
        Some(headers)
    }

    /// The event, by what answers events.
    async fn send_event(&self, headers: &mut HeaderMap) -> Result<Response<Body>, Failure> {
        let given = self.given;
        let named =
            [("agentid", &given.agentid), ("crmId", &given.crm_id), ("event", &given.event)];
        let filled = named.into_iter().filter(|(_, text)| !text.is_empty());
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(filled).finish();
        let public: http::Uri =
            self.app.config().public_url.parse().map_err(|_| Failure::BadPath)?;
        let mut request = Request::new(Full::new(Bytes::from(form)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = http::Uri::from_static("/openconnect");
        std::mem::swap(request.headers_mut(), headers);
        let fields = request.headers_mut();
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        fields.insert(header::CONTENT_TYPE, kind);
        let host = public.authority().map_or("localhost", |authority| authority.as_str());
        fields.insert(header::HOST, HeaderValue::from_str(host).map_err(|_| Failure::BadPath)?);
        let peer = Peer { address: self.visitor.caller.context.address, ..Peer::IN_PROCESS };
        let route = experience::SURFACE.routes.iter().find(|route| route.operation == SEND);
        let route = route.ok_or(Failure::NoRoute)?;
        Ok(Box::pin(experience::answer(self.app, route, peer, request)).await)
    }

    /// What the gateway would say; nothing is sent on.
    fn judge(&self, route: &GatewayRoute, headers: &HeaderMap, secret: &Secret) -> Response<Body> {
        let policy = Compiled::of(self.app, Holder::Route, &route.policy);
        let query = match &self.endpoint.place {
            Place::Parameter(name) => Some(Secret::new(
                form_urlencoded::Serializer::new(String::new())
                    .append_pair(name, secret.expose())
                    .finish(),
            )),
            Place::Bearer | Place::Header(_) => None,
        };
        let path = format!("{}/", route.prefix.trim_end_matches('/'));
        let call = Call {
            method: "GET",
            path: &path,
            headers,
            query: query.as_ref().map(Secret::expose),
            form: None,
            origin: enforce::origin_of(headers),
            address: self.visitor.caller.context.address,
            now: self.app.service().now(),
        };
        match enforce::judge(self.app, &policy, &call) {
            Ok(admitted) => {
                let mut response = Response::new(Body::empty());
                let fields = response.headers_mut();
                admitted.limits.write(fields);
                admitted.endings.write_alone(fields);
                admitted.identity.write(fields);
                response
            }
            Err(refusal) => {
                refusal.render(&policy, &self.rendering(&Method::GET), Version::HTTP_11)
            }
        }
    }

    /// Whose key it is.
    fn whoami(&self, secret: &Secret) -> Response<Body> {
        let origin = (!self.given.origin.is_empty()).then(|| self.given.origin.clone());
        let call = whoami::Call { method: "GET", path: "/v1/whoami", origin };
        let context = &self.visitor.caller.context;
        let failure = match self.app.service().identify_key(secret, &call, context) {
            Ok(key) => return native::whoami::answer_to_key(key),
            Err(service::Error::Unauthenticated) => {
                Failure::Unauthenticated { scheme: Scheme::Bearer, proof: Proof::Refused }
            }
            Err(error) => Failure::Service(error),
        };
        let style = envelopes::style(Envelope::Problem);
        middleware::render(&failure, style, &self.rendering(&Method::GET), Version::HTTP_11)
    }

    fn rendering<'b>(&'b self, method: &'b Method) -> Rendering<'b> {
        let request_id = &self.visitor.caller.context.request_id;
        Rendering { request_id, method, operation: None }
    }
}

impl Called {
    fn mend(fault: &'static str) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    async fn of(response: Response<Body>, door: &Door) -> Self {
        let (head, body) = response.into_parts();
        let read = Limited::new(body, MOST_BYTES).collect().await;
        let body = match read {
            Ok(read) => String::from_utf8_lossy(&read.to_bytes()).into_owned(),
            Err(_) => "(the answer is too long to be shown, or broke off)".to_owned(),
        };
        Self {
            fault: None,
            passed: head.status.is_success(),
            meaning: meaning(head.status, door),
            status: head.status.to_string(),
            fields: fields(&head.headers),
            body,
        }
    }
}

fn meaning(status: StatusCode, door: &Door) -> &'static str {
    match (status.as_u16(), door) {
        (200..=299, Door::OpenConnect) => "The event was taken.",
        (200..=299, Door::Route(_)) => {
            "The gateway lets such a call pass. The test was not sent on."
        }
        (200..=299, Door::Whoami) => "The key works.",
        (400, _) => {
            "The key holds, but something else in the call is missing or wrong: the answer says what."
        }
        (401, _) => "The key is not accepted here.",
        (403, _) => {
            "The key holds, but not for this call: its allow-list or a permission is against it."
        }
        (429, _) => {
            "The key's limit is used up for now, or too many keys were tried that do not work."
        }
        (500..=599, _) => {
            "The call passed, and whoever it goes to cannot be reached or did not answer well."
        }
        _ => "The answer says what is wrong.",
    }
}

/// The fields of an answer that say something of the key, as a wire has them.
fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    const SHOWN: [&str; 5] =
        ["content-type", "ratelimit-policy", "ratelimit", "retry-after", "www-authenticate"];
    let shown = |name: &str| SHOWN.contains(&name) || name.starts_with("x-keyward-");
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .filter(|(name, _)| shown(name.as_str()))
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect()
}
