//! The password grant (RFC 6749 section 4.3). RFC 9700 section 2.4 forbids it; it exists for clients
//! that are registered for it, every use is audited and no metadata lists it (CW-01).

use super::{
    Issued, TokenRefusal, TokenRequest,
    mint::{Founder, Order},
    prove_client::reaches,
};
use crate::{
    Service,
    caller::Context,
    persons::{Account, SignInFailure, Via},
};
use domain::{
    actor::PrincipalId,
    client::{Client, Grant},
};

impl Service {
    pub(super) async fn issue_by_password(
        &self,
        request: TokenRequest,
        client: &Client,
        scope: String,
        context: &Context,
    ) -> Result<Issued, TokenRefusal> {
        let (Some(name), Some(password)) = (request.username, request.password) else {
            return Err(TokenRefusal::MissingCredentials);
        };
        let account = Account::Named(name);
        let via = Via::Client(client.client_id.clone());
        // A client of one tenant signs in that tenant's persons alone; to all others it says what
        // it says of a wrong password.
        let signed_in =
            self.sign_in(account, &password, via, |p| reaches(client, p.scope), context).await;
        let person = signed_in.map_err(|failure| match failure {
            SignInFailure::Refused => TokenRefusal::BadUserCredentials,
            SignInFailure::Failed(error) => TokenRefusal::Failed(error),
        })?;
        let order = Order {
            principal: PrincipalId::Person(person.id),
            grant: Grant::Password,
            refresh: client.may_use(Grant::RefreshToken),
            ..Order::of_client(client, &scope)
        };
        let founder = Founder::Person { id: person.id, proven: person.version };
        self.found_family(order, founder).await?.ok_or(TokenRefusal::BadUserCredentials)
    }
}
