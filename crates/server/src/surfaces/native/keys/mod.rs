//! `/v1/keys`.

pub(super) mod verify;
