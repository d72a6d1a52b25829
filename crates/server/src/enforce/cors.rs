//! Browsers.
