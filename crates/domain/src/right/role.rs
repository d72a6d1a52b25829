//! Roles, and those that every installation has.

use super::{Right, Rights};
use crate::{
    audit::{Fact, Facts},
    id::Scope,
};

/// A role bundles rights under a name; persons and clients hold roles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// `[a-z0-9_]+`, unique in its scope; a seeded name cannot be taken by a tenant.
    pub name: String,
    /// `Cluster` for the seeded roles; a tenant for its own.
    pub scope: Scope,
    /// Whether only cluster persons and clients may hold it.
    pub cluster_only: bool,
    /// What it allows.
    pub rights: Rights,
    /// Counts the changes.
    pub version: u32,
}

impl Role {
    /// What the role allows to a holder of `scope`: a role that is above it nothing, and to whoever
    /// belongs to a tenant no right of the cluster.
    #[must_use]
    pub fn rights_in(&self, scope: Scope) -> Rights {
        match scope {
            Scope::Cluster if self.scope == Scope::Cluster => self.rights,
            Scope::Tenant(_) if !self.cluster_only && self.scope.reaches(scope) => {
                self.rights.of_a_tenant()
            }
            Scope::Cluster | Scope::Tenant(_) => Rights::NONE,
        }
    }

    /// What the audit log says of a role.
    #[must_use]
    pub fn facts(&self) -> Facts {
        vec![
            ("name", Fact::Text(self.name.clone())),
            ("tenant", Fact::Text(self.scope.to_string())),
            ("clusterOnly", Fact::Bool(self.cluster_only)),
            ("rights", Fact::List(self.rights.iter().map(|r| r.as_str().to_owned()).collect())),
            ("version", Fact::Int(self.version.into())),
        ]
    }

    /// Whether every installation has it, and nobody changes it.
    #[must_use]
    pub fn is_seeded(&self) -> bool {
        self.scope == Scope::Cluster && seeded_roles().iter().any(|r| r.name == self.name)
    }
}

/// Checks a role's name: 1 to 64 lower-case letters, digits and `_`.
#[must_use]
pub fn is_role_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The roles every installation has. `nx1_…` roles also become permissions of personal keys.
#[must_use]
pub fn seeded_roles() -> Vec<Role> {
    use Right as R;
    let see = [
        R::NexusView,
        R::NexusRead,
        R::CallbackView,
        R::CallbackRead,
        R::ExperienceView,
        R::ExperienceRead,
        R::NativeView,
        R::NativeRead,
        R::AuditRead,
    ];
    let service = [
        R::CallbackView,
        R::CallbackRead,
        R::CallbackCreate,
        R::CallbackUpdate,
        R::CallbackDelete,
        R::CallbackReveal,
        R::NexusView,
        R::NexusRead,
        R::NexusCreate,
        R::NexusUpdate,
        R::NexusDelete,
        R::NexusReveal,
        R::KeysVerify,
    ];
    let role = |name: &str, cluster_only: bool, rights: Rights| Role {
        name: name.to_owned(),
        scope: Scope::Cluster,
        cluster_only,
        rights,
        version: 1,
    };
    let mut roles = vec![
        role("ops", true, Rights::all()),
        role("admin", false, Rights::all()),
        role("viewer", false, see.into_iter().collect()),
        role("service", false, service.into_iter().collect()),
    ];
    let personal: Rights = [R::PersonalKeysUse].into_iter().collect();
    for name in [
        "nx1_app_manager",
        "nx1_ask",
        "nx1_engineer",
        "nx1_ingest",
        "nx1_monitor",
        "nx1_monitor_admin",
    ] {
        roles.push(role(name, false, personal));
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TenantId;

    #[test]
    fn the_viewer_reveals_nothing() {
        let viewer = seeded_roles().into_iter().find(|r| r.name == "viewer").unwrap().rights;
        assert!(!viewer.iter().any(|r| r.as_str().ends_with("canReveal")));
    }

    #[test]
    fn a_role_gives_nothing_above_its_holder() {
        let (here, there) =
            (Scope::Tenant(TenantId::from_u128(1)), Scope::Tenant(TenantId::from_u128(2)));
        let role = |name: &str| seeded_roles().into_iter().find(|r| r.name == name).unwrap();
        assert_eq!(role("ops").rights_in(Scope::Cluster), Rights::all());
        assert_eq!(role("ops").rights_in(here), Rights::NONE);
        assert!(!role("admin").rights_in(here).has(Right::GatewayManage));
        assert!(role("admin").rights_in(here).has(Right::PersonsManage));
        let own = Role { scope: here, ..role("admin") };
        assert_eq!(own.rights_in(there), Rights::NONE);
        assert_eq!(own.rights_in(Scope::Cluster), Rights::NONE);
        assert!(role("admin").is_seeded() && !own.is_seeded());
    }
}
