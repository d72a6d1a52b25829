//! Replacing the old list as a whole.

use super::{WANTED, commit, require_over};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, settled},
};
use domain::{
    cors::{BadSetting, Cors, MAX_ORIGINS, Setting},
    id::TenantId,
};
use store::{Committed, Tx};

/// The list to put in the place of the one that is there.
#[derive(Clone, Debug)]
pub struct UpdateCorsSettings {
    /// Where it is meant to hold.
    pub location: String,
    /// Whether others share it.
    pub shared: bool,
    /// Origins, with commas between them; empty: none.
    pub value: String,
}

impl Service {
    /// Replaces the old list of a tenant. It counts while the new one is empty.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`],
    /// [`Error::Invalid`].
    pub async fn update_cors_settings(
        &self,
        caller: &Caller,
        tenant: TenantId,
        update: UpdateCorsSettings,
    ) -> Result<Cors, Error> {
        require_over(caller, tenant)?;
        let UpdateCorsSettings { location, shared, value } = update;
        let setting = Setting { location, shared, value };
        setting.origins().map_err(refused)?;
        let by = caller.origin(self.now().wall);
        let write = move |tx: &mut Tx| -> Result<Committed<Cors>, Stopped<Cors>> {
            let before = store::cors::find_for_update(tx, tenant)?.ok_or(Error::NotFound)?;
            let after = Cors { setting: Some(setting.clone()), ..before.clone() };
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            Ok(commit(tx, ("cors_settings.update", &by), &before, after)?)
        };
        // It may take origins away: what ends service goes before the other writes.
        settled(self.store.write_urgent(write).await)
    }
}

fn refused(why: BadSetting) -> Error {
    match why {
        BadSetting::Location => {
            Error::invalid("location", "must have at most 255 characters, no control characters")
        }
        BadSetting::Origin(n) => Error::invalid("value", format!("entry {n} {WANTED}")),
        BadSetting::TooMany => {
            Error::invalid("value", format!("must be at most {MAX_ORIGINS} origins"))
        }
    }
}
