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

/// Writes `number` in exactly `N` digits, leading zeros included; higher digits are cut off.
#[must_use]
pub fn encode<const N: usize>(mut number: u128) -> [u8; N] {
    let mut text = [b'0'; N];
    for place in text.iter_mut().rev() {
        let remainder = (number % 62) as u8;
        *place = digit(remainder);
        number /= 62;
    }
    text
}

/// Reads digits back; `None` for a foreign character or a number over 128 bits.
#[must_use]
pub fn decode(text: &[u8]) -> Option<u128> {
    text.iter()
        .try_fold(0_u128, |number, &d| number.checked_mul(62)?.checked_add(u128::from(value(d)?)))
}
