//! A real browser: Debian's Chromium, driven over WebDriver. `.ci/browser` finds or installs it. It runs without a
//! window, with a profile of its own, and ends with the value that stands for it.
//!
//! WebDriver and the browser's own protocol are spoken by `thirtyfour`. How things on a page are found is ours:
//! by what a person calls them.

mod driver;
mod eyes;
mod forms;
mod hands;
mod site;
mod tools;
mod transport;

pub use driver::Chromium;
pub use eyes::{Finding, policy_findings};
pub use forms::SURE;
pub use hands::key;
pub use site::{Elsewhere, Site};
