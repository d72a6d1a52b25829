//! Scopes (RFC 6749 section 3.3).

use super::TokenRefusal;
use domain::client::Client;
use std::collections::BTreeSet;

/// What asks for an ID token (OpenID Connect Core section 3.1.2.1).
const OPENID: &str = "openid";

/// The scope to grant: what was asked for, if the client may have all of it, else all that it may
/// have.
pub(super) fn granted(client: &Client, asked: Option<&str>) -> Result<String, TokenRefusal> {
    let asked: Vec<&str> = asked.unwrap_or_default().split_ascii_whitespace().collect();
    if !asked.iter().all(|scope| client.scopes.iter().any(|held| held == scope)) {
        return Err(TokenRefusal::InvalidScope { allowed: client.scopes.join(" ") });
    }
    let granted = if asked.is_empty() { client.scopes.join(" ") } else { asked.join(" ") };
    if granted.is_empty() { Err(TokenRefusal::EmptyScope) } else { Ok(granted) }
}

/// The scope that a code is to grant, by the rules of whoever is asked.
pub(crate) fn granted_scope(
    client: &Client,
    of_realm: bool,
    asked: Option<&str>,
) -> Result<String, TokenRefusal> {
    if of_realm { in_realm(client, asked) } else { granted(client, asked) }
}

/// The scope that a realm grants: what the client has whether it asks or not, and what it asks for, of
/// what it may have; in the order of the alphabet.
pub(super) fn in_realm(client: &Client, asked: Option<&str>) -> Result<String, TokenRefusal> {
    let wanted: Vec<&str> = asked.unwrap_or_default().split_ascii_whitespace().collect();
    // A parameter that says nothing asks for a scope that there is not.
    if (asked.is_some() && wanted.is_empty()) || !wanted.iter().all(|scope| may_have(client, scope))
    {
        return Err(TokenRefusal::InvalidScope { allowed: client.scopes.join(" ") });
    }
    let held = client.scopes.iter().map(String::as_str);
    Ok(alphabetical(held.chain(wanted)))
}

/// What a refresh in a realm goes on with: of what was granted what the client may still have.
pub(super) fn still_in_realm(client: &Client, scope: &str) -> String {
    alphabetical(scope.split_ascii_whitespace().filter(|scope| may_have(client, scope)))
}

fn may_have(client: &Client, scope: &str) -> bool {
    let held = client.scopes.iter().chain(&client.optional_scopes);
    scope == OPENID || held.into_iter().any(|held| held == scope)
}

fn alphabetical<'a>(scopes: impl Iterator<Item = &'a str>) -> String {
    scopes.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(" ")
}

/// Whether an ID token was asked for: by name, not by what a client is given unasked.
pub(super) fn asks_for_id_token(asked: Option<&str>) -> bool {
    asked.is_some_and(|asked| asked.split_ascii_whitespace().any(|scope| scope == OPENID))
}

/// The scope of a refreshed token: no more than `held`, which a refresh can only narrow (RFC 6749
/// section 6).
pub(super) fn narrowed(held: &str, asked: Option<&str>) -> Result<String, String> {
    let asked: Vec<&str> = asked.unwrap_or_default().split_ascii_whitespace().collect();
    if asked.is_empty() {
        return Ok(held.to_owned());
    }
    if asked.iter().all(|scope| held.split(' ').any(|h| h == *scope)) {
        Ok(asked.join(" "))
    } else {
        Err(held.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_narrows_and_never_widens() {
        assert_eq!(narrowed("a b", None), Ok("a b".to_owned()));
        assert_eq!(narrowed("a b", Some("b")), Ok("b".to_owned()));
        assert_eq!(narrowed("a b", Some("b c")), Err("a b".to_owned()));
        assert_eq!(narrowed("a b", Some(" ")), Ok("a b".to_owned()));
    }
}
