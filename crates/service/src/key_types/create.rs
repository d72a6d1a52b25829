//! Making a key type.

use super::{check, require_over, subject};
use crate::{Service, caller::Caller, error::Error, tenants::bad_prefix};
use domain::{
    audit::AuditEvent,
    id::{Scope, TenantId},
    key_type::{Actions, Format, KeyType, Permissions, Place, Reveal, Settings, is_type_name},
    rate_limit::Limit,
    right::Family,
    secret::is_key_prefix,
};
use store::Tx;

/// Types of one tenant.
const MAX_TYPES: i64 = 100;

/// A key type to make.
#[derive(Clone, Debug)]
pub struct CreateKeyType {
    /// Whose it will be.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How its secrets are made: UUIDs, or random with a prefix of its own.
    pub format: Format,
    /// Whether they can be read again.
    pub reveal: Reveal,
    /// Where they are presented.
    pub presented_in: Vec<Place>,
    /// The limit of a key whose creator names none.
    pub default_limit: Option<Limit>,
    /// Settings of its keys that may change.
    pub settings: Settings,
}

impl Service {
    /// Makes a key type of a tenant's own.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant that is not there for this caller, [`Error::NotAllowed`],
    /// [`Error::Invalid`], [`Error::Conflict`] when the name or the prefix is taken, or when the
    /// tenant has as many types as it may have.
    pub async fn create_key_type(
        &self,
        caller: &Caller,
        wanted: CreateKeyType,
    ) -> Result<KeyType, Error> {
        require_over(caller, wanted.tenant)?;
        let (tenant, of_type) = (wanted.tenant, new_type(wanted)?);
        check(&of_type, self.settings.nodes)?;
        let origin = caller.origin(self.now().wall);
        self.store
            .write(move |tx: &mut Tx| {
                let made = store::key_types::count(tx, tenant)?.ok_or(Error::NotFound)?;
                if made >= MAX_TYPES {
                    let detail =
                        format!("the tenant has {MAX_TYPES} key types, and no more can be");
                    return Err(Error::conflict("key_types", detail));
                }
                store::key_types::insert(tx, tenant, &of_type, origin.at)?;
                let (scope, subject) = (Scope::Tenant(tenant), subject(tenant, &of_type.name));
                let event = AuditEvent::new("key_type.create", scope, origin.clone(), subject)
                    .after(of_type.facts());
                tx.commit(event, of_type.clone()).map_err(Error::from)
            })
            .await
    }
}

fn new_type(wanted: CreateKeyType) -> Result<KeyType, Error> {
    if !is_type_name(&wanted.name) {
        return Err(Error::invalid(
            "name",
            "must be 1 to 64 of a-z, 0-9 and `-`, and no name of a type that every installation has",
        ));
    }
    match &wanted.format {
        Format::Uuid => {}
        Format::Random { prefix } if is_key_prefix(prefix) => {}
        Format::Random { .. } => return Err(bad_prefix("format.prefix")),
        Format::Chosen | Format::Jwt => {
            return Err(Error::invalid("format.kind", "must be `random` or `uuid`"));
        }
    }
    Ok(KeyType {
        name: wanted.name,
        tenant: Some(wanted.tenant),
        family: Family::Native,
        format: wanted.format,
        reveal: wanted.reveal,
        presented_in: wanted.presented_in,
        permissions: Permissions::TenantsOwn,
        default_limit: wanted.default_limit,
        settings: wanted.settings,
        actions: Actions { enable: true, rotate: true, ..Actions::default() },
        cluster_keys: false,
        tenant_prefix: false,
        description: wanted.description,
        version: 1,
    })
}
