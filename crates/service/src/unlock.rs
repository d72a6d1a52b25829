//! Which master keys open this database: matched by name and by check value, before anything is
//! written (KR-06); the first one writes, all of them read, and one that something is still sealed
//! under cannot be left out (KR-07).

use crate::{
    Service, key_file,
    master_key::MasterKey,
    open::{MasterKeys, OpenError},
    seal::{Keyring, SealFailed},
};
use std::collections::BTreeSet;
use store::{Installation, MasterKeyRow, Read, SealedKeyRow, Store};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const WRITER: &str = "writer";
const KNOWN: &str = "known";
const RETIRED: &str = "retired";

/// The keys of the installation. `installation` is brought up to what was written.
pub(crate) async fn unlock(
    store: &Store,
    installation: &mut Installation,
    master_keys: MasterKeys,
    max_seals: u64,
) -> Result<Keyring, OpenError> {
    let masters = match master_keys {
        MasterKeys::Given(keys) => keys,
        MasterKeys::File(path) => key_file::read(&path)?,
    };
    let numbered = numbered(installation, &masters);
    let mut keyring = Keyring::derive(installation.id, &numbered)?;
    let left_out = match_rows(store, installation, &keyring).await?;
    settle_states(store, installation, &numbered, &keyring).await?;
    seal_named_by_writer(store, installation, &keyring).await?;
    retire(store, installation, left_out).await?;
    let counted = store.read(store::installation::seals).await?;
    keyring.count_on(&counted, max_seals);
    Ok(keyring)
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

/// The rows whose master keys are not given and may be left out: nothing is sealed under them alone.
async fn match_rows(
    store: &Store,
    installation: &Installation,
    keyring: &Keyring,
) -> Result<Vec<MasterKeyRow>, OpenError> {
    let checks = keyring.check_values();
    let matches = |row: &MasterKeyRow| {
        checks.iter().any(|(n, check)| *n == row.n && bool::from(check.ct_eq(&row.check)))
    };
    let given = |row: &MasterKeyRow| checks.iter().any(|(n, _)| *n == row.n);
    let rows: Vec<&MasterKeyRow> =
        installation.master_keys.iter().filter(|row| row.state != RETIRED).collect();
    // A known name with other bytes is a wrong key, even where another one matches.
    if !rows.iter().any(|row| matches(row)) || rows.iter().any(|row| given(row) && !matches(row)) {
        return Err(OpenError::WrongMasterKey);
    }
    let mut left_out = Vec::new();
    for row in rows.into_iter().filter(|row| !matches(row)) {
        let n = row.n;
        let used = move |r: &mut Read| store::installation::is_master_key_used(r, n);
        if store.read(used).await? {
            return Err(OpenError::MasterKeyInUse(row.name.clone()));
        }
        left_out.push(row.clone());
    }
    Ok(left_out)
}

/// Notes new keys, and which one writes.
async fn settle_states(
    store: &Store,
    installation: &mut Installation,
    numbered: &[(i32, &MasterKey)],
    keyring: &Keyring,
) -> Result<(), OpenError> {
    for (place, ((n, master), (_, check))) in
        numbered.iter().zip(keyring.check_values()).enumerate()
    {
        let n = *n;
        let state = if place == 0 { WRITER } else { KNOWN };
        if let Some(row) = installation.master_keys.iter_mut().find(|row| row.n == n) {
            if row.state != state {
                state.clone_into(&mut row.state);
                store
                    .record(move |b| store::installation::set_master_key_state(b, n, state))
                    .await?;
            }
            continue;
        }
        let (name, state) = (master.name().to_owned(), state.to_owned());
        let row = MasterKeyRow { n, name, check, state };
        installation.master_keys.push(row.clone());
        store.record(move |b| store::installation::insert_master_key(b, &row)).await?;
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
                store::installation::set_master_key_state(b, n, RETIRED)
            })
            .await?;
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
