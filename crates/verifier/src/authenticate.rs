//! Who presents an access token.

use crate::{
    Verifier,
    question::{Caller, Now, Unavailable},
};
use domain::{actor::PrincipalId, secret::SecretDigest};
use std::sync::{
    Arc,
    atomic::Ordering::{Acquire, Relaxed},
};

impl Verifier {
    /// Says that memory agreed with the database at this instant. Every backend must call it again
    /// and again, or all answers end with `Stale`.
    pub fn confirm_fresh(&self, mono_ns: u64) {
        self.fresh_at.fetch_max(mono_ns, Relaxed);
    }

    /// Whether every answer is `Stale` from now on: this node cannot read what others write.
    pub fn refuse_all(&self, refuse: bool) {
        self.refusing.store(refuse, Relaxed);
    }

    pub(crate) fn is_stale(&self, now: Now) -> bool {
        let fresh_at = self.fresh_at.load(Relaxed);
        self.refusing.load(Relaxed)
            || now.mono_ns.saturating_sub(fresh_at) / 1_000_000 > self.stale_after_ms
    }

    pub(crate) fn caller(
        &self,
        digest: &SecretDigest,
        now: Now,
    ) -> Result<Option<Caller>, Unavailable> {
        if self.is_stale(now) {
            return Err(Unavailable::Stale);
        }
        let Some(sight) = self.index.token(&self.index.print(digest)) else {
            return if self.loaded.load(Acquire) { Ok(None) } else { Err(Unavailable::Loading) };
        };
        let Some(settings) = sight.settings.as_deref() else {
            return Ok(None);
        };
        let (principal, client) = (&settings.principal, &settings.client);
        let client_is_live = PrincipalId::Client(client.0) == principal.0
            || client.1.principal().is_some_and(|c| c.is_live());
        let live = principal.1.principal().filter(|p| p.is_live());
        Ok(live.filter(|_| client_is_live && now.wall < sight.expires_at).map(|principal| Caller {
            principal: Arc::clone(principal),
            client: client.0,
            family: sight.family,
            digest: *digest,
            scope: Arc::clone(&settings.scope),
            issued_at: sight.issued_at,
            expires_at: sight.expires_at,
        }))
    }
}
