//! Who may see and change which issuer: the tenant's own administrators and the cluster. Whoever makes an
//! issuer believed, or changes what is believed of it, could be anybody whom it speaks of: so they must
//! hold whatever its map gives, and whatever its persons hold.

use crate::{caller::Caller, error::Error};
use domain::{
    id::Scope,
    issuer::Issuer,
    right::{Right, Rights},
};
use store::{Read, Tx};

/// Issuers that one tenant may have.
pub(super) const MAX_OF_TENANT: i64 = 20;

/// Demands the right to manage.
pub(super) fn require_some(caller: &Caller) -> Result<(), Error> {
    caller.require_rights([Right::TenantsManage].into_iter().collect())
}

/// Demands that the caller may change this issuer.
pub(super) fn require_over(caller: &Caller, issuer: &Issuer) -> Result<(), Error> {
    if !caller.reaches(issuer.scope) {
        return Err(Error::NotFound);
    }
    require_some(caller)?;
    if issuer.is_configured() {
        return Err(crate::rules::of_configuration());
    }
    Ok(())
}

/// Checks that the roles of a map exist where the issuer belongs, and that the caller holds what they give.
pub(super) fn check_map(r: &mut Read, caller: &Caller, issuer: &Issuer) -> Result<(), Error> {
    let roles = store::roles::list(r, issuer.scope)?;
    let mut given = Rights::NONE;
    for name in issuer.mapped_roles() {
        let role = roles
            .iter()
            .filter(|role| !role.cluster_only || issuer.scope == Scope::Cluster)
            .find(|role| role.name == name)
            .ok_or_else(|| Error::invalid("roleMap", format!("`{name}` cannot be given here")))?;
        given = given.union(role.rights_in(issuer.scope));
    }
    caller.require_rights(given)
}

/// Checks that the caller holds whatever an issuer that is there can give, and whatever its persons hold.
pub(super) fn check_holds_no_more(
    tx: &mut Tx,
    caller: &Caller,
    issuer: &Issuer,
) -> Result<(), Error> {
    let roles = store::roles::list(tx, issuer.scope)?;
    let mut names = issuer.mapped_roles();
    for person in store::persons::list_by_issuer(tx, issuer.scope, &issuer.issuer)? {
        names.extend(person.all_roles());
    }
    caller.require_rights(store::roles::rights_of(&roles, issuer.scope, &names))
}

/// Checks that no token could be taken for one of either issuer: of two tenants that believe one issuer,
/// each must have audiences of its own.
pub(super) fn check_apart(issuer: &Issuer, other: &Issuer) -> Result<(), Error> {
    let shared = || issuer.audiences.iter().find(|of| other.audiences.contains(of));
    if issuer.id != other.id
        && issuer.issuer == other.issuer
        && issuer.callers
        && other.callers
        && let Some(shared) = shared()
    {
        let detail = format!(
            "tokens of this issuer for `{shared}` are taken already; choose an audience of your own"
        );
        return Err(Error::conflict("audience", detail));
    }
    Ok(())
}
