//! Scopes (RFC 6749 section 3.3).

use super::TokenRefusal;
use domain::client::Client;

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
