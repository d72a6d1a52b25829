//! A browser on its way to an issuer and back, and what the issuer says of who signed in there.

use super::{NOW, believing};
use crate::browser::{CALLBACK, REALM, VERIFIER, make_client, request};
use it::{
    Answer, Browser, Caller, World,
    browser::{carried, encoded},
    provider::{ISS, Provider},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ENDPOINT: &str = "/realms/companya/broker/sso/endpoint";

/// A browser that stands before the issuer.
pub(super) struct There {
    pub(super) world: World,
    pub(super) admin: Caller,
    pub(super) provider: Provider,
    pub(super) issuer: Value,
    pub(super) secret: String,
    pub(super) browser: Browser,
    /// What the issuer was asked.
    pub(super) asked: BTreeMap<String, String>,
}

impl There {
    pub(super) async fn start() -> Self {
        let provider = Provider::new();
        let (world, admin, issuer) = believing(&provider).await;
        Self::before(provider, world, admin, issuer).await
    }

    /// The same in a world that was made already.
    pub(super) async fn before(
        provider: Provider,
        world: World,
        admin: Caller,
        issuer: Value,
    ) -> Self {
        let secret = make_client(&admin, json!({})).await;
        let browser = Browser::new(world.anonymous());
        let mut there =
            Self { world, admin, provider, issuer, secret, browser, asked: BTreeMap::new() };
        there.go().await;
        there
    }

    /// Goes from the client by the sign-in page to the issuer.
    pub(super) async fn go(&mut self) {
        let page = self.browser.open(&request(&[])).await;
        let to = self.browser.get(&link(&page).expect("a link to the issuer")).await;
        assert_eq!(to.status, 302, "{}", to.text());
        assert!(to.header("location").starts_with("https://sso.example/auth?"));
        self.asked = carried(&to);
    }

    /// What the ID token of a good sign-in says.
    pub(super) fn id_claims(&self, sub: &str, roles: &[&str]) -> Value {
        json!({
            "iss": ISS, "sub": sub, "aud": "keyward", "exp": NOW + 300, "iat": NOW,
            "nonce": self.asked["nonce"], "preferred_username": sub, "email": format!("{sub}@example.com"),
            "given_name": "Frieda", "realm_access": {"roles": roles},
        })
    }

    pub(super) fn gives(&self, id_claims: &Value) {
        self.gives_both("at", id_claims);
    }

    fn gives_both(&self, access_token: &str, id_claims: &Value) {
        let id_token = self.provider.sign("JWT", id_claims);
        self.provider.gives(
            json!({"access_token": access_token, "token_type": "Bearer", "id_token": id_token}),
        );
    }

    /// Comes back with the usual answer, changed.
    pub(super) async fn back(&mut self, change: &[(&str, &str)]) -> Answer {
        let state = self.asked["state"].clone();
        let mut answer = vec![("code", "a code"), ("state", state.as_str()), ("iss", ISS)];
        for (name, value) in change {
            answer.retain(|(known, _)| known != name);
            if !value.is_empty() {
                answer.push((name, value));
            }
        }
        self.browser.get(&format!("{ENDPOINT}?{}", encoded(&answer))).await
    }

    /// Signs in; the caller of the client's token.
    pub(super) async fn signed_in(&mut self, sub: &str, roles: &[&str]) -> (Caller, String) {
        self.with_tokens("at", &self.id_claims(sub, roles)).await
    }

    /// The same, by these tokens.
    pub(super) async fn with_tokens(
        &mut self,
        access_token: &str,
        id_claims: &Value,
    ) -> (Caller, String) {
        self.gives_both(access_token, id_claims);
        let back = self.back(&[]).await;
        assert_eq!(back.status, 303, "{}", back.text());
        assert!(back.header("location").starts_with(CALLBACK), "{}", back.header("location"));
        let code = carried(&back)["code"].clone();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let client = self.world.anonymous().basic("shop", &self.secret);
        let tokens = client.post_form(&format!("{REALM}/token"), &form).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text());
        let text = |name: &str| tokens.json()[name].as_str().unwrap_or_default().to_owned();
        (self.world.anonymous().bearer(&text("access_token")), text("refresh_token"))
    }

    pub(super) async fn refused(&mut self, change: &[(&str, &str)]) -> u16 {
        let answer = self.back(change).await;
        assert!(answer.header("location").is_empty(), "{}", answer.header("location"));
        assert!(!answer.text().contains("a code"), "{}", answer.text());
        answer.status.as_u16()
    }
}

/// Where the sign-in page leads to the issuer.
pub(super) fn link(page: &Answer) -> Option<String> {
    let text = page.text();
    let start = text.find("/realms/companya/broker/sso/login?")?;
    let end = start + text[start..].find('"')?;
    Some(text[start..end].replace("&#38;", "&").replace("&amp;", "&"))
}
