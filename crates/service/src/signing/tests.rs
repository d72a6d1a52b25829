//! What a realm signs, read by a library that is not ours.

use super::{
    RealmKeys,
    key_pair::{KeyPair, thumbprint},
    sign::signing_input,
};
use crate::{master_key::MasterKey, seal::Keyring};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    id::TenantId,
    secret::Secret,
    signing::{Algorithm, SigningKey},
    time::Timestamp,
};
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Map, Value, json};
use store::signing_keys::{SealedPrivate, StoredSigningKey};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_772_366_400_000);

fn keyring() -> Keyring {
    let text = "first:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".to_owned();
    let masters = MasterKey::parse_list(&Secret::new(text)).unwrap();
    Keyring::derive(Uuid::from_u128(1), &[(1, &masters[0])]).unwrap()
}

fn stored(algorithm: Algorithm, keyring: &Keyring) -> StoredSigningKey {
    let pair = KeyPair::generate(algorithm).unwrap();
    let jwk = pair.public_jwk();
    let key = SigningKey {
        kid: thumbprint(&jwk),
        tenant: TenantId::from_u128(1),
        algorithm,
        public_key: Value::Object(jwk).to_string(),
        created_at: NOW,
        signs_from: NOW,
        signs_until: None,
        serves_until: None,
    };
    let private = keyring.seal_signing_key(&key, &pair.to_pkcs8().unwrap()).unwrap();
    StoredSigningKey { key, private: Some(private) }
}

fn claims() -> Map<String, Value> {
    let Value::Object(claims) = json!({"exp": 4_000_000_000_u64, "iss": "i", "b": 1, "a": 2})
    else {
        panic!("no object");
    };
    claims
}

#[test]
fn jw_08_what_is_signed_another_library_verifies_by_the_published_set() {
    let keyring = keyring();
    for algorithm in Algorithm::ALL {
        let keys = RealmKeys::open(&[stored(algorithm, &keyring)], &keyring).unwrap();
        let (of, pair) = keys.signer(NOW).unwrap();
        let input = signing_input(&of.key, "JWT", &claims()).unwrap();
        let signature = BASE64_URL_SAFE_NO_PAD.encode(pair.sign(input.as_bytes()).unwrap());
        let jwt = format!("{input}.{signature}");
        let set: JwkSet = serde_json::from_value(keys.published(NOW)).unwrap();
        let header = jsonwebtoken::decode_header(&jwt).unwrap();
        let jwk = set.find(header.kid.as_deref().unwrap()).unwrap();
        let key = DecodingKey::from_jwk(jwk).unwrap();
        let mut validation = Validation::new(header.alg);
        validation.set_issuer(&["i"]);
        let read = jsonwebtoken::decode::<Value>(&jwt, &key, &validation).unwrap();
        assert_eq!(read.claims, Value::Object(claims()), "{algorithm:?}");
        let altered = jwt.replacen('.', ".e", 1);
        assert!(jsonwebtoken::decode::<Value>(&altered, &key, &validation).is_err());
    }
}

#[test]
fn jw_07_the_published_set_holds_public_members_alone_in_their_order() {
    let keyring = keyring();
    let all = Algorithm::ALL.map(|algorithm| stored(algorithm, &keyring));
    let published = RealmKeys::open(&all, &keyring).unwrap().published(NOW);
    let members: Vec<Vec<&str>> = published["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|jwk| jwk.as_object().unwrap().keys().map(String::as_str).collect())
        .collect();
    let expected = [
        vec!["kid", "kty", "alg", "use", "n", "e"],
        vec!["kid", "kty", "alg", "use", "crv", "x", "y"],
        vec!["kid", "kty", "alg", "use", "crv", "x"],
    ];
    assert_eq!(members, expected);
}

#[test]
fn kr_08_a_private_half_opens_for_its_key_alone_and_prints_nothing() {
    let keyring = keyring();
    let (one, other) = (stored(Algorithm::Es256, &keyring), stored(Algorithm::Es256, &keyring));
    let private = one.private.clone().unwrap();
    assert!(keyring.open_signing_key(&one.key, &private).is_ok());
    let elsewhere = SigningKey { tenant: TenantId::from_u128(2), ..one.key.clone() };
    let otherwise = SigningKey { algorithm: Algorithm::EdDsa, ..one.key.clone() };
    for wrong in [&other.key, &elsewhere, &otherwise] {
        assert!(keyring.open_signing_key(wrong, &private).is_err());
    }
    let swapped = StoredSigningKey { key: one.key.clone(), private: other.private.clone() };
    assert!(RealmKeys::open(&[swapped], &keyring).is_err());
    assert_eq!(format!("{private:?}"), "SealedPrivate(1)");
    let keys = RealmKeys::open(std::slice::from_ref(&one), &keyring).unwrap();
    assert!(format!("{keys:?}").contains("KeyPair(…)"));
    let retired = StoredSigningKey { private: None::<SealedPrivate>, ..one };
    let keys = RealmKeys::open(&[retired], &keyring).unwrap();
    assert!(keys.signing(NOW).is_none() && keys.public_key(NOW).is_none());
}
