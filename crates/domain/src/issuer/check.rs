//! What an issuer must be before anybody believes it.

use super::Issuer;
use crate::{
    gateway_route::Upstream,
    policy::{BadRule, is_rule_name},
    right::is_role_name,
};

/// Audiences that one issuer may have.
pub const MAX_AUDIENCES: usize = 20;
/// Scopes that a sign-in may ask for.
pub const MAX_SCOPES: usize = 20;
/// Values that one map may hold.
pub const MAX_MAPPED: usize = 100;
/// The longest address, and the longest of everything that is compared.
const MAX_ADDRESS_BYTES: usize = 512;
const MAX_WORD_BYTES: usize = 255;

impl Issuer {
    /// Checks all that can be checked without asking anybody else.
    ///
    /// # Errors
    /// The first member that cannot be.
    pub fn check(&self) -> Result<(), BadRule> {
        if !is_rule_name(&self.name) {
            return Err(BadRule::new("name", "must be 1 to 64 of a-z, 0-9, `-` and `_`"));
        }
        let chars = self.label.chars().count();
        if !(1..=64).contains(&chars) || self.label.chars().any(char::is_control) {
            return Err(BadRule::new(
                "label",
                "must be 1 to 64 characters, none of them a control",
            ));
        }
        self.check_address()?;
        self.check_client()?;
        self.check_tokens()?;
        self.check_claims()?;
        if self.sign_in && self.client_id.is_none() {
            return Err(BadRule::new(
                "clientId",
                "is what `signIn` needs: who we are to the issuer",
            ));
        }
        if self.callers && self.audiences.is_empty() {
            return Err(BadRule::new("audiences", "is what `callers` needs: whom tokens are for"));
        }
        Ok(())
    }

    fn check_address(&self) -> Result<(), BadRule> {
        let bad = |why: &'static str| Err(BadRule::new("issuer", why));
        if self.issuer.len() > MAX_ADDRESS_BYTES {
            return bad("must be at most 512 bytes long");
        }
        let server = match Upstream::parse(&self.issuer) {
            Ok(server) => server,
            Err(why) => return bad(why),
        };
        if !self.is_configured() {
            return match server.check_foreign() {
                Ok(()) if self.allow_http => {
                    bad("only one of the configuration may go without TLS")
                }
                Ok(()) => Ok(()),
                Err(why) => bad(why),
            };
        }
        if !server.tls && !self.allow_http {
            return bad("must begin with `https://`, unless `allow_http` says otherwise");
        }
        Ok(())
    }

    fn check_client(&self) -> Result<(), BadRule> {
        if self.client_id.as_deref().is_some_and(|id| !is_word(id)) {
            return Err(BadRule::new("clientId", "must be 1 to 255 visible characters"));
        }
        if self.has_secret && self.client_id.is_none() {
            return Err(BadRule::new(
                "clientSecret",
                "is of use to a client alone: name `clientId`",
            ));
        }
        let token = |text: &String| is_word(text) && !text.contains(['"', '\\']);
        if self.scopes.len() > MAX_SCOPES || !self.scopes.iter().all(token) {
            return Err(BadRule::new("scopes", "must be at most 20 names of scopes"));
        }
        if self.sign_in && !self.scopes.iter().any(|scope| scope == "openid") {
            return Err(BadRule::new("scopes", "must hold `openid`: a sign-in is told by it"));
        }
        Ok(())
    }

    fn check_tokens(&self) -> Result<(), BadRule> {
        if self.audiences.len() > MAX_AUDIENCES || !self.audiences.iter().all(|text| is_word(text))
        {
            let detail = "must be at most 20 audiences of 1 to 255 visible characters";
            return Err(BadRule::new("audiences", detail));
        }
        if self.token_types.is_empty() {
            return Err(BadRule::new("tokenTypes", "must be `at+jwt`, `JWT`, or both"));
        }
        if self.algorithms.is_empty() {
            return Err(BadRule::new("algorithms", "must name at least one"));
        }
        Ok(())
    }

    fn check_claims(&self) -> Result<(), BadRule> {
        if !is_word(&self.username_claim) {
            return Err(BadRule::new("usernameClaim", "must be the name of a claim"));
        }
        if self.roles_claim.as_deref().is_some_and(|path| !is_word(path)) {
            return Err(BadRule::new("rolesClaim", "must be the path of a claim"));
        }
        if self.roles_claim.is_none() && !self.role_map.is_empty() {
            return Err(BadRule::new("rolesClaim", "is what `roleMap` needs: where roles stand"));
        }
        let good = |value: &str| {
            (1..=MAX_WORD_BYTES).contains(&value.len()) && !value.chars().any(char::is_control)
        };
        let mapped = self.role_map.iter().all(|m| good(&m.value) && is_role_name(&m.role));
        if self.role_map.len() > MAX_MAPPED || !mapped {
            let detail = "must be at most 100 pairs of a claim's value and the name of a role";
            return Err(BadRule::new("roleMap", detail));
        }
        Ok(())
    }
}

/// 1 to 255 visible characters of ASCII.
fn is_word(text: &str) -> bool {
    (1..=MAX_WORD_BYTES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}
