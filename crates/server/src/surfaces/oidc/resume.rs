//! Goes on with a ticket after a sign-in by other means than the page.

pub(super) use crate::browser::{SignedIn, resume};
