//! What a realm's tokens say: Keycloak's members, in its order.
//!
//! Nothing of ours believes them: a token is looked up by its digest, and rights are read live. They
//! are for whoever checks the signature by the realm's published keys.

use super::{SignIn, mint::Order, realm::Realm, realm::service_account};
use crate::{Service, error::Error};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    actor::PrincipalId,
    client::{Client, Grant},
    person::Profile,
    secret::Secret,
    time::Timestamp,
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use std::net::IpAddr;

/// The audience of every access token: the realm itself, under the name that it has on this wire.
pub(super) const AUDIENCE: &str = "account";

/// The texts of a pair.
pub(super) struct Texts {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) id_token: Option<Secret>,
}

/// When a pair begins and ends.
#[derive(Clone, Copy)]
pub(super) struct Life {
    pub(super) from: Timestamp,
    pub(super) access_until: Timestamp,
    pub(super) refresh_until: Timestamp,
}

/// Whom a pair speaks for, described.
struct Subject {
    id: String,
    name: String,
    roles: Vec<String>,
    /// Of a person.
    profile: Option<Profile>,
}

/// Everything that claims are made of.
struct Said<'a> {
    realm: &'a Realm,
    client: &'a Client,
    subject: &'a Subject,
    grant: Grant,
    scope: &'a str,
    sign_in: Option<&'a SignIn>,
    address: Option<IpAddr>,
    life: Life,
}

impl Service {
    /// Makes the texts of a pair and signs them.
    pub(super) async fn sign_texts(
        &self,
        realm: &Realm,
        order: &Order<'_>,
        life: Life,
    ) -> Result<Texts, Error> {
        let subject = self.described_subject(order).await?;
        let said = Said {
            realm,
            client: order.client,
            subject: &subject,
            grant: order.grant,
            scope: order.scope,
            sign_in: order.sign_in,
            address: order.address,
            life,
        };
        let id = || self.entropy.uuid().to_string();
        // Keycloak's, unless the client asks for that of RFC 9068.
        let typ = if order.client.rfc9068 { "at+jwt" } else { "JWT" };
        let access = self.sign_jwt(realm.tenant, typ, &said.access(&id())).await?;
        let refresh = match order.refresh {
            true => Some(self.sign_jwt(realm.tenant, "JWT", &said.refresh(&id())).await?),
            false => None,
        };
        let id_token = match order.id_token {
            true => Some(self.sign_jwt(realm.tenant, "JWT", &said.id_token(&id(), &access)).await?),
            false => None,
        };
        Ok(Texts { access, refresh, id_token })
    }

    async fn described_subject(&self, order: &Order<'_>) -> Result<Subject, Error> {
        let roles = self
            .verifier
            .principal(order.principal)
            .map(|principal| principal.roles().to_vec())
            .unwrap_or_default();
        Ok(match order.principal {
            PrincipalId::Client(id) => Subject {
                id: id.to_string(),
                name: service_account(&order.client.client_id),
                roles,
                profile: None,
            },
            PrincipalId::Person(id) => {
                let found = self.store.read(move |r| store::persons::find_by_id(r, id)).await?;
                let (name, profile) =
                    found.map(|person| (person.username, person.profile)).unwrap_or_default();
                Subject { id: id.to_string(), name, roles, profile: Some(profile) }
            }
        })
    }
}

impl Said<'_> {
    /// An access token's.
    fn access(&self, id: &str) -> Map<String, Value> {
        let id = format!("{}:{id}", self.provenance());
        let mut claims = self.head(self.life.access_until, &id, json!(AUDIENCE), "Bearer");
        self.say_session(&mut claims);
        claims.insert("acr".to_owned(), json!("1"));
        let origins = origins(&self.client.redirect_uris);
        if !origins.is_empty() {
            claims.insert("allowed-origins".to_owned(), json!(origins));
        }
        claims.insert("realm_access".to_owned(), json!({"roles": self.subject.roles}));
        claims.insert("resource_access".to_owned(), json!({AUDIENCE: {"roles": ["view-profile"]}}));
        claims.insert("scope".to_owned(), json!(self.scope));
        let machine = self.address.filter(|_| self.subject.profile.is_none());
        if let Some(address) = machine {
            claims.insert("clientHost".to_owned(), json!(address.to_canonical()));
        }
        self.say_profile(&mut claims);
        if let Some(address) = machine {
            claims.insert("clientAddress".to_owned(), json!(address.to_canonical()));
        }
        if self.subject.profile.is_none() {
            claims.insert("client_id".to_owned(), json!(self.client.client_id));
        }
        claims
    }

    /// A refresh token's. Only this realm's token endpoint takes it.
    fn refresh(&self, id: &str) -> Map<String, Value> {
        let issuer = json!(self.realm.issuer);
        let mut claims = self.head(self.life.refresh_until, id, issuer, "Refresh");
        self.say_session(&mut claims);
        claims.insert("scope".to_owned(), json!(self.scope));
        claims
    }

    /// An ID token's (OpenID Connect Core section 2). It opens nothing here.
    fn id_token(&self, id: &str, access: &Secret) -> Map<String, Value> {
        let audience = json!(self.client.client_id);
        let mut claims = self.head(self.life.access_until, id, audience, "ID");
        if let Some(nonce) = self.sign_in.and_then(|sign_in| sign_in.nonce.as_deref()) {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        self.say_session(&mut claims);
        claims.insert("at_hash".to_owned(), json!(at_hash(access)));
        claims.insert("acr".to_owned(), json!("1"));
        self.say_profile(&mut claims);
        claims
    }

    /// What all three begin with.
    fn head(
        &self,
        until: Timestamp,
        id: &str,
        audience: Value,
        kind: &'static str,
    ) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut say = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        say("exp", json!(until.as_seconds()));
        say("iat", json!(self.life.from.as_seconds()));
        if let Some(sign_in) = self.sign_in {
            say("auth_time", json!(sign_in.authenticated_at.as_seconds()));
        }
        say("jti", json!(id));
        say("iss", json!(self.realm.issuer));
        say("aud", audience);
        say("sub", json!(self.subject.id));
        say("typ", json!(kind));
        say("azp", json!(self.client.client_id));
        claims
    }

    fn say_session(&self, claims: &mut Map<String, Value>) {
        if let Some(session) = self.sign_in.and_then(|sign_in| sign_in.session) {
            claims.insert("sid".to_owned(), json!(session.to_string()));
        }
    }

    /// Who it is, as far as the scopes go.
    fn say_profile(&self, claims: &mut Map<String, Value>) {
        let profile = self.subject.profile.as_ref();
        for (name, value) in about(&self.subject.name, profile, |wanted| self.has(wanted)) {
            claims.insert(name.to_owned(), value);
        }
    }

    fn has(&self, wanted: &str) -> bool {
        self.scope.split(' ').any(|scope| scope == wanted)
    }

    /// What a `jti` begins with since Keycloak 26.2: whether a session is behind it, that it is a regular
    /// token, and by which grant it came.
    fn provenance(&self) -> String {
        let online = self.sign_in.is_some_and(|sign_in| sign_in.session.is_some());
        let session = if online { "on" } else { "tr" };
        let grant = match self.grant {
            Grant::AuthorizationCode => "ac",
            Grant::ClientCredentials => "cc",
            Grant::Password => "ro",
            Grant::RefreshToken => "rt",
        };
        format!("{session}rt{grant}")
    }
}

/// What the scopes `profile` and `email` tell of somebody; a service account has a name alone.
pub(super) fn about(
    name: &str,
    profile: Option<&Profile>,
    has: impl Fn(&str) -> bool,
) -> Vec<(&'static str, Value)> {
    let mut told = Vec::new();
    if has("email") {
        // Nobody proves here that they can be reached there.
        told.push(("email_verified", json!(false)));
    }
    let part = |part: fn(&Profile) -> Option<&String>| profile.and_then(part);
    let given = part(|p| p.given_name.as_ref());
    let family = part(|p| p.family_name.as_ref());
    if has("profile") {
        let full: Vec<&str> = [given, family].into_iter().flatten().map(String::as_str).collect();
        if !full.is_empty() {
            told.push(("name", json!(full.join(" "))));
        }
        told.push(("preferred_username", json!(name)));
        told.extend(given.map(|given| ("given_name", json!(given))));
        told.extend(family.map(|family| ("family_name", json!(family))));
    }
    if has("email") {
        told.extend(part(|p| p.email.as_ref()).map(|email| ("email", json!(email))));
    }
    told
}

/// The origins of a client's addresses, for its own pages to compare.
fn origins(addresses: &[String]) -> Vec<String> {
    let mut origins = Vec::new();
    for address in addresses {
        let Some((scheme @ ("http" | "https"), rest)) = address.split_once("://") else { continue };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let origin = format!("{scheme}://{host}");
        if !host.is_empty() && !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins
}

/// The left half of the access token's digest, by the hash of the algorithm that both are signed with
/// (OpenID Connect Core section 3.1.3.6; Ed25519 hashes by SHA-512).
fn at_hash(access: &Secret) -> String {
    let text = access.expose().as_bytes();
    let header = access.expose().split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(header).unwrap_or_default();
    let header: Value = serde_json::from_slice(&header).unwrap_or_default();
    let by_512 = header.get("alg").is_some_and(|alg| alg == "EdDSA");
    let digest = if by_512 { Sha512::digest(text).to_vec() } else { Sha256::digest(text).to_vec() };
    URL_SAFE_NO_PAD.encode(digest.get(..digest.len() / 2).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_those_of_pages_alone() {
        let addresses = [
            "https://app.example/callback",
            "https://app.example/other?x",
            "http://localhost:3000",
            "com.example.app:/back",
            "myapp://back",
        ]
        .map(str::to_owned);
        assert_eq!(origins(&addresses), ["https://app.example", "http://localhost:3000"]);
    }

    #[test]
    fn scopes_decide_what_is_told_of_somebody() {
        let profile = Profile {
            email: Some("vera@example.org".to_owned()),
            given_name: Some("Vera".to_owned()),
            family_name: Some("Nova".to_owned()),
        };
        let told = |scope: &str, profile: Option<&Profile>| {
            let told = about("vera", profile, |wanted| scope.split(' ').any(|s| s == wanted));
            Value::Object(told.into_iter().map(|(n, v)| (n.to_owned(), v)).collect()).to_string()
        };
        assert_eq!(told("openid", Some(&profile)), "{}");
        assert_eq!(
            told("email profile", Some(&profile)),
            r#"{"email_verified":false,"name":"Vera Nova","preferred_username":"vera","given_name":"Vera","family_name":"Nova","email":"vera@example.org"}"#
        );
        assert_eq!(
            told("email profile", None),
            r#"{"email_verified":false,"preferred_username":"vera"}"#
        );
    }
}
