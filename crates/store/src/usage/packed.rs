//! One flush in bytes: a format number, the calls that found no key, then each key: its id, its last
//! use, which verdicts it had, and how often each. All numbers are little-endian.

use domain::{id::KeyId, time::Timestamp};
use verifier::{Drained, KeyUsage};

const FORMAT: u8 = 1;
/// In place of a last use: no call passed.
const NEVER: i64 = i64::MIN;

pub(super) fn write(drained: &Drained) -> Vec<u8> {
    let mut out = Vec::with_capacity(9 + drained.keys.len() * 32);
    out.push(FORMAT);
    out.extend(drained.not_found.to_le_bytes());
    for usage in &drained.keys {
        out.extend(usage.id.as_bytes());
        let last = usage.last_used.map_or(NEVER, Timestamp::as_millis);
        out.extend(last.to_le_bytes());
        let mask = (0..)
            .zip(&usage.counts)
            .filter(|(_, count)| **count > 0)
            .fold(0_u16, |mask, (verdict, _)| mask | 1 << verdict);
        out.extend(mask.to_le_bytes());
        for count in usage.counts.iter().filter(|count| **count > 0) {
            out.extend(count.to_le_bytes());
        }
    }
    out
}

/// Reads what [`write()`] wrote; `None`: it did not write this.
pub(super) fn read(mut bytes: &[u8]) -> Option<Drained> {
    let rest = &mut bytes;
    let [FORMAT] = take(rest)? else {
        return None;
    };
    let mut drained = Drained { not_found: u64::from_le_bytes(take(rest)?), ..Drained::default() };
    while !rest.is_empty() {
        let id = KeyId::from_bytes(take(rest)?);
        let last = i64::from_le_bytes(take(rest)?);
        let mask = u16::from_le_bytes(take(rest)?);
        let mut counts = [0_u32; 13];
        if mask >> counts.len() != 0 {
            return None;
        }
        for (verdict, count) in counts.iter_mut().enumerate() {
            if mask & 1 << verdict != 0 {
                *count = u32::from_le_bytes(take(rest)?);
            }
        }
        drained.keys.push(KeyUsage {
            id,
            counts,
            last_used: (last != NEVER).then(|| Timestamp::from_millis(last)),
        });
    }
    Some(drained)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}
