//! Master keys on our own wire: their names and where they are in their lives, never a key.

pub(super) mod list;
pub(super) mod retire;
pub(super) mod rotate;
mod wire;
