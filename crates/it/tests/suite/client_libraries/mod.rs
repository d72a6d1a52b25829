//! Client libraries that nobody here wrote, unchanged, against the built program: each does with a realm of
//! ours what it does with any other provider. Here is what they are given; what must come out of each is in
//! the file of its language.

mod documented;
mod encrypted;
mod node;
mod openidconnect;
mod python;

use it::{
    process::{Process, free_port},
    world::{PASSWORD, Place},
};
use serde_json::{Value, json};

/// Confidential, with every grant; the dash is for libraries that encode more than they must.
const CLIENT: &str = "orders-web";
/// One for whom PKCE is optional, as keycloak-connect needs it.
const KEYCLOAK_CLIENT: &str = "orders-keycloak";
/// One that persons are asked about.
const CONSENT_CLIENT: &str = "orders-partner";
const PUBLIC_CLIENT: &str = "orders-terminal";
const SECRET: &str = "kept.between_the-two~of~us";
const PERSON: &str = "mia";

/// A realm, with a person and clients. One that signs by RSA is served in plain HTTP, as on a first try; others
/// by TLS, as everywhere else.
struct Realm {
    keyward: Process,
    issuer: String,
    algorithm: &'static str,
    redirect_uri: String,
    /// The file of the authority of its certificate, where it has one.
    authority: Option<String>,
    person: String,
    _place: Place,
}

impl Realm {
    async fn signing_by(algorithm: &'static str) -> Self {
        let place = Place::new();
        let (keyward, url, authority) = if algorithm == "RS256" {
            let keyward = Process::start(&place, "").await.expect("the program starts");
            let url = keyward.url.clone();
            (keyward, url, None)
        } else {
            let (keyward, url, authority) = encrypted::start(&place).await;
            (keyward, url, Some(authority))
        };
        let ops = keyward.token("ops").await.expect("a token");
        let port = free_port();
        let redirect_uri = format!("http://127.0.0.1:{port}/callback");
        let realm = json!({"name": "Orders", "realm": "orders", "signingAlgorithm": algorithm});
        let tenant = made(&keyward, &ops, "tenants", realm).await;
        let tenant = tenant["id"].as_str().expect("an id").to_owned();
        let person = json!({
            "tenant": tenant, "username": PERSON, "password": PASSWORD, "roles": ["nx1_ask"],
            "mustChangePassword": false, "email": "mia@orders.example", "givenName": "Mia", "familyName": "Meyer",
        });
        let person = made(&keyward, &ops, "persons", person).await;
        let base = json!({
            "tenant": tenant, "scopes": ["profile", "email"], "accessTtlSeconds": 600, "refreshTtlSeconds": 1800,
            "redirectUris": [redirect_uri], "grants": ["authorization_code", "refresh_token"],
        });
        let every = ["authorization_code", "refresh_token", "client_credentials", "password"];
        let with_query = [format!("{redirect_uri}?auth_callback=1"), redirect_uri.clone()];
        for own in [
            json!({"clientId": CLIENT, "secret": SECRET, "grants": every, "roles": ["nx1_ask"]}),
            json!({
                "clientId": KEYCLOAK_CLIENT, "secret": SECRET, "pkce": "optional", "redirectUris": with_query,
            }),
            json!({"clientId": CONSENT_CLIENT, "secret": SECRET, "consentRequired": true}),
            json!({
                "clientId": PUBLIC_CLIENT, "public": true,
                "redirectUris": [redirect_uri, "http://127.0.0.1/callback"],
            }),
        ] {
            let mut client = base.clone();
            for (name, value) in own.as_object().expect("members") {
                client[name] = value.clone();
            }
            made(&keyward, &ops, "clients", client).await;
        }
        let issuer = format!("{url}/realms/orders");
        let person = person["id"].as_str().expect("an id").to_owned();
        Self { keyward, issuer, algorithm, redirect_uri, authority, person, _place: place }
    }

    /// What a driver is told.
    fn variables(&self) -> Vec<(&'static str, String)> {
        // As Python's, Node.js's and the example's libraries are told whom to trust.
        let trust = ["REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CA_FILE"];
        let trust = self.authority.iter().flat_map(|file| trust.map(|name| (name, file.clone())));
        [
            ("ISSUER", self.issuer.as_str()),
            ("ALGORITHM", self.algorithm),
            ("REDIRECT_URI", self.redirect_uri.as_str()),
            ("CLIENT_ID", CLIENT),
            ("CLIENT_SECRET", SECRET),
            ("KEYCLOAK_CLIENT_ID", KEYCLOAK_CLIENT),
            ("CONSENT_CLIENT_ID", CONSENT_CLIENT),
            ("PUBLIC_CLIENT_ID", PUBLIC_CLIENT),
            ("PERSON", PERSON),
            ("PASSWORD", PASSWORD),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into_iter()
        .chain(trust)
        .collect()
    }

    /// Drives a library; what the program wrote meanwhile is told where the driver fails.
    fn drive(&self, home: it::client::Home, driver: &str) -> it::client::Steps {
        it::client::drive(home, driver, &self.variables()).unwrap_or_else(|e| {
            panic!("{}: {e:#}\nKeyward said\n{}", self.algorithm, self.keyward.log())
        })
    }
}

async fn made(keyward: &Process, token: &str, things: &str, body: Value) -> Value {
    let answer = keyward.post(&format!("/v1/{things}"), token, &body).await.expect("an answer");
    assert_eq!(answer.status, 201, "{body}: {}", answer.text());
    answer.json()
}
