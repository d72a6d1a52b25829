//! Numbers as people read them.

/// The next number that reads well on a scale, with a half that does, too.
pub(super) fn round_up(most: u64) -> u64 {
    let mut step: u64 = 1;
    loop {
        for of in [2, 4, 6, 8, 10] {
            let top = step.saturating_mul(of);
            if top >= most {
                return top;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// `1204` as `1,204`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_in_a_round_number() {
        let tops = [0, 1, 3, 11, 99, 101, 1_204].map(round_up);
        assert_eq!(tops, [2, 2, 4, 20, 100, 200, 2_000]);
    }

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped).join(" "), "0 999 1,000 1,234,567");
    }
}
