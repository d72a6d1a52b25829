//! Whether a text is a key that a tenant can use: what people ask who are handed one.

use crate::{Service, caller::Caller, error::Error};
use domain::{
    id::{Scope, TenantId},
    key_type::Format,
    permission::Wants,
    right::Deed,
    secret::{Secret, SecretDigest, Shape},
    time::Timestamp,
    verdict::{KeyTypes, Request},
};
use verifier::{Found, Warning};

/// What is said of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Validity {
    /// Whether it is a key that the tenant can use now.
    pub valid: bool,
    /// When its secret ends: another one took its place, or is due to.
    pub secret_ends_at: Option<Timestamp>,
    /// That it ends soon.
    pub warning: Option<Warning>,
}

impl Service {
    /// Whether `secret` is a key of this type that `tenant` can use now. Nothing is counted, and no unit
    /// is taken; from where, and for what, the key is accepted is not asked.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant out of reach, [`Error::NotAllowed`] without the right to see keys
    /// of the type, [`Error::Invalid`] for a type that is none, [`Error::Limited`] for a caller that asks
    /// too often: the answers would let it guess.
    pub async fn validate_key(
        &self,
        caller: &Caller,
        tenant: TenantId,
        key_type: &str,
        secret: &Secret,
    ) -> Result<Validity, Error> {
        let scope = Scope::Tenant(tenant);
        if !caller.reaches(scope) {
            return Err(Error::NotFound);
        }
        let of_type =
            self.key_type(scope, key_type).ok_or_else(|| match self.sees_some(caller) {
                true => Error::invalid("keyType", "there is no such key type"),
                false => Error::NotAllowed { right: None },
            })?;
        caller.require_rights(of_type.family.rights_for(Deed::See))?;
        let now = self.now();
        self.validations.take(caller, now.mono_ns)?;
        if Shape::of(secret.expose()).is_err() {
            return Ok(Validity::default());
        }
        let asked = Request {
            tenant: Some(scope),
            key_types: KeyTypes::One(key_type),
            wants: Wants::Nothing,
            origin: None,
            address: None,
            method: None,
            path: None,
        };
        let digest = SecretDigest::of(secret.expose());
        let (verdict, found) = self.verifier.inspect(&digest, now, &asked, |outcome| {
            let told = |found: &Found<'_>| (found.key_id, found.secret_ends_at, found.warning);
            (outcome.verdict, outcome.found.as_ref().map(told))
        })?;
        // Past its own state only the circumstances of a call can be against a key.
        let valid = !verdict.is_no_key();
        let Some((key, secret_ends_at, warning)) = found.filter(|_| valid) else {
            return Ok(Validity::default());
        };
        // Whoever asks here may doubt more than whether it is known.
        let signed = of_type.format == Format::Jwt;
        if signed && !self.is_jwt_of(secret.expose(), key).await? {
            return Ok(Validity::default());
        }
        Ok(Validity { valid, secret_ends_at, warning })
    }
}
