//! What persons lose when their issuer is believed less: a role that its map gives no more, and where it
//! is believed nothing, every role that it gave, their sessions and their tokens. Their own keys stay, and
//! so must not go on by a role that nobody vouches for.

use crate::error::Error;
use domain::{
    actor::PrincipalId,
    audit::{AuditEvent, Origin},
    issuer::Issuer,
    person::{OutsideIdentity, Person},
};
use store::Tx;

/// Takes all that the issuer gave from everybody whom it signs in: their sessions and tokens end.
pub(super) fn all(tx: &mut Tx, issuer: &Issuer, origin: &Origin) -> Result<Vec<AuditEvent>, Error> {
    let persons = store::persons::list_by_issuer(tx, issuer.scope, &issuer.issuer)?;
    for person in &persons {
        store::tokens::revoke_by_principal(tx, PrincipalId::Person(person.id), origin.at)?;
    }
    take(tx, persons, |_| false, origin)
}

/// Takes the roles from them that the issuer gave before and does not give for the same claims any more.
pub(super) fn roles(
    tx: &mut Tx,
    before: &Issuer,
    after: &Issuer,
    origin: &Origin,
) -> Result<Vec<AuditEvent>, Error> {
    let same_claim = before.roles_claim == after.roles_claim;
    let stays = |role: &str| {
        let mut gave = before.role_map.iter().filter(|mapped| mapped.role == role).peekable();
        same_claim && gave.peek().is_some() && gave.all(|mapped| after.role_map.contains(mapped))
    };
    if same_claim && before.mapped_roles().iter().all(|role| stays(role)) {
        return Ok(Vec::new());
    }
    let persons = store::persons::list_by_issuer(tx, after.scope, &after.issuer)?;
    take(tx, persons, stays, origin)
}

fn take(
    tx: &mut Tx,
    persons: Vec<Person>,
    stays: impl Fn(&str) -> bool,
    origin: &Origin,
) -> Result<Vec<AuditEvent>, Error> {
    let mut events = Vec::new();
    for before in persons {
        let Some(outside) = &before.outside else { continue };
        let mut mapped_roles = outside.mapped_roles.clone();
        mapped_roles.retain(|role| stays(role));
        if mapped_roles == outside.mapped_roles {
            continue;
        }
        let after = Person {
            outside: Some(OutsideIdentity { mapped_roles, ..outside.clone() }),
            version: before.version.saturating_add(1),
            ..before.clone()
        };
        store::persons::update(tx, &after)?;
        let subject = ("person", after.id.to_string());
        let event = AuditEvent::new("person.update", after.scope, origin.clone(), subject);
        events.push(event.before(before.facts()).after(after.facts()));
    }
    Ok(events)
}
