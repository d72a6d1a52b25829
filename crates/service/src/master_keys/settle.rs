//! Bringing master keys forward: a key that was added to the file is taken up, the one that the database
//! names writes, and the one that shall write does, as soon as every node can read what it writes.

use super::{GONE_AFTER_S, event, system};
use crate::{Service, error::Error, key_file, master_key::MasterKey};
use domain::audit::{Fact, Origin};
use std::time::Duration;
use store::{
    Bookkeeping, MasterKeyRow, Read, Tx,
    master_keys::{self, MasterKeyState, State},
    nodes::{self, Node},
};
use subtle::ConstantTimeEq;

/// How long one look waits for transactions that began before it; the next one goes on.
const LOOKS: u32 = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

impl Service {
    /// Does what can be done now. `origin`: who a change is due to.
    ///
    /// # Errors
    /// The store is unavailable, or the key file cannot be used.
    pub async fn settle_master_keys(&self, origin: &Origin) -> Result<(), Error> {
        let _turn = self.master_keys.turn.lock().await;
        self.settle_in_turn(origin).await
    }

    pub(super) async fn settle_in_turn(&self, origin: &Origin) -> Result<(), Error> {
        self.take_up_new_master_keys().await?;
        let keys = self.master_key_states().await?;
        if let Some(writer) = keys.iter().find(|key| key.state == State::Writer) {
            self.keyring.let_write(writer.n);
        }
        let nodes = self.tell_of_this_node().await?;
        let Some(next) = self.due(&keys) else { return Ok(()) };
        let lacking = nodes.iter().filter(|node| !node.master_keys.contains(&next.name)).count();
        if lacking > 0 {
            let complaint = format!(
                "master key `{}` waits: {lacking} of {} nodes do not have it yet",
                next.name,
                nodes.len()
            );
            self.master_keys.complain(Some(complaint));
            return Ok(());
        }
        self.master_keys.complain(None);
        self.promote(next, origin).await
    }

    /// Every master key that was ever used.
    pub(super) async fn master_key_states(&self) -> Result<Vec<MasterKeyState>, Error> {
        self.store.read(master_keys::list).await.map_err(|e: store::Error| e.into())
    }

    /// The key that can take over: nothing is being sealed anew for another one.
    fn due<'a>(&self, keys: &'a [MasterKeyState]) -> Option<&'a MasterKeyState> {
        if keys.iter().any(|key| matches!(key.state, State::Retiring | State::Closed)) {
            return None;
        }
        let here = self.keyring.numbers();
        let first = self.master_keys.told().first.clone();
        let begun = keys.iter().find(|key| key.state == State::Next);
        let wanted = || {
            let named = keys.iter().find(|key| key.name == first)?;
            match named.state {
                State::Known => Some(named),
                // One that nothing ever lay under may come back.
                State::Retired if named.seals == 0 => Some(named),
                State::Retired => {
                    // Another node's list may have the order right, and each would undo what the other
                    // did; and whoever replaced it may have had to.
                    self.master_keys.complain(Some(format!(
                        "master key `{first}` stands first and does not write again, for it was replaced: \
                         put the one that writes first, or a new one"
                    )));
                    None
                }
                State::Next | State::Writer | State::Retiring | State::Closed => None,
            }
        };
        begun.or_else(wanted).filter(|key| here.contains(&key.n))
    }

    /// Reads the key file where it was changed, and takes up what is new in it.
    async fn take_up_new_master_keys(&self) -> Result<(), Error> {
        let Some(path) = &self.master_keys.file else { return Ok(()) };
        let stamp = key_file::stamp(path);
        if stamp.is_none() || stamp == self.master_keys.told().stamp {
            return Ok(());
        }
        let masters = match key_file::read(path) {
            Ok(masters) => masters,
            Err(error) => {
                self.master_keys.complain(Some(format!("{error}; what was read before stays")));
                return Ok(());
            }
        };
        for master in &masters {
            self.take_up(master).await?;
        }
        let mut told = self.master_keys.told();
        told.first = masters.first().map(|master| master.name().to_owned()).unwrap_or_default();
        told.stamp = stamp;
        Ok(())
    }

    /// Takes up one master key; one that is at hand already is left.
    pub(super) async fn take_up(&self, master: &MasterKey) -> Result<(), Error> {
        let name = master.name().to_owned();
        if self.master_keys.told().names.iter().any(|(_, known)| *known == name) {
            return Ok(());
        }
        let check =
            self.keyring.check_value_of(master).map_err(|e| Error::Internal(Box::new(e)))?;
        let noted = {
            let name = name.clone();
            move |b: &mut Bookkeeping| note(b, &name, check)
        };
        let Some(n) = self.store.record(noted).await.map_err(|e: store::Error| Error::from(e))?
        else {
            let why = format!("master key `{name}` is another one than before: give it a new name");
            self.master_keys.complain(Some(why));
            return Ok(());
        };
        self.keyring.add(n, master).map_err(|e| Error::Internal(Box::new(e)))?;
        let counted = self.store.read(store::installation::seals).await;
        let counted = counted.map_err(|e: store::Error| Error::from(e))?;
        self.keyring.count_on(&counted, self.settings.max_seals);
        self.master_keys.told().names.push((n, name.clone()));
        tracing::info!(master_key = name, "taken up; it reads from now on");
        Ok(())
    }

    /// Writes that this node lives, and what it has, the one that writes first; says which nodes live.
    async fn tell_of_this_node(&self) -> Result<Vec<Node>, Error> {
        if !self.store.is_shared() {
            return Ok(Vec::new());
        }
        let at = self.now().wall;
        let own =
            Node { id: self.master_keys.node, master_keys: self.names_at_hand(), seen_at: at };
        let told = move |b: &mut Bookkeeping| {
            nodes::put(b, &own)?;
            nodes::list(b, at.plus_seconds(-GONE_AFTER_S))
        };
        self.store.record(told).await.map_err(|e: store::Error| e.into())
    }

    fn names_at_hand(&self) -> Vec<String> {
        let told = self.master_keys.told();
        let name =
            |n: i32| told.names.iter().find(|(of, _)| *of == n).map(|(_, name)| name.clone());
        self.keyring.numbers().into_iter().filter_map(name).collect()
    }

    pub(super) async fn live_nodes(&self) -> Result<Vec<Node>, Error> {
        if !self.store.is_shared() {
            return Ok(Vec::new());
        }
        let after = self.now().wall.plus_seconds(-GONE_AFTER_S);
        let listed = self.store.read(move |r: &mut Read| nodes::list(r, after)).await;
        listed.map_err(|e: store::Error| e.into())
    }

    /// Whether this is the node that does what one node is enough for.
    pub(super) async fn is_first_node(&self) -> Result<bool, Error> {
        let nodes = self.live_nodes().await?;
        Ok(nodes.first().is_none_or(|first| first.id == self.master_keys.node))
    }

    /// Says that this node has stopped.
    pub(crate) async fn leave_other_nodes(&self) {
        if !self.store.is_shared() {
            return;
        }
        let (id, before) = (self.master_keys.node, self.now().wall.plus_seconds(-86_400));
        let left = self.store.record(move |b: &mut Bookkeeping| nodes::delete(b, id, before)).await;
        if let Err(error @ store::Error::Unavailable(_)) = left {
            tracing::warn!(%error, "other nodes were not told that this one stops");
        }
    }

    /// Lets a key write, and the one before it retire. First nobody who lacks it may write any more;
    /// then, when whatever began before that has ended, it writes.
    async fn promote(&self, next: &MasterKeyState, origin: &Origin) -> Result<(), Error> {
        let (n, at) = (next.n, self.now().wall);
        if next.state != State::Next {
            let from = next.state;
            let announce =
                move |b: &mut Bookkeeping| master_keys::change(b, n, from, State::Next, at);
            if !self.store.record(announce).await.map_err(|e: store::Error| Error::from(e))? {
                return Ok(());
            }
        }
        if !self.older_transactions_ended().await? {
            return Ok(());
        }
        let (name, origin) = (next.name.clone(), origin.clone());
        let promoted = self
            .store
            .write(move |tx: &mut Tx| {
                let at = origin.at;
                if !master_keys::change_audited(tx, n, State::Next, State::Writer, at)? {
                    return Err(Error::NotFound);
                }
                let mut from = Vec::new();
                for old in master_keys::list(tx)? {
                    if old.n != n && old.state == State::Writer {
                        let (before, after) = (State::Writer, State::Retiring);
                        master_keys::change_audited(tx, old.n, before, after, at)?;
                        from.push(old.name);
                    }
                }
                let event = event("master_key.promote", &name, &origin);
                Ok(tx.commit(event.detail(vec![("from", Fact::List(from))]), ())?)
            })
            .await;
        match promoted {
            // Another node was first.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
        self.keyring.let_write(n);
        self.tell_of_this_node().await?;
        tracing::info!(master_key = next.name, "it writes from now on");
        self.master_keys.wake.notify_one();
        Ok(())
    }

    /// Waits for every transaction that has begun; false where one of them takes too long.
    pub(super) async fn older_transactions_ended(&self) -> Result<bool, Error> {
        let horizon = self.store.read(master_keys::horizon).await;
        let Some(horizon) = horizon.map_err(|e: store::Error| Error::from(e))? else {
            return Ok(true);
        };
        for _ in 0..LOOKS {
            let past = self.store.read(move |r: &mut Read| master_keys::is_past(r, horizon)).await;
            if past.map_err(|e: store::Error| Error::from(e))? {
                return Ok(true);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        Ok(false)
    }

    /// The same as [`Self::settle_master_keys`], because it is time.
    ///
    /// # Errors
    /// As there.
    pub async fn settle_master_keys_now(&self) -> Result<(), Error> {
        self.settle_master_keys(&system(self.now().wall)).await
    }
}

/// The number of a master key, given it here if it is new; `None` where another one had its name.
fn note(b: &mut Bookkeeping, name: &str, check: [u8; 32]) -> Result<Option<i32>, store::Error> {
    let rows = store::installation::master_keys(b)?;
    if let Some(row) = rows.iter().find(|row| row.name == name) {
        return Ok(bool::from(row.check.ct_eq(&check)).then_some(row.n));
    }
    let n = rows.iter().map(|row| row.n).max().unwrap_or(0).saturating_add(1);
    let state = State::Known.as_str().to_owned();
    let row = MasterKeyRow { n, name: name.to_owned(), check, state };
    store::installation::insert_master_key(b, &row)?;
    Ok(Some(n))
}
