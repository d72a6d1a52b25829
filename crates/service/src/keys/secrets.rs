//! Lists the secrets of a key that open it, without their texts: which one is still in use?

use crate::{Service, caller::Caller, error::Error};
use domain::{id::KeyId, right::Deed, time::Timestamp};
use store::Read;

/// A secret of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeySecret {
    /// 0 and 1 take turns as the key is rotated.
    pub slot: u8,
    /// Whether it is the newest one.
    pub current: bool,
    /// Prefix and last four characters.
    pub hint: String,
    /// When it was made; `None`: before this was noted.
    pub created_at: Option<Timestamp>,
    /// When it ends: as the one before the current one, or because nobody rotates.
    pub ends_at: Option<Timestamp>,
    /// When it last opened the key, to within about a minute.
    pub last_used: Option<Timestamp>,
}

impl Service {
    /// The secrets of a key that have not ended, the current one first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a key that the caller may not see.
    pub async fn list_key_secrets(
        &self,
        caller: &Caller,
        id: KeyId,
    ) -> Result<Vec<KeySecret>, Error> {
        let key = self.find_for(caller, id, Deed::See).await?;
        let (stored, used) = self
            .store
            .read(move |r: &mut Read| {
                let stored = store::keys::secrets_of(r, id)?;
                Ok((stored, store::usage::last_used_by_secret(r, id)?))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let now = self.now().wall;
        let mut secrets: Vec<KeySecret> = stored
            .into_iter()
            .filter(|secret| secret.ends_at.is_none_or(|end| end > now))
            .map(|secret| KeySecret {
                slot: secret.slot,
                current: secret.ends_at.is_none(),
                hint: secret.hint,
                created_at: secret.created_at,
                ends_at: secret.ends_at.or(key.secret_ends_at),
                last_used: used.get(&secret.slot).copied(),
            })
            .collect();
        secrets.sort_by_key(|secret| !secret.current);
        Ok(secrets)
    }
}
