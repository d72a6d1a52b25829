//! What a JWT of a key is, for whoever doubts it: the one place where its signature is asked.

use super::check::{self, Bad};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    id::KeyId,
    right::{Deed, Family},
    secret::{Secret, SecretDigest},
    time::Timestamp,
};
use store::Read;

/// A JWT that was made here, for a key that the caller may see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InspectedJwt {
    /// For which key.
    pub key: KeyId,
    /// The name of the key's type.
    pub key_type: String,
    /// Whether it is a secret of that key still: not replaced, and the key neither revoked nor over.
    pub current: bool,
    /// Which secret of the key it is.
    pub secret_id: String,
    /// What signed it.
    pub kid: String,
    /// As which address Keyward made it.
    pub issuer: String,
    /// When.
    pub issued_at: Timestamp,
}

/// Why a text is no such JWT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotGenuine {
    /// It does not say of itself that it is the JWT of a key.
    NoKeyJwt,
    /// It says so, and it was not made here, or for a key that the caller may not know of: one answer.
    Unknown,
}

impl Service {
    /// Tells whether a text is a JWT that this installation made for a key that the caller may see. Nothing
    /// is counted and no unit is taken.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to see keys of Experience Cloud, [`Error::Limited`] for a caller
    /// that asks too often.
    pub async fn inspect_jwt(
        &self,
        caller: &Caller,
        secret: &Secret,
    ) -> Result<Result<InspectedJwt, NotGenuine>, Error> {
        caller.require_rights(Family::ExperienceCloud.rights_for(Deed::See))?;
        self.validations.take(caller, self.now().mono_ns)?;
        let said = match self.said_by(secret.expose()).await? {
            Ok(said) => said,
            Err(Bad::Form) => return Ok(Err(NotGenuine::NoKeyJwt)),
            Err(Bad::Unknown) => return Ok(Err(NotGenuine::Unknown)),
        };
        let id = said.key;
        let key = match self.find_for(caller, id, Deed::See).await {
            Ok(key) => key,
            Err(Error::NotFound) => return Ok(Err(NotGenuine::Unknown)),
            Err(error) => return Err(error),
        };
        let lookups = self.keyring.lookups(&SecretDigest::of(secret.expose()));
        let read = self.store.read(move |r: &mut Read| store::keys::secrets_of(r, id));
        let secrets = read.await.map_err(|e: store::Error| Error::from(e))?;
        let at = self.now().wall;
        let lasts = |end: Option<Timestamp>| end.is_none_or(|end| end > at);
        let current = secrets.iter().any(|s| lookups.contains(&s.lookup) && lasts(s.ends_at))
            && lasts(key.ends_at())
            && !key.is_revoked(at);
        Ok(Ok(InspectedJwt {
            key: id,
            key_type: key.key_type,
            current,
            secret_id: said.secret_id,
            kid: said.kid,
            issuer: said.issuer,
            issued_at: said.issued_at,
        }))
    }

    /// Whether a text was made here for this key, by its signature.
    pub(in crate::keys) async fn is_jwt_of(&self, text: &str, key: KeyId) -> Result<bool, Error> {
        Ok(self.said_by(text).await?.is_ok_and(|said| said.is_for(key)))
    }

    async fn said_by(&self, text: &str) -> Result<Result<check::Said, Bad>, Error> {
        let Some(kid) = check::kid(text) else { return Ok(Err(Bad::Form)) };
        let signers = self.key_signers_with(&kid).await?;
        Ok(check::read(text, &signers))
    }
}
