//! The token endpoint of a realm, without its wire. The same grants as at `/auth/v3` (issue_token.rs),
//! but the order of the checks is that of this wire: the grant's name, the client, repeated parameters,
//! and then the grant.

use super::{
    ClientRefusal, Issued, Realm, SignIn, TokenRefusal, TokenRequest,
    mint::{Founder, Order},
    scopes,
};
use crate::{
    Service,
    caller::Context,
    persons::{Account, SignInFailure, Via},
};
use domain::{
    actor::PrincipalId,
    client::{Client, Grant},
    id::Scope,
    time::Timestamp,
};

impl Service {
    pub(super) async fn issue_realm_token(
        &self,
        mut request: TokenRequest,
        context: Context,
        came_at: Timestamp,
    ) -> Result<Issued, TokenRefusal> {
        let Some(realm) = request.realm.take() else { return Err(TokenRefusal::UnknownClient) };
        let grant = request.grant_type.as_deref().ok_or(TokenRefusal::MissingGrantType)?;
        let grant = Grant::parse(grant).ok_or(TokenRefusal::UnsupportedGrant)?;
        let client = self
            .prove_realm_client(&realm, request.client.as_ref(), &context)
            .await
            .map_err(ClientRefusal::into_token_refusal)?;
        if request.repeated {
            return Err(TokenRefusal::Repeated);
        }
        if grant == Grant::ClientCredentials && client.public {
            return Err(TokenRefusal::PublicClient);
        }
        if !client.may_use(grant) {
            return Err(TokenRefusal::GrantNotAllowed(grant));
        }
        match grant {
            Grant::ClientCredentials => {
                self.issue_to_service_account(&request, &realm, &client, &context).await
            }
            Grant::Password => {
                self.issue_by_realm_password(request, &realm, &client, &context).await
            }
            Grant::RefreshToken => {
                self.issue_by_refresh(request, Some(&realm), &client, &context, came_at).await
            }
            Grant::AuthorizationCode => {
                self.issue_by_code(request, Some(&realm), &client, &context).await
            }
        }
    }

    async fn issue_to_service_account(
        &self,
        request: &TokenRequest,
        realm: &Realm,
        client: &Client,
        context: &Context,
    ) -> Result<Issued, TokenRefusal> {
        let asked = request.scope.as_deref();
        let scope = scopes::in_realm(client, asked)?;
        let order = Order {
            realm: Some(realm),
            id_token: scopes::asks_for_id_token(asked),
            address: context.address,
            ..Order::of_client(client, &scope)
        };
        self.found_family(order, Founder::Client).await?.ok_or(TokenRefusal::BadClient)
    }

    async fn issue_by_realm_password(
        &self,
        request: TokenRequest,
        realm: &Realm,
        client: &Client,
        context: &Context,
    ) -> Result<Issued, TokenRefusal> {
        let (Some(name), Some(password)) = (request.username, request.password) else {
            return Err(TokenRefusal::MissingCredentials);
        };
        let asked = request.scope.as_deref();
        let scope = scopes::in_realm(client, asked)?;
        // The realm says whose name it is; a tenant part would be a part of the name.
        let account = Account::Of(Scope::Tenant(realm.tenant), name);
        let via = Via::Client(client.client_id.clone());
        let signed_in = self.sign_in(account, &password, via, |_| true, context).await;
        let person = signed_in.map_err(|failure| match failure {
            SignInFailure::Refused => TokenRefusal::BadUserCredentials,
            SignInFailure::Failed(error) => TokenRefusal::Failed(error),
        })?;
        let sign_in = SignIn { session: None, authenticated_at: self.now().wall, nonce: None };
        let order = Order {
            realm: Some(realm),
            client,
            principal: PrincipalId::Person(person.id),
            grant: Grant::Password,
            family: None,
            session_end: None,
            scope: &scope,
            refresh: client.may_use(Grant::RefreshToken),
            id_token: scopes::asks_for_id_token(asked),
            sign_in: Some(&sign_in),
            address: context.address,
        };
        let founder = Founder::Person { id: person.id, proven: person.version };
        self.found_family(order, founder).await?.ok_or(TokenRefusal::BadUserCredentials)
    }
}
