//! A code for tokens, at the issuer's token endpoint.

use super::{SignInRefused, state::Derived};
use crate::{
    Service,
    issuers::{
        jwt::MAX_JWT_BYTES,
        known::Entry,
        percent,
        provider::{Metadata, is_trusted},
    },
    outbound::{Answer, Call},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{issuer::Issuer, secret::Secret};
use serde_json::Value;

impl Service {
    /// Exchanges the code (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
    pub(super) async fn exchange_for_tokens(
        &self,
        entry: &Entry,
        metadata: &Metadata,
        redirect_uri: &str,
        code: &str,
        keys: &Derived,
    ) -> Result<Tokens, SignInRefused> {
        let issuer = &entry.issuer;
        let endpoint = metadata.token_endpoint.clone().ok_or(SignInRefused::NotBelieved)?;
        let client_id = issuer.client_id.as_deref().unwrap_or_default();
        let secret = self.issuer_secret(entry).await?;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", keys.verifier.expose()),
        ];
        let mut authorization = None;
        match &secret {
            Some(secret) if metadata.secret_in_form => {
                form.extend([("client_id", client_id), ("client_secret", secret.expose())]);
            }
            // RFC 6749 section 2.3.1: both parts are encoded as in a form.
            Some(secret) => {
                let (id, secret) = (percent::encode(client_id), percent::encode(secret.expose()));
                let basic = STANDARD.encode(format!("{id}:{secret}"));
                authorization = Some(Secret::new(format!("Basic {basic}")));
            }
            None => form.push(("client_id", client_id)),
        }
        let call = Call {
            trusted: is_trusted(issuer, &endpoint),
            url: endpoint,
            form: Some(Secret::new(percent::pairs(&form))),
            authorization,
        };
        let outbound = self.outbound.get().ok_or(SignInRefused::NoAnswer)?;
        let answer = outbound.call(call).await.map_err(|error| {
            tracing::warn!(issuer = %issuer.id, %error, "an issuer exchanges no code");
            SignInRefused::NoAnswer
        })?;
        Tokens::read(issuer, &answer).ok_or(SignInRefused::NotBelieved)
    }
}

/// What the token endpoint gave.
pub(super) struct Tokens {
    pub(super) id_token: Secret,
    pub(super) access_token: Option<Secret>,
}

impl Tokens {
    fn read(issuer: &Issuer, answer: &Answer) -> Option<Self> {
        if answer.status != 200 {
            let status = answer.status;
            tracing::warn!(issuer = %issuer.id, status, "an issuer exchanges no code");
            return None;
        }
        let value: Value = serde_json::from_slice(&answer.body).ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let id_token = text("id_token").filter(|token| token.len() <= MAX_JWT_BYTES)?;
        Some(Self {
            id_token: Secret::new(id_token.to_owned()),
            access_token: text("access_token").map(|token| Secret::new(token.to_owned())),
        })
    }
}
