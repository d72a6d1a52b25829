//! Numbers and addresses as text on the hot paths, without the machinery of formatting.

use std::net::IpAddr;

/// Appends a number.
pub(crate) fn number(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap_or_default();
        value /= 10;
        start = place;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(start..).unwrap_or_default());
}

/// Appends an address, as it prints itself.
pub(crate) fn address(out: &mut Vec<u8>, address: IpAddr) {
    let IpAddr::V4(address) = address else {
        return out.extend_from_slice(address.to_string().as_bytes());
    };
    for (place, octet) in address.octets().into_iter().enumerate() {
        if place > 0 {
            out.push(b'.');
        }
        number(out, octet.into());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_are_written_whole() {
        for value in [0, 9, 10, 1_000_000, u64::MAX] {
            let mut out = Vec::new();
            number(&mut out, value);
            assert_eq!(std::str::from_utf8(&out).unwrap(), value.to_string());
        }
    }

    #[test]
    fn addresses_are_written_as_they_print_themselves() {
        for text in ["0.0.0.0", "192.0.2.255", "2001:db8::1", "::ffff:192.0.2.1"] {
            let mut out = Vec::new();
            address(&mut out, text.parse().unwrap());
            assert_eq!(std::str::from_utf8(&out).unwrap(), text);
        }
    }
}
