//! The audit log where it may not be kept for ever: let go behind a signed head, never without a trace.

use crate::{Error, Service, backup::hex, heads::Head};
use domain::{
    actor::Actor,
    audit::{AuditEvent, Fact, Origin},
    time::Timestamp,
};
use store::{
    Read,
    audit::{ChainHead, SignedHead},
};

const DAY_S: i64 = 86_400;

impl Service {
    /// Drops events that are older than the configured days; without any, nothing. Each write takes a
    /// piece of one chain, up to a signed head at most, and says so at that chain's end.
    ///
    /// # Errors
    /// The store is unavailable, or a chain is not whole: then it stays as it is, and the others go on.
    pub async fn prune_audit(&self) -> Result<(), Error> {
        let Some(days) = self.settings.audit_retention_days else { return Ok(()) };
        let at = self.now().wall;
        // Whole days: a busy chain is cut once a day, not with every round.
        let oldest = at.plus_seconds(-DAY_S * i64::from(days));
        let until = oldest.plus_millis(-oldest.as_millis().rem_euclid(DAY_S * 1_000));
        let due: Vec<ChainHead> = self
            .store
            .read(move |r: &mut Read| store::audit::list_for_prune(r, until))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let mut outcome = Ok(());
        for to in due {
            loop {
                match self.prune_chain(to, until, at).await {
                    Ok(()) => {}
                    Err(Error::NotFound) => break,
                    Err(error) => {
                        outcome = Err(error);
                        break;
                    }
                }
            }
        }
        outcome
    }

    /// One cut; [`Error::NotFound`] when nothing is left to take.
    async fn prune_chain(
        &self,
        to: ChainHead,
        until: Timestamp,
        at: Timestamp,
    ) -> Result<(), Error> {
        let signer = self.clone();
        let origin = Origin {
            actor: Actor::system("pruning of the audit log"),
            address: None,
            request_id: "job".to_owned(),
            at,
        };
        self.store
            .write(move |tx| {
                let cut = store::audit::prune(tx, to)?.ok_or(Error::NotFound)?;
                let ChainHead { scope, position, link } = cut.head;
                let signature = signer.head_signer.sign(&Head { scope, position, link, at });
                store::audit::sign_heads(tx, &[SignedHead { head: cut.head, at, signature }])?;
                let detail = vec![
                    ("position", Fact::Int(position)),
                    ("link", Fact::Text(hex(&link))),
                    ("count", Fact::Int(i64::try_from(cut.events).unwrap_or(i64::MAX))),
                    ("until", Fact::Text(until.to_string())),
                    ("things", Fact::List(cut.things)),
                ];
                let subject = ("audit", scope.to_string());
                let event = AuditEvent::new("audit.prune", scope, origin.clone(), subject);
                tx.commit(event.detail(detail), ()).map_err(Error::from)
            })
            .await
    }
}
