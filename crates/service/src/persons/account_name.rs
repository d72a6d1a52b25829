//! How a person is named where no tenant is known yet: `<tenant>\<user>`, where the tenant is its id
//! or one of its domains in any case; cluster persons have no tenant part. The backslash may be
//! doubled, because published commands double it. Nothing else separates: a `/` belongs to the name.

use crate::{Service, error::Error};
use domain::{
    id::{Scope, TenantId},
    person,
};

/// The parts of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AccountName<'a> {
    /// A person of the cluster.
    Cluster(&'a str),
    /// A person of a tenant.
    OfTenant {
        /// A tenant's id or one of its domains.
        tenant: &'a str,
        /// The user name.
        user: &'a str,
    },
}

/// Reads a name; `None` for what nobody can be called.
pub(crate) fn parse(text: &str) -> Option<AccountName<'_>> {
    let Some((tenant, user)) = text.split_once('\\') else {
        return person::is_username(text).then_some(AccountName::Cluster(text));
    };
    let user = user.strip_prefix('\\').unwrap_or(user);
    (!tenant.is_empty() && person::is_username(user))
        .then_some(AccountName::OfTenant { tenant, user })
}

impl Service {
    /// The tenant of this id or domain.
    pub(crate) async fn tenant_named(&self, text: &str) -> Result<Option<TenantId>, Error> {
        let (id, domain) = (TenantId::parse(text).ok(), domain::tenant::fold_domain(text));
        let found = self.store.read(move |r| match (id, domain) {
            (Some(id), _) => store::tenants::find_by_id(r, id),
            (None, Some(domain)) => store::tenants::find_by_domain(r, &domain),
            (None, None) => Ok(None),
        });
        Ok(found.await?.map(|tenant| tenant.id))
    }
}

/// The name as `parse` takes it: unique in the installation.
pub(crate) fn qualified(scope: Scope, user: &str) -> String {
    match scope {
        Scope::Cluster => user.to_owned(),
        Scope::Tenant(id) => format!("{id}\\{user}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use AccountName::{Cluster, OfTenant};

    #[test]
    fn one_or_two_backslashes_separate_the_tenant_part() {
        let person = OfTenant { tenant: "t100", user: "nexus" };
        assert_eq!(parse("t100\\nexus"), Some(person));
        assert_eq!(parse("t100\\\\nexus"), Some(person));
        assert_eq!(parse("t100\\\\\\nexus"), None);
        assert_eq!(parse("t100\\a\\b"), None);
    }

    #[test]
    fn without_a_backslash_it_is_a_person_of_the_cluster() {
        assert_eq!(parse("ops"), Some(Cluster("ops")));
        assert_eq!(parse("t100/nexus"), Some(Cluster("t100/nexus")));
    }

    #[test]
    fn what_nobody_can_be_called_is_no_name() {
        for text in ["", "\\", "\\nexus", "t100\\", "t100\\\\", " ops", "o\nps"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_qualified_name_reads_back() {
        let id = domain::id::TenantId::parse("578ec98e-f07c-46ad-9675-f36c22f3ba9f").unwrap();
        let name = qualified(Scope::Tenant(id), "nexus");
        assert_eq!(
            parse(&name),
            Some(OfTenant { tenant: "578ec98e-f07c-46ad-9675-f36c22f3ba9f", user: "nexus" })
        );
        assert_eq!(qualified(Scope::Cluster, "ops"), "ops");
    }
}
