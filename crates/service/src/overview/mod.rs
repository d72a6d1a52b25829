//! What there is, at a glance: how many keys stand where, which of them end soonest, how calls went.

mod show;
mod tenants;

pub use show::{Overview, ShowOverview};
pub use store::keys::KeyCounts;
