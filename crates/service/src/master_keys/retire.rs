//! An old master key leaves: out of the file and out of memory, once nothing lies under it.

use super::{MasterKeys, event, require_operator, rotate::unusable};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    key_file::{self, KeyFileError},
};
use std::path::Path;
use store::{Tx, master_keys::State};

/// So long a retired key stays: what it bound that is not sealed (repeated calls, cursors, pages of a
/// sign-in) is known for a day.
const STAYS_S: i64 = 86_400;

impl Service {
    /// Takes a retired master key away from this node.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; [`Error::NotFound`]; [`Error::Conflict`] while something lies under it, less
    /// than a day after that, or where it stands in the configuration.
    pub async fn retire_master_key(
        &self,
        caller: &Caller,
        name: &str,
    ) -> Result<MasterKeys, Error> {
        require_operator(caller)?;
        let origin = caller.origin(self.now().wall);
        {
            let _turn = self.master_keys.turn.lock().await;
            let keys = self.master_key_states().await?;
            let here = self.keyring.numbers();
            let key = keys
                .iter()
                .find(|key| key.name == name && here.contains(&key.n))
                .ok_or(Error::NotFound)?;
            if key.state != State::Retired {
                return Err(Error::conflict("master_key", in_use(name, key.state)));
            }
            let until = key.since.map(|since| since.plus_seconds(STAYS_S));
            if let Some(until) = until.filter(|until| *until > origin.at) {
                let why = format!(
                    "nothing lies under `{name}`, but calls that are repeated and pages that were begun are \
                     known by it for a day: retire it after {until}"
                );
                return Err(Error::conflict("master_key", why));
            }
            let Some(path) = &self.master_keys.file else {
                let why = format!(
                    "nothing lies under `{name}`: take it out of the configuration, and restart; backups \
                     from before still need it"
                );
                return Err(Error::conflict("master_key", why));
            };
            take_out(path, name).map_err(|e| unusable(&e))?;
            let event = event("master_key.retire", name, &origin);
            self.store
                .write(move |tx: &mut Tx| tx.commit(event.clone(), ()).map_err(Error::from))
                .await?;
            self.keyring.remove(key.n);
            self.master_keys.told().names.retain(|(n, _)| *n != key.n);
        }
        self.list_master_keys(caller).await
    }
}

fn in_use(name: &str, state: State) -> String {
    match state {
        State::Known => format!("`{name}` has not taken over yet"),
        State::Next | State::Writer => {
            format!("`{name}` writes: rotate first, so that another one does")
        }
        State::Retiring | State::Closed | State::Retired => {
            format!("what lies under `{name}` is still being sealed anew: wait")
        }
    }
}

fn take_out(path: &Path, name: &str) -> Result<(), KeyFileError> {
    let all = key_file::read(path)?;
    let left: Vec<_> = all.iter().filter(|key| key.name() != name).collect();
    if left.is_empty() || left.len() == all.len() {
        return Ok(());
    }
    key_file::rewrite(path, &left)
}
