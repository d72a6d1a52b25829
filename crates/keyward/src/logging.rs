//! Logs: one event a line, to standard error, as text or JSON, times in UTC.

use crate::config::Log;
use std::{
    borrow::Cow,
    io::{self, IsTerminal as _, Write},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Starts logging for the whole process. A second call changes nothing.
pub(crate) fn start(log: &Log, colour: bool) {
    let Some(filter) = filter(&log.level) else { return };
    let registry = tracing_subscriber::registry().with(filter);
    let coloured = !log.json && colour && io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(move || OneLine { inner: io::stderr(), coloured });
    let started = if log.json {
        registry.with(lines.json().flatten_event(true)).try_init()
    } else {
        registry.with(lines.with_ansi(coloured)).try_init()
    };
    drop(started);
}

/// Reads `info` or `info,server=debug`; `None` when it is neither.
pub(crate) fn filter(level: &str) -> Option<EnvFilter> {
    // The filter takes a lone word that is no level for a module's name and then lets nothing pass.
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let lone = |part: &str| part.contains('=') || LEVELS.contains(&part.to_lowercase().as_str());
    if !level.split(',').all(|part| lone(part.trim())) {
        return None;
    }
    EnvFilter::builder().parse(level).ok()
}

/// Keeps an event on its line, whatever text of others is in it (LG-03): the subscriber escapes what
/// a terminal obeys, but neither line breaks in an error's text nor marks that turn the direction.
struct OneLine<W> {
    inner: W,
    /// The subscriber colours: escapes in values are its own work then.
    coloured: bool,
}

impl<W: Write> Write for OneLine<W> {
    /// The subscriber hands over an event at once, its line's end included.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = match text.strip_suffix('\n') {
            Some(line) => (line, "\n"),
            None => (&*text, ""),
        };
        let breaks = |c| is_control(c) && !(self.coloured && c == '\u{1b}');
        let line: Cow<'_, str> =
            if line.contains(breaks) { escaped(line, breaks).into() } else { line.into() };
        self.inner.write_all(&[line.as_bytes(), end.as_bytes()].concat())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Line breaks, other controls, and marks that change the direction of what follows.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `\u000a`: read the same in text and within the strings of JSON.
fn escaped(line: &str, breaks: impl Fn(char) -> bool) -> String {
    let mut text = String::with_capacity(line.len() + 16);
    for c in line.chars() {
        if breaks(c) {
            text.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What an event with hostile text in every place looks like.
    fn logged(json: bool) -> String {
        let written = Written::default();
        let to = written.clone();
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(move || OneLine { inner: to.clone(), coloured: false });
        let hostile = "a\r\nFORGED \u{1b}[31m\u{202e}\u{2028}\u{85}\u{7}z";
        let log = || {
            tracing::info!(text = hostile, shown = %hostile, "{hostile}");
            tracing::info!("next");
        };
        if json {
            let lines = lines.json().flatten_event(true);
            tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), log);
        } else {
            let lines = lines.with_ansi(false);
            tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), log);
        }
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn lg_03_an_event_stays_on_its_line_whatever_its_text_holds() {
        for json in [false, true] {
            let log = logged(json);
            let lines: Vec<&str> = log.split_terminator('\n').collect();
            assert_eq!(lines.len(), 2, "{log:?}");
            assert!(!lines[0].contains(is_control), "{log:?}");
            assert_eq!(lines[0].matches("FORGED").count(), 3, "{log:?}");
            assert!(log.ends_with('\n') && lines[1].contains("next"));
        }
    }

    #[test]
    fn colours_pass_where_the_subscriber_colours() {
        let written = Written::default();
        OneLine { inner: written.clone(), coloured: true }.write_all(b"\x1b[2mx\x1b[0m\n").unwrap();
        assert_eq!(*written.0.lock().unwrap(), b"\x1b[2mx\x1b[0m\n");
    }
}
