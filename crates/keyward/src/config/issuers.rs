//! `[[issuers]]`: the providers outside that the operator believes. What an issuer may be is decided in
//! `domain`; here its faults get their place in the file.

use super::{Error, given, resolve::Check};
use domain::{
    id::Scope,
    issuer::{Issuer, JwsAlgorithm, MappedRole, TokenType},
    policy::Source,
};
use service::issuers::{ConfiguredIssuer, configured_id};

/// Makes the issuers.
pub(super) fn resolve(
    given: Option<Vec<given::Issuer>>,
    check: &Check<'_>,
) -> Result<Vec<ConfiguredIssuer>, Error> {
    let tables = given.unwrap_or_default().into_iter().enumerate();
    tables.map(|(at, given)| Table { at, check }.issuer(given)).collect()
}

/// A table of the list.
struct Table<'a> {
    at: usize,
    check: &'a Check<'a>,
}

impl Table<'_> {
    fn fault(&self, member: &str, message: impl Into<String>) -> Error {
        self.check.fault(&format!("issuers[{}].{member}", self.at), message)
    }

    fn needed<T>(&self, member: &str, given: Option<T>) -> Result<T, Error> {
        given.ok_or_else(|| self.fault(member, "missing"))
    }

    fn issuer(&self, given: given::Issuer) -> Result<ConfiguredIssuer, Error> {
        let name = self.needed("name", given.name)?;
        let scope = Scope::parse(&self.needed("tenant", given.tenant)?)
            .map_err(|_| self.fault("tenant", "neither a UUID nor `*`"))?;
        let usual = || ["openid", "profile", "email"].map(str::to_owned).to_vec();
        let audiences = given.audiences.unwrap_or_default();
        let issuer = Issuer {
            id: configured_id(scope, &name),
            scope,
            label: given.label.unwrap_or_else(|| name.clone()),
            name,
            issuer: self.needed("issuer", given.issuer)?,
            has_secret: given.client_secret.is_some(),
            scopes: given.scopes.unwrap_or_else(usual),
            token_types: match given.token_types {
                Some(texts) => self.words("token_types", &texts, TokenType::parse)?,
                None => vec![TokenType::AtJwt],
            },
            algorithms: match given.algorithms {
                Some(texts) => self.words("algorithms", &texts, JwsAlgorithm::parse)?,
                None => JwsAlgorithm::USUAL.to_vec(),
            },
            username_claim: given.username_claim.unwrap_or_else(|| "preferred_username".to_owned()),
            roles_claim: given.roles_claim,
            role_map: self.role_map(&given.role_map.unwrap_or_default())?,
            sign_in: given.sign_in.unwrap_or(given.client_id.is_some()),
            callers: given.callers.unwrap_or(!audiences.is_empty()),
            client_id: given.client_id,
            audiences,
            allow_http: given.allow_http.unwrap_or(false),
            enabled: true,
            source: Source::Configuration,
        };
        issuer.check().map_err(|bad| self.fault(&snake(bad.field), bad.detail))?;
        Ok(ConfiguredIssuer { issuer, secret: given.client_secret.map(|hidden| hidden.0) })
    }

    fn words<T>(
        &self,
        member: &str,
        texts: &[String],
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let word = |text: &String| {
            read(text).ok_or_else(|| self.fault(member, format!("there is no `{text}`")))
        };
        texts.iter().map(word).collect()
    }

    fn role_map(&self, texts: &[String]) -> Result<Vec<MappedRole>, Error> {
        let pair = |text: &String| {
            let (value, role) = text.rsplit_once('=').ok_or_else(|| {
                self.fault("role_map", format!("`{text}` names no role"))
                    .with_hint("write `keyward-admins=admin`: the claim's value, then the role")
            })?;
            Ok(MappedRole { value: value.trim().to_owned(), role: role.trim().to_owned() })
        };
        texts.iter().map(pair).collect()
    }
}

/// A member as it is written in the file.
fn snake(field: &str) -> String {
    let mut snake = String::with_capacity(field.len() + 2);
    for c in field.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
