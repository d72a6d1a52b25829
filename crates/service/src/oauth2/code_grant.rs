//! The code grant (RFC 6749 section 4.1.3) with proof of the key that asked (RFC 7636).
//!
//! 1. The code is known, and nobody used it. Its second use is theft until proved otherwise: whatever the
//!    first one founded ends (RFC 6749 section 10.5), audited.
//! 2. It is exchanged where it was asked for, by the client that it was given to, in its 60 seconds.
//! 3. The address is the one that it was sent to.
//! 4. The verifier has the form of section 4.1, and is what the challenge was made from (section 4.6).
//! 5. The tokens are made, and stored in the transaction that uses the code up: of parallel exchanges one
//!    succeeds, and a database that fails leaves the code as it was. Whoever comes second ends all of it.

use super::{
    Issued, Realm, SignIn, TokenRefusal, TokenRequest,
    mint::{Order, Rows},
    prove_client::{actor, reaches},
    refresh::family_subject,
};
use crate::{Service, authorization::pkce, caller::Context, error::Error};
use domain::{
    actor::PrincipalId,
    audit::{AuditEvent, Fact},
    client::{Client, Grant},
    id::FamilyId,
    time::Timestamp,
};
use store::authorization_codes::{Code, State};

/// What became of an exchange.
enum Exchange {
    Done,
    Refused,
    Reused(FamilyId),
}

impl Service {
    pub(super) async fn issue_by_code(
        &self,
        request: TokenRequest,
        realm: Option<&Realm>,
        client: &Client,
        context: &Context,
    ) -> Result<Issued, TokenRefusal> {
        let presented = request.code.as_ref().ok_or(TokenRefusal::MissingCode)?;
        let digest = presented.digest();
        let found = self.store.read(move |r| store::authorization_codes::find(r, &digest)).await?;
        let (code, state) = found.ok_or(TokenRefusal::BadCode)?;
        if code.realm != realm.map(|realm| realm.tenant) {
            return Err(TokenRefusal::BadCode);
        }
        if code.client != client.id {
            return Err(TokenRefusal::CodeOfOtherClient);
        }
        if let State::Used(family) = state {
            return self.refuse_reuse(&code, family, client, context).await;
        }
        self.judge_code(&code, &request, client)?;
        let session_end = match realm {
            Some(_) => Some(self.session_end(&code).await?),
            None => None,
        };
        let sign_in = SignIn {
            session: Some(code.session),
            authenticated_at: code.authenticated_at,
            nonce: code.nonce.clone(),
        };
        let order = Order {
            realm,
            client,
            principal: PrincipalId::Person(code.person),
            grant: Grant::AuthorizationCode,
            family: None,
            session_end,
            scope: &code.scope,
            refresh: client.may_use(Grant::RefreshToken),
            id_token: realm.is_some() && code.scope.split(' ').any(|scope| scope == "openid"),
            sign_in: Some(&sign_in),
            address: context.address,
        };
        let minted = self.mint(order, self.now().wall).await?;
        match self.exchange_code(&code, minted.rows.clone(), client).await? {
            Exchange::Done => Ok(minted.issued()),
            Exchange::Refused => Err(TokenRefusal::BadCode),
            Exchange::Reused(family) => self.refuse_reuse(&code, family, client, context).await,
        }
    }

    /// The end of the session that a code of a realm came of: with it its tokens are refreshed no more.
    async fn session_end(&self, code: &Code) -> Result<Timestamp, TokenRefusal> {
        let id = code.session;
        let session = self.store.read(move |r| store::sessions::find_by_id(r, id)).await?;
        let end = session.map(|session| session.expires_at);
        end.filter(|end| self.now().wall < *end).ok_or(TokenRefusal::BadCode)
    }

    /// Everything that stands against a code that nobody used.
    fn judge_code(
        &self,
        code: &Code,
        request: &TokenRequest,
        client: &Client,
    ) -> Result<(), TokenRefusal> {
        let owner = PrincipalId::Person(code.person);
        let reached = self.scope_of(owner).is_some_and(|scope| reaches(client, scope));
        if self.now().wall >= code.expires_at || !reached || !self.is_in_service(owner) {
            return Err(TokenRefusal::BadCode);
        }
        if request.redirect_uri.as_deref() != Some(&code.redirect_uri) {
            return Err(TokenRefusal::RedirectMismatch);
        }
        match (&code.challenge, &request.code_verifier) {
            (Some(challenge), Some(verifier)) if pkce::proves(verifier, challenge) => Ok(()),
            // Neither side may leave its half out where the other has one (RFC 9700 section 4.8.2).
            (Some(_) | None, Some(_)) => Err(TokenRefusal::BadVerifier),
            (None, None) if client.pkce_optional => Ok(()),
            (Some(_) | None, None) => Err(TokenRefusal::MissingVerifier),
        }
    }

    async fn exchange_code(
        &self,
        code: &Code,
        rows: Rows,
        client: &Client,
    ) -> Result<Exchange, TokenRefusal> {
        let (code, client) = (code.clone(), client.clone());
        let exchange = self.store.record(move |b| {
            // Each is held against a change until this ends: what a change revokes must not be founded
            // behind its back.
            if !store::clients::is_unchanged(b, &client)?
                || store::persons::version_for_sign_in(b, code.person)? != Some(code.proven)
                || !store::sessions::is_open(b, code.session)?
            {
                return Ok(Exchange::Refused);
            }
            if !store::authorization_codes::use_once(b, &code.digest, rows.access.family)? {
                let found = store::authorization_codes::find(b, &code.digest)?;
                return Ok(match found {
                    Some((_, State::Used(family))) => Exchange::Reused(family),
                    Some((_, State::Live)) | None => Exchange::Refused,
                });
            }
            rows.insert(b)?;
            Ok::<_, store::Error>(Exchange::Done)
        });
        Ok(exchange.await?)
    }

    /// The second use of a code: whatever the first one founded ends.
    async fn refuse_reuse(
        &self,
        code: &Code,
        family: FamilyId,
        client: &Client,
        context: &Context,
    ) -> Result<Issued, TokenRefusal> {
        tracing::warn!(
            request_id = context.request_id,
            "a used authorization code came again; what it founded ends"
        );
        let at = self.now().wall;
        let principal = PrincipalId::Person(code.person);
        let event = AuditEvent::new(
            "token.revoke_family",
            self.scope_of(principal).unwrap_or(client.scope),
            context.origin(actor(client), at),
            family_subject(family),
        )
        .detail(vec![
            ("reason", Fact::Text("a used authorization code came again".to_owned())),
            ("principal", Fact::Text(principal.to_string())),
        ]);
        self.store
            .write_urgent(move |tx| {
                store::tokens::revoke_family(tx, family, at)?;
                tx.commit(event.clone(), ()).map_err(Error::from)
            })
            .await?;
        Err(TokenRefusal::BadCode)
    }
}
