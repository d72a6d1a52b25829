//! Setting a policy: it is made, or takes the earlier one's place whole.

use super::{require_over, require_tenant, subject};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::AuditEvent,
    id::Scope,
    key_policy::{BadPolicy, EVERY_TYPE, KeyPolicy, MAX_DAYS, MAX_KEYS},
};
use store::{Committed, Tx};

/// What a policy says; what is `None` or false it does not say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SetKeyPolicy {
    /// Days that a key lives whose creator named no end.
    pub default_life_days: Option<u32>,
    /// Days after which a key must have ended.
    pub longest_life_days: Option<u32>,
    /// Whether a key must say what it is for.
    pub description_required: bool,
    /// The most keys of the type.
    pub most_keys: Option<u32>,
    /// The most of one person or client.
    pub most_keys_per_person: Option<u32>,
    /// The most that are made within a minute.
    pub most_new_per_minute: Option<u32>,
    /// Days without use after which a key is held back.
    pub unused_days: Option<u32>,
    /// Only if there is one and it is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Sets the policy for keys of a type, or of every type without one of its own (`*`). `agree` holds
    /// what else the caller said of it against what it becomes. Says whether there was none before.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`],
    /// [`Error::Invalid`], [`Error::PreconditionFailed`].
    pub async fn set_key_policy(
        &self,
        caller: &Caller,
        scope: Scope,
        key_type: &str,
        wanted: SetKeyPolicy,
        agree: impl Fn(&KeyPolicy) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<(KeyPolicy, bool), Error> {
        require_over(caller, scope)?;
        let of_type = match key_type {
            EVERY_TYPE => None,
            name => Some(
                self.key_type(scope, name)
                    .ok_or_else(|| Error::invalid("keyType", "there is no such key type"))?,
            ),
        };
        let origin = caller.origin(self.now().wall);
        let new = KeyPolicy {
            scope,
            key_type: key_type.to_owned(),
            default_life_days: wanted.default_life_days,
            longest_life_days: wanted.longest_life_days,
            description_required: wanted.description_required,
            most_keys: wanted.most_keys,
            most_keys_per_person: wanted.most_keys_per_person,
            most_new_per_minute: wanted.most_new_per_minute,
            unused_days: wanted.unused_days,
            created_at: origin.at,
            version: 1,
        };
        new.check(of_type.as_ref()).map_err(explain)?;
        let write = move |tx: &mut Tx| -> Result<Committed<_>, Stopped<_>> {
            require_tenant(tx, scope)?;
            let before = store::key_policies::find_for_update(tx, scope, &new.key_type)?;
            let event = |policy: &KeyPolicy| {
                AuditEvent::new("key_policy.set", scope, origin.clone(), subject(policy))
                    .after(policy.facts())
            };
            let Some(before) = before else {
                check_version(wanted.if_version, 0)?;
                agree(&new)?;
                store::key_policies::insert(tx, &new)?;
                return Ok(tx.commit(event(&new), (new.clone(), true))?);
            };
            check_version(wanted.if_version, before.version)?;
            agree(&before)?;
            let after =
                KeyPolicy { created_at: before.created_at, version: before.version, ..new.clone() };
            if after == before {
                return Err(Stopped::Unchanged(Box::new((before, false))));
            }
            let after = KeyPolicy { version: before.version.saturating_add(1), ..after };
            store::key_policies::update(tx, &after)?;
            Ok(tx.commit(event(&after).before(before.facts()), (after, false))?)
        };
        settled(self.store.write(write).await)
    }
}

fn explain(bad: BadPolicy) -> Error {
    match bad {
        BadPolicy::Range(field) => {
            let most = if field.ends_with("Days") { MAX_DAYS } else { MAX_KEYS };
            Error::invalid(field, format!("must be 1 to {most}"))
        }
        BadPolicy::DefaultAboveLongest => {
            Error::invalid("defaultLifeDays", "must not be more than `longestLifeDays`")
        }
        BadPolicy::NotOfType(field @ "descriptionRequired") => Error::invalid(
            field,
            "the description of keys of this type is no setting: none can be required",
        ),
        BadPolicy::NotOfType(field) => {
            Error::invalid(field, "keys of this type have no end that could be set")
        }
    }
}
