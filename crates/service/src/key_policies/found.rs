//! Finding the policy that governs keys of one type, for whoever may make or change such keys: what it
//! says is said before it refuses.

use crate::{Service, caller::Caller, error::Error};
use domain::{id::Scope, key_policy::KeyPolicy, right::Deed};
use store::Read;

impl Service {
    /// The policy that governs keys of this type there, if one does.
    ///
    /// # Errors
    /// [`Error::NotFound`] out of reach, and for a type that is not there; [`Error::NotAllowed`] for
    /// whoever may neither make nor change such keys.
    pub async fn governing_key_policy(
        &self,
        caller: &Caller,
        scope: Scope,
        key_type: &str,
    ) -> Result<Option<KeyPolicy>, Error> {
        if !caller.reaches(scope) {
            return Err(Error::NotFound);
        }
        let family = self.key_type(scope, key_type).ok_or(Error::NotFound)?.family;
        if !caller.has(family.rights_for(Deed::Update)) {
            caller.require_rights(family.rights_for(Deed::Create))?;
        }
        let name = key_type.to_owned();
        let find = move |r: &mut Read| store::key_policies::governing(r, scope, &name);
        self.store.read(find).await.map_err(|e: store::Error| Error::from(e))
    }
}
