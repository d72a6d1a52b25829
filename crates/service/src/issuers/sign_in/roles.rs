//! Roles that stand in the access token alone: Keycloak and Keyward leave them out of ID tokens.

use super::exchange::Tokens;
use crate::{
    Service,
    issuers::{
        jwt::Jwt,
        known::Entry,
        provider::Known,
        verify::{self, Refused, Said},
    },
};
use domain::secret::Secret;
use std::sync::Arc;

impl Service {
    /// Adds the roles that the access token names to what the ID token says, which names none. One that is
    /// no JWT, or does not hold, names none either.
    pub(super) async fn with_roles_beside(
        &self,
        entry: &Entry,
        known: Arc<Known>,
        tokens: &Tokens,
        said: Said,
    ) -> Said {
        let access_token = tokens.access_token.as_ref().map(Secret::expose);
        let Some(jwt) = access_token.and_then(Jwt::read) else { return said };
        match self.roles_beside(entry, known, &jwt, &said).await {
            Ok(roles) => Said { roles, ..said },
            Err(why) => {
                let issuer = entry.issuer.id;
                tracing::warn!(%issuer, why, "the access token of a sign-in names no roles");
                said
            }
        }
    }

    async fn roles_beside(
        &self,
        entry: &Entry,
        mut known: Arc<Known>,
        jwt: &Jwt<'_>,
        said: &Said,
    ) -> Result<Vec<String>, Refused> {
        let issuer = &entry.issuer;
        let kid = verify::kid(jwt)?;
        if kid.is_some_and(|kid| !known.keys.has(kid)) {
            let asked = entry.provider.known(self, issuer, kid).await;
            known = asked.map_err(|_| "the issuer does not answer")?;
        }
        verify::check_signature(jwt, issuer, &known.keys)?;
        verify::check_beside(jwt, issuer, &said.subject, self.now().wall)
    }
}
