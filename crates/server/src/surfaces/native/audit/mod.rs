//! `/v1/audit`.

pub(super) mod check;
pub(super) mod export;
pub(super) mod list;
