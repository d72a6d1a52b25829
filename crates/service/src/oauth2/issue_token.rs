//! The token endpoint (RFC 6749 section 3.2), without its wire.
//!
//! The checks run in the order of [`TokenRefusal`]: who asks, for what scope, by which grant.

use super::{
    Issued, TokenRefusal, TokenRequest,
    mint::{Founder, Order},
    scopes,
};
use crate::{Service, caller::Context};
use domain::client::{Client, Grant};

impl Service {
    /// Gives tokens for a grant.
    ///
    /// # Errors
    /// The first check that fails.
    pub async fn issue_token(
        &self,
        request: TokenRequest,
        context: Context,
    ) -> Result<Issued, TokenRefusal> {
        // Before anything else is waited for: a refresh is judged by when it came (refresh.rs).
        let came_at = self.now().wall;
        if request.realm.is_some() {
            return self.issue_realm_token(request, context, came_at).await;
        }
        let client = self
            .prove_client(request.client.as_ref(), &context)
            .await
            .map_err(super::ClientRefusal::into_token_refusal)?;
        if request.form_client_id.as_ref().is_some_and(|id| *id != client.client_id) {
            return Err(TokenRefusal::ClientMismatch);
        }
        let scope = scopes::granted(&client, request.scope.as_deref())?;
        match grant_of(&request, &client)? {
            Grant::Password => self.issue_by_password(request, &client, scope, &context).await,
            Grant::RefreshToken => {
                self.issue_by_refresh(request, None, &client, &context, came_at).await
            }
            Grant::ClientCredentials => {
                let order = Order::of_client(&client, &scope);
                self.found_family(order, Founder::Client).await?.ok_or(TokenRefusal::BadClient)
            }
            Grant::AuthorizationCode => self.issue_by_code(request, None, &client, &context).await,
        }
    }
}

fn grant_of(request: &TokenRequest, client: &Client) -> Result<Grant, TokenRefusal> {
    let grant = match request.grant_type.as_deref() {
        None => return Err(TokenRefusal::MissingGrantType),
        Some("implicit") => return Err(TokenRefusal::Implicit),
        Some("refresh_token") if request.refresh_token.is_none() => {
            return Err(TokenRefusal::MissingRefreshToken);
        }
        Some(text) => Grant::parse(text).ok_or(TokenRefusal::UnsupportedGrant)?,
    };
    // A client that proved nothing cannot speak for itself (CW-02), whatever it is registered for.
    if !client.may_use(grant) || (client.public && grant == Grant::ClientCredentials) {
        return Err(TokenRefusal::GrantNotAllowed(grant));
    }
    Ok(grant)
}
