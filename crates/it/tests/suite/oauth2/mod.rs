//! `/oauth2`: the standard endpoints over the same tokens.

mod introspect;
mod revoke;
mod strangers;
