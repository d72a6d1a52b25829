//! Base62 with the alphabet `0-9A-Za-z`, most significant digit first, fixed widths.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The digit for `value % 62`.
#[must_use]
pub fn digit(value: u8) -> u8 {
    ALPHABET.get(usize::from(value) % 62).copied().unwrap_or(b'0')
}

/// The value of one digit, if it is one.
#[must_use]
pub const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'A'..=b'Z' => Some(digit - b'A' + 10),
        b'a'..=b'z' => Some(digit - b'a' + 36),
        _ => None,
    }
}

/// Digits that fit into 64 bits.
const CHUNK: usize = 10;
const CHUNK_VALUE: u128 = 62_u128.pow(10);

/// Writes `number` in exactly `N` digits, leading zeros included; higher digits are cut off.
#[must_use]
pub fn encode<const N: usize>(mut number: u128) -> [u8; N] {
    let mut text = [b'0'; N];
    // Every verdict names its key: 128-bit divisions are dear, so there is one for ten digits.
    for places in text.rchunks_mut(CHUNK) {
        let rest = number / CHUNK_VALUE;
        let mut ten = (number - rest * CHUNK_VALUE) as u64;
        for place in places.iter_mut().rev() {
            let remainder = (ten % 62) as u8;
            *place = digit(remainder);
            ten /= 62;
        }
        number = rest;
    }
    text
}

/// Reads digits back; `None` for a foreign character or a number over 128 bits.
#[must_use]
pub fn decode(text: &[u8]) -> Option<u128> {
    text.iter()
        .try_fold(0_u128, |number, &d| number.checked_mul(62)?.checked_add(u128::from(value(d)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_are_those_of_plain_division(number: u128) {
            let mut rest = number;
            let wide: [u8; 22] = encode(number);
            for place in wide.iter().rev() {
                prop_assert_eq!(*place, digit((rest % 62) as u8));
                rest /= 62;
            }
            let narrow: [u8; 6] = encode(number);
            prop_assert_eq!(&wide[16..], &narrow);
            prop_assert_eq!(decode(&wide), Some(number));
        }
    }
}
