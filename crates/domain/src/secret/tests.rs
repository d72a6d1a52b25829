use super::*;
use proptest::prelude::*;

fn counting() -> impl FnMut(&mut [u8]) {
    let mut next = 0_u8;
    move |buffer| {
        for byte in buffer {
            *byte = next;
            next = next.wrapping_add(37);
        }
    }
}

#[test]
fn kr_01_a_random_secret_has_32_digits_and_a_checksum_that_leak_scanners_can_check() {
    let secret = random("kw_", &mut counting());
    assert_eq!(secret.expose().len(), 3 + 32 + 6);
    assert_eq!(Shape::of(secret.expose()), Ok(Shape::Checksummed));
    assert_eq!(hint(&secret).len(), "kw_…".len() + 4);
}

#[test]
fn en_07_a_changed_character_is_refused_without_a_look_up() {
    let secret = random("psk_", &mut counting());
    for at in 4..secret.expose().len() {
        let mut text = secret.expose().to_owned().into_bytes();
        text[at] = if text[at] == b'x' { b'y' } else { b'x' };
        assert_eq!(Shape::of(&String::from_utf8(text).unwrap()), Err(Malformed), "at {at}");
    }
}

#[test]
fn kr_01_a_secret_with_a_prefix_of_its_own_is_told_by_its_checksum() {
    let secret = random("acme_", &mut counting());
    assert_eq!(Shape::of(secret.expose()), Ok(Shape::Checksummed));
    assert!(hint(&secret).starts_with("acme_…"));
    let mut wrong = secret.expose().to_owned();
    wrong.pop();
    wrong.push('-');
    assert_eq!(Shape::of(&wrong), Ok(Shape::Opaque), "a caller may have chosen it");
    assert_eq!(beginning(secret.expose()), Some("acme_"));
}

#[test]
fn a_prefix_is_a_short_word_that_nothing_of_ours_begins_with() {
    for good in ["ab_", "acme_", "a1_", "abcdefghijklmno_"] {
        assert!(is_key_prefix(good), "{good}");
    }
    for bad in [
        "kw_",
        "psk_",
        "key_",
        "a_",
        "1a_",
        "acme",
        "Acme_",
        "ac-me_",
        "a_b_",
        "_",
        "",
        "abcdefghijklmnop_",
    ] {
        assert!(!is_key_prefix(bad), "{bad}");
    }
}

#[test]
fn lg_01_secrets_do_not_print() {
    let secret = Secret::new("a-very-secret-text".to_owned());
    assert_eq!(format!("{secret:?} {:?}", secret.digest()), "Secret(…) SecretDigest(…)");
}

proptest! {
    #[test]
    fn kr_01_random_text_is_not_well_formed(text in "kw_[0-9A-Za-z]{38}") {
        // One in 2^32: never in a run of this size.
        prop_assert_eq!(Shape::of(&text), Err(Malformed));
    }

    #[test]
    fn no_text_makes_the_shape_panic(text in ".{0,200}") {
        let _ = Shape::of(&text);
        let _ = check_chosen(&text, &["acme_".to_owned()]);
        let _ = has_right_checksum(&text);
    }
}

#[test]
fn reserved_beginnings_cannot_be_chosen() {
    for text in [
        "kw_aaaaaaaaaaaaaaaa",
        "psk_aaaaaaaaaaaaaaa",
        "eyJaaaaaaaaaaaaaaaa",
        "key_aaaaaaaaaaaaaaaaa",
        "acme_aaaaaaaaaaaaaaa",
    ] {
        assert_eq!(check_chosen(text, &["acme_".to_owned()]), Err(BadChoice::ReservedBeginning));
    }
    assert_eq!(check_chosen("fifteen-chars-x", &[]), Err(BadChoice::Form));
    assert_eq!(check_chosen("78fd8f03-d9d0-4140-8aae-09f3f15d1392", &[]), Ok(()));
}
