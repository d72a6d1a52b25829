//! Makes a key. Its secret is moved through, never cloned, and leaves once.

use super::{
    allowed, require_allow_list, require_creation, require_no_escalation, schedule::scheduled,
    tenant_of,
};
use crate::{Service, caller::Caller, error::Error, key_policies::govern::govern_new};
use domain::{
    allow_list::AllowList,
    audit::{AuditEvent, Fact},
    id::{KeyId, PersonId, Scope},
    key::{Key, Schedule},
    key_type::{Format, KeyType, Reveal},
    permission::Permission,
    rate_limit::Limit,
    secret::{self, BadChoice, Secret},
    time::Timestamp,
};
use std::sync::Arc;
use store::{Read, StoredSecret, Tx};
use verifier::Now;

/// What a creator wants.
#[derive(Debug)]
pub struct CreateKey {
    /// The name of the key's type.
    pub key_type: String,
    /// Where it belongs.
    pub scope: Scope,
    /// The name shown; need not be unique.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What it may do.
    pub permissions: Vec<Permission>,
    /// The switch.
    pub enabled: bool,
    /// Not valid before.
    pub starts_at: Option<Timestamp>,
    /// Not valid from then on.
    pub expires_at: Option<Timestamp>,
    /// Revoked from then on.
    pub revoked_at: Option<Timestamp>,
    /// Its limit; `None`: the type's.
    pub limit: Option<Limit>,
    /// How often it is rotated.
    pub rotation: Option<Schedule>,
    /// From where, and for what, it is accepted.
    pub allow_list: AllowList,
    /// Whose it is, of personal keys.
    pub owner: Option<PersonId>,
    /// The secret, where the caller chooses it or it is imported.
    pub secret: Option<Secret>,
}

/// A new key and its secret: the one time that both are together.
#[derive(Debug)]
pub struct Created {
    /// The key.
    pub key: Key,
    /// Its secret.
    pub secret: Secret,
}

/// Why the transaction did not add the key.
enum Refused {
    Taken,
    Failed(Error),
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict("secret") => Self::Taken,
            other => Self::Failed(other.into()),
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Service {
    /// Makes a key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that does not exist or is out of reach,
    /// [`Error::NotAllowed`] without the right of the type's family, [`Error::Invalid`] for a value
    /// that keys of the type cannot have, [`Error::Conflict`] for a secret that is taken anywhere,
    /// [`Error::TooManyKeys`] and [`Error::Limited`] where the policy for keys of the type has no room.
    pub async fn create_key(&self, caller: &Caller, wanted: CreateKey) -> Result<Created, Error> {
        self.make_key(caller, wanted, None).await
    }

    /// The same; `source`: the key whose settings these are, of a copy.
    pub(super) async fn make_key(
        &self,
        caller: &Caller,
        wanted: CreateKey,
        source: Option<KeyId>,
    ) -> Result<Created, Error> {
        if !caller.reaches(wanted.scope) {
            return Err(Error::NotFound);
        }
        let of_type = self
            .key_type(wanted.scope, &wanted.key_type)
            .ok_or_else(|| Error::invalid("keyType", "there is no such key type"))?;
        require_creation(caller, of_type.family, wanted.owner)?;
        let now = self.now();
        let (key, chosen) = self.new_key(caller, &of_type, wanted, now.wall)?;
        require_no_escalation(caller, &key.permissions)?;
        let trying = match &chosen {
            None => None,
            Some(_) => Some(
                self.taken_answers
                    .begin(key.scope, now.mono_ns)
                    .await
                    .map_err(|retry_after_s| Error::Limited { retry_after_s })?,
            ),
        };
        let secret = self.secret_for(&of_type, &key, chosen).await?;
        let key = Key { hint: secret::hint(&secret), ..key };
        let keep_text = of_type.reveal == Reveal::Recoverable;
        let stored = self
            .keyring
            .seal_secret(&key, 0, &secret, keep_text)
            .map_err(|e| Error::Internal(Box::new(e)))?;
        match self.insert_key(caller, (&key, of_type), stored, &secret, (source, now)).await {
            Ok(key) => Ok(Created { key, secret }),
            Err(Refused::Taken) => {
                if let Some(trying) = trying {
                    trying.told(now.mono_ns);
                }
                Err(self.secret_is_taken(caller, &key, now).await?)
            }
            Err(Refused::Failed(error)) => Err(error),
        }
    }

    /// Puts the values together and checks them.
    pub(super) fn new_key(
        &self,
        caller: &Caller,
        of_type: &KeyType,
        wanted: CreateKey,
        at: Timestamp,
    ) -> Result<(Key, Option<Secret>), Error> {
        allowed::check_values(&wanted.name, wanted.description.as_deref())?;
        allowed::check_creation(of_type, &wanted)?;
        allowed::check_belonging(of_type, &wanted)?;
        let permissions = of_type
            .grant(wanted.scope, &wanted.permissions)
            .map_err(|bad| allowed::explain(of_type, &bad))?;
        let limit = wanted.limit.or(of_type.default_limit);
        allowed::check_limit(limit, self.settings.nodes)?;
        let key = Key {
            id: KeyId::from_bytes(self.entropy.bytes()),
            scope: wanted.scope,
            key_type: of_type.name.clone(),
            name: wanted.name,
            description: wanted.description,
            owner: wanted.owner,
            permissions,
            enabled: wanted.enabled,
            starts_at: wanted.starts_at,
            expires_at: wanted.expires_at,
            revoked_at: wanted.revoked_at,
            revoke_reason: None,
            limit,
            allow_list: wanted.allow_list,
            hint: String::new(),
            acknowledged_at: None,
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            created_at: at,
            created_by: caller.principal.name().to_string(),
            version: 1,
        };
        Ok((scheduled(of_type, key, wanted.rotation, at), wanted.secret))
    }

    /// Draws the secret, or takes the given one over.
    async fn secret_for(
        &self,
        of_type: &KeyType,
        key: &Key,
        chosen: Option<Secret>,
    ) -> Result<Secret, Error> {
        match (&of_type.format, chosen) {
            (Format::Uuid | Format::Random { .. } | Format::Jwt, None) => {
                self.drawn_secret(of_type, key.scope, key.id).await
            }
            (Format::Chosen, None) => Err(Error::invalid("secret", "must be given")),
            (Format::Uuid | Format::Chosen, Some(chosen)) => {
                self.check_chosen(&chosen).await?;
                Ok(chosen)
            }
            (Format::Random { .. } | Format::Jwt, Some(_)) => {
                Err(Error::invalid("secret", "is made by the server and cannot be chosen"))
            }
        }
    }

    /// Checks that a chosen secret has the right form and begins like nobody else's.
    pub(super) async fn check_chosen(&self, chosen: &Secret) -> Result<(), Error> {
        let taken: Vec<String> = match secret::beginning(chosen.expose()).map(str::to_owned) {
            None => Vec::new(),
            Some(prefix) => {
                let sought = prefix.clone();
                let taken = self
                    .store
                    .read(move |r: &mut Read| store::key_types::prefix_taken(r, &sought))
                    .await
                    .map_err(|e: store::Error| Error::from(e))?;
                if taken { vec![prefix] } else { Vec::new() }
            }
        };
        check_chosen(chosen, &taken)
    }

    async fn insert_key(
        &self,
        caller: &Caller,
        (key, of_type): (&Key, KeyType),
        stored: StoredSecret,
        secret: &Secret,
        (source, now): (Option<KeyId>, Now),
    ) -> Result<Key, Refused> {
        let digest = secret.digest();
        let known = self.keyring.numbers();
        let lookups = self.keyring.lookups(&digest);
        let key = Arc::new(key.clone());
        let origin = caller.origin(now.wall);
        self.store
            .write(move |tx: &mut Tx| {
                let Some(tenant) = tenant_of(tx, key.scope)? else {
                    return Err(Refused::Failed(Error::NotFound));
                };
                require_allow_list(&of_type, &key, tenant.as_ref()).map_err(Refused::Failed)?;
                // Held until the end: of two that make such a key for one person, one waits for the other.
                if let Some(owner) = key.owner
                    && store::persons::find_for_update(tx, key.scope, owner)?.is_none()
                {
                    return Err(Refused::Failed(Error::NotFound));
                }
                if has_personal_key(tx, &key, now.wall)? {
                    return Err(Refused::Failed(Error::conflict(
                        "owner",
                        "this person has such a key already: regenerate that one, or revoke it",
                    )));
                }
                // Nobody else draws what is drawn at random; what somebody chose may lie anywhere.
                if matches!(of_type.format, Format::Chosen | Format::Uuid) {
                    store::master_keys::require_known(tx, &known)?;
                }
                // Rows that an older master key wrote have other look-ups for the same secret.
                if store::keys::lookup_taken(tx, &lookups)? {
                    return Err(Refused::Taken);
                }
                let key = govern_new(tx, &of_type, &key, source.is_some())?;
                store::keys::insert(tx, &key, std::slice::from_ref(&stored), &[digest])?;
                let subject = ("key", key.id.to_string());
                let action = if source.is_some() { "key.copy" } else { "key.create" };
                let event = AuditEvent::new(action, key.scope, origin.clone(), subject);
                let from = source.map(|id| ("copiedFrom", Fact::Text(id.to_string())));
                let event = event.detail(from.into_iter().collect());
                Ok(tx.commit(event.after(key.facts()), key)?)
            })
            .await
    }
}

/// Whether the key's owner has a live one of its type: there is one a person.
fn has_personal_key(tx: &mut Tx, key: &Key, at: Timestamp) -> Result<bool, store::Error> {
    let Some(owner) = key.owner else { return Ok(false) };
    let others = store::keys::list_by_owner(tx, owner)?;
    Ok(others.iter().any(|other| other.key_type == key.key_type && !other.is_revoked(at)))
}

fn check_chosen(chosen: &Secret, prefixes: &[String]) -> Result<(), Error> {
    secret::check_chosen(chosen.expose(), prefixes).map_err(|bad| {
        Error::invalid(
            "secret",
            match bad {
                BadChoice::Form => "must have 16 to 128 visible ASCII characters",
                BadChoice::ReservedBeginning => "begins like a secret that the server makes",
            },
        )
    })
}
