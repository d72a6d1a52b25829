//! Where a person is signed in.

pub(super) mod end;
pub(super) mod end_all;
pub(super) mod list;
