//! Progress on standard error, where a person watches it.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal as _;

/// A bar, a counter, or nothing.
#[derive(Debug)]
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Shows nothing.
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    /// How many so far, where nobody knows of how many.
    pub(crate) fn counting(what: &'static str) -> Self {
        Self::with("{spinner} {human_pos} {msg}", None, what)
    }

    /// How much of so many bytes.
    pub(crate) fn bytes(total: u64, what: &'static str) -> Self {
        Self::with("{msg} [{wide_bar}] {bytes} of {total_bytes}, {eta} left", Some(total), what)
    }

    fn with(template: &str, total: Option<u64>, what: &'static str) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::none();
        }
        let target = ProgressDrawTarget::stderr();
        let bar = ProgressBar::with_draw_target(total, target).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(Some(bar))
    }

    pub(crate) fn add(&self, count: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(count);
        }
    }

    /// Clears its line.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
