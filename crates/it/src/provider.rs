//! An OpenID provider that says what a test wants it to say, right or wrong: it is called in the place of the
//! network. Its keys are its own.

use crate::{Caller, World};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData as _, SigningKey as _};
use serde_json::{Value, json};
use service::outbound::{Answer, Call, CallFailed, Outbound};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Its `iss`.
pub const ISS: &str = "https://sso.example/realms/staff";

/// The provider. Cheap to clone.
#[derive(Clone)]
pub struct Provider(Arc<Mutex<State>>);

struct State {
    metadata: Value,
    keys: Vec<(String, Arc<KeyPair>)>,
    /// Every address that was called, in order.
    calls: Vec<String>,
    /// The forms that its token endpoint got, and the credentials beside them.
    forms: Vec<(String, String)>,
    /// What its token endpoint answers.
    tokens: Value,
    /// Instead of any answer.
    failing: Option<CallFailed>,
    max_age_s: Option<u32>,
}

impl Default for Provider {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider {
    /// A provider with one key, `k1`.
    #[must_use]
    pub fn new() -> Self {
        let metadata = json!({
            "issuer": ISS,
            "authorization_endpoint": "https://sso.example/auth",
            "token_endpoint": "https://sso.example/token",
            "jwks_uri": "https://sso.example/keys",
            "authorization_response_iss_parameter_supported": true,
        });
        let state = State {
            metadata,
            keys: vec![("k1".to_owned(), key())],
            calls: Vec::new(),
            forms: Vec::new(),
            tokens: json!({}),
            failing: None,
            max_age_s: None,
        };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A world that calls this provider.
    pub async fn world(&self) -> World {
        let outbound = self.outbound();
        World::start_with(|_, config| config.outgoing.calls = Some(outbound)).await
    }

    /// How it is called.
    #[must_use]
    pub fn outbound(&self) -> Outbound {
        let provider = self.clone();
        Outbound::new(move |call| {
            let answer = provider.answer(&call);
            Box::pin(async move { answer })
        })
    }

    fn answer(&self, call: &Call) -> Result<Answer, CallFailed> {
        let mut state = self.lock();
        state.calls.push(call.url.clone());
        if let Some(failed) = state.failing {
            return Err(failed);
        }
        let body = match call.url.as_str() {
            url if url.ends_with("/.well-known/openid-configuration") => state.metadata.clone(),
            "https://sso.example/keys" => {
                let keys: Vec<Value> = state.keys.iter().map(|(kid, key)| jwk(kid, key)).collect();
                json!({ "keys": keys })
            }
            "https://sso.example/token" => {
                let text = |secret: &Option<domain::secret::Secret>| {
                    secret.as_ref().map_or_else(String::new, |secret| secret.expose().to_owned())
                };
                state.forms.push((text(&call.form), text(&call.authorization)));
                state.tokens.clone()
            }
            _ => return Ok(Answer { status: 404, body: Vec::new(), max_age_s: None }),
        };
        let status = body.get("status").and_then(Value::as_u64).unwrap_or(200);
        let status = u16::try_from(status).expect("a status");
        Ok(Answer { status, body: body.to_string().into_bytes(), max_age_s: state.max_age_s })
    }

    /// Changes what it says of itself.
    pub fn says(&self, member: &str, value: Value) {
        self.lock().metadata[member] = value;
    }

    /// It gives this for a code.
    pub fn gives(&self, tokens: Value) {
        self.lock().tokens = tokens;
    }

    /// It fails so, or not at all any more.
    pub fn fails(&self, failing: Option<CallFailed>) {
        self.lock().failing = failing;
    }

    /// It signs with a new key from now on, and publishes it instead of those before.
    pub fn rotates(&self, kid: &str) {
        self.lock().keys = vec![(kid.to_owned(), key())];
    }

    /// The addresses that were called since this was asked last.
    #[must_use]
    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().calls)
    }

    /// The last form that its token endpoint got, and the credentials beside it.
    #[must_use]
    pub fn form(&self) -> (String, String) {
        self.lock().forms.last().cloned().expect("a form")
    }

    /// A JWT by its newest key.
    #[must_use]
    pub fn sign(&self, typ: &str, claims: &Value) -> String {
        let (kid, key) = self.lock().keys.last().cloned().expect("a key");
        let header = json!({"alg": "EdDSA", "typ": typ, "kid": kid});
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = key.sign(message.as_bytes()).expect("a signature");
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key() -> Arc<KeyPair> {
    Arc::new(KeyPair::generate_for(&PKCS_ED25519).expect("a key"))
}

fn jwk(kid: &str, key: &KeyPair) -> Value {
    let x = BASE64_URL_SAFE_NO_PAD.encode(key.der_bytes());
    json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "use": "sig", "alg": "EdDSA", "x": x})
}

/// How a world calls another one, whose public address this is: no network lies between them.
#[must_use]
pub fn calls_to(world: &World, public_url: &'static str) -> Outbound {
    let caller = Caller::new(world.app.clone());
    Outbound::new(move |call| {
        let caller = caller.clone();
        Box::pin(async move {
            let path = call.url.strip_prefix(public_url).ok_or(CallFailed::NotAllowed)?.to_owned();
            let caller = match &call.authorization {
                Some(secret) => caller.with_header("authorization", secret.expose()),
                None => caller,
            };
            let answer = match &call.form {
                None => caller.get(&path).await,
                Some(form) => {
                    let (kind, body) =
                        ("application/x-www-form-urlencoded", form.expose().to_owned());
                    caller.send(http::Method::POST, &path, Some(kind), body.into()).await
                }
            };
            let status = answer.status.as_u16();
            Ok(Answer { status, body: answer.body.to_vec(), max_age_s: None })
        })
    })
}
