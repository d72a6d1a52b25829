//! Which master keys open this database: matched by name and by check value, before anything is
//! written (KR-06); all of them read, and one that something is still sealed under cannot be left out
//! (KR-07). Which one writes, the database says; the first of the list takes over once every node has it
//! (master_keys/settle.rs).

use crate::{
    Service,
    key_file::{self, Stamp},
    master_key::MasterKey,
    master_keys::{GONE_AFTER_S, MasterKeyring},
    open::{MasterKeys, OpenError},
    seal::{Keyring, SealFailed},
};
use domain::time::Timestamp;
use std::collections::BTreeSet;
use store::{Installation, MasterKeyRow, Read, SealedKeyRow, Store, master_keys::State};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What the start of a node knows besides its master keys.
#[derive(Clone, Copy)]
pub(crate) struct Unlocking {
    /// How the node is called among others.
    pub(crate) node: Uuid,
    /// How often a master key may seal.
    pub(crate) max_seals: u64,
    /// Now.
    pub(crate) at: Timestamp,
}

/// The keys of the installation. `installation` is brought up to what was written.
pub(crate) async fn unlock(
    store: &Store,
    installation: &mut Installation,
    master_keys: &MasterKeys,
    with: Unlocking,
) -> Result<(Keyring, MasterKeyring), OpenError> {
    let (read, stamp): (Vec<MasterKey>, Option<Stamp>);
    let (masters, file) = match master_keys {
        MasterKeys::Given(keys) => {
            stamp = None;
            (keys.as_slice(), None)
        }
        MasterKeys::File(path) => {
            stamp = key_file::stamp(path);
            read = key_file::read(path)?;
            (read.as_slice(), Some(path.clone()))
        }
    };
    let numbered = numbered(installation, masters);
    let keyring = Keyring::derive(installation.id, &numbered)?;
    let left_out = match_rows(store, installation, &keyring, with.at).await?;
    note_new(store, installation, &numbered, &keyring).await?;
    retire(store, installation, left_out).await?;
    choose_writer(store, installation, &keyring).await?;
    seal_named_by_writer(store, installation, &keyring).await?;
    let counted = store.read(store::installation::seals).await?;
    keyring.count_on(&counted, with.max_seals);
    let names = numbered.iter().map(|(n, master)| (*n, master.name().to_owned())).collect();
    Ok((keyring, MasterKeyring::new(file, with.node, names, stamp)))
}

/// Each master key with the number that its rows carry; a new one gets the next.
fn numbered<'a>(
    installation: &Installation,
    masters: &'a [MasterKey],
) -> Vec<(i32, &'a MasterKey)> {
    let mut next = installation.master_keys.iter().map(|row| row.n).max().unwrap_or(0);
    masters
        .iter()
        .map(|master| {
            let known = installation.master_keys.iter().find(|row| row.name == master.name());
            let n = known.map_or_else(
                || {
                    next += 1;
                    next
                },
                |row| row.n,
            );
            (n, master)
        })
        .collect()
}

/// The rows whose master keys are not given and may be left out: nothing is sealed under them alone, and
/// no other node writes under them.
async fn match_rows(
    store: &Store,
    installation: &Installation,
    keyring: &Keyring,
    at: Timestamp,
) -> Result<Vec<MasterKeyRow>, OpenError> {
    let checks = keyring.check_values();
    let matches = |row: &MasterKeyRow| {
        checks.iter().any(|(n, check)| *n == row.n && bool::from(check.ct_eq(&row.check)))
    };
    let given = |row: &MasterKeyRow| checks.iter().any(|(n, _)| *n == row.n);
    let all = &installation.master_keys;
    let rows: Vec<&MasterKeyRow> =
        all.iter().filter(|row| row.state != State::Retired.as_str()).collect();
    // A known name with other bytes is a wrong key, even where another one matches.
    if !all.iter().any(matches) || all.iter().any(|row| given(row) && !matches(row)) {
        return Err(OpenError::WrongMasterKey);
    }
    let alone = !others_live(store, at).await?;
    let mut left_out = Vec::new();
    for row in rows.into_iter().filter(|row| !matches(row)) {
        let n = row.n;
        let used = store.read(move |r: &mut Read| store::installation::is_master_key_used(r, n));
        let in_use = State::parse(&row.state).is_none_or(State::is_in_use);
        if used.await? || (in_use && !alone) {
            return Err(OpenError::MasterKeyInUse(row.name.clone()));
        }
        // Another node has it, and is about to tell the others.
        if alone {
            left_out.push(row.clone());
        }
    }
    Ok(left_out)
}

async fn others_live(store: &Store, at: Timestamp) -> Result<bool, OpenError> {
    if !store.is_shared() {
        return Ok(false);
    }
    let after = at.plus_seconds(-GONE_AFTER_S);
    let nodes = store.read(move |r: &mut Read| store::nodes::list(r, after)).await?;
    Ok(!nodes.is_empty())
}

/// Notes new keys.
async fn note_new(
    store: &Store,
    installation: &mut Installation,
    numbered: &[(i32, &MasterKey)],
    keyring: &Keyring,
) -> Result<(), OpenError> {
    for ((n, master), (_, check)) in numbered.iter().zip(keyring.check_values()) {
        if installation.master_keys.iter().any(|row| row.n == *n) {
            continue;
        }
        let (name, state) = (master.name().to_owned(), State::Known.as_str().to_owned());
        let row = MasterKeyRow { n: *n, name, check, state };
        installation.master_keys.push(row.clone());
        store.record(move |b| store::installation::insert_master_key(b, &row)).await?;
    }
    Ok(())
}

/// The key that the database names writes. Where that one was left out, the first one does: nothing is
/// sealed under another.
async fn choose_writer(
    store: &Store,
    installation: &mut Installation,
    keyring: &Keyring,
) -> Result<(), OpenError> {
    let writer = State::Writer.as_str();
    if let Some(row) = installation.master_keys.iter().find(|row| row.state == writer) {
        keyring.let_write(row.n);
        return Ok(());
    }
    let first = keyring.writing().ok_or(SealFailed)?;
    store.record(move |b| store::installation::set_master_key_state(b, first, writer)).await?;
    for row in installation.master_keys.iter_mut().filter(|row| row.n == first) {
        writer.clone_into(&mut row.state);
    }
    Ok(())
}

/// The long-lived keys are sealed under the writing key too, so that the older ones can go one day.
async fn seal_named_by_writer(
    store: &Store,
    installation: &mut Installation,
    keyring: &Keyring,
) -> Result<(), OpenError> {
    let writer = keyring.writing();
    let names: BTreeSet<String> = installation.sealed.iter().map(|row| row.name.clone()).collect();
    for name in names {
        let has = |row: &SealedKeyRow| row.name == name && Some(row.generation) == writer;
        if installation.sealed.iter().any(has) {
            continue;
        }
        let key = named(keyring, installation, &name)?;
        let (generation, sealed) = keyring.seal_named(&name, key.as_slice())?;
        let row = SealedKeyRow { name, generation, sealed };
        installation.sealed.push(row.clone());
        store.record(move |b| store::installation::put_sealed(b, &row)).await?;
    }
    Ok(())
}

async fn retire(
    store: &Store,
    installation: &mut Installation,
    left_out: Vec<MasterKeyRow>,
) -> Result<(), OpenError> {
    for row in left_out {
        let n = row.n;
        tracing::info!(master_key = row.name, "retired: nothing is sealed under it");
        let names: Vec<String> = installation
            .sealed
            .iter()
            .filter(|sealed| sealed.generation == n)
            .map(|sealed| sealed.name.clone())
            .collect();
        installation.sealed.retain(|sealed| sealed.generation != n);
        store
            .record(move |b| {
                for name in &names {
                    store::installation::delete_sealed(b, name, n)?;
                }
                store::installation::set_master_key_state(b, n, State::Retired.as_str())
            })
            .await?;
        for row in installation.master_keys.iter_mut().filter(|row| row.n == n) {
            State::Retired.as_str().clone_into(&mut row.state);
        }
    }
    Ok(())
}

/// A long-lived key, by whichever master key at hand opens it.
pub(crate) fn named(
    keyring: &Keyring,
    installation: &Installation,
    name: &str,
) -> Result<Zeroizing<[u8; 32]>, SealFailed> {
    installation
        .sealed
        .iter()
        .filter(|row| row.name == name)
        .find_map(|row| keyring.open_named(name, row.generation, &row.sealed).ok())
        .ok_or(SealFailed)
}

impl Service {
    /// Writes how often the master keys have sealed since the last time.
    ///
    /// # Errors
    /// The store is unavailable; the count is kept for the next time.
    pub async fn count_seals(&self) -> Result<(), crate::Error> {
        for (n, more) in self.keyring.take_uncounted() {
            let all = self
                .store
                .record(move |b| store::installation::add_seals(b, n, more))
                .await
                .map_err(|e: store::Error| crate::Error::from(e))?;
            self.keyring.counted(n, more, all);
        }
        Ok(())
    }
}
