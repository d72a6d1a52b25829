//! Routes of the gateway: which calls go to which upstream, and what they must present. Those of the
//! configuration are shown, and changed there alone.

mod create;
mod delete;
mod list;
mod show;
mod update;

pub use create::CreateGatewayRoute;
pub use update::UpdateGatewayRoute;

/// A route as the audit log names it.
fn subject(name: &str) -> (&'static str, String) {
    ("gateway_route", name.to_owned())
}
