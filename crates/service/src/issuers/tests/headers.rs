//! Headers and signatures (JW-01, JW-02).

use super::*;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn header(alg: &str) -> Value {
    json!({"alg": alg, "typ": "at+jwt", "kid": "k1"})
}

fn verdict(keys: &KeySet, text: &str) -> Result<(), Refused> {
    believed(&issuer(), keys, text).map(|_| ())
}

#[test]
fn each_algorithm_of_the_list_is_believed_by_a_key_of_its_kind_and_by_no_other() {
    let (rsa, p256, ed) = (Signer::rsa(), Signer::p256(), Signer::ed25519());
    for (signer, algorithms) in
        [(&rsa, &["RS256", "PS256"][..]), (&p256, &["ES256"][..]), (&ed, &["EdDSA"][..])]
    {
        let keys = signer.set("k1");
        for alg in algorithms {
            assert_eq!(verdict(&keys, &signer.sign(&header(alg), &claims())), Ok(()), "{alg}");
        }
        for other in ["RS256", "PS256", "ES256", "EdDSA", "RS384", "PS512", "ES384"] {
            if !algorithms.contains(&other) {
                // What the header says is not what the key does.
                assert!(
                    verdict(&keys, &signer.sign(&header(other), &claims())).is_err(),
                    "{other}"
                );
            }
        }
    }
}

#[test]
fn jw_01_none_symmetric_and_differently_written_algorithms_are_refused() {
    let rsa = Signer::rsa();
    let keys = rsa.set("k1");
    for alg in
        ["none", "None", "NONE", "nOnE", "", "rs256", "Rs256", "RS256 ", "RSA", "HS256", "HS512"]
    {
        let text = rsa.sign(&header(alg), &claims());
        assert!(verdict(&keys, &text).is_err(), "{alg}");
        let bare = text.rsplit_once('.').unwrap().0;
        assert!(verdict(&keys, &format!("{bare}.")).is_err(), "{alg} without a signature");
    }
    for alg in [json!(null), json!(["RS256"]), json!({"a": "RS256"}), json!(256)] {
        let odd = json!({"alg": alg, "typ": "at+jwt", "kid": "k1"});
        assert!(verdict(&keys, &rsa.sign(&odd, &claims())).is_err(), "{odd}");
    }
}

#[test]
fn jw_01_a_public_key_is_no_secret_of_hs256() {
    let rsa = Signer::rsa();
    let jwk = rsa.jwk("k1");
    let keys = rsa.set("k1");
    let message = format!("{}.{}", part(&header("HS256")), part(&claims()));
    for secret in [jwk["n"].as_str().unwrap().to_owned(), jwk.to_string()] {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(message.as_bytes());
        let tag = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        assert!(verdict(&keys, &format!("{message}.{tag}")).is_err());
        let symmetric = json!({"kty": "oct", "kid": "k1", "k": URL_SAFE_NO_PAD.encode(&secret)});
        assert!(verdict(&keys::set(&[symmetric]), &format!("{message}.{tag}")).is_err());
    }
}

#[test]
fn jw_01_what_a_header_calls_critical_is_refused() {
    let ed = Signer::ed25519();
    for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!("x"), json!(null)] {
        let mut with = header("EdDSA");
        with["crit"] = crit;
        assert_eq!(
            verdict(&ed.set("k1"), &ed.sign(&with, &claims())),
            Err("`crit` names what is not understood")
        );
    }
}

#[test]
fn jw_02_a_header_brings_no_key_and_leads_nowhere() {
    let (known, own) = (Signer::ed25519(), Signer::ed25519());
    let keys = known.set("k1");
    for (name, value) in [
        ("jwk", own.jwk("k1")),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/cert")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("abc")),
    ] {
        let mut with = header("EdDSA");
        with[name] = value;
        assert!(verdict(&keys, &own.sign(&with, &claims())).is_err(), "{name}");
        assert_eq!(verdict(&keys, &known.sign(&with, &claims())), Ok(()), "{name} is not read");
    }
}

#[test]
fn jw_02_a_kid_is_compared_and_nothing_else() {
    let ed = Signer::ed25519();
    let keys = ed.set("k1");
    let long = "k".repeat(4_000);
    for kid in [
        "../../etc/passwd",
        "k1' OR '1'='1",
        "https://evil.example/k1",
        "K1",
        "k1 ",
        "",
        &long,
        "\u{0}k1",
    ] {
        let mut with = header("EdDSA");
        with["kid"] = json!(kid);
        assert!(verdict(&keys, &ed.sign(&with, &claims())).is_err(), "{kid}");
    }
    for kid in [json!(1), json!(["k1"]), json!({"a": 1}), json!(null)] {
        let mut with = header("EdDSA");
        with["kid"] = kid;
        assert_eq!(verdict(&keys, &ed.sign(&with, &claims())), Err("`kid` is no text"));
    }
}

#[test]
fn without_a_kid_one_key_alone_may_fit() {
    let (one, other) = (Signer::ed25519(), Signer::ed25519());
    let text = one.sign(&json!({"alg": "EdDSA", "typ": "at+jwt"}), &claims());
    assert_eq!(verdict(&one.set("k1"), &text), Ok(()));
    assert!(verdict(&keys::set(&[one.jwk("k1"), other.jwk("k2")]), &text).is_err());
    assert_eq!(verdict(&keys::set(&[one.jwk("k1"), Signer::p256().jwk("k2")]), &text), Ok(()));
    // Two of one name are none.
    let named = one.sign(&header("EdDSA"), &claims());
    assert!(verdict(&keys::set(&[one.jwk("k1"), other.jwk("k1")]), &named).is_err());
}

#[test]
fn keys_that_are_for_something_else_or_too_weak_are_not_used() {
    let ed = Signer::ed25519();
    let text = ed.sign(&header("EdDSA"), &claims());
    for (name, value) in [
        ("use", json!("enc")),
        ("alg", json!("ES256")),
        ("alg", json!("none")),
        ("key_ops", json!(["sign"])),
        ("kty", json!("oct")),
        ("crv", json!("Ed448")),
        ("x", json!("AAAA")),
        ("kid", json!(7)),
    ] {
        let mut jwk = ed.jwk("k1");
        jwk[name] = value;
        assert!(verdict(&keys::set(&[jwk]), &text).is_err(), "{name}");
    }
    let mut fitting = ed.jwk("k1");
    fitting["alg"] = json!("EdDSA");
    fitting["use"] = json!("sig");
    fitting["key_ops"] = json!(["verify"]);
    assert_eq!(verdict(&keys::set(&[json!("odd"), json!({}), fitting]), &text), Ok(()));
    let weak =
        json!({"kty": "RSA", "kid": "k1", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode([255; 128])});
    assert!(verdict(&keys::set(&[weak]), &text).is_err());
    for set in ["", "{}", "[]", "{\"keys\":{}}", "{\"keys\":1}"] {
        assert!(KeySet::read(set.as_bytes()).is_none(), "{set}");
    }
}

#[test]
fn every_changed_byte_of_a_token_is_noticed() {
    let ed = Signer::ed25519();
    let (keys, text) = (ed.set("k1"), ed.sign(&header("EdDSA"), &claims()));
    for at in 0..text.len() {
        for with in [b'A', b'B', b'.', b'=', b'-'] {
            let mut bytes = text.clone().into_bytes();
            if bytes[at] != with {
                bytes[at] = with;
                let changed = String::from_utf8(bytes).unwrap();
                assert!(verdict(&keys, &changed).is_err(), "{at}");
            }
        }
        assert!(verdict(&keys, text.get(..at).unwrap()).is_err());
    }
    for odd in [format!("{text}="), format!("{text}."), format!(".{text}"), format!(" {text}")] {
        assert!(verdict(&keys, &odd).is_err());
    }
}

#[test]
fn what_looks_like_a_jwt_is_told_from_its_shape() {
    let text = Signer::ed25519().sign(&header("EdDSA"), &claims());
    assert!(looks_like_one(&text));
    let long = format!("eyJ{}..", "a".repeat(9_000));
    for odd in
        ["", "eyJ", "eyJ.a", "eyJ.a.b.c", "9b7682b7-cbce-422f-9bbb-ecda85e61695", "a.b.c", &long]
    {
        assert!(!looks_like_one(odd));
    }
}
