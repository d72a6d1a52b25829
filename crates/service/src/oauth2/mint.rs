//! The texts of new tokens, and the rows that hold their digests.

use super::Issued;
use crate::Service;
use domain::{
    actor::PrincipalId,
    client::Client,
    id::{FamilyId, PersonId},
    secret::{Secret, SecretDigest, random_uuid},
    time::Timestamp,
    token::{Token, TokenKind},
};

/// The texts of a pair, drawn before the transaction that may run twice.
pub(super) struct Texts {
    access: Secret,
    refresh: Option<Secret>,
}

/// Their digests: all that a transaction needs of them.
#[derive(Clone, Copy)]
pub(super) struct Digests {
    access: SecretDigest,
    refresh: Option<SecretDigest>,
}

/// Whom a new family speaks for.
#[derive(Clone, Copy)]
pub(super) enum Founder {
    /// The client that asked, for itself.
    Client,
    /// A person, whose password was right when they were at this version.
    Person { id: PersonId, proven: u32 },
}

/// Whom a pair speaks for and how long.
pub(super) struct Terms<'a> {
    pub(super) family: FamilyId,
    pub(super) principal: PrincipalId,
    pub(super) client: &'a Client,
    pub(super) scope: &'a str,
    pub(super) at: Timestamp,
    /// The family's end: fixed at the sign-in, whatever is refreshed later (BC-02).
    pub(super) refresh_until: Timestamp,
}

/// The rows of a pair.
pub(super) struct Rows {
    pub(super) access: Token,
    pub(super) refresh: Option<Token>,
}

impl Service {
    /// Draws the texts: UUIDv4, 122 random bits each.
    pub(super) fn draw_texts(&self, with_refresh: bool) -> Texts {
        let draw = || random_uuid(&mut self.entropy.as_fn());
        Texts { access: draw(), refresh: with_refresh.then(draw) }
    }

    /// Stores a pair that founds a family. `None`: the client, or the person, was changed since it
    /// proved itself. Whoever replaces a secret, changes a password or disables somebody ends the
    /// tokens that there are, so none may be added behind their back.
    pub(super) async fn found_family(
        &self,
        texts: Texts,
        founder: Founder,
        client: &Client,
        scope: String,
    ) -> Result<Option<Issued>, crate::Error> {
        let at = self.now().wall;
        let principal = match founder {
            Founder::Client => PrincipalId::Client(client.id),
            Founder::Person { id, .. } => PrincipalId::Person(id),
        };
        let rows = texts.digests().rows(&Terms {
            family: FamilyId(self.entropy.uuid()),
            principal,
            client,
            scope: &scope,
            at,
            refresh_until: at.plus_seconds(client.refresh_ttl_s.into()),
        });
        let expires_at = rows.access.expires_at;
        let asking = client.clone();
        let stored = self.store.record(move |b| {
            if !store::clients::is_unchanged(b, &asking)? {
                return Ok(false);
            }
            if let Founder::Person { id, proven } = founder
                && store::persons::version_for_sign_in(b, id)? != Some(proven)
            {
                return Ok(false);
            }
            store::tokens::insert_pair(b, &rows.access, rows.refresh.as_ref())?;
            Ok::<_, store::Error>(true)
        });
        let stored = stored.await.map_err(crate::Error::from)?;
        Ok(stored.then(|| texts.issued(expires_at, at, scope)))
    }
}

impl Digests {
    pub(super) fn rows(self, terms: &Terms<'_>) -> Rows {
        let row = |digest, kind, expires_at| Token {
            digest,
            kind,
            family: terms.family,
            principal: terms.principal,
            client: terms.client.id,
            scope: terms.scope.to_owned(),
            issued_at: terms.at,
            expires_at,
        };
        let access_until = terms.at.plus_seconds(terms.client.access_ttl_s.into());
        Rows {
            access: row(self.access, TokenKind::Access, access_until),
            refresh: self.refresh.map(|r| row(r, TokenKind::Refresh, terms.refresh_until)),
        }
    }
}

impl Texts {
    pub(super) fn digests(&self) -> Digests {
        Digests { access: self.access.digest(), refresh: self.refresh.as_ref().map(Secret::digest) }
    }

    pub(super) fn issued(self, expires_at: Timestamp, at: Timestamp, scope: String) -> Issued {
        Issued {
            access: self.access,
            refresh: self.refresh,
            expires_in_s: seconds_left(expires_at, at),
            scope,
        }
    }
}

/// Whole seconds that a caller can count on when the answer reaches it. A millisecond has passed by
/// then, so a life of 43,200 s is told as 43,199, as the published answers show it.
fn seconds_left(expires_at: Timestamp, at: Timestamp) -> i64 {
    (expires_at.millis_since(at) - 1).max(0) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_left_are_those_of_the_published_answer() {
        let at = Timestamp::from_millis(1_000);
        assert_eq!(seconds_left(at.plus_seconds(43_200), at), 43_199);
        assert_eq!(seconds_left(at, at), 0);
    }
}
