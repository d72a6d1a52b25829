//! The texts of new tokens, and the rows that hold their digests.
//!
//! Texts are made before the transaction that stores their digests: signing takes its time, and a
//! transaction may run twice.

use super::{Issued, Realm, SignIn, claims};
use crate::{Service, error::Error};
use domain::{
    actor::PrincipalId,
    client::{Client, Grant},
    id::{FamilyId, PersonId, SessionId},
    secret::{Secret, SecretDigest, random_uuid},
    time::Timestamp,
    token::{Token, TokenKind},
};
use std::net::IpAddr;
use store::Bookkeeping;

/// Whom a new family speaks for.
#[derive(Clone, Copy)]
pub(super) enum Founder {
    /// The client that asked, for itself.
    Client,
    /// A person, whose password was right when they were at this version.
    Person { id: PersonId, proven: u32 },
}

/// A pair of tokens as it is wanted.
#[derive(Clone, Copy)]
pub(super) struct Order<'a> {
    /// The realm that signs them; `None`: texts that say nothing.
    pub(super) realm: Option<&'a Realm>,
    pub(super) client: &'a Client,
    pub(super) principal: PrincipalId,
    /// How they were asked for.
    pub(super) grant: Grant,
    /// `None`: they found a family, whose refresh tokens end when the client says.
    pub(super) family: Option<Descent>,
    /// The end of the session that a new family comes of, which it does not outlast.
    pub(super) session_end: Option<Timestamp>,
    pub(super) scope: &'a str,
    pub(super) refresh: bool,
    /// Whether an ID token is wanted; only a realm has one.
    pub(super) id_token: bool,
    pub(super) sign_in: Option<&'a SignIn>,
    /// Where the caller is.
    pub(super) address: Option<IpAddr>,
}

/// The family that a pair descends from.
#[derive(Clone, Copy)]
pub(super) struct Descent {
    pub(super) family: FamilyId,
    /// The family's end: fixed at the sign-in, whatever is refreshed later (BC-02).
    pub(super) refresh_until: Timestamp,
}

impl<'a> Order<'a> {
    /// A client's, for itself, at `/auth/v3`.
    pub(super) const fn of_client(client: &'a Client, scope: &'a str) -> Self {
        Self {
            realm: None,
            client,
            principal: PrincipalId::Client(client.id),
            grant: Grant::ClientCredentials,
            family: None,
            session_end: None,
            scope,
            refresh: false,
            id_token: false,
            sign_in: None,
            address: None,
        }
    }
}

/// A pair that is made and not stored yet.
pub(super) struct Minted {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) id_token: Option<Secret>,
    pub(super) rows: Rows,
    at: Timestamp,
    by_realm: bool,
    session: Option<SessionId>,
}

/// The rows of a pair.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) access: Token,
    pub(super) refresh: Option<Token>,
    /// The sign-in, where these found a realm's family.
    founded_by: Option<store::tokens::SignIn>,
}

impl Service {
    /// Makes the texts of a pair, and its rows. Nothing is stored.
    pub(super) async fn mint(&self, order: Order<'_>, at: Timestamp) -> Result<Minted, Error> {
        let descent = order.family.unwrap_or_else(|| {
            let until = at.plus_seconds(order.client.refresh_ttl_s.into());
            Descent {
                family: FamilyId(self.entropy.uuid()),
                refresh_until: order.session_end.map_or(until, |end| until.min(end)),
            }
        });
        let life = claims::Life {
            from: at,
            access_until: at.plus_seconds(order.client.access_life_s(order.realm.is_some()).into()),
            refresh_until: descent.refresh_until,
        };
        let texts = match order.realm {
            Some(realm) => self.sign_texts(realm, &order, life).await?,
            None => self.draw_texts(order.refresh),
        };
        let row = |digest: SecretDigest, kind, expires_at| Token {
            digest,
            kind,
            family: descent.family,
            principal: order.principal,
            client: order.client.id,
            scope: order.scope.to_owned(),
            issued_at: at,
            expires_at,
        };
        let rows = Rows {
            access: row(texts.access.digest(), TokenKind::Access, life.access_until),
            refresh: texts
                .refresh
                .as_ref()
                .map(|text| row(text.digest(), TokenKind::Refresh, life.refresh_until)),
            founded_by: order.sign_in.filter(|_| order.family.is_none()).map(|sign_in| {
                store::tokens::SignIn {
                    session: sign_in.session,
                    authenticated_at: sign_in.authenticated_at,
                }
            }),
        };
        Ok(Minted {
            access: texts.access,
            refresh: texts.refresh,
            id_token: texts.id_token,
            rows,
            at,
            by_realm: order.realm.is_some(),
            session: order.sign_in.and_then(|sign_in| sign_in.session),
        })
    }

    /// Draws the texts: UUIDv4, 122 random bits each.
    fn draw_texts(&self, with_refresh: bool) -> claims::Texts {
        let draw = || random_uuid(&mut self.entropy.as_fn());
        claims::Texts { access: draw(), refresh: with_refresh.then(draw), id_token: None }
    }

    /// Stores a pair that founds a family. `None`: the client, or the person, was changed since it
    /// proved itself. Whoever replaces a secret, changes a password or disables somebody ends the
    /// tokens that there are, so none may be added behind their back.
    pub(super) async fn found_family(
        &self,
        order: Order<'_>,
        founder: Founder,
    ) -> Result<Option<Issued>, Error> {
        let minted = self.mint(order, self.now().wall).await?;
        let (rows, asking) = (minted.rows.clone(), order.client.clone());
        let stored = self.store.record(move |b| {
            if !store::clients::is_unchanged(b, &asking)? {
                return Ok(false);
            }
            if let Founder::Person { id, proven } = founder
                && store::persons::version_for_sign_in(b, id)? != Some(proven)
            {
                return Ok(false);
            }
            rows.insert(b)?;
            Ok::<_, store::Error>(true)
        });
        let stored = stored.await.map_err(Error::from)?;
        Ok(stored.then(|| minted.issued()))
    }
}

impl Rows {
    /// Stores them, in the transaction of what they were given for.
    pub(super) fn insert(&self, b: &mut Bookkeeping) -> Result<(), store::Error> {
        if let Some(sign_in) = self.founded_by {
            store::tokens::found(b, &self.access, sign_in)?;
        }
        store::tokens::insert_pair(b, &self.access, self.refresh.as_ref())
    }
}

impl Minted {
    /// What the caller gets, once the rows are stored.
    pub(super) fn issued(self) -> Issued {
        let Rows { access, refresh, .. } = self.rows;
        // A realm's wire counts from when the token was made, as the token itself does.
        let left = |until: Timestamp| match self.by_realm {
            true => until.as_seconds() - self.at.as_seconds(),
            false => seconds_left(until, self.at),
        };
        Issued {
            access: self.access,
            refresh: self.refresh,
            id_token: self.id_token,
            expires_in_s: left(access.expires_at),
            refresh_expires_in_s: refresh.map_or(0, |token| left(token.expires_at)),
            scope: access.scope,
            session: self.session,
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
