//! Associated data: what binds a sealed value to its place.

use super::FORMAT;
use domain::{
    id::{ClientId, IssuerId, KeyId, Scope},
    signing::SigningKey,
};

pub(super) fn key_aad(
    scope: Scope,
    id: KeyId,
    key_type: &str,
    slot: u8,
    generation: i32,
    what: &str,
) -> Vec<u8> {
    let scope = scope.to_string();
    frame(&[
        scope.as_bytes(),
        id.as_bytes(),
        key_type.as_bytes(),
        &[slot],
        &generation.to_be_bytes(),
        what.as_bytes(),
    ])
}

pub(super) fn client_aad(id: ClientId, generation: i32) -> Vec<u8> {
    frame(&[b"client", id.0.as_bytes(), &generation.to_be_bytes()])
}

pub(super) fn issuer_aad(id: IssuerId, generation: i32) -> Vec<u8> {
    frame(&[b"issuer", id.0.as_bytes(), &generation.to_be_bytes()])
}

pub(super) fn named_aad(name: &str, generation: i32) -> Vec<u8> {
    frame(&[b"named", name.as_bytes(), &generation.to_be_bytes()])
}

pub(super) fn signing_key_aad(key: &SigningKey, generation: i32) -> Vec<u8> {
    frame(&[
        b"signing key",
        key.tenant.0.as_bytes(),
        key.kid.as_bytes(),
        key.algorithm.as_str().as_bytes(),
        &generation.to_be_bytes(),
    ])
}

/// The format, then each part led by its length, so that no two lists of parts look alike.
fn frame(parts: &[&[u8]]) -> Vec<u8> {
    let mut framed = vec![FORMAT];
    for part in parts {
        framed.extend_from_slice(&(part.len() as u64).to_be_bytes());
        framed.extend_from_slice(part);
    }
    framed
}
