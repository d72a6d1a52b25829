//! Where a person is signed in (SE-04).

use crate::{Service, caller::Caller, error::Error, persons::granting};
use domain::{actor::PrincipalId, id::PersonId, id::Scope, right::Rights, session::Session};

impl Service {
    /// The sessions of a person that have not ended, for themself or for whoever manages persons.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`].
    pub async fn list_sessions(
        &self,
        caller: &Caller,
        id: PersonId,
    ) -> Result<Vec<Session>, Error> {
        self.sessions_owner(caller, id, granting::manage()).await?;
        let (at, idle_s) = (self.now().wall, self.settings.session_idle_s);
        let mut found = self.store.read(move |r| store::sessions::list(r, id, at)).await?;
        found.retain(|session| !session.is_over(at, idle_s));
        Ok(found)
    }

    /// Where the person belongs, if the caller is that person or may manage them.
    pub(crate) async fn sessions_owner(
        &self,
        caller: &Caller,
        id: PersonId,
        rights: Rights,
    ) -> Result<Scope, Error> {
        if caller.principal.id == PrincipalId::Person(id) {
            return Ok(caller.scope());
        }
        caller.require_rights(rights)?;
        Ok(self.show_person(caller, id).await?.scope)
    }
}
