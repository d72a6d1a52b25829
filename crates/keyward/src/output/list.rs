//! A list on its way to standard output: as one JSON document, as ids, or as a table at the end.

use super::{Output, Progress, Thing, line, table, warn, write};
use crate::failure::Failure;
use serde_json::Value;

/// Prints pages as they come.
pub(crate) struct List {
    output: Output,
    thing: &'static Thing,
    rows: Vec<Vec<String>>,
    count: usize,
    progress: Progress,
}

impl List {
    pub(super) fn new(output: Output, thing: &'static Thing, what: &'static str) -> Self {
        let progress = if output.terminal && !what.is_empty() {
            Progress::counting(what)
        } else {
            Progress::none()
        };
        Self { output, thing, rows: Vec::new(), count: 0, progress }
    }

    /// One page.
    ///
    /// # Errors
    /// It cannot be printed.
    pub(crate) fn add(&mut self, things: Vec<Value>) -> Result<(), Failure> {
        self.progress.add(things.len() as u64);
        for thing in things {
            if self.output.json {
                // One document, written piece by piece: a list may be longer than memory.
                let before = match self.count {
                    0 => format!("{{\"{}\":[", self.thing.many),
                    _ => ",".to_owned(),
                };
                write(format!("{before}{thing}").as_bytes())?;
            } else if self.output.quiet {
                line(&self.thing.id(&thing))?;
            } else {
                self.rows.push(table::cells(self.thing, &thing));
            }
            self.count += 1;
        }
        Ok(())
    }

    /// The end; `next` is the cursor of what was not asked for.
    ///
    /// # Errors
    /// It cannot be printed.
    pub(crate) fn end(self, next: Option<&str>) -> Result<(), Failure> {
        self.progress.end();
        if self.output.json {
            let open = match self.count {
                0 => format!("{{\"{}\":[", self.thing.many),
                _ => String::new(),
            };
            let next = next.map_or(Value::Null, Value::from);
            return write(format!("{open}],\"nextCursor\":{next}}}\n").as_bytes());
        }
        if self.output.quiet {
            return Ok(());
        }
        write(table::many(self.thing, &self.rows, self.output.terminal).as_bytes())?;
        match next {
            Some(_) => warn("there are more: a higher `--limit` shows them"),
            None => Ok(()),
        }
    }
}
