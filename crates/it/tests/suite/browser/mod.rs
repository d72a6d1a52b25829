//! What a browser meets: it is sent to sign in, agrees, carries a code back, and signs out. The tests of
//! `openid.rs`, `openid_requests.rs` and `logout.rs` are named after the modules of the OpenID Foundation's conformance suite.

mod auth_v3;
mod codes;
mod consent;
mod forms;
mod logout;
mod openid;
mod openid_requests;
mod other_roles;
mod requests;
mod sessions;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use it::{
    Answer, Browser, Caller, World,
    browser::{carried, encoded},
    world::PASSWORD,
};
use serde_json::{Value, json};

pub(crate) const REALM: &str = "/realms/companya/protocol/openid-connect";
pub(crate) const ISSUER: &str = "http://127.0.0.1:8080/realms/companya";
pub(crate) const CALLBACK: &str = "https://app.example/cb";
pub(crate) const BYE: &str = "https://app.example/bye";
/// The verifier and the challenge of RFC 7636 appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A client of the realm `companya`, and how it asks.
pub(crate) struct App {
    pub(crate) world: World,
    pub(crate) secret: String,
}

impl App {
    /// A world with the client `shop`; `more` are its members besides the usual ones.
    pub(crate) async fn start(more: Value) -> Self {
        let world = World::start().await;
        let admin = world.person(r"t100\nexus").await;
        let secret = make_client(&admin, more).await;
        Self { world, secret }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.world.anonymous())
    }

    /// A browser in which this person has signed in to the client.
    pub(crate) async fn signed_in(&self, person: &str) -> (Browser, Tokens) {
        let mut browser = self.browser();
        let page = browser.open(&request(&[])).await;
        let back = sign_in(&mut browser, &page, person).await;
        let tokens = self.tokens(&back).await;
        (browser, tokens)
    }

    /// Exchanges the code that a redirect carries.
    pub(crate) async fn tokens(&self, back: &Answer) -> Tokens {
        let carried = carried(back);
        let code = carried.get("code").unwrap_or_else(|| panic!("no code: {carried:?}"));
        let answer = self.exchange(code).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Tokens(answer.json())
    }

    /// Exchanges a code as it has to be.
    pub(crate) async fn exchange(&self, code: &str) -> Answer {
        self.exchange_with(code, &[]).await
    }

    /// The same with other fields; an empty one is left out.
    pub(crate) async fn exchange_with(&self, code: &str, other: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let caller = self.world.anonymous().basic("shop", &self.secret);
        caller.post_form(&format!("{REALM}/token"), &replaced(&usual, other)).await
    }

    /// Asks what a token is good for.
    pub(crate) async fn status_of(&self, token: &str) -> u16 {
        let caller = self.world.anonymous().bearer(token);
        caller.get(&format!("{REALM}/userinfo")).await.status.as_u16()
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let caller = self.world.anonymous().basic("shop", &self.secret);
        caller.post_form(&format!("{REALM}/token"), &form).await
    }
}

/// What a code was exchanged for.
pub(crate) struct Tokens(pub(crate) Value);

impl Tokens {
    fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.0))
    }

    pub(crate) fn access(&self) -> &str {
        self.text("access_token")
    }

    pub(crate) fn refresh(&self) -> &str {
        self.text("refresh_token")
    }

    pub(crate) fn id_token(&self) -> &str {
        self.text("id_token")
    }

    /// The claims of the ID token.
    pub(crate) fn claims(&self) -> Value {
        claims(self.id_token())
    }
}

/// The claims of a JWT.
pub(crate) fn claims(jwt: &str) -> Value {
    let payload = jwt.split('.').nth(1).expect("claims");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

/// Makes the client `shop`; its secret.
pub(crate) async fn make_client(admin: &Caller, more: Value) -> String {
    let mut body = json!({
        "clientId": "shop",
        "name": "The shop",
        "grants": ["authorization_code", "refresh_token"],
        "scopes": ["profile"],
        "optionalScopes": ["email", "address", "phone", "roles"],
        "redirectUris": [CALLBACK, BYE],
    });
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    let answer = admin.post("/v1/clients", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["secret"].as_str().unwrap_or_default().to_owned()
}

/// The address of a request for a code, with other parameters than the usual ones; an empty one is left
/// out.
pub(crate) fn request(other: &[(&str, &str)]) -> String {
    let usual = [
        ("client_id", "shop"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid"),
        ("state", "st4te"),
        ("nonce", "a-nonce"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    format!("{REALM}/auth?{}", encoded(&replaced(&usual, other)))
}

pub(crate) fn replaced<'a>(
    usual: &[(&'a str, &'a str)],
    other: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = usual.iter().filter(|(name, _)| !other.iter().any(|(known, _)| known == name));
    kept.chain(other).filter(|(_, value)| !value.is_empty()).copied().collect()
}

/// Fills in the sign-in page of this person.
pub(crate) async fn sign_in(browser: &mut Browser, page: &Answer, person: &str) -> Answer {
    assert!(page.text().contains("<h1>Sign in</h1>"), "{} {}", page.status, page.text());
    browser.submit(page, &[("username", person), ("password", PASSWORD)]).await
}

/// Whether this is the page to sign in.
pub(crate) fn asks_to_sign_in(page: &Answer) -> bool {
    page.status == 200 && page.text().contains("<h1>Sign in</h1>")
}

/// The word that a redirect carries in the place of a code.
pub(crate) fn error_of(back: &Answer) -> String {
    let carried = carried(back);
    assert!(!carried.contains_key("code"), "{carried:?}");
    carried.get("error").cloned().unwrap_or_default()
}
