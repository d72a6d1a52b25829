//! Cursors: where a list goes on. Signed, and good for one list alone: the same route, reach and
//! filter (TI-03).

use crate::{Service, caller::Caller, error::Error};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{id::Scope, time::Timestamp};
use sha2::{Digest, Sha256};

/// Bytes of the signature at a cursor's end.
const TAG_BYTES: usize = 8;

/// Bytes of a position that is an instant and an id.
pub(crate) const PLACE_BYTES: usize = 24;

/// Such a position as bytes.
pub(crate) fn place_bytes(at: Timestamp, id: u128) -> [u8; PLACE_BYTES] {
    let mut bytes = [0; PLACE_BYTES];
    let (instant, of) = bytes.split_at_mut(8);
    instant.copy_from_slice(&at.as_millis().to_be_bytes());
    of.copy_from_slice(&id.to_be_bytes());
    bytes
}

/// Reads it back.
pub(crate) fn place(bytes: &[u8; PLACE_BYTES]) -> (Timestamp, u128) {
    let (instant, id) = bytes.split_at(8);
    let at = i64::from_be_bytes(instant.first_chunk().copied().unwrap_or_default());
    let id = u128::from_be_bytes(id.first_chunk().copied().unwrap_or_default());
    (Timestamp::from_millis(at), id)
}

/// The list that a cursor belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListId<'a> {
    /// The operation that lists.
    pub(crate) route: &'a str,
    /// What is listed; `None`: every tenant.
    pub(crate) scope: Option<Scope>,
    /// A digest of the filter.
    pub(crate) filter: [u8; 32],
}

impl ListId<'_> {
    fn parts(&self) -> (String, &[u8; 32]) {
        (self.scope.map_or_else(|| "all".to_owned(), |s| s.to_string()), &self.filter)
    }
}

/// Digests the values of a filter, each led by its length.
pub(crate) fn filter_digest(values: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for value in values {
        digest.update((value.len() as u64).to_be_bytes());
        digest.update(value.as_bytes());
    }
    digest.finalize().into()
}

impl Service {
    /// Which part of the installation a list shows: the named one, or all that the caller reaches.
    pub(crate) fn listed_scope(
        &self,
        caller: &Caller,
        named: Option<Scope>,
    ) -> Result<Option<Scope>, Error> {
        match named {
            Some(scope) if caller.reaches(scope) => Ok(Some(scope)),
            Some(_) => Err(Error::NotFound),
            None if caller.is_cluster() => Ok(None),
            None => caller
                .bound_to()
                .map(|tenant| Some(Scope::Tenant(tenant)))
                .ok_or_else(|| Error::invalid("tenant", "name one of the tenants that you serve")),
        }
    }

    /// Writes a position down.
    pub(crate) fn sign_cursor(&self, list: &ListId<'_>, position: &[u8]) -> String {
        let (scope, filter) = list.parts();
        let parts = [list.route.as_bytes(), scope.as_bytes(), filter, position];
        let tag = self.keyring.cursor_tag(&parts);
        URL_SAFE_NO_PAD.encode([position, &tag].concat())
    }

    /// Reads a position of `N` bytes back.
    pub(crate) fn read_cursor<const N: usize>(
        &self,
        list: &ListId<'_>,
        text: &str,
    ) -> Result<[u8; N], Error> {
        self.read_long_cursor(list, text)?.as_slice().try_into().map_err(|_| foreign_cursor())
    }

    /// Reads a position of any length back.
    pub(crate) fn read_long_cursor(&self, list: &ListId<'_>, text: &str) -> Result<Vec<u8>, Error> {
        let mut bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| foreign_cursor())?;
        let (position, tag) = bytes.split_last_chunk::<TAG_BYTES>().ok_or_else(foreign_cursor)?;
        let (scope, filter) = list.parts();
        let parts = [list.route.as_bytes(), scope.as_bytes(), filter.as_slice(), position];
        if !self.keyring.is_cursor_tag(&parts, tag) {
            return Err(foreign_cursor());
        }
        bytes.truncate(bytes.len() - TAG_BYTES);
        Ok(bytes)
    }
}

fn foreign_cursor() -> Error {
    Error::invalid("cursor", "does not belong to this list; begin it anew")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_bytes() {
        let at = (Timestamp::from_millis(1_767_225_600_123), 9_u128 << 100);
        assert_eq!(place(&place_bytes(at.0, at.1)), at);
    }

    #[test]
    fn filters_that_only_look_alike_have_other_digests() {
        assert_ne!(filter_digest(&["a", "bc"]), filter_digest(&["ab", "c"]));
        assert_ne!(filter_digest(&["a"]), filter_digest(&["a", ""]));
    }
}
