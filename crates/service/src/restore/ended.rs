//! What a newer state of a thing takes away from an older one. Pure rules.

use domain::{
    client::Client,
    key::Key,
    person::{OutsideIdentity, Person},
    rate_limit::Limit,
    tenant::{Tenant, Unacknowledged},
    time::Timestamp,
};

/// The restored key with all that the newer one says against it; `None`: nothing.
pub(super) fn ended_key(was: &Key, is: &Key, replaced: bool, at: Timestamp) -> Option<Key> {
    let mut key = was.clone();
    key.enabled &= is.enabled;
    key.held_at = was.held_at.or(is.held_at);
    key.expires_at = earlier(was.expires_at, is.expires_at);
    key.starts_at = was.starts_at.max(is.starts_at);
    key.permissions.retain(|own| is.permissions.iter().any(|held| held.covers(own.as_str())));
    key.allow_list = is.allow_list.clone();
    key.limit = tighter(was.limit, is.limit);
    let revoked_at = earlier(was.revoked_at, is.revoked_at);
    if revoked_at != was.revoked_at && !was.is_revoked(at) {
        key.revoked_at = revoked_at;
        key.revoke_reason.clone_from(&is.revoke_reason);
    }
    key.secret_ends_at = earlier(was.secret_ends_at, is.secret_ends_at);
    if replaced {
        key.hint.clone_from(&is.hint);
        key.acknowledged_at = is.acknowledged_at;
        // Of the secret that it has now.
        (key.rotation, key.secret_ends_at) = (is.rotation, is.secret_ends_at);
    }
    if key == *was && !replaced {
        return None;
    }
    key.version += 1;
    Some(key)
}

pub(super) fn ended_client(was: &Client, is: &Client) -> Client {
    let rights = was.rights.iter().filter(|right| is.rights.has(*right)).collect();
    Client {
        enabled: was.enabled && is.enabled,
        grants: both(&was.grants, &is.grants),
        scopes: both(&was.scopes, &is.scopes),
        optional_scopes: both(&was.optional_scopes, &is.optional_scopes),
        consent_required: was.consent_required || is.consent_required,
        pkce_optional: was.pkce_optional && is.pkce_optional,
        redirect_uris: both(&was.redirect_uris, &is.redirect_uris),
        roles: both(&was.roles, &is.roles),
        rights,
        contact_centers: is.contact_centers.clone(),
        ..was.clone()
    }
}

/// Who vouches for a person stays; what that gave them and does not any more goes.
pub(super) fn ended_outside(was: &Person, is: &Person) -> Option<OutsideIdentity> {
    let held = is.outside.as_ref().map(|outside| outside.mapped_roles.as_slice());
    was.outside.clone().map(|outside| {
        let mapped_roles = both(&outside.mapped_roles, held.unwrap_or_default());
        OutsideIdentity { mapped_roles, ..outside }
    })
}

/// The switch, how long a key serves that nobody acknowledged (the shorter time of the two), and whether
/// keys need an allow-list.
pub(super) fn ended_tenant(was: &Tenant, is: &Tenant) -> Tenant {
    let minutes = [was, is].into_iter().filter_map(|tenant| tenant.unacknowledged.minutes()).min();
    Tenant {
        enabled: was.enabled && is.enabled,
        unacknowledged: Unacknowledged::from_minutes(minutes),
        allow_list_required: was.allow_list_required || is.allow_list_required,
        ..was.clone()
    }
}

pub(super) fn both<T: PartialEq + Clone>(was: &[T], is: &[T]) -> Vec<T> {
    was.iter().filter(|one| is.contains(one)).cloned().collect()
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    [a, b].into_iter().flatten().min()
}

/// Of two limits the one that lets less through.
fn tighter(a: Option<Limit>, b: Option<Limit>) -> Option<Limit> {
    let (Some(one), Some(other)) = (a, b) else { return a.or(b) };
    let less = u64::from(other.capacity()) * u64::from(one.frequency_s())
        < u64::from(one.capacity()) * u64::from(other.frequency_s());
    Some(if less { other } else { one })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn r_08_a_limit_that_was_lowered_stays_low() {
        let limit = |capacity, seconds| Some(Limit::new(capacity, seconds).unwrap());
        for (was, is, wanted) in [
            (limit(100, 60), limit(10, 60), limit(10, 60)),
            (limit(10, 60), limit(100, 60), limit(10, 60)),
            (limit(10, 1), limit(100, 60), limit(100, 60)),
            (None, limit(10, 60), limit(10, 60)),
            (limit(10, 60), None, limit(10, 60)),
            (None, None, None),
        ] {
            assert_eq!(tighter(was, is), wanted, "{was:?} {is:?}");
        }
    }
}
