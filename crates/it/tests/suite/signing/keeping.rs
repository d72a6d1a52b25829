use super::{kid, kids, later, published, realm, rotate, sign_by, signed, world};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::signing::Algorithm;
use it::{
    World,
    world::{Place, TENANT},
};
use serde_json::{Value, json};

/// The one text that a statement has.
fn text(place: &Place, sql: &str) -> String {
    place.sql(sql)[0].clone()
}

fn sealed(place: &Place) -> Vec<String> {
    place.sql("SELECT count(*) FROM signing_keys WHERE sealed IS NOT NULL")
}

#[tokio::test]
async fn kr_08_the_private_half_is_sealed_at_rest_and_gone_once_the_key_has_stopped_signing() {
    let world = world().await;
    let old = kid(&signed(&world).await);
    assert_eq!(sealed(world.place()), ["1"]);
    rotate(&world.person("ops").await, &json!({})).await;
    assert_eq!(sealed(world.place()), ["2"]);
    later(&world, 3_600).await;
    assert_eq!(sealed(world.place()), ["1"]);
    let left = text(world.place(), "SELECT kid FROM signing_keys WHERE sealed IS NOT NULL");
    assert_ne!(left, old);
    let generation =
        format!("SELECT count(*) FROM signing_keys WHERE generation IS NOT NULL AND kid = '{old}'");
    assert_eq!(text(world.place(), &generation), "0");
    rotate(&world.person("ops").await, &json!({"now": true})).await;
    assert_eq!(sealed(world.place()), ["1"], "at once");
}

/// How the private half of a P-256 key begins as PKCS #8 (RFC 5958), whatever the key.
const PKCS8: [u8; 21] = [
    2, 1, 0, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce,
    0x3d,
];

#[tokio::test]
async fn kr_08_no_file_of_the_database_holds_a_private_half_in_clear() {
    let world = world().await;
    signed(&world).await;
    rotate(&world.person("ops").await, &json!({})).await;
    let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    let kid = kids(&published(&world).await)[0].clone();
    let mut with_kid = 0;
    // Empty on a server, whose files are not ours to read.
    for file in std::fs::read_dir(world.place().folder()).unwrap().flatten() {
        let bytes = std::fs::read(file.path()).unwrap();
        assert!(!holds(&bytes, &PKCS8), "{}", file.path().display());
        with_kid += usize::from(holds(&bytes, kid.as_bytes()));
    }
    assert!(with_kid > 0 || world.place().database_value() != "sqlite");
}

#[tokio::test]
async fn a_realm_signs_on_with_its_keys_after_a_restart() {
    let world = world().await;
    let jwt = signed(&world).await;
    let world = world.restart().await;
    assert_eq!(kid(&signed(&world).await), kid(&jwt));
    assert!(world.service.verify_own(realm(), &jwt).await.unwrap().is_some());
}

#[tokio::test]
async fn a_realm_that_is_taken_away_keeps_its_keys_and_a_tenant_that_is_purged_does_not() {
    let world = world().await;
    let ops = world.person("ops").await;
    let first = kid(&signed(&world).await);
    let path = format!("/v1/tenants/{TENANT}");
    assert_eq!(ops.patch(&path, &json!({"realm": null})).await.status, 200);
    assert_eq!(ops.patch(&path, &json!({"realm": "again"})).await.status, 200);
    assert_eq!(kid(&signed(&world).await), first);
    assert_eq!(ops.delete(&path).await.status, 204);
    let gone = world.service.sign_jwt(realm(), "JWT", &serde_json::Map::new()).await;
    drop(gone);
    assert_eq!(sealed(world.place()), ["1"], "the data goes later");
    for _ in 0..31 {
        later(&world, 86_400).await;
    }
    world.service.purge_tenants().await.unwrap();
    assert_eq!(world.place().sql("SELECT kid FROM signing_keys"), Vec::<String>::new());
}

#[tokio::test]
async fn a_tenant_without_a_realm_signs_nothing() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let made = ops.post("/v1/tenants", &json!({"name": "Without"})).await.json();
    let id = domain::id::TenantId::parse(made["id"].as_str().unwrap()).unwrap();
    let refused = world.service.sign_jwt(id, "JWT", &serde_json::Map::new()).await;
    assert!(matches!(refused, Err(service::Error::NotFound)), "{refused:?}");
}

#[tokio::test]
async fn jw_01_jw_02_what_the_realm_did_not_sign_by_that_key_is_not_its_own() {
    let world = world().await;
    let jwt = signed(&world).await;
    let [header, claims, signature] = jwt.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let read = |part: &str| -> Value {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let with = |member: &str, value: Value| {
        let mut header = read(header);
        header[member] = value;
        format!("{}.{claims}.{signature}", BASE64_URL_SAFE_NO_PAD.encode(header.to_string()))
    };
    let unsigned = BASE64_URL_SAFE_NO_PAD.encode("{\"alg\":\"none\"}");
    let others = BASE64_URL_SAFE_NO_PAD.encode("{\"sub\":\"somebody else\"}");
    for text in [
        String::new(),
        "a.b".to_owned(),
        format!("{unsigned}.{claims}."),
        format!("{header}.{claims}."),
        format!("{header}.{others}.{signature}"),
        format!("{header}.{claims}.{signature}A"),
        format!("{header}.{claims}.{signature}."),
        format!("{jwt}.{signature}"),
        with("alg", json!("none")),
        with("alg", json!("None")),
        with("alg", json!("HS256")),
        with("alg", json!("RS256")),
        with("kid", json!("../../etc/passwd")),
        with("kid", json!("' OR 1=1 --")),
        with("kid", Value::Null),
        with("crit", json!(["exp"])),
        with("jku", json!("https://keys.example/")),
        with("x", json!(1)),
        "x".repeat(20_000),
    ] {
        assert_eq!(world.service.verify_own(realm(), &text).await.unwrap(), None, "{text}");
    }
    let own = world.service.verify_own(realm(), &jwt).await.unwrap();
    assert_eq!(own.map(Value::Object), Some(json!({"sub": "somebody"})));
}

#[tokio::test]
async fn jw_07_the_set_of_each_algorithm_has_no_private_member() {
    let world = World::start().await;
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
        sign_by(&world, algorithm).await;
        signed(&world).await;
        rotate(&world.person("ops").await, &json!({"now": true})).await;
    }
    let set = published(&world).await;
    assert_eq!(kids(&set).len(), 3);
    for jwk in set["keys"].as_array().unwrap() {
        for private in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
            assert!(jwk.get(private).is_none(), "{jwk}");
        }
    }
}
