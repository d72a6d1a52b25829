#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::{
    check::{Bad, read},
    signer::Signer,
    *,
};
use zeroize::Zeroizing;

fn signer(seed: u8) -> Signer {
    Signer::from_seed(1, &Zeroizing::new([seed; 32])).unwrap()
}

fn signed(signer: &Signer, header: &serde_json::Value, claims: &serde_json::Value) -> String {
    let part = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(signer.sign(&message).unwrap());
    format!("{message}.{signature}")
}

fn header(signer: &Signer) -> serde_json::Value {
    json!({"alg": "EdDSA", "typ": TYP, "kid": signer.kid()})
}

fn claims() -> serde_json::Value {
    let sub = KeyId::from_bytes([7; 16]).to_string();
    json!({"iss": "https://keys.example", "aud": AUDIENCE, "sub": sub, "jti": "x", "iat": 1_700_000_000})
}

fn changed(
    mut value: serde_json::Value,
    name: &str,
    to: impl Into<serde_json::Value>,
) -> serde_json::Value {
    value[name] = to.into();
    value
}

#[test]
fn what_was_signed_here_is_read() {
    let signer = signer(1);
    let said = read(&signed(&signer, &header(&signer), &claims()), &[signer]).unwrap();
    assert_eq!(said.key, KeyId::from_bytes([7; 16]));
    assert_eq!((&*said.secret_id, &*said.issuer), ("x", "https://keys.example"));
    assert_eq!(said.issued_at.to_string(), "2023-11-14T22:13:20.000Z");
}

#[test]
fn jw_01_no_other_algorithm_and_no_other_type_is_read() {
    let signer = signer(1);
    for alg in ["none", "NONE", "eddsa", "EDDSA", "HS256", "ES256", "RS256", "Ed25519", ""] {
        let text = signed(&signer, &changed(header(&signer), "alg", alg), &claims());
        assert_eq!(read(&text, &[self::signer(1)]), Err(Bad::Form), "{alg}");
    }
    for typ in ["JWT", "at+jwt", "Bearer", "keyward-key", "KEYWARD-KEY+JWT", ""] {
        let text = signed(&signer, &changed(header(&signer), "typ", typ), &claims());
        assert_eq!(read(&text, &[self::signer(1)]), Err(Bad::Form), "{typ}");
    }
    // HMAC by the public half, as an attacker could.
    let text = signed(&signer, &header(&signer), &claims());
    let (message, _) = text.rsplit_once('.').unwrap();
    assert_eq!(read(&format!("{message}."), &[self::signer(1)]), Err(Bad::Unknown));
    assert_eq!(read(message, &[self::signer(1)]), Err(Bad::Form));
}

#[test]
fn jw_02_what_a_header_names_besides_is_refused_and_a_kid_only_looked_up() {
    let (signer, other) = (signer(1), signer(2));
    for name in ["jku", "x5u", "jwk", "x5c", "crit", "b64", "cty", "zip"] {
        let text =
            signed(&signer, &changed(header(&signer), name, "https://evil.example"), &claims());
        assert_eq!(read(&text, &[self::signer(1)]), Err(Bad::Form), "{name}");
    }
    for kid in ["", "../../etc/passwd", "' OR 1=1", "https://evil.example/jwks", other.kid()] {
        let text = signed(&signer, &changed(header(&signer), "kid", kid), &claims());
        assert_eq!(read(&text, &[self::signer(1), self::signer(2)]), Err(Bad::Unknown), "{kid}");
    }
    assert_eq!(read(&signed(&other, &header(&other), &claims()), &[signer]), Err(Bad::Unknown));
}

#[test]
fn jw_05_claims_that_are_none_of_ours_are_refused_cleanly() {
    let signer = signer(1);
    let of = |claims| read(&signed(&signer, &header(&signer), &claims), &[self::signer(1)]);
    for iat in [json!(-1), json!(1.5), json!("1"), json!(null), json!(i64::MAX), json!(1e300)] {
        assert_eq!(of(changed(claims(), "iat", iat.clone())), Err(Bad::Unknown), "{iat}");
    }
    for aud in [json!(["keyward:keys"]), json!("keyward"), json!(null)] {
        assert_eq!(of(changed(claims(), "aud", aud.clone())), Err(Bad::Unknown), "{aud}");
    }
    assert_eq!(of(changed(claims(), "sub", "alice")), Err(Bad::Unknown));
    assert_eq!(of(changed(claims(), "exp", 1)), Err(Bad::Unknown));
    assert_eq!(of(json!([])), Err(Bad::Form));
}

#[test]
fn one_bit_more_or_less_is_another_text() {
    let signer = signer(1);
    let text = signed(&signer, &header(&signer), &claims());
    let signers = [signer];
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(bytes).unwrap();
        assert!(read(&other, &signers).is_err(), "{at}");
    }
    for other in [format!("{text}="), format!("{text}."), format!("{text}A"), format!(" {text}")] {
        assert!(read(&other, &signers).is_err());
    }
}

#[test]
fn jw_03_what_any_other_key_signed_is_no_key_whatever_it_says_of_itself() {
    let ours = [signer(1), signer(2)];
    for seed in 3..=u8::MAX {
        let other = signer(seed);
        for kid in [ours[0].kid(), ours[1].kid(), other.kid()] {
            let header = changed(header(&other), "kid", kid);
            assert_eq!(read(&signed(&other, &header, &claims()), &ours), Err(Bad::Unknown));
        }
    }
    // What both signed is for the one that the header names.
    let swapped = signed(&ours[0], &header(&ours[1]), &claims());
    assert_eq!(read(&swapped, &ours), Err(Bad::Unknown));
}
