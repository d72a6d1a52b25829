//! Things that are made once, however often the same call is repeated (HT-08).
//!
//! A call is noted before it is done. Of all calls with one name exactly one finds nothing noted and
//! goes on; the others get its answer, without the secret, once there is one. A call that was refused
//! is forgotten, for it did nothing. One that broke in the middle stays noted: whoever repeats it is
//! told so, because doing it again could make a second thing.

use crate::{Caller, Service, error::Error};
use domain::time::Timestamp;
pub use store::idempotency::Answered;
use store::{Bookkeeping, Read, idempotency};

/// Repetitions are known for a day.
const KEPT_S: i64 = 86_400;

/// What names a call, and what it says.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The operation.
    pub operation: &'static str,
    /// The `Idempotency-Key`.
    pub key: &'a str,
    /// The path with its query.
    pub path: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Call({})", self.operation)
    }
}

/// What to do with a call.
#[derive(Debug)]
pub enum Turn {
    /// It is the first one: do it, then tell how it ended.
    First(Begun),
    /// It was done before: this was the answer.
    Repeated(Answered),
    /// The name was used for something else.
    AnotherBody,
    /// The first one has not ended, or nobody knows how it did.
    Unfinished,
}

/// A call that is noted and not done yet.
#[derive(Debug)]
pub struct Begun([u8; 32]);

impl Service {
    /// Notes a call, or finds how it went before.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn begin_once(&self, caller: &Caller, call: Call<'_>) -> Result<Turn, Error> {
        let scope = caller.scope().to_string();
        let who = caller.principal.id.to_string();
        let name = [scope, who, call.operation.to_owned(), call.key.to_owned()].map(framed);
        let said = [framed(call.path.to_owned()), call.body.to_vec()];
        let macs = |what: &[u8], parts: &[Vec<u8>]| {
            let parts: Vec<&[u8]> =
                std::iter::once(what).chain(parts.iter().map(Vec::as_slice)).collect();
            self.keyring.fingerprints(&parts)
        };
        let keys = macs(b"idempotency-key\0", &name);
        let bodies = macs(b"idempotency-body\0", &said);
        let (Some(key), Some(body)) = (keys.first().copied(), bodies.first().copied()) else {
            return Err(Error::Unavailable { retry_after_s: 1 });
        };
        let at = self.now().wall;
        // What an older master key noted has another name.
        let older = keys.get(1..).unwrap_or_default().to_vec();
        let known = self.known(older).await?;
        let known = match known {
            Some(known) => Some(known),
            None => {
                let begun = move |b: &mut Bookkeeping| idempotency::begin(b, &key, &body, at);
                if self.store.record(begun).await.map_err(|e: store::Error| Error::from(e))? {
                    return Ok(Turn::First(Begun(key)));
                }
                self.known(vec![key]).await?
            }
        };
        Ok(match known {
            // Forgotten between the two looks: the first one was refused.
            None => Turn::Unfinished,
            Some(known) if !bodies.contains(&known.body_mac) => Turn::AnotherBody,
            Some(known) => known.answered.map_or(Turn::Unfinished, Turn::Repeated),
        })
    }

    async fn known(&self, names: Vec<[u8; 32]>) -> Result<Option<idempotency::Known>, Error> {
        if names.is_empty() {
            return Ok(None);
        }
        let find = move |r: &mut Read| {
            for name in &names {
                if let Some(known) = idempotency::find(r, name)? {
                    return Ok(Some(known));
                }
            }
            Ok(None)
        };
        self.store.read(find).await.map_err(|e: store::Error| Error::from(e))
    }

    /// Notes how a call ended. `None`: it was refused and did nothing, so it may be tried again.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn end_once(&self, begun: Begun, end: Option<Answered>) -> Result<(), Error> {
        let Begun(key) = begun;
        let write = move |b: &mut Bookkeeping| match &end {
            Some(end) => idempotency::finish(b, &key, end),
            None => idempotency::forget(b, &key),
        };
        self.store.record(write).await.map_err(|e: store::Error| Error::from(e))
    }

    /// Forgets repetitions of yesterday.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn prune_replays(&self) -> Result<(), Error> {
        let before: Timestamp = self.now().wall.plus_seconds(-KEPT_S);
        let prune = move |b: &mut Bookkeeping| idempotency::prune(b, before);
        while self.store.record(prune).await.map_err(|e: store::Error| Error::from(e))? > 0 {}
        Ok(())
    }
}

/// A part with its length in front, so that two parts cannot be read as two others.
fn framed(text: String) -> Vec<u8> {
    let mut part = (text.len() as u64).to_be_bytes().to_vec();
    part.extend(text.into_bytes());
    part
}
