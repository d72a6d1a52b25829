//! What an issuer says of itself, kept for a while: where its endpoints are, and its keys.
//!
//! It is asked again when what is kept is old, and when a token names a key that is not among them: once
//! a minute at most, by one call at a time, whoever asks and however many (AP-10). Where it does not
//! answer, what it said last holds for some hours, and then it is believed nothing.

use super::jwks::KeySet;
use crate::{
    Service,
    outbound::{Answer, Call, CallFailed},
};
use domain::{gateway_route::Upstream, issuer::Issuer};
use serde_json::Value;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

const SECOND_NS: u64 = 1_000_000_000;
/// What it says may be kept so long, where it says nothing of that.
const USUAL_S: u64 = 600;
/// The least and the most, whatever it says.
const LEAST_S: u64 = 60;
const MOST_S: u64 = 3_600;
/// For so long holds what it said last.
const KEPT_S: u64 = 6 * 3_600;
/// It is asked for a key that nobody knows once in so long.
const UNKNOWN_KEY_S: u64 = 60;
/// Asked again so long after it gave no answer.
const RETRY_S: u64 = 10;
/// So long may its configuration and its keys take together; and so long waits whoever wants them, another
/// one's calls included.
const PATIENCE: Duration = Duration::from_secs(8);

/// What is kept of one issuer.
#[derive(Debug, Default)]
pub(super) struct Provider {
    state: Mutex<State>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    known: Option<Arc<Known>>,
    /// When it was last asked.
    asked_ns: Option<u64>,
}

/// What it said.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) metadata: Metadata,
    pub(super) keys: KeySet,
    fetched_ns: u64,
    fresh_s: u64,
}

/// Its configuration (OpenID Connect Discovery 1.0 section 3), as far as it is of use here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Metadata {
    pub(super) authorization_endpoint: Option<String>,
    pub(super) token_endpoint: Option<String>,
    jwks_uri: String,
    /// Whether every answer of its authorization endpoint names it (RFC 9207).
    pub(super) names_itself: bool,
    /// Whether its clients prove themselves in the form, where Basic is none of its methods.
    pub(super) secret_in_form: bool,
}

/// Why nothing is known of an issuer. Says nothing that it said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unknown {
    /// Nobody handed over a way to call.
    NoWay,
    /// It was asked a moment ago, in vain.
    Waiting,
    /// The call failed.
    Call(CallFailed),
    /// It answered with an error.
    Status(u16),
    /// What it said cannot be used.
    Unusable(&'static str),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoWay => f.write_str("this process makes no calls"),
            Self::Waiting => f.write_str("it was asked a moment ago, in vain"),
            Self::Call(failed) => failed.fmt(f),
            Self::Status(status) => write!(f, "its answer was {status}"),
            Self::Unusable(why) => f.write_str(why),
        }
    }
}

impl From<CallFailed> for Unknown {
    fn from(failed: CallFailed) -> Self {
        Self::Call(failed)
    }
}

impl Provider {
    /// What the issuer says of itself; with the key of this name, if it has one at all.
    pub(super) async fn known(
        self: &Arc<Self>,
        service: &Service,
        issuer: &Arc<Issuer>,
        kid: Option<&str>,
    ) -> Result<Arc<Known>, Unknown> {
        if let Some(settled) = self.settled(service.now().mono_ns, kid) {
            return settled;
        }
        // On its own: whoever asked may go away, and others wait for what comes.
        let now_ns = service.now().mono_ns;
        let (provider, service, issuer) = (Arc::clone(self), service.clone(), Arc::clone(issuer));
        let kid = kid.map(str::to_owned);
        let asking = tokio::spawn(async move { provider.ask(&service, &issuer, kid).await });
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(Ok(asked)) => asked,
            _ => self.kept(now_ns).ok_or(Unknown::Waiting),
        }
    }

    async fn ask(
        &self,
        service: &Service,
        issuer: &Issuer,
        kid: Option<String>,
    ) -> Result<Arc<Known>, Unknown> {
        let turn = tokio::time::timeout(PATIENCE, self.turn.lock()).await;
        let Ok(_turn) = turn else { return Err(Unknown::Waiting) };
        let now_ns = service.now().mono_ns;
        if let Some(settled) = self.settled(now_ns, kid.as_deref()) {
            return settled;
        }
        self.lock().asked_ns = Some(now_ns);
        let fetched = tokio::time::timeout(PATIENCE, fetch(service, issuer, now_ns)).await;
        match fetched.unwrap_or(Err(Unknown::Call(CallFailed::TooLate))) {
            Ok(known) => {
                let known = Arc::new(known);
                self.lock().known = Some(Arc::clone(&known));
                Ok(known)
            }
            Err(error) => {
                tracing::warn!(issuer = %issuer.id, %error, "an issuer says nothing of itself");
                // Whoever waited meanwhile does not ask at once again.
                let now_ns = service.now().mono_ns;
                self.lock().asked_ns = Some(now_ns);
                self.kept(now_ns).ok_or(error)
            }
        }
    }

    /// What is to be had without a call; `None`: it is to be asked.
    fn settled(&self, now_ns: u64, kid: Option<&str>) -> Option<Result<Arc<Known>, Unknown>> {
        let asked_ns = self.lock().asked_ns;
        let rested = |s: u64| asked_ns.is_none_or(|at| now_ns.saturating_sub(at) >= s * SECOND_NS);
        let Some(known) = self.kept(now_ns) else {
            return if rested(RETRY_S) { None } else { Some(Err(Unknown::Waiting)) };
        };
        let is_fresh = known.age_s(now_ns) < known.fresh_s;
        let due = match (is_fresh, kid.is_none_or(|kid| known.keys.has(kid))) {
            (true, true) => false,
            (true, false) => rested(UNKNOWN_KEY_S),
            (false, _) => rested(RETRY_S),
        };
        if due { None } else { Some(Ok(known)) }
    }

    fn kept(&self, now_ns: u64) -> Option<Arc<Known>> {
        self.lock().known.clone().filter(|known| known.age_s(now_ns) < KEPT_S)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn age_s(&self, now_ns: u64) -> u64 {
        now_ns.saturating_sub(self.fetched_ns) / SECOND_NS
    }
}

async fn fetch(service: &Service, issuer: &Issuer, now_ns: u64) -> Result<Known, Unknown> {
    let outbound = service.outbound.get().ok_or(Unknown::NoWay)?;
    let url = issuer.configuration_url();
    let trusted = is_trusted(issuer, &url);
    let answer = good(outbound.call(Call::get(url, trusted)).await?)?;
    let metadata = Metadata::read(issuer, &answer.body).map_err(Unknown::Unusable)?;
    let trusted = is_trusted(issuer, &metadata.jwks_uri);
    let of_keys = good(outbound.call(Call::get(metadata.jwks_uri.clone(), trusted)).await?)?;
    let keys = KeySet::read(&of_keys.body).ok_or(Unknown::Unusable("its keys cannot be read"))?;
    let fresh_s = of_keys.max_age_s.map_or(USUAL_S, u64::from).clamp(LEAST_S, MOST_S);
    Ok(Known { metadata, keys, fetched_ns: now_ns, fresh_s })
}

fn good(answer: Answer) -> Result<Answer, Unknown> {
    if answer.status == 200 { Ok(answer) } else { Err(Unknown::Status(answer.status)) }
}

/// Whether an address is the operator's word: it lies on the very server that the configuration names.
pub(super) fn is_trusted(issuer: &Issuer, url: &str) -> bool {
    let of = |url: &str| {
        let (origin, _) = split(url)?;
        Upstream::parse(origin).ok()
    };
    issuer.is_configured()
        && of(&issuer.issuer)
            .zip(of(url))
            .is_some_and(|(named, other)| named.is_same_server(&other))
}

/// Scheme, host and port of an address, and what follows them.
pub(super) fn split(url: &str) -> Option<(&str, &str)> {
    let host_at = url.find("://")? + 3;
    let rest = url.get(host_at..)?;
    let end = rest.find(['/', '?', '#']).map_or(url.len(), |at| host_at + at);
    Some((url.get(..end)?, url.get(end..)?))
}

impl Metadata {
    fn read(issuer: &Issuer, json: &[u8]) -> Result<Self, &'static str> {
        let value: Value =
            serde_json::from_slice(json).map_err(|_| "its configuration is no JSON")?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        // Section 4.3: else anybody could speak for it.
        if text("issuer") != Some(issuer.issuer.as_str()) {
            return Err("its configuration names another issuer");
        }
        let address = |name: &str| {
            let wrong = "an address in its configuration cannot be used";
            text(name)
                .map(|url| if may_be_called(issuer, url) { Ok(url.to_owned()) } else { Err(wrong) })
                .transpose()
        };
        let methods = value.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
        let has = |method: &str| {
            methods.is_some_and(|all| all.iter().any(|of| of.as_str() == Some(method)))
        };
        Ok(Self {
            authorization_endpoint: address("authorization_endpoint")?,
            token_endpoint: address("token_endpoint")?,
            jwks_uri: address("jwks_uri")?.ok_or("its configuration has no `jwks_uri`")?,
            names_itself: value.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
            secret_in_form: has("client_secret_post") && !has("client_secret_basic"),
        })
    }
}

/// Whether an address may stand in its configuration: https, unless the operator lets this very server go
/// without (SS-02, SS-04). Which address its name has is checked at every connect.
fn may_be_called(issuer: &Issuer, url: &str) -> bool {
    let Some((origin, rest)) = split(url) else { return false };
    let Ok(server) = Upstream::parse(origin) else { return false };
    let plain = rest.bytes().all(|b| b.is_ascii_graphic()) && !rest.contains('#');
    let secure = server.tls || (issuer.allow_http && is_trusted(issuer, url));
    plain
        && url.len() <= 2_048
        && secure
        && (is_trusted(issuer, url) || server.check_foreign().is_ok())
}
