//! Logs: one event a line, to standard error, as text or JSON, times in UTC.

use crate::config::Log;
use std::io::IsTerminal as _;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Starts logging for the whole process. A second call changes nothing.
pub(crate) fn start(log: &Log, colour: bool) {
    let Some(filter) = filter(&log.level) else { return };
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    // Escapes in values are the subscriber's work since 0.3.20 (LG-03).
    let started = if log.json {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry.with(lines.with_ansi(colour && std::io::stderr().is_terminal())).try_init()
    };
    drop(started);
}

/// Reads `info` or `info,server=debug`; `None` when it is neither.
pub(crate) fn filter(level: &str) -> Option<EnvFilter> {
    EnvFilter::builder().parse(level).ok()
}
