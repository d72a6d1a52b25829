//! One flush in bytes: a format number, the calls that found no key, then each key: its id, which
//! verdicts it had and by which of its secrets it passed, when last by each of those, and how often each
//! verdict. All numbers are little-endian.
//!
//! Format 1, of earlier releases, said the last use of a key alone, before the verdicts. It is read yet:
//! a journal outlives the process that wrote it.

use domain::{id::KeyId, time::Timestamp};
use verifier::{Drained, KeyUsage};

const FORMAT: u8 = 2;
const WITHOUT_SECRETS: u8 = 1;
/// In place of a last use in format 1: no call passed.
const NEVER: i64 = i64::MIN;
const VERDICTS: u32 = 13;

pub(super) fn write(drained: &Drained) -> Vec<u8> {
    let mut out = Vec::with_capacity(9 + drained.keys.len() * 32);
    out.push(FORMAT);
    out.extend(drained.not_found.to_le_bytes());
    for usage in &drained.keys {
        out.extend(usage.id.as_bytes());
        let had = usage.counts.iter().map(|count| *count > 0);
        let passed_by = usage.secrets_used.iter().map(Option::is_some);
        let mask = (0..).zip(had.chain(passed_by)).filter(|(_, is)| *is);
        out.extend(mask.fold(0_u16, |mask, (bit, _)| mask | 1 << bit).to_le_bytes());
        for at in usage.secrets_used.into_iter().flatten() {
            out.extend(at.as_millis().to_le_bytes());
        }
        for count in usage.counts.iter().filter(|count| **count > 0) {
            out.extend(count.to_le_bytes());
        }
    }
    out
}

/// Reads what [`write()`] wrote, in this release or an earlier one; `None`: it did not write this.
pub(super) fn read(mut bytes: &[u8]) -> Option<Drained> {
    let rest = &mut bytes;
    let [format] = take(rest)?;
    if ![WITHOUT_SECRETS, FORMAT].contains(&format) {
        return None;
    }
    let mut drained = Drained { not_found: u64::from_le_bytes(take(rest)?), ..Drained::default() };
    while !rest.is_empty() {
        let id = KeyId::from_bytes(take(rest)?);
        let mut usage = KeyUsage { id, counts: [0; 13], last_used: None, secrets_used: [None; 2] };
        if format == WITHOUT_SECRETS {
            let last = i64::from_le_bytes(take(rest)?);
            usage.last_used = (last != NEVER).then(|| Timestamp::from_millis(last));
        }
        let mask = u16::from_le_bytes(take(rest)?);
        let slots = mask >> VERDICTS;
        if slots > 3 || (slots > 0 && format == WITHOUT_SECRETS) {
            return None;
        }
        for (slot, at) in usage.secrets_used.iter_mut().enumerate() {
            if slots & 1 << slot != 0 {
                *at = Some(Timestamp::from_millis(i64::from_le_bytes(take(rest)?)));
            }
        }
        for (verdict, count) in usage.counts.iter_mut().enumerate() {
            if mask & 1 << verdict != 0 {
                *count = u32::from_le_bytes(take(rest)?);
            }
        }
        usage.last_used = usage.secrets_used.into_iter().flatten().max().or(usage.last_used);
        drained.keys.push(usage);
    }
    Some(drained)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn what_was_written_is_read() {
        let mut counts = [0; 13];
        (counts[3], counts[12]) = (7, u32::MAX);
        let used =
            [[None, None], [Some(at(5)), None], [None, Some(at(6))], [Some(at(8)), Some(at(6))]];
        let keys = used.into_iter().zip(1_u8..).map(|(secrets_used, n)| KeyUsage {
            id: KeyId::from_bytes([n; 16]),
            counts,
            last_used: secrets_used.into_iter().flatten().max(),
            secrets_used,
        });
        let drained = Drained { keys: keys.collect(), not_found: 9 };
        assert_eq!(read(&write(&drained)), Some(drained));
    }

    #[test]
    fn a_row_of_an_earlier_release_is_read() {
        let mut row = vec![1];
        row.extend(3_u64.to_le_bytes());
        for (n, last) in [(1_u8, 1_234), (2, NEVER)] {
            row.extend([n; 16]);
            row.extend(last.to_le_bytes());
            row.extend((1_u16 << 12).to_le_bytes());
            row.extend(5_u32.to_le_bytes());
        }
        let drained = read(&row).unwrap();
        assert_eq!(drained.not_found, 3);
        let said: Vec<_> =
            drained.keys.iter().map(|k| (k.counts[12], k.last_used, k.secrets_used)).collect();
        assert_eq!(said, [(5, Some(at(1_234)), [None; 2]), (5, None, [None; 2])]);
    }
}
