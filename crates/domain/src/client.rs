//! OAuth 2.0 clients (RFC 6749 section 2).

use crate::{
    audit::{Fact, Facts},
    id::{ClientId, Scope},
    right::Rights,
    time::Timestamp,
};

/// A grant that a client may be registered for. Implicit is not among them (OA-11).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Grant {
    /// RFC 6749 section 4.1.
    AuthorizationCode,
    /// RFC 6749 section 4.4.
    ClientCredentials,
    /// RFC 6749 section 4.3; off unless a client is registered for it (CW-01).
    Password,
    /// RFC 6749 section 6.
    RefreshToken,
}

impl Grant {
    /// Every grant.
    pub const ALL: [Self; 4] =
        [Self::AuthorizationCode, Self::ClientCredentials, Self::Password, Self::RefreshToken];

    /// The value of `grant_type`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::ClientCredentials => "client_credentials",
            Self::Password => "password",
            Self::RefreshToken => "refresh_token",
        }
    }

    /// Reads a `grant_type`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.as_str() == text)
    }
}

/// A client. Its secret is not part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// The row's id.
    pub id: ClientId,
    /// The id that callers present; unique in the installation, compared exactly.
    pub client_id: String,
    /// The tenant it is bound to, or the cluster.
    pub scope: Scope,
    /// The name shown.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Made explicitly as public: it may have an empty secret, which proves nothing.
    pub public: bool,
    /// The grants it may use.
    pub grants: Vec<Grant>,
    /// Scopes it is given; in a realm whether it asks for them or not.
    pub scopes: Vec<String>,
    /// Scopes that a realm gives it besides, where it asks for them.
    pub optional_scopes: Vec<String>,
    /// Whether a realm asks the person who signs in to it first.
    pub consent_required: bool,
    /// Whether it may ask for codes without a challenge (RFC 7636): never a public one, whose codes have
    /// no other protection (PK-01).
    pub pkce_optional: bool,
    /// Whether the header of its realm's access tokens says `at+jwt` (RFC 9068) in the place of `JWT`.
    pub rfc9068: bool,
    /// Addresses that a sign-in or sign-out may redirect to, compared exactly.
    pub redirect_uris: Vec<String>,
    /// Roles of its service account.
    pub roles: Vec<String>,
    /// Rights of its service account besides its roles.
    pub rights: Rights,
    /// The tenants that a cluster-made client is confined to (`contactCenterIds`); empty: its scope.
    pub contact_centers: Vec<crate::id::TenantId>,
    /// Authorities as the Genesys wire wrote them, given back as they came.
    pub authorities: Vec<String>,
    /// Life of an access token in seconds; `None`: what is usual where it is issued.
    pub access_ttl_s: Option<u32>,
    /// Life of a refresh token in seconds.
    pub refresh_ttl_s: u32,
    /// A disabled client gets no token and its tokens are refused.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Counts the changes.
    pub version: u32,
}

/// Life of an `/auth/v3` access token unless the client says otherwise.
pub const ACCESS_TTL_S: u32 = 43_200;
/// Life of a realm's access token unless the client says otherwise.
pub const REALM_ACCESS_TTL_S: u32 = 600;
/// Life of a refresh token unless the client says otherwise: 30 days.
pub const REFRESH_TTL_S: u32 = 2_592_000;

impl Client {
    /// Whether the client may use `grant`.
    #[must_use]
    pub fn may_use(&self, grant: Grant) -> bool {
        self.grants.contains(&grant)
    }

    /// Seconds for which its access tokens live, of a realm or of `/auth/v3`.
    #[must_use]
    pub fn access_life_s(&self, of_realm: bool) -> u32 {
        let usual = if of_realm { REALM_ACCESS_TTL_S } else { ACCESS_TTL_S };
        self.access_ttl_s.unwrap_or(usual)
    }

    /// What the audit log says of a client.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let texts = |items: &[String]| Fact::List(items.to_vec());
        let mut facts = vec![
            ("clientId", Fact::Text(self.client_id.clone())),
            ("tenant", Fact::Text(self.scope.to_string())),
            ("name", Fact::Text(self.name.clone())),
            ("public", Fact::Bool(self.public)),
            ("grants", Fact::List(self.grants.iter().map(|g| g.as_str().to_owned()).collect())),
            ("scopes", texts(&self.scopes)),
            ("redirectUris", texts(&self.redirect_uris)),
            ("roles", texts(&self.roles)),
            ("rights", Fact::List(self.rights.iter().map(|r| r.as_str().to_owned()).collect())),
            (
                "contactCenters",
                Fact::List(self.contact_centers.iter().map(ToString::to_string).collect()),
            ),
            ("accessTtl", self.access_ttl_s.map_or(Fact::Null, |s| Fact::Int(s.into()))),
            ("refreshTtl", Fact::Int(self.refresh_ttl_s.into())),
            ("enabled", Fact::Bool(self.enabled)),
        ];
        // Left out where earlier releases did not know it: their events must still say the same.
        if !self.optional_scopes.is_empty() {
            facts.push(("optionalScopes", texts(&self.optional_scopes)));
        }
        if self.consent_required {
            facts.push(("consentRequired", Fact::Bool(true)));
        }
        if self.pkce_optional {
            facts.push(("pkce", Fact::Text("optional".to_owned())));
        }
        if self.rfc9068 {
            facts.push(("accessTokenType", Fact::Text("at+jwt".to_owned())));
        }
        facts.push(("version", Fact::Int(self.version.into())));
        facts
    }
}

/// Checks a `client_id`: 1 to 255 printable ASCII characters (RFC 6749 appendix A.1).
#[must_use]
pub fn is_client_id(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x20..=0x7e).contains(&b))
}
