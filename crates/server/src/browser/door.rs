//! Where a browser comes in: a realm, or the token service above realms.

use crate::app::App;
use domain::id::{Scope, TenantId};
use service::oauth2::Realm;

/// Where a browser comes in.
#[derive(Clone, Debug)]
pub(crate) enum Door {
    /// A realm: its persons, its clients.
    Realm(Realm),
    /// `/auth/v3`: persons of whatever tenant the client reaches.
    Above,
}

impl Door {
    pub(super) fn realm(&self) -> Option<&Realm> {
        match self {
            Self::Realm(realm) => Some(realm),
            Self::Above => None,
        }
    }

    /// Whose persons its sessions are; `None`: anybody's.
    pub(super) fn tenant(&self) -> Option<TenantId> {
        self.realm().map(|realm| realm.tenant)
    }

    /// Whether a session of a person of `scope` can be one of this door.
    pub(super) fn takes(&self, scope: Scope) -> bool {
        self.tenant().is_none_or(|tenant| scope == Scope::Tenant(tenant))
    }

    /// What the pages say where one is.
    pub(super) fn place(&self) -> &str {
        self.realm().map_or("Keyward", |realm| &realm.name)
    }

    /// Who answers, for `iss` (RFC 9207).
    pub(super) fn issuer(&self, app: &App) -> String {
        self.realm().map_or_else(|| app.config().public_url.clone(), |realm| realm.issuer.clone())
    }

    /// The session cookie's name but for its prefix.
    pub(super) fn cookie(&self) -> String {
        match self.tenant() {
            Some(tenant) => format!("keyward-realm-{}", tenant.0.simple()),
            None => "keyward-auth".to_owned(),
        }
    }

    /// Where the sign-in form goes.
    pub(super) fn sign_in_path(&self) -> String {
        self.within("login-actions/authenticate").unwrap_or_else(|| "/auth/v3/sign-in".to_owned())
    }

    /// Where the consent page lies; only a realm has one.
    pub(super) fn consent_path(&self) -> String {
        self.within("login-actions/consent").unwrap_or_default()
    }

    /// Where the confirmation of a sign-out goes; only a realm has one.
    pub(super) fn sign_out_path(&self) -> String {
        self.within("protocol/openid-connect/logout/logout-confirm").unwrap_or_default()
    }

    /// Where the sign-in by an issuer outside begins.
    pub(super) fn broker_path(&self, issuer: &str) -> String {
        self.within(&format!("broker/{issuer}/login")).unwrap_or_default()
    }

    /// Where the issuer sends browsers back to.
    pub(super) fn broker_end_path(&self, issuer: &str) -> String {
        self.within(&format!("broker/{issuer}/endpoint")).unwrap_or_default()
    }

    fn within(&self, rest: &str) -> Option<String> {
        self.realm().map(|realm| format!("/realms/{}/{rest}", realm.name))
    }
}
