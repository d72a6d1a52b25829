//! What may stand in a client, whoever writes it.

use crate::error::Error;
use domain::{
    client::{Client, Grant},
    id::Scope,
    right::is_role_name,
    secret::Secret,
};
use std::ops::RangeInclusive;

/// Life of an access token in seconds: to 30 days.
const ACCESS_TTL_S: RangeInclusive<u32> = 1..=2_592_000;
/// Life of a refresh token in seconds: to a year.
const REFRESH_TTL_S: RangeInclusive<u32> = 1..=31_536_000;
/// The longest redirect address.
const MAX_URI_BYTES: usize = 2_048;
/// The most entries of a list.
const MAX_ITEMS: usize = 100;
/// The longest client secret.
const MAX_SECRET_CHARS: usize = 255;

/// Checks everything but the secret.
pub(super) fn check(client: &Client) -> Result<(), Error> {
    if !domain::client::is_client_id(&client.client_id) {
        return Err(Error::invalid("clientId", "1 to 255 printable ASCII characters"));
    }
    domain::key::check_name(&client.name)
        .map_err(|_| Error::invalid("name", "1 to 255 characters"))?;
    if client.description.as_ref().is_some_and(|d| d.chars().count() > 1_000) {
        return Err(Error::invalid("description", "at most 1,000 characters"));
    }
    if client.public && client.grants.contains(&Grant::ClientCredentials) {
        let why = "a public client proves nothing and cannot use `client_credentials`";
        return Err(Error::invalid("grants", why));
    }
    check_items(
        "scopes",
        &client.scopes,
        is_scope,
        "1 to 255 printable characters without space, quote or backslash",
    )?;
    check_items(
        "optionalScopes",
        &client.optional_scopes,
        is_scope,
        "1 to 255 printable characters without space, quote or backslash",
    )?;
    if client.public && client.pkce_optional {
        let why = "the codes of a public client are protected by nothing else";
        return Err(Error::invalid("pkce", why));
    }
    check_items(
        "redirectUris",
        &client.redirect_uris,
        is_redirect_uri,
        "an absolute address without a fragment",
    )?;
    check_items("authorities", &client.authorities, is_scope, "1 to 255 printable characters")?;
    if client.scope != Scope::Cluster && !client.contact_centers.is_empty() {
        let why = "a client of a tenant is confined to it by where it belongs";
        return Err(Error::invalid("contactCenters", why));
    }
    if client.roles.len() > MAX_ITEMS || !client.roles.iter().all(|name| is_role_name(name)) {
        let wanted = format!("at most {MAX_ITEMS} names of roles");
        return Err(Error::invalid("roles", wanted));
    }
    if client.contact_centers.len() > MAX_ITEMS {
        return Err(Error::invalid("contactCenters", format!("at most {MAX_ITEMS}")));
    }
    if let Some(seconds) = client.access_ttl_s {
        check_ttl("accessTtlSeconds", seconds, &ACCESS_TTL_S)?;
    }
    check_ttl("refreshTtlSeconds", client.refresh_ttl_s, &REFRESH_TTL_S)
}

/// Checks that codes have somewhere to go: no address is taken that is not registered, so without one the
/// grant would be refused at every sign-in.
pub(super) fn check_way_back(client: &Client) -> Result<(), Error> {
    if client.grants.contains(&Grant::AuthorizationCode) && client.redirect_uris.is_empty() {
        let why = "`authorization_code` needs an address that codes are sent to";
        return Err(Error::invalid("redirectUris", why));
    }
    Ok(())
}

/// Checks a confidential client's secret: anything a script may have chosen, but not nothing.
pub(super) fn check_secret(secret: &Secret) -> Result<(), Error> {
    let text = secret.expose();
    let fits = (1..=MAX_SECRET_CHARS).contains(&text.chars().count())
        && !text.chars().any(char::is_control);
    if fits {
        Ok(())
    } else {
        Err(Error::invalid("secret", "1 to 255 characters; only a public client has none"))
    }
}

fn check_items(
    field: &'static str,
    items: &[String],
    fits: impl Fn(&str) -> bool,
    wanted: &str,
) -> Result<(), Error> {
    if items.len() > MAX_ITEMS {
        return Err(Error::invalid(field, format!("at most {MAX_ITEMS} entries")));
    }
    if items.iter().all(|item| fits(item)) {
        Ok(())
    } else {
        Err(Error::invalid(field, format!("each entry: {wanted}")))
    }
}

fn check_ttl(field: &'static str, seconds: u32, range: &RangeInclusive<u32>) -> Result<(), Error> {
    if range.contains(&seconds) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("{} to {} seconds", range.start(), range.end())))
}

/// `scope-token` of RFC 6749 section 3.3.
fn is_scope(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// An absolute URI without a fragment (RFC 6749 section 3.1.2), and none that a browser would run.
fn is_redirect_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let named = scheme.bytes().next().is_some_and(|b| b.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let runs = ["javascript", "data", "vbscript", "file", "blob"]
        .iter()
        .any(|s| scheme.eq_ignore_ascii_case(s));
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let has_host =
        !web || rest.strip_prefix("//").is_some_and(|r| !r.is_empty() && !r.starts_with('/'));
    named
        && !runs
        && has_host
        && text.len() <= MAX_URI_BYTES
        && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirect_addresses_are_absolute_and_harmless() {
        for good in
            ["https://wwe.example.com", "http://127.0.0.1:9000/cb?x=1", "com.example.app:/callback"]
        {
            assert!(is_redirect_uri(good), "{good}");
        }
        for bad in [
            "",
            "/relative",
            "https://",
            "https:///x",
            "https://a#f",
            "javascript:alert(1)",
            "https://a b",
            "1a:b",
        ] {
            assert!(!is_redirect_uri(bad), "{bad}");
        }
    }

    #[test]
    fn oa_02_scopes_are_scope_tokens() {
        assert!(is_scope("*") && is_scope("openid"));
        assert!(!is_scope("") && !is_scope("a b") && !is_scope("a\"b") && !is_scope("a\\b"));
    }
}
