//! Merges the end of signing keys: one that signed no more in the newer database signs no more here. Its
//! realm gets another one when it is asked for a token.

use super::{merge::about, restoring};
use crate::{Service, error::Error};
use domain::{
    id::Scope,
    signing::{SigningKey, Stage},
    time::Timestamp,
};
use store::{Read, Tx};

impl Service {
    /// How many keys ended.
    pub(super) async fn merge_signing_keys(&self, newer: &Self) -> Result<u64, Error> {
        let (had, has) = (
            self.store.read(|r: &mut Read| store::signing_keys::list(r)).await?,
            newer.store.read(|r: &mut Read| store::signing_keys::list(r)).await?,
        );
        let at = self.now().wall;
        let mut merged = 0;
        for was in had.into_iter().map(|of| of.key) {
            let is = has.iter().map(|of| &of.key).find(|is| is.kid == was.kid);
            let Some(ended) = ended_key(&was, is, at) else { continue };
            let origin = restoring(at);
            let write = move |tx: &mut Tx| {
                store::signing_keys::update(tx, &ended, true)?;
                let subject = ("signing_key", was.kid.clone());
                let event =
                    about("signing_key.retire", Scope::Tenant(was.tenant), &origin, subject);
                tx.commit(event.before(was.facts()).after(ended.facts()), ()).map_err(Error::from)
            };
            self.store.write(write).await?;
            merged += 1;
        }
        Ok(merged)
    }
}

/// The key as it ends; `None`: it has ended here already, or signs in the newer state, too.
fn ended_key(was: &SigningKey, is: Option<&SigningKey>, at: Timestamp) -> Option<SigningKey> {
    let over = |key: &SigningKey| matches!(key.stage(at), Stage::Served | Stage::Ended);
    if over(was) || is.is_some_and(|is| !over(is)) {
        return None;
    }
    let (signs_until, serves_until) = match is {
        Some(is) => (is.signs_until, is.serves_until),
        // It is not even published any more.
        None => (Some(at), Some(at)),
    };
    Some(SigningKey { signs_until, serves_until, ..was.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{id::TenantId, signing::Algorithm};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn r_08_a_signing_key_that_was_retired_stays_retired() {
        let was = SigningKey {
            kid: "k".to_owned(),
            tenant: TenantId::from_u128(1),
            algorithm: Algorithm::Rs256,
            public_key: "{}".to_owned(),
            created_at: at(0),
            signs_from: at(0),
            signs_until: None,
            serves_until: None,
        };
        let retired = was.succeeded(at(10), at(5), 100);
        assert_eq!(ended_key(&was, Some(&was), at(20)), None, "it signs on");
        assert_eq!(
            ended_key(&was, Some(&retired), at(9)),
            None,
            "it signs until its successor does"
        );
        assert_eq!(ended_key(&was, Some(&retired), at(20)), Some(retired.clone()));
        assert_eq!(ended_key(&retired, None, at(20)), None);
        let gone = ended_key(&was, None, at(200)).map(|key| (key.signs_until, key.serves_until));
        assert_eq!(gone, Some((Some(at(200)), Some(at(200)))));
    }
}
