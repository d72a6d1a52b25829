//! A real browser: Debian's Chromium, driven over WebDriver. `.ci/browser` finds or installs it. It runs without a
//! window, with a profile of its own, and ends with the value that stands for it.
//!
//! The protocol is HTTP with JSON, and what a test needs of it is little, so it is spoken here.

mod driver;
mod eyes;
mod hands;
mod site;
mod tools;

pub use driver::Chromium;
pub use eyes::{Finding, policy_findings};
pub use hands::key;
pub use site::{Elsewhere, Site};
