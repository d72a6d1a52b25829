//! A person proves who they are in a browser.

use super::{Authorization, grant::takes};
use crate::{
    Service,
    caller::Context,
    error::Error,
    persons::{Account, SignInFailure, Via},
};
use domain::{id::Scope, person::Person, secret::Secret};

/// What was typed into the page.
#[derive(Debug)]
pub struct BrowserSignIn {
    /// In a realm the user name; above realms with its tenant part.
    pub username: String,
    /// The password.
    pub password: Secret,
}

impl Service {
    /// The person whose password was typed. `None`, whatever the reason: nothing tells them apart. A wrong
    /// one counts for the account, and for the source as any credential does.
    ///
    /// # Errors
    /// [`Error::Limited`] for a source that keeps guessing, or the store is unavailable.
    pub async fn sign_in_by_browser(
        &self,
        asked: &Authorization,
        typed: BrowserSignIn,
        context: &Context,
    ) -> Result<Option<Person>, Error> {
        let now = self.now();
        self.check_source(context, now)?;
        let account = match &asked.realm {
            Some(realm) => Account::Of(Scope::Tenant(realm.tenant), typed.username),
            None => Account::Named(typed.username),
        };
        let via = Via::Browser(asked.client.client_id.clone());
        let wanted = |person: &Person| takes(asked, person.scope);
        match self.sign_in(account, &typed.password, via, wanted, context).await {
            Ok(person) => Ok(Some(person)),
            Err(SignInFailure::Refused) => {
                let _ = self.refuse_credential(context, now);
                Ok(None)
            }
            Err(SignInFailure::Failed(error)) => Err(error),
        }
    }
}
