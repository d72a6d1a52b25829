//! Key types: what a key is for. Data, not code: every rule of a type is a field here.

mod custom;
mod seeded;
mod words;

pub use custom::{is_header, is_parameter, is_type_name};
pub use seeded::seeded;

use crate::{
    audit::{Fact, Facts},
    id::{Scope, TenantId},
    permission::Permission,
    rate_limit::Limit,
    right::Family,
};
use std::borrow::Cow;

/// How a type's secrets are made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Format {
    /// A UUIDv4 made by the server.
    Uuid,
    /// A prefix ending in `_`, 32 random base62 digits, six digits of checksum.
    Random {
        /// The type's own prefix; a tenant's may take its place.
        prefix: String,
    },
    /// 16 to 128 visible ASCII characters, chosen by the caller.
    Chosen,
    /// A signed JWT (EdDSA), looked up by its digest.
    Jwt,
}

/// Whether a secret can be read again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reveal {
    /// Kept under the sealing key; whoever has the right may read it, audited.
    Recoverable,
    /// In the creating answer alone.
    Once,
    /// In the creating answer alone, and its creator records once that it was stored.
    OnceAcknowledged,
}

/// Where a key of the type is presented.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// A header that holds the bare secret.
    Header(Cow<'static, str>),
    /// `Authorization: Bearer`.
    Bearer,
    /// A query or form parameter.
    Parameter(Cow<'static, str>),
}

/// Which permissions a key of the type carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Permissions {
    /// One or more of this namespace, named by the creator.
    Within(&'static str),
    /// Exactly these, always.
    Fixed(Vec<Permission>),
    /// `nx1:<role>` for the owner's roles as they are at that moment.
    OwnersRoles,
    /// Any outside the reserved namespaces, and `keyward:keys:verify`.
    TenantsOwn,
}

/// Which settings of a key may change after its creation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a row of switches, read as a table")]
pub struct Settings {
    /// The name.
    pub name: bool,
    /// The description.
    pub description: bool,
    /// The end of its life.
    pub expiry: bool,
    /// Capacity and frequency.
    pub limit: bool,
    /// Origins, addresses, methods and paths.
    pub allow_list: bool,
    /// What it may do.
    pub permissions: bool,
}

/// What may be done to a key besides changing settings; revoke and delete are open to every type.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a row of switches, read as a table")]
pub struct Actions {
    /// Switch it off and on.
    pub enable: bool,
    /// A new secret, the old one working on for a while.
    pub rotate: bool,
    /// A new secret, the old one dead at once.
    pub regenerate: bool,
    /// Only assigned and unassigned, as Callback keys are.
    pub assigned_only: bool,
}

/// A key type.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyType {
    /// `[a-z0-9-]+`; a seeded name cannot be taken.
    pub name: String,
    /// The tenant of a custom type; `None` for the seeded ones.
    pub tenant: Option<TenantId>,
    /// Whose rights govern it.
    pub family: Family,
    /// How its secrets are made.
    pub format: Format,
    /// Whether they can be read again.
    pub reveal: Reveal,
    /// Where they are presented.
    pub presented_in: Vec<Place>,
    /// What its keys may do.
    pub permissions: Permissions,
    /// The limit of a key whose creator named none.
    pub default_limit: Option<Limit>,
    /// Settings that may change.
    pub settings: Settings,
    /// What may be done to its keys.
    pub actions: Actions,
    /// Whether keys of tenant `*` exist.
    pub cluster_keys: bool,
    /// Whether a tenant's own prefix takes the place of the type's.
    pub tenant_prefix: bool,
    /// What it is for.
    pub description: Option<String>,
    /// Counts the changes; 1 of a seeded type, which never changes.
    pub version: u32,
}

/// Why a key may not carry the permissions that were asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BadPermissions {
    /// None was named and the type has no fixed ones.
    Empty,
    /// This one is not open to the type.
    NotOpen(Permission),
    /// This one covers a cluster permission and the key is a tenant's.
    ClusterOnly(Permission),
}

/// The permission that lets a key call verify for its own tenant.
pub const VERIFY_PERMISSION: &str = "keyward:keys:verify";

/// The type of the keys of data products.
pub const DATA_TYPE: &str = "data-psk";
/// The type of personal keys.
pub const PERSONAL_TYPE: &str = "psk";

impl KeyType {
    /// What the audit log says of a key type.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let limit = |number: Option<u32>| number.map_or(Fact::Null, |n| Fact::Int(n.into()));
        vec![
            ("name", Fact::Text(self.name.clone())),
            ("description", self.description.clone().map_or(Fact::Null, Fact::Text)),
            ("format", Fact::Text(self.format.as_str().to_owned())),
            ("prefix", self.format.prefix().map_or(Fact::Null, |p| Fact::Text(p.to_owned()))),
            ("reveal", Fact::Text(self.reveal.as_str().to_owned())),
            (
                "presentedIn",
                Fact::List(self.presented_in.iter().map(ToString::to_string).collect()),
            ),
            ("capacity", limit(self.default_limit.map(Limit::capacity))),
            ("frequency", limit(self.default_limit.map(Limit::frequency_s))),
            ("settings", Fact::List(self.settings.words().map(str::to_owned).collect())),
            ("version", Fact::Int(self.version.into())),
        ]
    }

    /// Whether its keys may say from where they are accepted: always where that may change later, and
    /// keys of Experience Cloud say it once, when they are made (seed document 003).
    #[must_use]
    pub fn takes_allow_list(&self) -> bool {
        self.settings.allow_list || self.format == Format::Jwt
    }

    /// Whether the name of its keys says what they are for, and so names no key: a copy has the same.
    #[must_use]
    pub fn names_a_product(&self) -> bool {
        self.tenant.is_none() && self.name == DATA_TYPE
    }

    /// Checks the permissions asked for at creation and returns those that the key will carry.
    ///
    /// # Errors
    /// Names the first permission that is not allowed, or says that one is missing.
    pub fn grant(
        &self,
        scope: Scope,
        asked: &[Permission],
    ) -> Result<Vec<Permission>, BadPermissions> {
        let open = |p: &Permission| match &self.permissions {
            Permissions::Within(namespace) => p.namespace() == *namespace,
            Permissions::Fixed(fixed) => fixed.contains(p),
            Permissions::OwnersRoles => false,
            Permissions::TenantsOwn => {
                p.as_str() == VERIFY_PERMISSION
                    || !crate::permission::RESERVED.contains(&p.namespace())
            }
        };
        if let Some(bad) = asked.iter().find(|p| !open(p)) {
            return Err(BadPermissions::NotOpen(bad.clone()));
        }
        if scope != Scope::Cluster
            && let Some(bad) = asked.iter().find(|p| p.reaches_cluster())
        {
            return Err(BadPermissions::ClusterOnly(bad.clone()));
        }
        match &self.permissions {
            Permissions::Fixed(fixed) => Ok(fixed.clone()),
            Permissions::Within(_) if asked.is_empty() => Err(BadPermissions::Empty),
            Permissions::Within(_) | Permissions::OwnersRoles | Permissions::TenantsOwn => {
                let mut granted: Vec<Permission> = Vec::with_capacity(asked.len());
                for p in asked {
                    if !granted.contains(p) {
                        granted.push(p.clone());
                    }
                }
                Ok(granted)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        seeded::{api, nexus},
        *,
    };
    use uuid::Uuid;

    fn permissions(texts: &[&str]) -> Vec<Permission> {
        texts.iter().map(|t| Permission::parse(t).unwrap()).collect()
    }

    #[test]
    fn a_tenant_key_gets_no_cluster_permission() {
        let (nexus, tenant) = (nexus(), Scope::Tenant(TenantId(Uuid::nil())));
        assert!(nexus.grant(tenant, &permissions(&["nexus:consumer:*"])).is_ok());
        for text in ["nexus:*", "nexus:cluster:*", "nexus:cluster:chat"] {
            assert!(matches!(
                nexus.grant(tenant, &permissions(&[text])),
                Err(BadPermissions::ClusterOnly(_))
            ));
            assert!(nexus.grant(Scope::Cluster, &permissions(&[text])).is_ok());
        }
        assert_eq!(nexus.grant(tenant, &[]), Err(BadPermissions::Empty));
        assert!(matches!(
            nexus.grant(tenant, &permissions(&["engagement:x"])),
            Err(BadPermissions::NotOpen(_))
        ));
    }

    #[test]
    fn an_api_key_takes_nothing_reserved_but_verify() {
        let (api, tenant) = (api(), Scope::Tenant(TenantId(Uuid::nil())));
        assert!(api.grant(tenant, &permissions(&["orders:read", VERIFY_PERMISSION])).is_ok());
        assert!(api.grant(tenant, &permissions(&["keyward:keys:reveal"])).is_err());
        assert!(api.grant(tenant, &permissions(&["nexus:consumer:chat"])).is_err());
    }

    #[test]
    fn the_seeded_types_have_their_names_once() {
        let mut names: Vec<String> = seeded().into_iter().map(|t| t.name).collect();
        names.sort();
        let before = names.len();
        names.dedup();
        assert_eq!((names.len(), before), (10, 10));
    }
}
