//! When a certificate ends: the few bytes of X.509 (RFC 5280, section 4.1) that say so. Whether a
//! certificate is to be trusted is the client's question; ours is only whether it is time for a new one.

use domain::time::Timestamp;

const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// The end of the validity of a certificate in DER; `None` for what is none.
pub(super) fn ends_at(certificate: &[u8]) -> Option<Timestamp> {
    let (SEQUENCE, certificate, _) = element(certificate)? else { return None };
    let (SEQUENCE, signed, _) = element(certificate)? else { return None };
    let rest = match element(signed)? {
        (VERSION, _, rest) => rest,
        _ => signed,
    };
    let (INTEGER, _serial, rest) = element(rest)? else { return None };
    let (SEQUENCE, _algorithm, rest) = element(rest)? else { return None };
    let (SEQUENCE, _issuer, rest) = element(rest)? else { return None };
    let (SEQUENCE, validity, _) = element(rest)? else { return None };
    let (_, _not_before, rest) = element(validity)?;
    match element(rest)? {
        (UTC_TIME, text, _) => {
            let (year, rest) = number(text, 2)?;
            // RFC 5280, section 4.1.2.5.1.
            instant(if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        (GENERALIZED_TIME, text, _) => {
            let (year, rest) = number(text, 4)?;
            instant(year, rest)
        }
        _ => None,
    }
}

/// Tag, content, and what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        if bytes.len() > 4 {
            return None;
        }
        (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// So many decimal digits.
fn number(text: &[u8], digits: usize) -> Option<(i64, &[u8])> {
    let (number, rest) = text.split_at_checked(digits)?;
    let value = number.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
    })?;
    Some((value, rest))
}

/// `MMDDHHMMSSZ`.
fn instant(year: i64, text: &[u8]) -> Option<Timestamp> {
    let (month, text) = number(text, 2)?;
    let (day, text) = number(text, 2)?;
    let (hour, text) = number(text, 2)?;
    let (minute, text) = number(text, 2)?;
    let (second, text) = number(text, 2)?;
    if text != b"Z" || !(1..=12).contains(&month) {
        return None;
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Timestamp::from_millis(seconds * 1_000))
}

/// Days since 1970-01-01 in the Gregorian calendar. Years begin in March, so that the odd day of a
/// leap year is the last one.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    fn ends(year: i32, month: u8, day: u8) -> Option<Timestamp> {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_after = date_time_ymd(year, month, day);
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        ends_at(made.der())
    }

    #[test]
    fn the_end_of_a_certificate_is_read_in_both_of_its_forms() {
        for (date, seconds) in [
            ((2026, 11, 22), 1_795_305_600),
            ((2028, 2, 29), 1_835_395_200),
            ((2049, 12, 31), 2_524_521_600),
            // From 2050 on the year has four digits.
            ((2050, 1, 1), 2_524_608_000),
            ((2124, 2, 29), 4_864_838_400),
        ] {
            let (year, month, day) = date;
            let expected = Some(Timestamp::from_millis(seconds * 1_000));
            assert_eq!(ends(year, month, day), expected, "{date:?}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let der = made.cert.der();
        for length in 0..der.len().min(200) {
            assert_eq!(ends_at(&der[..length]), None);
        }
        assert_eq!(ends_at(b"0\x84\xff\xff\xff\xff"), None);
        assert_eq!(ends_at(&[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1]), None);
    }
}
