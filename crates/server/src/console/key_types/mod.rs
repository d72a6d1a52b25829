//! Key types: what each one is, and a tenant's own ones to make and change.

pub(super) mod create;
pub(super) mod edit;
mod fields;
pub(super) mod list;
pub(super) mod show;
mod view;

use fields::Fields;
use view::TypeView;

const LIST: &str = "/console/key-types";
