//! Who a caller is, told from a Bearer token.

use crate::{
    Service,
    caller::{Caller, Context, PresentedToken},
    error::Error,
};
use domain::secret::SecretDigest;
use verifier::Now;

/// The longest token that is looked at (BT-05).
const MAX_TOKEN_BYTES: usize = 8_192;

impl Service {
    /// Turns a Bearer token into a caller.
    ///
    /// Reads memory; only a token that memory does not know is looked up in the store, because
    /// another node may have issued it a moment ago, and a JWT that nobody here issued is held against
    /// the issuers outside that are believed.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a token that is unknown, expired, revoked or whose person,
    /// client or tenant is out of service; [`Error::Limited`] for a source that keeps guessing.
    pub async fn authenticate(&self, token: &str, context: Context) -> Result<Caller, Error> {
        let now = self.now();
        self.check_source(&context, now)?;
        if token.len() > MAX_TOKEN_BYTES {
            return Err(self.refuse_credential(&context, now));
        }
        if let Some(known) = self.verifier.authenticate(token, now)? {
            return Ok(Caller::from_token(known, context));
        }
        let digest = SecretDigest::of(token);
        if self.shared_database && !self.verifier.token_known(&digest) {
            let source = context.address;
            if self.read_through.check(source, now.mono_ns).is_ok() {
                self.read_through.failed(source, now.mono_ns);
                self.store.token_by_digest(&digest).await?;
                if let Some(found) = self.verifier.authenticate(token, now)? {
                    return Ok(Caller::from_token(found, context));
                }
            }
        }
        match self.authenticate_outside(token, &context, now).await? {
            Some(caller) => Ok(caller),
            None => Err(self.refuse_credential(&context, now)),
        }
    }

    /// Asks whether this source may present credentials at all.
    ///
    /// # Errors
    /// [`Error::Limited`] for a source that has failed too often.
    pub fn check_source(&self, context: &Context, now: Now) -> Result<(), Error> {
        self.failed_credentials
            .check(context.address, now.mono_ns)
            .map_err(|retry_after_s| Error::Limited { retry_after_s })
    }

    /// Counts a credential that proved nothing.
    pub fn refuse_credential(&self, context: &Context, now: Now) -> Error {
        self.failed_credentials.failed(context.address, now.mono_ns);
        Error::Unauthenticated
    }
}

impl Caller {
    /// The caller behind a token that `verifier` knows.
    #[must_use]
    pub fn from_token(token: verifier::Caller, context: Context) -> Self {
        Self {
            principal: token.principal,
            token: Some(PresentedToken {
                client: token.client,
                family: token.family,
                digest: token.digest,
                scope: token.scope,
                issued_at: token.issued_at,
                expires_at: token.expires_at,
            }),
            session: None,
            context,
            local: false,
        }
    }
}
