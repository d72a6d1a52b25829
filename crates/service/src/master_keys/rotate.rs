//! A new master key: in front of the file, taken up, and writing as soon as every node has it.

use super::{MasterKeys, event, require_operator};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    key_file::{self, KeyFileError},
    master_key::MasterKey,
};
use std::path::Path;
use store::{Tx, master_keys::State};

impl Service {
    /// Makes a master key, puts it in front of the key file, and lets it take over.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; [`Error::Conflict`] where the master keys stand in the configuration, where
    /// the file cannot be written, or while another one is taking over.
    pub async fn rotate_master_key(&self, caller: &Caller) -> Result<MasterKeys, Error> {
        require_operator(caller)?;
        let origin = caller.origin(self.now().wall);
        {
            let _turn = self.master_keys.turn.lock().await;
            let Some(path) = &self.master_keys.file else {
                let why = "the master keys stand in the configuration: put a new one in front of the list, on \
                           every node, and restart";
                return Err(Error::conflict("master_key", why));
            };
            let keys = self.master_key_states().await?;
            let busy = |state| matches!(state, State::Next | State::Retiring | State::Closed);
            if let Some(key) = keys.iter().find(|key| busy(key.state)) {
                let why = format!("master key `{}` is still being replaced: wait", key.name);
                return Err(Error::conflict("master_key", why));
            }
            let waiting = self.master_keys.told().first.clone();
            if keys.iter().any(|key| key.name == waiting && key.state == State::Known) {
                let why = format!("master key `{waiting}` waits to take over: let it first");
                return Err(Error::conflict("master_key", why));
            }
            let next = keys.iter().map(|key| key.n).max().unwrap_or(0).saturating_add(1);
            let name = new_name(next, |name| keys.iter().any(|key| key.name == name));
            let new = MasterKey::generate(&name, &self.entropy);
            put_in_front(path, &new).map_err(|e| unusable(&e))?;
            // Whatever happens from here on, the file has it: the next look takes it up.
            self.take_up(&new).await?;
            let event = event("master_key.rotate", &name, &origin);
            self.store
                .write(move |tx: &mut Tx| tx.commit(event.clone(), ()).map_err(Error::from))
                .await?;
            self.settle_in_turn(&origin).await?;
        }
        self.list_master_keys(caller).await
    }
}

/// `k2`, or the first like it that no key ever had.
fn new_name(n: i32, taken: impl Fn(&str) -> bool) -> String {
    let mut n = n;
    loop {
        let name = format!("k{n}");
        if !taken(&name) {
            return name;
        }
        n = n.saturating_add(1);
    }
}

fn put_in_front(path: &Path, new: &MasterKey) -> Result<(), KeyFileError> {
    let old = key_file::read(path)?;
    let mut keys = vec![new];
    keys.extend(&old);
    key_file::rewrite(path, &keys)
}

/// The operator reads this: the file is theirs.
pub(super) fn unusable(error: &KeyFileError) -> Error {
    Error::conflict("key_file", error.to_string())
}
