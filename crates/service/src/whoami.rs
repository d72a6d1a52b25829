//! Who presents a credential: a token or a key. Asking takes no unit of a key's
//! limit; of a key that passes it counts as a call.

use crate::{
    Service,
    caller::{Caller, Context},
    error::Error,
};
use domain::{
    id::{KeyId, Scope},
    permission::{Permission, Wants},
    secret::{Secret, SecretDigest, Shape},
    time::Timestamp,
    verdict::{KeyTypes, Request, Verdict},
};
use verifier::{Now, Presented};

/// Whoever it is.
#[derive(Debug)]
pub enum Identity {
    /// A person or a client.
    Caller(Caller),
    /// A key that would pass now.
    Key(KeyIdentity),
}

/// What a key may know of itself.
#[derive(Clone, Debug)]
pub struct KeyIdentity {
    /// Its id.
    pub id: KeyId,
    /// Where it belongs.
    pub scope: Scope,
    /// The name of its type.
    pub key_type: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// Its end.
    pub expires_at: Option<Timestamp>,
}

/// How a key was presented: its allow-list is asked about it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method of the call.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// Its `Origin`.
    pub origin: Option<String>,
}

impl Service {
    /// Who presents this text as Bearer: a token, or a key.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a text that is neither, or is no longer good;
    /// [`Error::Limited`] for a source that keeps guessing.
    pub async fn identify(
        &self,
        text: &Secret,
        call: &Call,
        context: Context,
    ) -> Result<Identity, Error> {
        let now = self.now();
        self.check_source(&context, now)?;
        let text = text.expose();
        // A text with our checksum is a key and no token.
        let is_key = matches!(Shape::of(text), Ok(Shape::Checksummed));
        if !is_key && let Some(known) = self.verifier.authenticate(text, now)? {
            return Ok(Identity::Caller(Caller::from_token(known, context)));
        }
        if let Some(key) = self.valid_key(text, call, &context, now)? {
            return Ok(Identity::Key(key));
        }
        // Another node may have issued it a moment ago; this also counts the failure.
        Ok(Identity::Caller(self.authenticate(text, context).await?))
    }

    /// The key that presents this text.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a key that would not pass, whatever the reason;
    /// [`Error::Limited`] for a source that keeps guessing.
    pub fn identify_key(
        &self,
        text: &Secret,
        call: &Call,
        context: &Context,
    ) -> Result<KeyIdentity, Error> {
        let now = self.now();
        self.check_source(context, now)?;
        self.valid_key(text.expose(), call, context, now)?
            .ok_or_else(|| self.refuse_credential(context, now))
    }

    fn valid_key(
        &self,
        text: &str,
        call: &Call,
        context: &Context,
        now: Now,
    ) -> Result<Option<KeyIdentity>, Error> {
        if Shape::of(text).is_err() {
            return Ok(None);
        }
        let asked = Request {
            tenant: None,
            key_types: KeyTypes::Any,
            wants: Wants::Nothing,
            origin: call.origin.as_deref(),
            address: context.address,
            method: Some(call.method),
            path: Some(call.path),
        };
        let found = self.verifier.inspect(&SecretDigest::of(text), now, &asked, |outcome| {
            let passes = matches!(outcome.verdict, Verdict::Valid | Verdict::RateLimited);
            outcome.found.filter(|_| passes).map(|key| KeyIdentity {
                id: key.key_id,
                scope: key.scope,
                key_type: key.key_type.to_owned(),
                name: key.name.to_owned(),
                permissions: key.permissions.to_vec(),
                expires_at: key.expires_at,
            })
        })?;
        if found.is_some() {
            // Whoever waits for the first call of a key that was handed over sees this one.
            let presented = Presented { secret: text, asked, cost: 0 };
            self.verifier.verify(&presented, now, |_| ())?;
        }
        Ok(found)
    }
}
