//! The origins of browsers that a contact center lets call: one by one, and the old list as a whole.

pub(in super::super) mod add;
pub(in super::super) mod remove;
pub(in super::super) mod settings;
pub(in super::super) mod show;
