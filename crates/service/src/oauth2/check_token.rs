//! `check_token`, introspection's forerunner: it tells an expired token from an unknown one.

use super::{ClientProof, ClientRefusal, Introspection};
use crate::{Service, caller::Context};
use domain::{secret::Secret, token::TokenKind};

/// What `check_token` found.
#[derive(Debug)]
pub enum TokenCheck {
    /// A live access token.
    Live(Box<Introspection>),
    /// An access token past its end.
    Expired,
    /// Anything else.
    Unknown,
}

impl Service {
    /// Looks at an access token on behalf of a client that proved itself by a secret.
    ///
    /// # Errors
    /// The client proved nothing, or the store is unavailable.
    pub async fn check_token(
        &self,
        client: Option<&ClientProof>,
        token: &Secret,
        context: &Context,
    ) -> Result<TokenCheck, ClientRefusal> {
        let client = self.prove_confidential(client, context).await?;
        Ok(match self.look_at(&client, token).await? {
            Some((seen, _)) if seen.kind == TokenKind::Refresh => TokenCheck::Unknown,
            Some((seen, true)) => TokenCheck::Live(Box::new(seen)),
            Some((_, false)) => TokenCheck::Expired,
            None => TokenCheck::Unknown,
        })
    }
}
