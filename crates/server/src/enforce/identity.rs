//! Whose key it was, for the upstream.
//!
//! Names are free text, and header fields are not: every byte of a name that is no visible ASCII
//! character, and `%` itself, stands there percent-encoded.

use bytes::Bytes;
use domain::{
    id::{KeyId, Scope},
    policy::IdentityHeaders,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use verifier::Found;

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

/// The four fields. Their values share one allocation.
pub(super) fn of(names: &Names, found: &Found<'_>) -> Identity {
    let permissions: usize = found.permissions.iter().map(|p| p.as_str().len() + 1).sum();
    let mut out = Vec::with_capacity(96 + 3 * found.name.len() + permissions);
    match found.scope {
        Scope::Cluster => out.extend_from_slice(b"*"),
        Scope::Tenant(id) => {
            let mut room = [0; uuid::fmt::Hyphenated::LENGTH];
            out.extend_from_slice(id.0.hyphenated().encode_lower(&mut room).as_bytes());
        }
    }
    let tenant = out.len();
    out.extend_from_slice(KeyId::PREFIX.as_bytes());
    out.extend_from_slice(&found.key_id.digits());
    let id = out.len();
    for piece in percent_encode(found.name.as_bytes(), ENCODED) {
        out.extend_from_slice(piece.as_bytes());
    }
    let name = out.len();
    for (place, permission) in found.permissions.iter().enumerate() {
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
