//! Floods of HTTP/2 frames that cost their sender nothing (HT-04).
//!
//! hyper bounds what a header block may hold, how many streams may be open, how many of them are reset
//! before or after they reach us, and how many empty DATA frames come. It answers SETTINGS and PING for
//! ever, and takes any number of WINDOW_UPDATE, PRIORITY and RST_STREAM. So the bytes of a connection
//! pass here on their way in: every frame that is neither a request nor data is paid for from an
//! allowance, which requests, answers and time fill up again. Whoever has used it up is told GOAWAY.

/// What a connection may send in one go beyond requests and data.
const ALLOWANCE: i64 = 1_000;
/// What a request adds: its client may send so many frames beside it. A RST_STREAM takes more than
/// that, or requests that are reset at once would pay for themselves.
const PER_REQUEST: i64 = 4;
const PER_RESET: i64 = PER_REQUEST + 1;
/// An answer of so many bytes adds one: its client makes room for the next ones by WINDOW_UPDATE.
const BYTES_PER_UNIT: u64 = 1_024;

/// How every HTTP/2 connection begins (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADER_BYTES: usize = 9;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;

/// A PING of a stream, which no peer may send (RFC 9113 section 6.7): hyper answers it with GOAWAY and
/// hangs up. There is no other way to make it say so at once, whatever it is doing.
pub(crate) const LAST_FRAME: [u8; 17] = [0, 0, 8, 6, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];

/// Reads along with one connection.
#[derive(Debug)]
pub(crate) struct Frames {
    place: Place,
    allowance: i64,
    ticked: u32,
    sent: u64,
}

/// Where in the bytes we are.
#[derive(Debug)]
enum Place {
    /// This many bytes of the preface have come.
    Preface(usize),
    /// It is another protocol: nothing is looked at any more.
    Other,
    /// Within the header of a frame.
    Header { bytes: [u8; HEADER_BYTES], length: usize },
    /// So many bytes of a frame are still to come.
    Payload(usize),
}

const NEXT_FRAME: Place = Place::Header { bytes: [0; HEADER_BYTES], length: 0 };

impl Frames {
    pub(crate) const fn new(tick: u32) -> Self {
        Self { place: Place::Preface(0), allowance: ALLOWANCE, ticked: tick, sent: 0 }
    }

    /// These bytes came in. How many of them may still be read: less than all when the allowance is used
    /// up, and then [`LAST_FRAME`] stands where the next frame would.
    pub(crate) fn received(&mut self, bytes: &[u8], tick: impl FnOnce() -> u32) -> Option<usize> {
        if matches!(self.place, Place::Other) {
            return None;
        }
        let before = self.allowance;
        let cut = self.read(bytes);
        if self.allowance < before {
            let now = tick();
            // Time fills up too: a client that keeps its connection open with PING lives for ever.
            self.add(i64::from(now.saturating_sub(self.ticked)));
            self.ticked = now;
        }
        cut
    }

    /// So many bytes went out.
    pub(crate) fn sent(&mut self, bytes: usize) {
        if matches!(self.place, Place::Header { .. } | Place::Payload(_)) {
            self.sent += bytes as u64;
            self.add(i64::try_from(self.sent / BYTES_PER_UNIT).unwrap_or(ALLOWANCE));
            self.sent %= BYTES_PER_UNIT;
        }
    }

    fn add(&mut self, units: i64) {
        self.allowance = self.allowance.saturating_add(units).min(ALLOWANCE);
    }

    fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            match &mut self.place {
                Place::Preface(seen) if PREFACE.get(*seen) == Some(first) => {
                    *seen += 1;
                    if *seen == PREFACE.len() {
                        self.place = NEXT_FRAME;
                    }
                    rest = after;
                }
                Place::Preface(_) | Place::Other => {
                    self.place = Place::Other;
                    return None;
                }
                Place::Header { bytes, length } => {
                    if let Some(byte) = bytes.get_mut(*length) {
                        *byte = *first;
                    }
                    *length += 1;
                    rest = after;
                    if *length == HEADER_BYTES {
                        let header = *bytes;
                        self.begins(header);
                    }
                }
                Place::Payload(left) => {
                    let here = (*left).min(rest.len());
                    *left -= here;
                    rest = rest.get(here..).unwrap_or_default();
                    if *left == 0 {
                        self.place = NEXT_FRAME;
                    }
                }
            }
            if self.allowance < 0 && matches!(self.place, Place::Header { length: 0, .. }) {
                return Some(bytes.len() - rest.len());
            }
        }
        None
    }

    /// A frame begins (RFC 9113 section 4.1): 24 bits of length, a type, flags, a stream.
    fn begins(&mut self, [high, middle, low, kind, ..]: [u8; HEADER_BYTES]) {
        let length = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
        self.place = if length == 0 { NEXT_FRAME } else { Place::Payload(length) };
        match kind {
            HEADERS => self.add(PER_REQUEST),
            // hyper has a budget of its own for data in small pieces.
            DATA => {}
            RST_STREAM => self.allowance -= PER_RESET,
            _ => self.allowance -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, length: usize) -> Vec<u8> {
        let mut bytes = vec![0, 0, u8::try_from(length).unwrap_or(0), kind, 0, 0, 0, 0, 0];
        bytes.resize(HEADER_BYTES + length, 0);
        bytes
    }

    /// How many of these frames are let through, sent in pieces of `piece` bytes.
    fn let_through(frames: &[Vec<u8>], piece: usize) -> Option<usize> {
        let bytes: Vec<u8> = PREFACE.iter().copied().chain(frames.concat()).collect();
        let mut reader = Frames::new(1);
        let mut read = 0;
        for piece in bytes.chunks(piece) {
            if let Some(cut) = reader.received(piece, || 1) {
                let whole = read + cut - PREFACE.len();
                let ends = frames.iter().scan(0, |end, frame| {
                    *end += frame.len();
                    Some(*end)
                });
                return ends.take_while(|end| *end <= whole).count().into();
            }
            read += piece.len();
        }
        None
    }

    #[test]
    fn ht_04_frames_beside_requests_are_bounded_however_they_are_cut_up() {
        for piece in [1, 7, 9, 16_384] {
            for (kind, length, most) in [(4, 0, 1_001), (6, 8, 1_001), (8, 4, 1_001), (3, 4, 201)] {
                let flood = vec![frame(kind, length); 2_000];
                assert_eq!(let_through(&flood, piece), Some(most), "frame {kind} by {piece}");
            }
            let reset_at_once = [frame(1, 5), frame(3, 4)].concat();
            let most = let_through(&vec![reset_at_once; 2_000], piece);
            assert!(most.is_some_and(|most| most <= 1_001), "{most:?}");
        }
    }

    #[test]
    fn requests_answers_and_time_pay_for_the_frames_beside_them() {
        let request_and_ping = [frame(1, 5), frame(6, 8), frame(8, 4), frame(0, 3)].concat();
        assert_eq!(let_through(&vec![request_and_ping; 5_000], 100), None);
        let mut downloading = Frames::new(1);
        downloading.received(PREFACE, || 1);
        let mut pinging = Frames::new(1);
        pinging.received(PREFACE, || 1);
        for tick in 1..10_000 {
            downloading.sent(2_048);
            assert_eq!(downloading.received(&frame(8, 4), || 1), None);
            assert_eq!(downloading.received(&frame(8, 4), || 1), None);
            assert_eq!(pinging.received(&frame(6, 8), || tick), None);
        }
    }

    #[test]
    fn another_protocol_is_not_looked_at() {
        let mut reader = Frames::new(1);
        assert_eq!(reader.received(b"POST / HTTP/1.1\r\n", || 1), None);
        assert_eq!(reader.received(&frame(6, 8).repeat(2_000), || 1), None);
        assert!(matches!(reader.place, Place::Other));
    }
}
