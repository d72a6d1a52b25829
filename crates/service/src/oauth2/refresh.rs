//! The refresh grant (RFC 6749 section 6) with rotation (RFC 9700 section 4.14.2).
//!
//! A refresh token is exchanged once. What a second use means depends on when it came:
//! 1. Before the exchange was done, it ran beside it: it is refused, and the winner's tokens live
//!    (BC-03).
//! 2. Afterwards it is theft until proved otherwise: the whole family dies, audited (BC-02). That
//!    holds for a lost answer too (BC-06): nobody can tell it from theft, and it costs a sign-in.

use super::{
    Issued, TokenRefusal, TokenRequest,
    mint::{Digests, Terms},
    prove_client::{actor, reaches},
    scopes,
};
use crate::{Service, caller::Context, error::Error};
use domain::{
    actor::PrincipalId,
    audit::{AuditEvent, Fact},
    client::Client,
    id::{FamilyId, Scope},
    secret::Secret,
    time::Timestamp,
    token::Token,
};
use store::tokens::State;

/// What became of an exchange.
enum Exchange {
    Done { expires_at: Timestamp, scope: String },
    Refused(TokenRefusal),
    Reused(Token),
}

impl Service {
    pub(super) async fn issue_by_refresh(
        &self,
        request: TokenRequest,
        client: &Client,
        context: &Context,
        at: Timestamp,
    ) -> Result<Issued, TokenRefusal> {
        let presented = request.refresh_token.ok_or(TokenRefusal::MissingRefreshToken)?;
        let texts = self.draw_texts(true);
        let exchanged =
            self.exchange(&presented, client, request.scope, texts.digests(), at).await?;
        match exchanged {
            Exchange::Done { expires_at, scope } => Ok(texts.issued(expires_at, at, scope)),
            Exchange::Refused(refusal) => Err(refusal),
            Exchange::Reused(token) => {
                self.end_reused_family(token, client, context, at).await?;
                Err(TokenRefusal::UnknownRefresh)
            }
        }
    }

    async fn exchange(
        &self,
        presented: &Secret,
        client: &Client,
        asked: Option<String>,
        digests: Digests,
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
            let scope = match scopes::narrowed(&held.scope, asked.as_deref()) {
                Ok(scope) => scope,
                Err(allowed) => return Ok(Exchange::Refused(TokenRefusal::WiderScope { allowed })),
            };
            // The instant of the exchange, not of the request: who asked before it ran beside it.
            let done = service.now().wall.max(at);
            if !store::tokens::use_refresh(b, &digest, done)? {
                return Ok(Exchange::Refused(TokenRefusal::UnknownRefresh));
            }
            let rows = digests.rows(&Terms {
                family: held.family,
                principal: held.principal,
                client: &client,
                scope: &scope,
                at,
                refresh_until: held.expires_at,
            });
            store::tokens::insert_pair(b, &rows.access, rows.refresh.as_ref())?;
            Ok::<_, store::Error>(Exchange::Done { expires_at: rows.access.expires_at, scope })
        });
        match exchange.await {
            Ok(exchange) => Ok(exchange),
            // Revoked between the look and the exchange.
            Err(store::Error::Conflict("family")) => Err(TokenRefusal::UnknownRefresh),
            Err(error) => Err(error.into()),
        }
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
pub(super) fn family_subject(family: FamilyId) -> (&'static str, String) {
    ("token_family", family.to_string())
}
