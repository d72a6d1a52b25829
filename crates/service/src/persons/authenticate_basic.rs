//! Name and password of a cluster person in the `Authorization` header: how administration scripts
//! of the Genesys wires prove themselves.

use super::{Account, SignInFailure, Via};
use crate::{
    Service,
    caller::{Caller, Context},
    error::Error,
};
use domain::{actor::PrincipalId, id::Scope, secret::Secret};

impl Service {
    /// Turns the name and password of a cluster person into a caller. Counts as a sign-in attempt.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for every reason that lies in the credentials,
    /// [`Error::Limited`] for a source that keeps guessing.
    pub async fn authenticate_basic(
        &self,
        user: &str,
        password: Secret,
        context: Context,
    ) -> Result<Caller, Error> {
        let now = self.now();
        self.check_source(&context, now)?;
        let account = Account::Of(Scope::Cluster, user.to_owned());
        let person = match self.sign_in(account, &password, Via::Basic, |_| true, &context).await {
            Ok(person) => person,
            Err(SignInFailure::Refused) => return Err(self.refuse_credential(&context, now)),
            Err(SignInFailure::Failed(error)) => return Err(error),
        };
        let principal = self
            .verifier
            .principal(PrincipalId::Person(person.id))
            .ok_or(Error::Unauthenticated)?;
        Ok(Caller { principal, token: None, session: None, context, local: false })
    }
}
