//! What there is of master keys, who has them, and how far a change is.

use super::require_operator;
use crate::{Service, caller::Caller, error::Error};
use domain::time::Timestamp;
use store::{
    Read,
    master_keys::{self, MasterKeyState, Sealed, State},
    nodes::Node,
};
use uuid::Uuid;

/// The master keys of the installation. None of them is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MasterKeys {
    /// All that were ever used, the oldest one first.
    pub keys: Vec<MasterKeyFound>,
    /// The nodes that serve the database; none where there can be but one.
    pub nodes: Vec<NodeFound>,
    /// Whether they stand in a file, which can be changed from here.
    pub in_file: bool,
}

/// One master key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MasterKeyFound {
    /// Its name, without the key.
    pub name: String,
    /// Where it is in its life.
    pub state: State,
    /// Since when; `None`: before this was noted.
    pub since: Option<Timestamp>,
    /// Whether the node that was asked has it.
    pub here: bool,
    /// How often it has sealed.
    pub seals: u64,
    /// What still lies under it, of one that has a successor.
    pub left: Option<Sealed>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NodeFound {
    /// Drawn at its start.
    pub id: Uuid,
    /// Its master keys, the one that it writes under first.
    pub master_keys: Vec<String>,
    /// When it was heard of last.
    pub seen_at: Timestamp,
}

impl Service {
    /// Lists the master keys, and counts what has not been sealed anew yet.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever does not look after the whole installation.
    pub async fn list_master_keys(&self, caller: &Caller) -> Result<MasterKeys, Error> {
        require_operator(caller)?;
        let here = self.keyring.numbers();
        let find = move |r: &mut Read| -> Result<Vec<MasterKeyFound>, store::Error> {
            let mut found = Vec::new();
            for key in master_keys::list(r)? {
                let left = match key.state {
                    State::Retiring | State::Closed => Some(master_keys::count_sealed(r, key.n)?),
                    State::Known | State::Next | State::Writer | State::Retired => None,
                };
                let MasterKeyState { n, name, state, since, seals } = key;
                let here = here.contains(&n);
                found.push(MasterKeyFound { name, state, since, here, seals, left });
            }
            Ok(found)
        };
        let keys = self.store.read(find).await.map_err(|e: store::Error| Error::from(e))?;
        let node = |Node { id, master_keys, seen_at }| NodeFound { id, master_keys, seen_at };
        let nodes = self.live_nodes().await?.into_iter().map(node).collect();
        Ok(MasterKeys { keys, nodes, in_file: self.master_keys.file.is_some() })
    }
}
