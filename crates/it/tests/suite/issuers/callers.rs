//! Callers of our API with tokens of an issuer outside.

use super::{believing, calling, claims, company, later, made, newest, path, person, whoami};
use it::{World, provider::Provider, world::TENANT};
use serde_json::{Value, json};

#[tokio::test]
async fn jw_03_a_token_of_an_issuer_makes_its_person_who_holds_nothing_until_mapped_or_given() {
    let provider = Provider::new();
    let (world, admin, _) = believing(&provider).await;
    let nobody = calling(&world, &provider, &claims("frieda", &["strangers", "admin"]));
    let who = whoami(&nobody).await.json();
    assert_eq!(
        (&who["kind"], &who["name"], &who["tenant"]),
        (&json!("person"), &json!("frieda"), &json!(TENANT))
    );
    assert_eq!((&who["roles"], &who["rights"]), (&json!([]), &json!([])));
    assert_eq!(nobody.get("/v1/persons").await.status, 403);
    let event = newest(&admin, "person.create").await;
    assert_eq!(event["actor"]["name"], "issuer:sso", "{event}");
    assert_eq!(event["after"]["issuer"], it::provider::ISS);
    assert_eq!(event["after"]["subject"], "frieda");
    // Given here, as to anybody.
    let id = who["id"].as_str().unwrap();
    let given = admin.patch(&format!("/v1/persons/{id}"), &json!({"roles": ["viewer"]})).await;
    assert_eq!(given.status, 200, "{}", given.text());
    assert_eq!(whoami(&nobody).await.json()["roles"], json!(["viewer"]));
    // Mapped, at the first sight.
    let boss = calling(&world, &provider, &claims("greta", &["bosses"]));
    assert_eq!(whoami(&boss).await.json()["roles"], json!(["admin"]));
    assert_eq!(boss.get("/v1/persons").await.status, 200);
}

#[tokio::test]
async fn whose_word_a_person_is_can_be_read_and_not_written() {
    let provider = Provider::new();
    let (world, admin, _) = believing(&provider).await;
    let greta = person(&admin, &calling(&world, &provider, &claims("greta", &["bosses"]))).await;
    let word = json!({"issuer": it::provider::ISS, "subject": "greta", "mappedRoles": ["admin"]});
    assert_eq!((&greta["roles"], &greta["outside"]), (&json!([]), &word));
    let listed = admin.get("/v1/persons?search=greta").await.json();
    assert_eq!(listed["persons"][0]["outside"], word);
    let one = format!("/v1/persons/{}", greta["id"].as_str().unwrap());
    assert_eq!(admin.patch(&one, &greta).await.json(), greta, "as it is shown");
    for other in
        [json!(null), json!({"issuer": it::provider::ISS, "subject": "vera", "mappedRoles": []})]
    {
        let refused = admin.patch(&one, &json!({"outside": other})).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (400, &json!("outside")));
    }
}

#[tokio::test]
async fn jw_03_a_right_never_reaches_beyond_the_issuers_tenant() {
    let provider = Provider::new();
    let (world, _, _) = believing(&provider).await;
    let boss = calling(&world, &provider, &claims("greta", &["bosses", "ops"]));
    assert_eq!(whoami(&boss).await.json()["tenant"], TENANT);
    let rights = whoami(&boss).await.json()["rights"].to_string();
    assert!(!rights.contains("Gateway.canManage"), "{rights}");
    let other = it::world::OTHER_TENANT;
    assert_eq!(boss.get(&format!("/v1/persons?tenant={other}")).await.status, 404);
    assert_eq!(boss.get(&format!("/v1/tenants/{other}")).await.status, 404);
    assert_eq!(boss.post("/v1/tenants", &json!({"name": "x"})).await.status, 403);
}

#[tokio::test]
async fn a_person_is_issuer_and_sub_and_neither_a_name_nor_an_address() {
    let provider = Provider::new();
    let (world, admin, _) = believing(&provider).await;
    let local = json!({"username": "vera2", "roles": ["admin"], "email": "vera2@example.com"});
    assert_eq!(admin.post("/v1/persons", &local).await.status, 201);
    let outside = calling(&world, &provider, &claims("vera2", &[]));
    let made = person(&admin, &outside).await;
    assert_eq!((&made["username"], &made["roles"]), (&json!("vera2@sso"), &json!([])));
    assert_eq!(made["email"], "vera2@example.com");
    // Another `sub` of the same name and address is somebody else.
    let mut other = claims("vera2", &[]);
    other["sub"] = json!("another");
    let other = person(&admin, &calling(&world, &provider, &other)).await;
    assert_ne!(other["id"], made["id"]);
    assert!(other["username"].as_str().unwrap().starts_with("sso:"), "{other}");
    // The same `sub` under another name is the same person.
    let mut renamed = claims("vera2", &[]);
    renamed["preferred_username"] = json!("vera3");
    assert_eq!(person(&admin, &calling(&world, &provider, &renamed)).await["id"], made["id"]);
}

#[tokio::test]
async fn roles_follow_what_the_issuer_said_last_and_an_older_token_brings_nothing_back() {
    let provider = Provider::new();
    let (world, admin, issuer) = believing(&provider).await;
    let old = calling(&world, &provider, &claims("greta", &["bosses"]));
    assert_eq!(whoami(&old).await.json()["roles"], json!(["admin"]));
    later(&world, 10);
    let mut newer = claims("greta", &["staff"]);
    newer["iat"] = json!(super::NOW + 10);
    let newer = calling(&world, &provider, &newer);
    assert_eq!(whoami(&newer).await.json()["roles"], json!(["viewer"]));
    assert_eq!(whoami(&old).await.json()["roles"], json!(["viewer"]), "rights are read live");
    let mut again = claims("greta", &["bosses"]);
    again["jti"] = json!("another token of then");
    assert_eq!(
        whoami(&calling(&world, &provider, &again)).await.json()["roles"],
        json!(["viewer"])
    );
    let event = newest(&admin, "person.update").await;
    assert_eq!(event["before"]["mappedRoles"], json!(["admin"]));
    assert_eq!(event["after"]["mappedRoles"], json!(["viewer"]));
    // Nor does it where the newer one made the person.
    let mut first = claims("hugo", &[]);
    first["iat"] = json!(super::NOW + 10);
    assert_eq!(whoami(&calling(&world, &provider, &first)).await.json()["roles"], json!([]));
    let older = calling(&world, &provider, &claims("hugo", &["bosses"]));
    assert_eq!(whoami(&older).await.json()["roles"], json!([]));
    // A change of the map takes effect with the next call.
    let none = json!({"roleMap": [{"value": "staff", "role": "nx1_ask"}]});
    assert_eq!(admin.patch(&path(&issuer), &none).await.status, 200);
    assert_eq!(whoami(&newer).await.json()["roles"], json!(["nx1_ask"]));
}

#[tokio::test]
async fn whoever_is_disabled_or_deleted_here_calls_no_more() {
    let provider = Provider::new();
    let (world, admin, _) = believing(&provider).await;
    let boss = calling(&world, &provider, &claims("greta", &["bosses"]));
    let id = whoami(&boss).await.json()["id"].as_str().unwrap().to_owned();
    let person = format!("/v1/persons/{id}");
    assert_eq!(admin.patch(&person, &json!({"enabled": false})).await.status, 200);
    assert_eq!(whoami(&boss).await.status, 401);
    let mut other = claims("greta", &["bosses"]);
    other["jti"] = json!("2");
    assert_eq!(whoami(&calling(&world, &provider, &other)).await.status, 401);
    assert_eq!(admin.patch(&person, &json!({"enabled": true})).await.status, 200);
    assert_eq!(whoami(&boss).await.status, 200);
    let ops = world.person("ops").await;
    let tenant = format!("/v1/tenants/{TENANT}");
    assert_eq!(ops.patch(&tenant, &json!({"enabled": false})).await.status, 200);
    assert_eq!(whoami(&boss).await.status, 401);
}

#[tokio::test]
async fn an_issuer_that_is_disabled_or_deleted_is_believed_nothing_from_then_on() {
    let provider = Provider::new();
    let (world, admin, issuer) = believing(&provider).await;
    let boss = calling(&world, &provider, &claims("greta", &["bosses"]));
    assert_eq!(whoami(&boss).await.status, 200);
    for off in [json!({"enabled": false}), json!({"enabled": true, "callers": false})] {
        assert_eq!(admin.patch(&path(&issuer), &off).await.status, 200);
        assert_eq!(whoami(&boss).await.status, 401, "{off}");
    }
    assert_eq!(admin.patch(&path(&issuer), &json!({"callers": true})).await.status, 200);
    assert_eq!(whoami(&boss).await.status, 200);
    assert_eq!(admin.delete(&path(&issuer)).await.status, 204);
    assert_eq!(whoami(&boss).await.status, 401);
    // Believed again, it speaks of the same person.
    let before = newest(&admin, "person.create").await["subject"].clone();
    made(&admin, &company()).await;
    assert_eq!(whoami(&boss).await.status, 200);
    assert_eq!(newest(&admin, "person.create").await["subject"], before);
}

#[tokio::test]
async fn jw_03_what_is_not_for_us_or_not_an_access_token_is_refused() {
    let provider = Provider::new();
    let (world, _, _) = believing(&provider).await;
    let with = |member: &str, value: Value| {
        let mut claims = claims("greta", &["bosses"]);
        claims[member] = value;
        calling(&world, &provider, &claims)
    };
    for (member, value) in [
        ("iss", json!("https://evil.example")),
        ("aud", json!("account")),
        ("aud", json!("keyward")),
        ("typ", json!("ID")),
        ("typ", json!("Refresh")),
        ("exp", json!(super::NOW - 61)),
        ("exp", json!("soon")),
        ("nbf", json!(super::NOW + 61)),
        ("sub", json!("")),
    ] {
        assert_eq!(whoami(&with(member, value.clone())).await.status, 401, "{member} {value}");
    }
    let good = provider.sign("JWT", &claims("greta", &["bosses"]));
    let forged = Provider::new().sign("JWT", &claims("greta", &["bosses"]));
    for text in [
        forged,
        format!("{good}A"),
        good[..good.len() - 1].to_owned(),
        provider.sign("at+jwt", &claims("g", &[])),
    ] {
        assert_eq!(whoami(&world.anonymous().bearer(&text)).await.status, 401);
    }
    assert_eq!(whoami(&world.anonymous().bearer(&good)).await.status, 200);
}

#[tokio::test]
async fn en_06_tokens_that_prove_nothing_count_as_failed_credentials() {
    let provider = Provider::new();
    let outbound = provider.outbound();
    let world = World::start_with(|settings, config| {
        config.outgoing.calls = Some(outbound);
        settings.failed_credentials = domain::rate_limit::Limit::new(3, 60).ok();
    })
    .await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, &company()).await;
    let forged = world
        .anonymous()
        .from_address("192.0.2.9")
        .bearer(&Provider::new().sign("JWT", &claims("g", &[])));
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(whoami(&forged).await.status.as_u16());
    }
    assert_eq!(statuses, [401, 401, 401, 429]);
}

#[tokio::test]
async fn somebody_outside_has_no_password_here() {
    let provider = Provider::new();
    let (world, admin, _) = believing(&provider).await;
    let made = person(&admin, &calling(&world, &provider, &claims("frieda", &["bosses"]))).await;
    for password in ["", "frieda", it::world::PASSWORD] {
        let form =
            [("grant_type", "password"), ("username", r"t100\frieda"), ("password", password)];
        let caller = world.anonymous().basic("nexus_client", "");
        let answer = caller.post_form("/auth/v3/oauth/token", &form).await;
        assert_eq!(answer.status, 400, "{password}: {}", answer.text());
    }
    let set = format!("/v1/persons/{}/set-password", made["id"].as_str().unwrap());
    let answer = admin.post(&set, &json!({"password": "quiet rivers under the moon"})).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
}
