//! Cuts a body into records as it arrives: lines of NDJSON, or records of CSV, which can hold line
//! breaks between quotes.

/// The longest record: no key is described by more.
const MAX_RECORD_BYTES: usize = 64 * 1024;

/// A record and the line that it began on, from 1.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Record {
    pub(super) line: u64,
    /// `None`: it was too long, and is not kept.
    pub(super) text: Option<Vec<u8>>,
}

/// The records of one body.
pub(super) struct Records {
    /// Whether a line break between quotes belongs to the record.
    quotes: bool,
    quoted: bool,
    /// The line that is being read.
    line: u64,
    begun: Record,
}

impl Records {
    pub(super) const fn new(quotes: bool) -> Self {
        let begun = Record { line: 1, text: Some(Vec::new()) };
        Self { quotes, quoted: false, line: 1, begun }
    }

    /// Takes the next piece of the body, and adds the records that it completes.
    pub(super) fn take(&mut self, mut piece: &[u8], complete: &mut Vec<Record>) {
        loop {
            let end = self.end_of_record(piece);
            let (head, rest) = piece.split_at(end.unwrap_or(piece.len()));
            self.keep(head);
            if end.is_none() {
                return;
            }
            self.line += 1;
            self.finish(complete);
            piece = rest.get(1..).unwrap_or_default();
        }
    }

    /// The last record needs no line break.
    pub(super) fn finish(&mut self, complete: &mut Vec<Record>) {
        let next = Record { line: self.line, text: Some(Vec::new()) };
        let record = std::mem::replace(&mut self.begun, next);
        let blank = |text: &Vec<u8>| text.iter().all(u8::is_ascii_whitespace);
        if !record.text.as_ref().is_some_and(blank) {
            complete.push(record);
        }
    }

    /// Where in the piece the record ends; notes quotes and lines on the way.
    fn end_of_record(&mut self, piece: &[u8]) -> Option<usize> {
        for (at, byte) in piece.iter().enumerate() {
            match byte {
                b'"' if self.quotes => self.quoted = !self.quoted,
                b'\n' if self.quoted => self.line += 1,
                b'\n' => return Some(at),
                _ => {}
            }
        }
        None
    }

    fn keep(&mut self, bytes: &[u8]) {
        if let Some(text) = &mut self.begun.text {
            if text.len() + bytes.len() > MAX_RECORD_BYTES {
                self.begun.text = None;
            } else {
                text.extend_from_slice(bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(quotes: bool, pieces: &[&str]) -> Vec<(u64, Option<String>)> {
        let (mut records, mut complete) = (Records::new(quotes), Vec::new());
        for piece in pieces {
            records.take(piece.as_bytes(), &mut complete);
        }
        records.finish(&mut complete);
        let text = |text: Vec<u8>| String::from_utf8_lossy(&text).into_owned();
        complete.into_iter().map(|r| (r.line, r.text.map(text))).collect()
    }

    fn whole(records: &[(u64, &str)]) -> Vec<(u64, Option<String>)> {
        records.iter().map(|(line, text)| (*line, Some((*text).to_owned()))).collect()
    }

    #[test]
    fn lines_are_cut_wherever_the_pieces_end() {
        let wanted = whole(&[(1, "ab"), (3, "cd\r"), (4, "e")]);
        for pieces in
            [&["ab\n\ncd\r\ne"][..], &["a", "b\n", "\ncd\r", "\n", "e\n"], &["ab\n \ncd\r\ne\n\n"]]
        {
            assert_eq!(cut(false, pieces), wanted, "{pieces:?}");
        }
        assert!(cut(false, &["", "\n\n"]).is_empty());
    }

    #[test]
    fn line_breaks_between_quotes_belong_to_a_record_of_csv_alone() {
        let text = "a,\"b\nc\"\nd,\"\"\"\n\"\ne";
        assert_eq!(cut(true, &[text]), whole(&[(1, "a,\"b\nc\""), (3, "d,\"\"\"\n\""), (5, "e")]));
        assert_eq!(cut(false, &[text]).len(), 5);
    }

    #[test]
    fn a_record_that_is_too_long_is_left_out_and_the_next_one_read() {
        let long = "x".repeat(MAX_RECORD_BYTES);
        let found = cut(false, &[&long, "y\nz"]);
        assert_eq!(found, [(1, None), (2, Some("z".to_owned()))]);
    }
}
