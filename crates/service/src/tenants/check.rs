//! What a tenant's values may be.

use crate::error::Error;
use domain::{
    id::TenantId,
    key::check_name,
    secret::is_key_prefix,
    tenant::{MAX_LAPSE_MINUTES, Tenant, Unacknowledged, fold_domain, is_realm_name},
};

/// Domains of one tenant.
const MAX_DOMAINS: usize = 50;
/// Characters of what is said of its authentication.
const MAX_AUTH_CHARS: usize = 255;

/// What the console calls the place of whatever belongs to no tenant, in letters alone.
const NO_TENANT: &str = "wholeinstallation";

/// Refuses a new name by which a tenant would look like no tenant at all, however it is written.
pub(super) fn new_name(name: &str) -> Result<(), Error> {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    if letters.eq(NO_TENANT.chars()) {
        let detail = "must not be what the console calls the place of what belongs to no tenant";
        return Err(Error::invalid("name", detail));
    }
    Ok(())
}

/// Folds the domains, and checks that they are domains and each stands there once.
pub(super) fn domains(texts: &[String]) -> Result<Vec<String>, Error> {
    let bad = |detail: &str| Err(Error::invalid("domains", detail));
    if texts.len() > MAX_DOMAINS {
        return Err(Error::invalid("domains", format!("must be at most {MAX_DOMAINS}")));
    }
    let mut folded: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        match fold_domain(text) {
            // Where a domain may stand, a tenant's id may stand too.
            Some(domain) if TenantId::parse(&domain).is_ok() => {
                return bad("must not look like the id of a tenant");
            }
            Some(domain) if folded.contains(&domain) => return bad("must not be named twice"),
            Some(domain) => folded.push(domain),
            None => return bad("must be 1 to 63 letters, digits, `-` or `_`, without a period"),
        }
    }
    Ok(folded)
}

/// Checks what is checked without asking anybody else.
pub(super) fn values(tenant: &Tenant) -> Result<(), Error> {
    check_name(&tenant.name).map_err(|_| {
        Error::invalid(
            "name",
            "must have 1 to 255 characters, not only spaces, no control characters",
        )
    })?;
    if let Some(realm) = tenant.realm.as_deref()
        && (!is_realm_name(realm) || TenantId::parse(realm).is_ok())
    {
        return Err(Error::invalid(
            "realm",
            "must be 1 to 63 of a-z, 0-9, `-` and `_`, and must not look like the id of a tenant",
        ));
    }
    if tenant.key_prefix.as_deref().is_some_and(|prefix| !is_key_prefix(prefix)) {
        return Err(bad_prefix("keyPrefix"));
    }
    if !(1..=MAX_AUTH_CHARS).contains(&tenant.auth.chars().count())
        || tenant.auth.contains(char::is_control)
    {
        let detail = format!("must have 1 to {MAX_AUTH_CHARS} characters, no control characters");
        return Err(Error::invalid("auth", detail));
    }
    match tenant.unacknowledged {
        Unacknowledged::Lapse(minutes) if !(1..=MAX_LAPSE_MINUTES).contains(&minutes) => {
            let detail = format!("must be 1 to {MAX_LAPSE_MINUTES} with `lapse`");
            Err(Error::invalid("policy.lapseMinutes", detail))
        }
        _ => Ok(()),
    }
}

/// Says what a prefix of secrets may be.
pub(crate) fn bad_prefix(field: &'static str) -> Error {
    Error::invalid(
        field,
        "must be a letter, 1 to 14 more of a-z and 0-9, and `_`, such as `acme_`; none of `kw_`, \
         `psk_` and `key_`",
    )
}
