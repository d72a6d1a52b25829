//! What is known of keys beside what they are: a list shows it of all of its keys at once.

use crate::{Service, caller::Caller, error::Error};
use domain::{id::KeyId, key::Key, time::Timestamp};
use store::Read;

/// What a list says of one key besides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KeyNote {
    /// When it last passed, to within about a minute.
    pub last_used: Option<Timestamp>,
    /// Whether two of its secrets are good at this instant.
    pub rotating: bool,
}

impl Service {
    /// A note on each of these keys, which this caller was shown, in their order.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a key out of reach.
    pub async fn note_keys(&self, caller: &Caller, keys: &[Key]) -> Result<Vec<KeyNote>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        if !keys.iter().all(|key| caller.reaches(key.scope)) {
            return Err(Error::NotFound);
        }
        let now = self.now().wall;
        let ids: Vec<KeyId> = keys.iter().map(|key| key.id).collect();
        let (used, rotating) = self
            .store
            .read(move |r: &mut Read| {
                let used = store::usage::last_used(r, &ids)?;
                Ok((used, store::keys::rotating(r, &ids, now)?))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let note = |(last_used, rotating)| KeyNote { last_used, rotating };
        Ok(used.into_iter().zip(rotating).map(note).collect())
    }
}
