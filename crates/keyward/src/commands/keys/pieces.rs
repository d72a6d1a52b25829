//! Cuts a file of keys into requests of a size that the server takes at once. A record is never cut,
//! and a table's head stands in front of each piece.

use std::io::{self, BufRead};

/// A request's body and where its lines lie in the file.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// What the file's line is more than the body's.
    pub(super) line_offset: u64,
    /// Bytes of the file.
    pub(super) read: u64,
}

/// The pieces of a file.
pub(super) struct Pieces<R> {
    source: R,
    csv: bool,
    /// Of a table, its first record.
    head: Option<Vec<u8>>,
    /// Lines of the file that were read.
    lines: u64,
    max_bytes: usize,
    max_lines: u64,
}

impl<R: BufRead> Pieces<R> {
    /// At most 20,000 lines or 8 MiB at once: a few seconds of the server's time.
    pub(super) const fn new(source: R, csv: bool) -> Self {
        Self { source, csv, head: None, lines: 0, max_bytes: 8 << 20, max_lines: 20_000 }
    }

    /// The next piece; `None` at the end of the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        let before = self.head.clone().unwrap_or_default();
        let head_lines = lines_of(&before);
        let (mut bytes, begin) = (before, self.lines);
        let mut read = 0;
        while bytes.len() < self.max_bytes && self.lines - begin < self.max_lines {
            let record = self.record()?;
            if record.is_empty() {
                break;
            }
            read += record.len() as u64;
            self.lines += lines_of(&record);
            bytes.extend_from_slice(&record);
            if self.csv && self.head.is_none() && !record.trim_ascii().is_empty() {
                self.head = Some(record);
            }
        }
        let line_offset = begin.saturating_sub(head_lines);
        Ok((read > 0).then_some(Piece { bytes, line_offset, read }))
    }

    /// One record with its line break; empty at the end of the file.
    fn record(&mut self) -> io::Result<Vec<u8>> {
        let mut record = Vec::new();
        loop {
            let more = self.source.read_until(b'\n', &mut record)?;
            // Of a table, line breaks between quotes belong to the record.
            let quoted = self.csv && record.iter().filter(|b| **b == b'"').count() % 2 == 1;
            if more == 0 || !quoted {
                return Ok(record);
            }
        }
    }
}

impl Piece {
    /// What comes from this line of the body on, a table's head in front of it.
    pub(super) fn rest(&self, line: u64, csv: bool) -> Option<Self> {
        let mut rest = Pieces::new(self.bytes.as_slice(), csv);
        (rest.max_bytes, rest.max_lines) = (usize::MAX, u64::MAX);
        let (mut head, mut skipped) = (Vec::new(), 0);
        while rest.lines + 1 < line {
            let record = rest.record().ok().filter(|record| !record.is_empty())?;
            rest.lines += lines_of(&record);
            skipped += record.len() as u64;
            if csv && head.is_empty() && !record.trim_ascii().is_empty() {
                head = record;
            }
        }
        let line_offset = (self.line_offset + rest.lines).saturating_sub(lines_of(&head));
        let mut bytes = head;
        bytes.extend_from_slice(rest.source);
        (skipped > 0).then_some(Self { bytes, line_offset, read: 0 })
    }
}

/// Line breaks.
fn lines_of(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, csv: bool, max_lines: u64) -> Vec<(String, u64)> {
        let mut pieces = Pieces::new(text.as_bytes(), csv);
        pieces.max_lines = max_lines;
        std::iter::from_fn(|| pieces.next().unwrap())
            .map(|piece| (String::from_utf8(piece.bytes).unwrap(), piece.line_offset))
            .collect()
    }

    fn whole(pieces: &[(&str, u64)]) -> Vec<(String, u64)> {
        pieces.iter().map(|(text, offset)| ((*text).to_owned(), *offset)).collect()
    }

    #[test]
    fn lines_stay_whole_and_are_numbered_as_in_the_file() {
        assert_eq!(cut("a\nb\nc", false, 2), whole(&[("a\nb\n", 0), ("c", 2)]));
        assert_eq!(cut("", false, 2), whole(&[]));
    }

    #[test]
    fn a_table_has_its_head_in_front_of_each_piece_and_quoted_breaks_inside() {
        let text = "h,k\n1,\"a\nb\"\n2,c\n3,d\n";
        let wanted = whole(&[("h,k\n1,\"a\nb\"\n", 0), ("h,k\n2,c\n3,d\n", 2)]);
        assert_eq!(cut(text, true, 2), wanted);
    }

    #[test]
    fn the_rest_of_a_piece_begins_where_the_server_stopped() {
        let piece = Piece { bytes: b"h\n1\n2\n3\n".to_vec(), line_offset: 10, read: 0 };
        let rest = piece.rest(3, true).unwrap();
        assert_eq!((rest.bytes.as_slice(), rest.line_offset), (&b"h\n2\n3\n"[..], 11));
        let rest = piece.rest(3, false).unwrap();
        assert_eq!((rest.bytes.as_slice(), rest.line_offset), (&b"2\n3\n"[..], 12));
        assert!(piece.rest(1, false).is_none(), "nothing would be gained");
    }
}
