//! How hard a secret that a caller chose is to guess (CW-05).
//!
//! The estimate is the lower of two. The first reads the text as somebody would who knows how people
//! make texts: what was said before, and what only counts on, tells little. The second knows words,
//! names and keyboards, but counts no further than 2^63. A random text of 16 characters of all kinds
//! has 96 bits and more; a UUID has 122.

use super::Created;
use domain::secret::Secret;

/// The one type whose secrets callers choose.
const CHOSEN: &str = "ges";
/// Weaker secrets come with a warning.
const ENOUGH_BITS: f64 = 96.0;
/// The shortest repetition that is cheaper than its characters.
const REPEATED: usize = 3;

/// What whoever sees a weak secret is told.
const WEAK: &str = "the secret is weak, under 96 bits by estimate: choose a random one, of 22 letters and \
                    digits or more";

impl Created {
    /// What its creator should know of it; most often nothing.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        let chosen = self.key.key_type == CHOSEN;
        (chosen && is_weak(&self.secret)).then_some(WEAK).into_iter().collect()
    }
}

/// Whether a guess could come too near.
fn is_weak(secret: &Secret) -> bool {
    bits_by_form(secret.expose().as_bytes()).min(bits_by_words(secret.expose())) < ENOUGH_BITS
}

/// Characters that follow from what stands before them cost little, the others their choice.
fn bits_by_form(text: &[u8]) -> f64 {
    let choice = choices(text).log2();
    let (mut at, mut bits) = (0, 0.0);
    while at < text.len() {
        let (before, rest) = text.split_at(at);
        let known = longest_repeated(before, rest);
        if known >= REPEATED {
            bits += as_f64(at + 1).log2() + as_f64(known).log2();
            at += known;
            continue;
        }
        bits += if counts_on(before, rest) { 1.0 } else { choice };
        at += 1;
    }
    bits
}

/// How many characters one is chosen from, judged by the kinds that occur.
fn choices(text: &[u8]) -> f64 {
    if text.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-') {
        return 16.0;
    }
    let kinds: [(fn(&u8) -> bool, f64); 4] = [
        (u8::is_ascii_digit, 10.0),
        (u8::is_ascii_lowercase, 26.0),
        (u8::is_ascii_uppercase, 26.0),
        (u8::is_ascii_punctuation, 32.0),
    ];
    kinds.iter().filter(|(is, _)| text.iter().any(is)).map(|(_, n)| n).sum::<f64>().max(2.0)
}

/// How much of the rest stands before it already.
fn longest_repeated(before: &[u8], rest: &[u8]) -> usize {
    let common = |from: &[u8]| from.iter().zip(rest).take_while(|(a, b)| a == b).count();
    (0..before.len()).filter_map(|start| before.get(start..)).map(common).max().unwrap_or(0)
}

/// Whether the next character goes on as the last two did: `aaa`, `123`, `cba`.
fn counts_on(before: &[u8], rest: &[u8]) -> bool {
    let ([.., a, b], [c, ..]) = (before, rest) else { return false };
    let (step, next) = (i16::from(*b) - i16::from(*a), i16::from(*c) - i16::from(*b));
    step == next && step.abs() <= 1
}

/// Without a bound where the estimate reaches its own end.
fn bits_by_words(text: &str) -> f64 {
    let guesses = zxcvbn::zxcvbn(text, &[]).guesses();
    if guesses >= 1 << 60 { f64::INFINITY } else { as_f64_of(guesses).log2() }
}

fn as_f64(n: usize) -> f64 {
    as_f64_of(u64::try_from(n).unwrap_or(u64::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
const fn as_f64_of(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weak(text: &str) -> bool {
        is_weak(&Secret::new(text.to_owned()))
    }

    #[test]
    fn cw_05_what_people_make_up_is_weak() {
        for text in [
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "1234567890123456789012345678901234567890",
            "abcdefghijklmnopqrstuvwxyz",
            "passwordpasswordpasswordpassword",
            "correcthorsebatterystaple",
            "a-secret-of-my-own",
            "7f3a9c2e7f3a9c2e7f3a9c2e7f3a9c2e",
            "qwertyuiopasdfghjklzxcvbnm",
            "x9$Lq2!vR7#mTz",
        ] {
            assert!(weak(text), "{text}");
        }
    }

    #[test]
    fn cw_05_what_a_machine_draws_is_not() {
        for text in [
            "9b7682b7-cbce-422f-9bbb-ecda85e61695",
            "f2ce1b3c-aa0a-4cf3-8c6d-5d2d1f9a41e7",
            "8c41f7ab02d95e6630bd4f1792ea6c58",
            "Zr8tQm2VxK5yLw9NpB3dHc",
            "kY7}w#Q2v!Lr9@Tz(Xb4",
        ] {
            assert!(!weak(text), "{text}");
        }
    }
}
