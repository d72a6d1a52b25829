//! Request ids: unique in the installation, no system call each.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};

/// 32 hexadecimal digits: 64 random bits of the process, 64 of a scrambled counter.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId([u8; 32]);

impl RequestId {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Makes request ids.
#[derive(Debug)]
pub struct RequestIds {
    process: u64,
    mask: u64,
    count: AtomicU64,
}

impl RequestIds {
    /// `seed` is random and drawn once at start.
    #[must_use]
    pub fn new(seed: [u8; 16]) -> Self {
        let seed = u128::from_le_bytes(seed);
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of the seed")]
        let (process, mask) = ((seed >> 64) as u64, seed as u64);
        Self { process, mask, count: AtomicU64::new(0) }
    }

    /// How many were made: one a request.
    #[must_use]
    pub fn made(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// The next id.
    #[must_use]
    pub fn next(&self) -> RequestId {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut digits = [0; 32];
        let (left, right) = digits.split_at_mut(16);
        hex(self.process, left);
        hex(scramble(count.wrapping_add(self.mask)), right);
        RequestId(digits)
    }
}

/// The finaliser of splitmix64: one to one, so two counts never meet.
const fn scramble(count: u64) -> u64 {
    let mut z = count.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn hex(value: u64, digits: &mut [u8]) {
    for (digit, shift) in digits.iter_mut().zip((0..16).rev()) {
        let nibble = u8::try_from((value >> (shift * 4)) & 15).unwrap_or_default();
        *digit = if nibble < 10 { b'0' + nibble } else { b'a' - 10 + nibble };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_differ_and_are_hexadecimal() {
        let ids = RequestIds::new(*b"0123456789abcdef");
        let made: HashSet<RequestId> = (0..10_000).map(|_| ids.next()).collect();
        assert_eq!(made.len(), 10_000);
        assert!(made.iter().all(|id| {
            id.as_str().len() == 32 && id.as_str().bytes().all(|b| b.is_ascii_hexdigit())
        }));
        assert_ne!(RequestIds::new([7; 16]).next(), ids.next());
    }
}
