//! Master keys while they are in use: a new one takes over, what lies under the old one is sealed anew,
//! and the old one goes.
//!
//! The database says which one writes, so that nodes cannot disagree; a node only says which one it
//! would like to (the first of its list). `store::master_keys` has the states. How keys are found and
//! opened at the start stands in `unlock.rs`.

mod list;
mod reseal;
mod retire;
mod rotate;
mod settle;

pub use list::{MasterKeyFound, MasterKeys, NodeFound};

use crate::{Service, caller::Caller, error::Error, key_file::Stamp};
use domain::{
    actor::Actor,
    audit::{AuditEvent, Origin},
    id::Scope,
    right::{Right, Rights},
    time::Timestamp,
};
use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;
use uuid::Uuid;

/// How often a node looks for what there is to do, and says that it lives.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A node that has not been heard of for so long is gone.
pub(crate) const GONE_AFTER_S: i64 = 60;

/// What this node has to do with master keys.
pub(crate) struct MasterKeyring {
    /// Where they stand; `None`: in the configuration.
    file: Option<PathBuf>,
    /// How this node is called among others.
    node: Uuid,
    told: Mutex<Told>,
    /// One change at a time.
    turn: tokio::sync::Mutex<()>,
    /// One job at a time.
    resealing: tokio::sync::Mutex<()>,
    wake: Notify,
}

/// What the list of master keys said last.
#[derive(Debug, Default)]
struct Told {
    /// The name of the first one: it shall write.
    first: String,
    /// The names of all that are at hand, by their number.
    names: Vec<(i32, String)>,
    /// The file as it was read.
    stamp: Option<Stamp>,
    /// What was complained about, so that it is said once.
    complaint: Option<String>,
}

impl MasterKeyring {
    /// `names` as the list has them, the first one first.
    pub(crate) fn new(
        file: Option<PathBuf>,
        node: Uuid,
        names: Vec<(i32, String)>,
        stamp: Option<Stamp>,
    ) -> Self {
        let first = names.first().map(|(_, name)| name.clone()).unwrap_or_default();
        Self {
            file,
            node,
            told: Mutex::new(Told { first, names, stamp, complaint: None }),
            turn: tokio::sync::Mutex::default(),
            resealing: tokio::sync::Mutex::default(),
            wake: Notify::new(),
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says something to the operator, once; `None`: there is nothing to complain about any more.
    fn complain(&self, complaint: Option<String>) {
        let mut told = self.told();
        if told.complaint != complaint {
            if let Some(complaint) = &complaint {
                tracing::warn!("{complaint}");
            }
            told.complaint = complaint;
        }
    }
}

impl Service {
    /// Looks after the master keys until it is dropped.
    pub(crate) async fn keep_master_keys(self) {
        loop {
            let asked = self.master_keys.wake.notified();
            if let Err(error) = self.settle_and_reseal().await {
                self.figures.job_failed();
                tracing::warn!(job = "master keys", %error, "a job failed; it runs again");
            }
            let _ = tokio::time::timeout(LOOK_EVERY, asked).await;
        }
    }

    async fn settle_and_reseal(&self) -> Result<(), Error> {
        self.settle_master_keys(&system(self.now().wall)).await?;
        // Of several nodes one does it.
        if self.is_first_node().await? { self.reseal().await } else { Ok(()) }
    }
}

/// Who looks after the whole installation.
fn require_operator(caller: &Caller) -> Result<(), Error> {
    let rights: Rights = [Right::TenantsManage].into_iter().collect();
    caller.require_rights(rights)?;
    if caller.is_cluster() { Ok(()) } else { Err(Error::NotAllowed { right: None }) }
}

/// What nobody commanded.
pub(crate) fn system(at: Timestamp) -> Origin {
    Origin { actor: Actor::system("master keys"), address: None, request_id: "job".to_owned(), at }
}

fn event(action: &'static str, name: &str, origin: &Origin) -> AuditEvent {
    AuditEvent::new(action, Scope::Cluster, origin.clone(), ("master_key", name.to_owned()))
}
