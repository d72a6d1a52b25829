//! Whose key it was, or in whose name a token spoke, for the upstream.
//!
//! Names are free text, and header fields are not: every byte of a name that is no visible ASCII
//! character, and `%` itself, stands there percent-encoded.

use bytes::Bytes;
use domain::{
    actor::PrincipalId,
    id::{ClientId, KeyId, PersonId, Scope},
    permission::Permission,
    policy::IdentityHeaders,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use verifier::{Found, Principal};

/// What does not stand for itself; `percent_encode` adds all that is not ASCII.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

/// The header fields that say whose key it was: tenant, key id, key name, permissions.
#[derive(Clone, Debug)]
pub struct Identity(pub [(HeaderName, HeaderValue); 4]);

impl Identity {
    /// Writes the fields, in the place of whatever is there under their names.
    pub fn write(self, headers: &mut HeaderMap) {
        for (name, value) in self.0 {
            headers.insert(name, value);
        }
    }
}

/// The names of these fields.
pub(super) struct Names([HeaderName; 4]);

impl Names {
    pub(super) fn of(names: &IdentityHeaders) -> Self {
        // A name that is none was refused before; its own word is then as good as any.
        let usual = IdentityHeaders::default();
        let name = |name: &str, usual: &str| {
            HeaderName::from_bytes(name.as_bytes())
                .or_else(|_| HeaderName::from_bytes(usual.as_bytes()))
                .unwrap_or(http::header::FROM)
        };
        let pairs = names.names().into_iter().zip(usual.names());
        let mut all = pairs.map(|(own, usual)| name(own, usual));
        Self(std::array::from_fn(|_| all.next().unwrap_or(http::header::FROM)))
    }

    pub(super) const fn all(&self) -> &[HeaderName; 4] {
        &self.0
    }
}

/// The four fields of a key.
pub(super) fn of(names: &Names, found: &Found<'_>) -> Identity {
    let digits = found.key_id.digits();
    let id = [KeyId::PREFIX.as_bytes(), &digits];
    written(names, found.scope, id, found.name, found.permissions)
}

/// The four fields of a token's person or client: the id is a UUID, where a key's begins with `key_`.
pub(super) fn of_principal(names: &Names, principal: &Principal) -> Identity {
    let (PrincipalId::Person(PersonId(id)) | PrincipalId::Client(ClientId(id))) = principal.id;
    let mut room = [0; uuid::fmt::Hyphenated::LENGTH];
    let id = id.hyphenated().encode_lower(&mut room).as_bytes();
    let permissions = principal.personal_permissions();
    written(names, principal.scope, [id, &[]], &principal.name(), &permissions)
}

/// Writes them. Their values share one allocation.
fn written(
    names: &Names,
    scope: Scope,
    id: [&[u8]; 2],
    name: &str,
    permissions: &[Permission],
) -> Identity {
    let length: usize = permissions.iter().map(|p| p.as_str().len() + 1).sum();
    let mut out = Vec::with_capacity(96 + 3 * name.len() + length);
    match scope {
        Scope::Cluster => out.extend_from_slice(b"*"),
        Scope::Tenant(id) => {
            let mut room = [0; uuid::fmt::Hyphenated::LENGTH];
            out.extend_from_slice(id.0.hyphenated().encode_lower(&mut room).as_bytes());
        }
    }
    let tenant = out.len();
    id.iter().for_each(|piece| out.extend_from_slice(piece));
    let id = out.len();
    for piece in percent_encode(name.as_bytes(), ENCODED) {
        out.extend_from_slice(piece.as_bytes());
    }
    let name = out.len();
    for (place, permission) in permissions.iter().enumerate() {
        if place > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(permission.as_str().as_bytes());
    }
    let all = Bytes::from(out);
    let value = |from: usize, to: usize| {
        // Visible characters and spaces alone: no value can be refused.
        HeaderValue::from_maybe_shared(all.slice(from..to)).unwrap_or(HeaderValue::from_static(""))
    };
    let [of_tenant, of_id, of_name, of_permissions] = names.0.clone();
    Identity([
        (of_tenant, value(0, tenant)),
        (of_id, value(tenant, id)),
        (of_name, value(id, name)),
        (of_permissions, value(name, all.len())),
    ])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::{id::TenantId, permission::Permission};

    fn written(name: &str, scope: Scope, permissions: &[Permission]) -> [String; 4] {
        let found = Found {
            key_id: KeyId::from_bytes([0; 16]),
            scope,
            key_type: "api",
            name,
            permissions,
            expires_at: None,
            owner: None,
            limit: None,
            secret_slot: 0,
            secret_ends_at: None,
            warning: None,
        };
        let Identity(fields) = of(&Names::of(&IdentityHeaders::default()), &found);
        fields.map(|(_, value)| value.to_str().unwrap().to_owned())
    }

    #[test]
    fn whatever_a_name_holds_it_is_one_header_value() {
        let tenant = TenantId::parse("578ec98e-f07c-46ad-9675-f36c22f3ba9f").unwrap();
        let permissions = ["a:b", "c:*"].map(|text| Permission::parse(text).unwrap());
        let [tenant, id, name, held] =
            written("a b%\r\nx: y\u{7f}ü", Scope::Tenant(tenant), &permissions);
        assert_eq!(tenant, "578ec98e-f07c-46ad-9675-f36c22f3ba9f");
        assert_eq!(id, "key_0000000000000000000000");
        assert_eq!(name, "a%20b%25%0D%0Ax:%20y%7F%C3%BC");
        assert_eq!(held, "a:b c:*");
        assert_eq!(written("", Scope::Cluster, &[])[..], ["*", &id, "", ""]);
    }
}
