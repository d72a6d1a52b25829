//! Policies: what calls must present to pass, wherever they are checked. Those of the configuration are
//! shown, and changed there alone.

mod create;
mod delete;
mod list;
mod show;
mod update;

pub use create::CreatePolicy;
pub use update::UpdatePolicy;

/// A policy as the audit log names it.
fn subject(name: &str) -> (&'static str, String) {
    ("policy", name.to_owned())
}
