//! Callers of our own API with a JWT of an issuer outside.

use super::{
    jwt::{self, Jwt},
    known::{Entry, Remembered},
    verify::{self, Refused, Said},
};
use crate::{
    Service,
    caller::{Caller, Context},
    error::Error,
};
use domain::{actor::PrincipalId, issuer::Issuer, secret::SecretDigest, time::Timestamp};
use serde_json::Value;
use std::sync::Arc;
use verifier::{Now, Principal};

/// Seconds until another try makes sense when an issuer does not answer.
const RETRY_AFTER_S: u32 = 10;

impl Service {
    /// The caller whose token an issuer outside signed; `None`: it is no such token, or not a good one.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the issuer's keys are not to be had.
    pub(crate) async fn authenticate_outside(
        &self,
        token: &str,
        context: &Context,
        now: Now,
    ) -> Result<Option<Caller>, Error> {
        if !jwt::looks_like_one(token) {
            return Ok(None);
        }
        let digest = SecretDigest::of(token);
        let remembered = self.issuers.remembered(&digest, now.wall);
        let principal = match remembered {
            Some(principal) => principal,
            None => match self.check_outside(token, digest, context, now).await? {
                Some(principal) => principal,
                None => return Ok(None),
            },
        };
        Ok(self.live(principal).map(|principal| Caller {
            principal,
            token: None,
            session: None,
            context: context.clone(),
            local: false,
        }))
    }

    fn live(&self, principal: PrincipalId) -> Option<Arc<Principal>> {
        self.verifier.principal(principal).filter(|principal| principal.is_live())
    }

    async fn check_outside(
        &self,
        token: &str,
        digest: SecretDigest,
        context: &Context,
        now: Now,
    ) -> Result<Option<PrincipalId>, Error> {
        let Some(jwt) = Jwt::read(token).filter(|jwt| !is_of_key(jwt)) else { return Ok(None) };
        let snapshot = self.issuers.current();
        let candidates = candidates(&jwt, &snapshot.entries);
        let Some(first) = candidates.first() else { return Ok(None) };
        let refused = |issuer: &Issuer, why: Refused| {
            let request_id = &context.request_id;
            tracing::info!(request_id, issuer = %issuer.id, why, "a token of an issuer is refused");
        };
        let kid = match verify::kid(&jwt) {
            Ok(kid) => kid,
            Err(why) => {
                refused(&first.issuer, why);
                return Ok(None);
            }
        };
        for entry in candidates {
            let issuer = &entry.issuer;
            let known = entry.provider.known(self, issuer, kid).await;
            let known = known.map_err(|_| Error::Unavailable { retry_after_s: RETRY_AFTER_S })?;
            let said = verify::check_signature(&jwt, issuer, &known.keys)
                .and_then(|_| verify::check_access_token(&jwt, issuer, now.wall));
            match said {
                Err(why) => refused(issuer, why),
                Ok(said) => {
                    let until = until(&said);
                    let person = self.outside_person(issuer, said, context).await?;
                    let principal = PrincipalId::Person(person.id);
                    let generation = snapshot.generation;
                    let found = Remembered { generation, principal, until };
                    self.issuers.remember(digest, found, now.wall);
                    return Ok(Some(principal));
                }
            }
        }
        Ok(None)
    }
}

/// Whose token it may be by its own account: those that call it issuer and one of whose audiences it
/// names. No two issuers of different tenants share both, see reach.rs; of those that do all the same
/// the oldest goes first.
fn candidates<'a>(jwt: &Jwt<'_>, entries: &'a [Entry]) -> Vec<&'a Entry> {
    let Some(iss) = jwt.text("iss") else { return Vec::new() };
    let names = |audience: &String| match jwt.claims.get("aud") {
        Some(Value::String(one)) => one == audience,
        Some(Value::Array(some)) => some.iter().any(|of| of.as_str() == Some(audience)),
        _ => false,
    };
    let is = |issuer: &Issuer| {
        issuer.enabled
            && issuer.callers
            && issuer.issuer == iss
            && issuer.audiences.iter().any(names)
    };
    entries.iter().filter(|entry| is(&entry.issuer)).take(1).collect()
}

/// A key's JWT is no token, whoever signed it and whomever it names.
fn is_of_key(jwt: &Jwt<'_>) -> bool {
    let named = |text: &Value| text.as_str() == Some(crate::keys::jwt::AUDIENCE);
    let typ = jwt.header.get("typ").and_then(Value::as_str);
    typ.is_some_and(|typ| typ.eq_ignore_ascii_case(crate::keys::jwt::TYP))
        || match jwt.claims.get("aud") {
            Some(Value::Array(some)) => some.iter().any(named),
            Some(one) => named(one),
            None => false,
        }
}

fn until(said: &Said) -> Timestamp {
    let ends_at = said.expires_at.saturating_add(verify::LEEWAY_S);
    Timestamp::from_millis(ends_at.saturating_mul(1_000))
}
