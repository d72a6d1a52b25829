//! After a restore: what is known to be lost, and what a newer database still says.
//!
//! A backup knows nothing of what happened after it: a key that was revoked since would work again
//! . So a restored installation is not served before one of two things stands in its audit log:
//! that everything which ended since was merged out of the database that it replaces (`merge.rs`), or
//! that an operator named the loss. The same holds for a database that is older than what this node
//! saw of it, however it came about.

mod accounts;
mod cors;
mod ended;
mod issuers;
mod key_policies;
mod merge;
mod rules;
mod signing_keys;

pub use merge::Merged;

use crate::{Service, error::Error};
use domain::{
    actor::Actor,
    audit::{AuditEvent, Fact, Facts, Origin},
    id::{KeyId, Scope},
    key::Key,
    time::Timestamp,
};
use store::{
    Read,
    audit::{AuditFilter, ChainHead},
};
use uuid::Uuid;

const RESTORE: &str = "installation.restore";
const MERGE: &str = "installation.merge";
const ACCEPT_LOSS: &str = "installation.accept_loss";
/// Keys of one read.
const PAGE: u32 = 2048;

impl Service {
    /// The installation's id.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn installation_id(&self) -> Result<Uuid, Error> {
        let installation = self.store.installation().await?;
        installation.map(|installation| installation.id).ok_or(Error::NotFound)
    }

    /// The newest event of all chains: a mark by which an older database is recognised.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn last_event(&self) -> Result<Option<ChainHead>, Error> {
        Ok(self.store.read(store::restore::last_event).await?)
    }

    /// Whether all of these events happened in this database's past. Some may have been pruned since.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn has_events(&self, events: &[ChainHead]) -> Result<bool, Error> {
        let events = events.to_vec();
        let all = self.store.read(move |r: &mut Read| {
            for known in events.iter().filter(|known| known.position > 0) {
                let past = match store::audit::find_by_position(r, known.scope, known.position)? {
                    Some(event) => event.link == known.link,
                    None => store::audit::is_pruned(r, known)?,
                };
                if !past {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        all.await.map_err(|e: store::Error| Error::from(e))
    }

    /// Whether the log still has every event behind these heads: none of them was pruned.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn has_all_since(&self, heads: &[ChainHead]) -> Result<bool, Error> {
        let heads = heads.to_vec();
        let all = self.store.read(move |r: &mut Read| {
            for chain in store::audit::heads(r)? {
                let known = heads.iter().find(|head| head.scope == chain.scope);
                let known = known.map_or(0, |head| head.position);
                let cut = store::audit::last_cut(r, chain.scope)?;
                if cut.is_some_and(|cut| cut.position > known) {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        all.await.map_err(|e: store::Error| Error::from(e))
    }

    /// Notes that this database came out of a backup of that instant, and ends every token.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn note_restore(
        &self,
        taken_at: Timestamp,
        replaced: Option<&ChainHead>,
    ) -> Result<(), Error> {
        self.store.record(store::restore::end_sessions).await?;
        let replaced = replaced.map_or(Fact::Null, |head| {
            let link = crate::backup::hex(&head.link);
            Fact::Text(format!("{} {} {link}", head.scope, head.position))
        });
        let facts = vec![("backup", Fact::Text(taken_at.to_string())), ("replaced", replaced)];
        self.note_step(RESTORE, facts).await
    }

    /// Notes that nothing is lost: everything that ended since was merged.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn note_merge(&self, merged: Merged) -> Result<(), Error> {
        self.note_step(MERGE, merged.facts()).await
    }

    /// Notes that an operator knows that what ended after `since` may work again.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn accept_loss(&self, since: Timestamp) -> Result<(), Error> {
        self.note_step(ACCEPT_LOSS, vec![("since", Fact::Text(since.to_string()))]).await
    }

    /// The instant after which changes may be lost without anybody having said so; `None`: none.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn unnamed_loss(&self) -> Result<Option<Timestamp>, Error> {
        let found = self.store.read(|r: &mut Read| {
            let mut newest = |action: &str| {
                let filter = AuditFilter {
                    action: Some(action.to_owned()),
                    subject_kind: Some("installation".to_owned()),
                    ..AuditFilter::default()
                };
                store::audit::list(r, &filter, 1).map(|mut found| found.events.pop())
            };
            let Some(restore) = newest(RESTORE)? else { return Ok(None) };
            let answered = [newest(MERGE)?, newest(ACCEPT_LOSS)?];
            let since = answered.into_iter().flatten().map(|event| event.seq).max();
            Ok((since < Some(restore.seq)).then_some(restore.text))
        });
        let found: Option<String> = found.await.map_err(|e: store::Error| Error::from(e))?;
        found.map(|text| backup_instant(&text).ok_or_else(unreadable)).transpose()
    }

    /// Shows every key that would pass now, in the order of ids.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn each_live_key(&self, mut show: impl FnMut(&Key)) -> Result<u64, Error> {
        let now = self.now().wall;
        let (mut after, mut shown): (Option<KeyId>, u64) = (None, 0);
        loop {
            let page = self
                .store
                .read(move |r: &mut Read| store::restore::keys_behind(r, after, PAGE))
                .await?;
            let Some(last) = page.last() else { return Ok(shown) };
            after = Some(last.id);
            for key in page.iter().filter(|key| {
                key.enabled && key.unavailable_at().is_none_or(|unavailable| unavailable > now)
            }) {
                shown = shown.saturating_add(1);
                show(key);
            }
        }
    }

    async fn note_step(&self, action: &'static str, detail: Facts) -> Result<(), Error> {
        let origin = restoring(self.now().wall);
        self.store
            .write(move |tx| {
                let subject = ("installation", "keyward".to_owned());
                let event = AuditEvent::new(action, Scope::Cluster, origin.clone(), subject);
                Ok(tx.commit(event.detail(detail.clone()), ())?)
            })
            .await
    }
}

/// Who restores: a command on the machine.
fn restoring(at: Timestamp) -> Origin {
    Origin { actor: Actor::system("restore"), address: None, request_id: "restore".to_owned(), at }
}

/// The instant that an event of a restore names. The text is ours: members in a fixed order.
fn backup_instant(event: &str) -> Option<Timestamp> {
    let (_, rest) = event.split_once("\"detail\":{\"backup\":\"")?;
    Timestamp::parse(rest.split_once('"')?.0).ok()
}

fn unreadable() -> Error {
    Error::Internal(Box::from("the event of a restore cannot be read"))
}
