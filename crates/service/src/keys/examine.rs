//! What there is to say of a text that somebody was handed: whether it is a key, and to whoever may see keys of
//! its type also which one and what stands against it.

use super::Validity;
use crate::{Service, caller::Caller, error::Error};
use domain::{
    id::{KeyId, Scope, TenantId},
    key::Key,
    key_type::Format,
    permission::Wants,
    right::Deed,
    secret::{Secret, SecretDigest, Shape},
    verdict::{KeyTypes, Request, Verdict},
};
use std::net::IpAddr;
use verifier::{Found, Now};

/// A call as somebody imagines it: what is not said of it is not judged.
#[derive(Clone, Debug, Default)]
pub struct ImaginedCall {
    /// Its `Origin`.
    pub origin: Option<String>,
    /// Its client's address.
    pub address: Option<IpAddr>,
    /// Its method, in upper case.
    pub method: Option<String>,
    /// Its path, without a query.
    pub path: Option<String>,
}

/// What is said of a text.
#[derive(Debug, Default)]
pub struct Examined {
    /// What everybody is told: whether it is a key that serves now, wherever a call comes from.
    pub validity: Validity,
    /// What those are told besides who may see keys of its type; `None`: it is valid and of another one, or
    /// whoever asks may see keys of no type.
    pub told: Option<Told>,
}

/// What is told of a key to whoever may see it.
#[derive(Debug)]
pub struct Told {
    /// The verdict, the imagined call included.
    pub verdict: Verdict,
    /// The key, where one was found.
    pub key: Option<Key>,
}

/// What memory knew.
struct Known {
    verdict: Verdict,
    id: KeyId,
    scope: Scope,
    key_type: String,
    validity: Validity,
}

impl Service {
    /// Examines a text: whether it is a key, of whatever type, that serves now. `tenant`: of this one alone;
    /// else of the caller's own, and for the cluster of any. Nothing is counted, and no unit is taken.
    ///
    /// To a caller bound to a tenant a key of another one is as unknown as none. One of the own tenant whose
    /// type the caller may not see is valid or not, and nothing else is told of it. Anybody may ask: whoever has
    /// a key learns no more here than a call with it would tell.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant out of reach, [`Error::Limited`] for a caller that asks too often: the answers would let it guess.
    pub async fn examine_key(
        &self,
        caller: &Caller,
        tenant: Option<TenantId>,
        secret: &Secret,
        call: &ImaginedCall,
    ) -> Result<Examined, Error> {
        let scope = tenant.or_else(|| caller.bound_to()).map(Scope::Tenant);
        if scope.is_some_and(|scope| !caller.reaches(scope)) {
            return Err(Error::NotFound);
        }
        let now = self.now();
        self.validations.take(caller, now.mono_ns)?;
        let unknown = || Examined {
            validity: Validity::default(),
            told: self.sees_some(caller).then_some(Told { verdict: Verdict::NotFound, key: None }),
        };
        let Some(known) = self.known_key(secret, scope, now)? else { return Ok(unknown()) };
        if known.scope != Scope::Cluster && !caller.reaches(known.scope) {
            return Ok(unknown());
        }
        if !self.is_genuine(secret, &known).await? {
            return Ok(unknown());
        }
        let is_valid = known.validity.valid;
        let key = match self.find_for(caller, known.id, Deed::See).await {
            Ok(key) => key,
            Err(Error::NotFound) if is_valid => {
                return Ok(Examined { validity: known.validity, told: None });
            }
            Err(Error::NotFound) => return Ok(unknown()),
            Err(error) => return Err(error),
        };
        let verdict = if is_valid { against(&key, call) } else { known.verdict };
        let told = Some(Told { verdict, key: Some(key) });
        Ok(Examined { validity: known.validity, told })
    }

    /// What memory says of the text; `None`: there is no such key for this scope.
    fn known_key(
        &self,
        secret: &Secret,
        tenant: Option<Scope>,
        now: Now,
    ) -> Result<Option<Known>, Error> {
        if Shape::of(secret.expose()).is_err() {
            return Ok(None);
        }
        let asked = Request {
            tenant,
            key_types: KeyTypes::Any,
            wants: Wants::Nothing,
            origin: None,
            address: None,
            method: None,
            path: None,
        };
        let digest = SecretDigest::of(secret.expose());
        let known = self.verifier.inspect(&digest, now, &asked, |outcome| {
            let verdict = outcome.verdict;
            let hidden = matches!(verdict, Verdict::NotFound | Verdict::WrongTenant);
            outcome.found.filter(|_| !hidden).map(|found| read(verdict, &found))
        })?;
        Ok(known)
    }

    /// Whether a text that has to be signed is: whoever asks here may doubt more than whether it is known.
    async fn is_genuine(&self, secret: &Secret, known: &Known) -> Result<bool, Error> {
        let of_type = self.key_type(known.scope, &known.key_type);
        match of_type.map(|of_type| of_type.format) {
            Some(Format::Jwt) => self.is_jwt_of(secret.expose(), known.id).await,
            Some(_) | None => Ok(true),
        }
    }
}

fn read(verdict: Verdict, found: &Found<'_>) -> Known {
    Known {
        verdict,
        id: found.key_id,
        scope: found.scope,
        key_type: found.key_type.to_owned(),
        validity: Validity {
            // Past its own state only the circumstances of a call can be against a key.
            valid: !verdict.is_no_key(),
            secret_ends_at: found.secret_ends_at,
            warning: found.warning,
        },
    }
}

/// The verdict on a call with a key that serves: what was not said of the call is not against it.
fn against(key: &Key, call: &ImaginedCall) -> Verdict {
    let list = &key.allow_list;
    if call.origin.as_deref().is_some_and(|origin| !list.allows_origin(Some(origin))) {
        return Verdict::OriginNotAllowed;
    }
    if call.address.is_some_and(|address| !list.allows_address(Some(address))) {
        return Verdict::AddressNotAllowed;
    }
    let methods_refuse = call
        .method
        .as_ref()
        .is_some_and(|method| !list.methods.is_empty() && !list.methods.contains(method));
    // Any method will do here: the methods were asked above.
    let any_method = list.methods.first().map(String::as_str);
    let path_refuses =
        call.path.as_deref().is_some_and(|path| !list.allows_request(any_method, Some(path)));
    match methods_refuse || path_refuses {
        true => Verdict::RequestNotAllowed,
        false => Verdict::Valid,
    }
}
