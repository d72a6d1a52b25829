//! What OAuth clients call.

pub(super) mod authorize;
pub(super) mod check_token;
pub(super) mod token;
