//! What OAuth clients call.

pub(super) mod check_token;
pub(super) mod token;
