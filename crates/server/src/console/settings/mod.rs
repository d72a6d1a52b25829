//! `/console/settings`: what a person may see and change of themself. The page shows who they are, where
//! they are signed in and their personal PSK, of which the panel beside it takes care.

pub(super) mod end_other_sessions;
pub(super) mod end_session;
pub(super) mod password;
pub(super) mod psk;
pub(super) mod show;
mod view;
