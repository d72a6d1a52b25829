//! The refresh grant (RFC 6749 section 6) with rotation (RFC 9700 section 4.14.2).
//!
//! A refresh token is exchanged once. What a second use means depends on when it came:
//! 1. Before the exchange was done, it ran beside it: it is refused, and the winner's tokens live
//!    (BC-03).
//! 2. Afterwards it is theft until proved otherwise: the whole family dies, audited (BC-02). That
//!    holds for a lost answer too (BC-06): nobody can tell it from theft, and it costs a sign-in.
//!
//! A realm's family that came of a browser's session lasts no longer than that, and its refreshes count as
//! calls of the browser (SE-02).

use super::{
    Issued, Realm, SignIn, TokenRefusal, TokenRequest,
    mint::{Descent, Minted, Order, Rows},
    prove_client::{actor, reaches},
    scopes,
};
use crate::{Service, caller::Context, error::Error};
use domain::{
    actor::PrincipalId,
    audit::{AuditEvent, Fact},
    client::{Client, Grant},
    id::{FamilyId, Scope},
    secret::Secret,
    time::Timestamp,
    token::Token,
};
use store::{Bookkeeping, Read, tokens::State};

/// What became of an exchange.
enum Exchange {
    Done,
    Refused(TokenRefusal),
    Reused(Token),
}

impl Service {
    pub(super) async fn issue_by_refresh(
        &self,
        request: TokenRequest,
        realm: Option<&Realm>,
        client: &Client,
        context: &Context,
        at: Timestamp,
    ) -> Result<Issued, TokenRefusal> {
        let presented = request.refresh_token.ok_or(TokenRefusal::MissingRefreshToken)?;
        // A realm's are JWTs and those of `/auth/v3` are not: neither place takes the other's.
        let is_jwt = presented.expose().starts_with("eyJ");
        if is_jwt != realm.is_some() {
            return Err(TokenRefusal::UnknownRefresh);
        }
        let asked = request.scope;
        let minted = self.successors(&presented, realm, client, asked.as_deref(), at).await?;
        let rows = minted.as_ref().map(|minted| minted.rows.clone());
        let of_realm = realm.is_some();
        match (self.exchange(&presented, client, (asked, of_realm), rows, at).await?, minted) {
            (Exchange::Done, Some(minted)) => Ok(minted.issued()),
            (Exchange::Done, None) => Err(TokenRefusal::UnknownRefresh),
            (Exchange::Refused(refusal), _) => Err(refusal),
            (Exchange::Reused(token), _) => {
                self.end_reused_family(token, client, context, at).await?;
                Err(TokenRefusal::UnknownRefresh)
            }
        }
    }

    /// The pair that this token would be exchanged for, as far as can be told before the exchange judges
    /// it; `None`: it will be refused.
    async fn successors(
        &self,
        presented: &Secret,
        realm: Option<&Realm>,
        client: &Client,
        asked: Option<&str>,
        at: Timestamp,
    ) -> Result<Option<Minted>, Error> {
        let (digest, in_realm) = (presented.digest(), realm.is_some());
        let read = self.store.read(move |r: &mut Read| {
            let Some((held, state)) = store::tokens::find_refresh(r, &digest)? else {
                return Ok(None);
            };
            let sign_in = match in_realm {
                true => store::tokens::find_sign_in(r, held.family)?,
                false => None,
            };
            Ok::<_, store::Error>(Some((held, state, sign_in)))
        });
        let Some((held, State::Live, sign_in)) = read.await? else { return Ok(None) };
        let Ok(mut scope) = scopes::narrowed(&held.scope, asked) else { return Ok(None) };
        if in_realm {
            scope = scopes::still_in_realm(client, &scope);
        }
        if held.client != client.id {
            return Ok(None);
        }
        let sign_in = sign_in.map(|known| SignIn {
            session: known.session,
            authenticated_at: known.authenticated_at,
            nonce: None,
        });
        let order = Order {
            realm,
            principal: held.principal,
            grant: Grant::RefreshToken,
            family: Some(Descent { family: held.family, refresh_until: held.expires_at }),
            refresh: true,
            id_token: in_realm && scopes::asks_for_id_token(Some(&scope)),
            sign_in: sign_in.as_ref(),
            ..Order::of_client(client, &scope)
        };
        self.mint(order, at).await.map(Some)
    }

    async fn exchange(
        &self,
        presented: &Secret,
        client: &Client,
        (asked, of_realm): (Option<String>, bool),
        rows: Option<Rows>,
        at: Timestamp,
    ) -> Result<Exchange, TokenRefusal> {
        let (service, client, digest) = (self.clone(), client.clone(), presented.digest());
        let exchange = self.store.record(move |b| {
            let Some((held, state)) = store::tokens::find_refresh(b, &digest)? else {
                return Ok(Exchange::Refused(TokenRefusal::UnknownRefresh));
            };
            if let Some(outcome) = service.judge(&held, state, &client, at) {
                return Ok(outcome);
            }
            if of_realm && !service.session_lasts(b, held.family, at)? {
                return Ok(Exchange::Refused(TokenRefusal::RefreshExpired));
            }
            if let Err(allowed) = scopes::narrowed(&held.scope, asked.as_deref()) {
                return Ok(Exchange::Refused(TokenRefusal::WiderScope { allowed }));
            }
            // Nothing was made for it: it was not live yet.
            let Some(rows) = &rows else {
                return Ok(Exchange::Refused(TokenRefusal::UnknownRefresh));
            };
            // The instant of the exchange, not of the request: who asked before it ran beside it.
            let done = service.now().wall.max(at);
            if !store::tokens::use_refresh(b, &digest, done)? {
                return Ok(Exchange::Refused(TokenRefusal::UnknownRefresh));
            }
            rows.insert(b)?;
            Ok::<_, store::Error>(Exchange::Done)
        });
        match exchange.await {
            Ok(exchange) => Ok(exchange),
            // Revoked between the look and the exchange.
            Err(store::Error::Conflict("family")) => Err(TokenRefusal::UnknownRefresh),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the session that a family came of lasts, if it came of one; noted as seen then.
    fn session_lasts(
        &self,
        b: &mut Bookkeeping,
        family: FamilyId,
        at: Timestamp,
    ) -> Result<bool, store::Error> {
        let sign_in = store::tokens::find_sign_in(b, family)?;
        let Some(id) = sign_in.and_then(|sign_in| sign_in.session) else { return Ok(true) };
        let session = store::sessions::find_by_id(b, id)?;
        let lasts = session.is_some_and(|of| !of.is_over(at, self.settings.session_idle_s));
        if lasts {
            store::sessions::update_seen(b, id, at)?;
        }
        Ok(lasts)
    }

    /// Everything that stands against an exchange but the scope; `None`: nothing does.
    fn judge(
        &self,
        held: &Token,
        state: State,
        client: &Client,
        at: Timestamp,
    ) -> Option<Exchange> {
        if held.client != client.id {
            return Some(Exchange::Refused(TokenRefusal::RefreshOfOtherClient));
        }
        match state {
            State::Used { at: used, .. } if at > used => {
                return Some(Exchange::Reused(held.clone()));
            }
            State::Used { .. } | State::Revoked => {
                return Some(Exchange::Refused(TokenRefusal::UnknownRefresh));
            }
            State::Live => {}
        }
        if at >= held.expires_at {
            return Some(Exchange::Refused(TokenRefusal::RefreshExpired));
        }
        let reached = self.scope_of(held.principal).is_some_and(|scope| reaches(client, scope));
        if !reached || !self.is_in_service(held.principal) {
            return Some(Exchange::Refused(TokenRefusal::BadUserCredentials));
        }
        None
    }

    async fn end_reused_family(
        &self,
        token: Token,
        client: &Client,
        context: &Context,
        at: Timestamp,
    ) -> Result<(), Error> {
        tracing::warn!(
            request_id = context.request_id,
            "a used refresh token came again; its family ends"
        );
        let event = AuditEvent::new(
            "token.revoke_family",
            self.scope_of(token.principal).unwrap_or(client.scope),
            context.origin(actor(client), at),
            family_subject(token.family),
        )
        .detail(vec![
            ("reason", Fact::Text("a used refresh token came again".to_owned())),
            ("principal", Fact::Text(token.principal.to_string())),
        ]);
        self.store
            .write_urgent(move |tx| {
                store::tokens::revoke_family(tx, token.family, at)?;
                tx.commit(event.clone(), ()).map_err(Error::from)
            })
            .await
    }

    /// Where a person or client belongs, as far as memory knows.
    pub(super) fn scope_of(&self, id: PrincipalId) -> Option<Scope> {
        self.verifier.principal(id).map(|p| p.scope)
    }
}

/// A family as the audit log names it.
pub(crate) fn family_subject(family: FamilyId) -> (&'static str, String) {
    ("token_family", family.to_string())
}
