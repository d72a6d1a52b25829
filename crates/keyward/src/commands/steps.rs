//! The progress of long work, on a terminal; elsewhere nothing is drawn.

use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// The step that is under way.
#[derive(Debug)]
pub(super) struct Step(ProgressBar);

impl Step {
    /// Begins work on so many bytes.
    pub(super) fn start(what: &'static str, bytes: u64) -> Self {
        let bar = ProgressBar::new(bytes);
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {msg} {bytes}/{total_bytes} {elapsed}")
        {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Goes on to the next step.
    pub(super) fn next(&self, what: &'static str) {
        self.0.set_position(0);
        self.0.set_message(what);
    }

    /// So many bytes are done.
    pub(super) fn at(&self, bytes: u64) {
        self.0.set_position(bytes);
    }

    /// Takes it off the screen.
    pub(super) fn done(&self) {
        self.0.finish_and_clear();
    }
}
