//! The JWT of a key against everything that is done to JWTs.

use super::{EVENT, event, forged, inspected, made, part, verdict, wanted};
use it::{Caller, World};
use serde_json::{Value, json};

async fn refused_everywhere(world: &World, admin: &Caller, text: &str, what: &str) {
    assert_eq!(verdict(world, text).await, "NOT_FOUND", "{what}");
    assert_eq!(inspected(admin, text).await["genuine"], false, "{what}");
    let body = json!({"secret": text, "keyType": "openconnect"});
    let answer = admin.post("/v1/keys/validate", &body).await;
    assert_eq!(answer.json(), json!({"valid": false}), "{what}");
    assert_eq!(event(world, text).await.status, 401, "{what}");
    assert_eq!(world.anonymous().bearer(text).get("/v1/whoami").await.status, 401, "{what}");
}

#[tokio::test]
async fn a_key_s_jwt_says_what_it_is_and_nothing_that_helps_to_guess_another() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, jwt) = made(&admin, &wanted("openconnect")).await;
    let (header, claims) = (part(&jwt, 0), part(&jwt, 1));
    assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("keyward-key+jwt")));
    assert_eq!(header.as_object().unwrap().len(), 3);
    assert_eq!(claims["aud"], "keyward:keys");
    assert_eq!(claims["sub"], id.as_str());
    assert_eq!(claims["iss"], world.service.settings().public_url.as_str());
    assert_eq!(claims["iat"], it::world::START.as_seconds());
    assert_eq!(claims["jti"].as_str().unwrap().len(), 32);
    let mut names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["aud", "iat", "iss", "jti", "sub"], "no `exp`: the key says when it ends");
    let (_, other) = made(&admin, &wanted("openconnect")).await;
    assert_ne!(part(&other, 1)["jti"], claims["jti"]);
    assert_eq!(part(&other, 0)["kid"], header["kid"], "one key signs them all");
    let said = inspected(&admin, &jwt).await;
    assert_eq!((&said["genuine"], &said["current"]), (&json!(true), &json!(true)));
    assert_eq!((&said["secretId"], &said["kid"]), (&claims["jti"], &header["kid"]));
    let body = json!({"secret": jwt, "keyType": "openconnect"});
    assert_eq!(admin.post("/v1/keys/validate", &body).await.json(), json!({"valid": true}));
}

#[tokio::test]
async fn jw_01_an_altered_jwt_and_every_other_algorithm_is_unknown() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (_, jwt) = made(&admin, &wanted("openconnect")).await;
    let (header, claims) = (part(&jwt, 0), part(&jwt, 1));
    for alg in ["none", "None", "HS256", "RS256", "ES256", "eddsa"] {
        let mut other = header.clone();
        other["alg"] = json!(alg);
        refused_everywhere(&world, &admin, &forged(&jwt, &other, &claims), alg).await;
    }
    let (_, other) = made(&admin, &wanted("client")).await;
    let mut of_other = claims.clone();
    of_other["sub"] = part(&other, 1)["sub"].clone();
    refused_everywhere(&world, &admin, &forged(&jwt, &header, &of_other), "another key").await;
    let message = jwt.rsplit_once('.').unwrap().0;
    refused_everywhere(&world, &admin, &format!("{message}."), "no signature").await;
    refused_everywhere(&world, &admin, message, "two parts").await;
    assert_eq!(verdict(&world, &jwt).await, "VALID");
}

#[tokio::test]
async fn jw_02_what_a_header_names_is_neither_followed_nor_believed() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (_, jwt) = made(&admin, &wanted("openconnect")).await;
    let (header, claims) = (part(&jwt, 0), part(&jwt, 1));
    for (name, value) in [
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/cert")),
        ("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})),
        ("x5c", json!(["AAAA"])),
        ("crit", json!(["exp"])),
        ("kid", json!("../../../dev/null")),
        ("kid", json!("' OR '1'='1")),
    ] {
        let mut other = header.clone();
        other[name] = value;
        refused_everywhere(&world, &admin, &forged(&jwt, &other, &claims), name).await;
    }
}

#[tokio::test]
async fn jw_03_no_token_of_a_realm_is_a_key_and_no_key_is_a_token() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let client = json!({"clientId": "app", "secret": "a-secret-of-the-test",
        "grants": ["client_credentials", "password", "refresh_token"],
        "scopes": ["email", "openid", "profile"], "roles": ["nx1_ask"]});
    assert_eq!(admin.post("/v1/clients", &client).await.status, 201);
    let mut jwts = Vec::new();
    for key_type in super::TYPES {
        jwts.push(made(&admin, &wanted(key_type)).await.1);
    }
    let token_endpoint = "/realms/companya/protocol/openid-connect/token";
    let form = |grant: &'static [(&'static str, &'static str)]| {
        let mut form = vec![("client_id", "app"), ("client_secret", "a-secret-of-the-test")];
        form.extend(grant);
        form
    };
    let own = form(&[("grant_type", "client_credentials"), ("scope", "openid")]);
    let password = form(&[
        ("grant_type", "password"),
        ("username", "nexus"),
        ("password", it::world::PASSWORD),
        ("scope", "openid"),
    ]);
    let mut tokens = Vec::new();
    for form in [own, password] {
        let answer = world.anonymous().post_form(token_endpoint, &form).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let answer = answer.json();
        for name in ["access_token", "id_token", "refresh_token"] {
            tokens.extend(answer[name].as_str().map(str::to_owned));
        }
    }
    assert!(tokens.len() >= 4, "access, ID and refresh tokens");
    for token in &tokens {
        assert_eq!(verdict(&world, token).await, "NOT_FOUND");
        assert_eq!(inspected(&admin, token).await["genuine"], false);
        assert_eq!(event(&world, token).await.status, 401);
        let bearer = world.anonymous().bearer(token);
        assert_eq!(bearer.get(&format!("/openconnect?{EVENT}")).await.status, 401);
    }
    for jwt in &jwts {
        let bearer = world.anonymous().bearer(jwt);
        for path in ["/v1/keys", "/v1/audit", "/realms/companya/protocol/openid-connect/userinfo"] {
            assert_eq!(bearer.get(path).await.status, 401, "{path}");
        }
        let asked = form(&[]).into_iter().chain([("token", jwt.as_str())]).collect::<Vec<_>>();
        let path = "/realms/companya/protocol/openid-connect/token/introspect";
        let answer = world.anonymous().post_form(path, &asked).await;
        assert_eq!(answer.json()["active"], false, "{}", answer.text());
        let refreshed = form(&[("grant_type", "refresh_token")]);
        let refreshed = refreshed.into_iter().chain([("refresh_token", jwt.as_str())]);
        let answer =
            world.anonymous().post_form(token_endpoint, &refreshed.collect::<Vec<_>>()).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    // As a key it is known where keys are asked who they are.
    let who = world.anonymous().bearer(&jwts[0]).get("/v1/whoami").await;
    assert_eq!((&who.json()["kind"], &who.json()["keyType"]), (&json!("key"), &json!("client")));
    let published = "/realms/companya/protocol/openid-connect/certs";
    let kids = world.anonymous().get(published).await.text();
    assert!(!kids.contains(part(&jwts[0], 0)["kid"].as_str().unwrap()), "{kids}");
}

#[tokio::test]
async fn cw_07_a_revoked_jwt_is_refused_at_once_though_its_signature_holds() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (revoked, of_revoked) = made(&admin, &wanted("openconnect")).await;
    let (deleted, of_deleted) = made(&admin, &wanted("openconnect")).await;
    for jwt in [&of_revoked, &of_deleted] {
        assert_eq!(event(&world, jwt).await.status, 200);
    }
    assert_eq!(admin.act(&format!("/v1/keys/{revoked}/revoke")).await.status, 200);
    assert_eq!(admin.delete(&format!("/v1/keys/{deleted}")).await.status, 204);
    let unknown = event(&world, "eyJub25lIjoxfQ.e30.AAAA").await;
    for jwt in [&of_revoked, &of_deleted] {
        let answer = event(&world, jwt).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (401, unknown.text()), "one answer");
        let body = json!({"secret": jwt, "keyType": "openconnect"});
        assert_eq!(admin.post("/v1/keys/validate", &body).await.json(), json!({"valid": false}));
    }
    assert_eq!(verdict(&world, &of_revoked).await, "REVOKED");
    let said: Value = inspected(&admin, &of_revoked).await;
    assert_eq!((&said["genuine"], &said["current"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn what_was_signed_is_good_after_a_restart_and_by_the_same_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, before) = made(&admin, &wanted("openconnect")).await;
    let world = world.restart().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(inspected(&admin, &before).await["keyId"], id.as_str());
    assert_eq!(event(&world, &before).await.status, 200);
    let (_, after) = made(&admin, &wanted("openconnect")).await;
    assert_eq!(part(&before, 0)["kid"], part(&after, 0)["kid"]);
    let events = world.person("ops").await.get("/v1/audit?tenant=*&action=key_signer.create").await;
    assert_eq!(events.json()["events"].as_array().unwrap().len(), 1, "{}", events.text());
}

#[tokio::test]
async fn two_nodes_sign_by_what_either_can_check() {
    let world = World::start().await;
    let Some((other, other_app)) = world.second_node().await else { return };
    let admin = world.person(r"t100\nexus").await;
    let (id, here) = made(&admin, &wanted("openconnect")).await;
    let there = Caller::new(other_app).signed_in(r"t100\nexus", it::world::PASSWORD).await;
    assert_eq!(inspected(&there, &here).await["keyId"], id.as_str());
    let (id, there_made) = made(&there, &wanted("client")).await;
    assert_eq!(inspected(&admin, &there_made).await["keyId"], id.as_str());
    other.close().await;
}
