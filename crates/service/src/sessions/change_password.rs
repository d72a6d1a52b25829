//! A person at the console changes their password: their session goes on, and what their browser presents is
//! new; every other session and every token of theirs has ended (SE-01, SE-03).

use super::SignedIn;
use crate::{Service, caller::Caller, error::Error, persons::ChangePassword};
use domain::secret::Secret;

impl Service {
    /// Changes the caller's own password and renews their session, of which the browser presented
    /// `presented`.
    ///
    /// # Errors
    /// As [`Self::change_password`]; [`Error::Unauthenticated`] where the session ended meanwhile.
    pub async fn change_password_at_console(
        &self,
        caller: &Caller,
        presented: &Secret,
        (old, new): (Secret, Secret),
        agent: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let change = ChangePassword { username: None, old, new };
        let person = self.replace_password(Some(caller), change, &caller.context).await?;
        let before = Some(presented);
        let (presented, session) =
            self.renew_session(&person, before, &caller.context, agent).await?;
        Ok(SignedIn { presented, session, person })
    }
}
