//! What a realm's tokens say: Keycloak's members, in its order.
//!
//! Nothing of ours believes them: a token is looked up by its digest, and rights are read live. They
//! are for whoever checks the signature by the realm's published keys.

mod parts;

pub(super) use parts::about;

use super::{SignIn, mint::Order, realm::Realm, realm::service_account};
use crate::{Service, error::Error};
use domain::{
    actor::PrincipalId,
    client::{Client, Grant},
    person::Profile,
    secret::Secret,
    time::Timestamp,
};
use parts::{at_hash, origins};
use serde_json::{Map, Value, json};
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
