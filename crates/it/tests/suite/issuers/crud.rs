//! Who makes an issuer believed, and what it must be.

use super::{company, made, newest, path};
use http::Method;
use it::{
    World,
    provider::ISS,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

#[tokio::test]
async fn an_issuer_is_what_it_was_made_as_and_its_secret_stays_here() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let issuer = made(&admin, &company()).await;
    let expected = json!({
        "id": issuer["id"], "tenant": TENANT, "name": "sso", "label": "Company sign-in", "issuer": ISS,
        "clientId": "keyward", "hasClientSecret": true, "scopes": ["openid", "profile", "email"],
        "audiences": ["keyward-api"], "tokenTypes": ["JWT"],
        "algorithms": ["RS256", "PS256", "ES256", "EdDSA"], "usernameClaim": "preferred_username",
        "rolesClaim": "realm_access.roles",
        "roleMap": [{"value": "bosses", "role": "admin"}, {"value": "staff", "role": "viewer"}],
        "signIn": true, "callers": true, "enabled": true, "source": "stored",
        "created": "2026-03-01T12:00:00.000Z", "version": 1,
    });
    assert_eq!(issuer, expected);
    let shown = admin.get(&path(&issuer)).await;
    assert_eq!((shown.status.as_u16(), shown.header("etag")), (200, "\"1\""));
    assert_eq!(shown.json(), expected);
    assert_eq!(
        admin.get("/v1/issuers").await.json(),
        json!({"issuers": [expected], "nextCursor": null})
    );
    let event = newest(&admin, "issuer.create").await;
    assert_eq!(event["after"]["roleMap"], json!(["bosses=admin", "staff=viewer"]));
    let all = admin.get(&format!("/v1/audit?tenant={TENANT}")).await.text();
    assert!(!all.contains("the secret of a client") && !shown.text().contains("the secret"));
}

#[tokio::test]
async fn what_is_named_changes_and_what_an_issuer_is_known_by_does_not() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let issuer = made(&admin, &company()).await;
    let change = async |body: Value| admin.patch(&path(&issuer), &body).await;
    let same = change(issuer.clone()).await;
    assert_eq!(
        (same.status.as_u16(), &same.json()["version"]),
        (200, &json!(1)),
        "{}",
        same.text()
    );
    let after = change(json!({"roleMap": [], "audiences": ["other"], "clientSecret": null})).await;
    let after = after.json();
    assert_eq!((&after["version"], &after["hasClientSecret"]), (&json!(2), &json!(false)));
    assert_eq!(
        (&after["audiences"], &after["label"]),
        (&json!(["other"]), &json!("Company sign-in"))
    );
    for (member, value) in [
        ("issuer", json!("https://evil.example")),
        ("name", json!("other")),
        ("tenant", json!(OTHER_TENANT)),
        ("id", json!(NO_TENANT)),
        ("hasClientSecret", json!(true)),
        ("created", json!("2020-01-01T00:00:00.000Z")),
    ] {
        let answer = change(json!({ member: value })).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(member)));
    }
    for body in [
        json!({"clientId": null}),
        json!({"scopes": []}),
        json!({"odd": 1}),
        json!({"algorithms": ["none"]}),
    ] {
        assert_eq!(change(body.clone()).await.status, 400, "{body}");
    }
    let stale = admin.clone().with_header("if-match", "\"1\"");
    assert_eq!(stale.patch(&path(&issuer), &json!({"label": "x"})).await.status, 412);
    assert_eq!(stale.delete(&path(&issuer)).await.status, 412);
    assert_eq!(admin.delete(&path(&issuer)).await.status, 204);
    assert_eq!(admin.get(&path(&issuer)).await.status, 404);
    assert_eq!(admin.delete(&path(&issuer)).await.status, 404);
    assert_eq!(newest(&admin, "issuer.delete").await["before"]["name"], "sso");
}

#[tokio::test]
async fn ss_02_an_issuer_that_could_lead_within_is_refused_by_name() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (member, value) in [
        ("issuer", json!("http://sso.example")),
        ("issuer", json!("https://sso.example:6379")),
        ("issuer", json!("https://user:word@sso.example")),
        ("issuer", json!("https://sso.example?x=1")),
        ("issuer", json!("https://2130706433/")),
        ("issuer", json!("file:///etc/passwd")),
        ("name", json!("S S O")),
        ("label", json!("")),
        ("audiences", json!([""])),
        ("tokenTypes", json!(["ID"])),
        ("algorithms", json!(["HS256"])),
        ("algorithms", json!(["none"])),
        ("algorithms", json!([])),
        ("roleMap", json!([{"value": "x", "role": "ops"}])),
        ("roleMap", json!([{"value": "x", "role": "nobody_knows"}])),
        ("clientSecret", json!("")),
        ("tenant", json!("*")),
        ("allowHttp", json!(true)),
    ] {
        let mut body = company();
        body[member] = value.clone();
        let answer = admin.post("/v1/issuers", &body).await;
        let status = answer.status.as_u16();
        assert!(
            status == 400 || (member == "tenant" && status == 404),
            "{member} {value}: {}",
            answer.text()
        );
        if status == 400 {
            assert_eq!(answer.json()["field"], member, "{value}");
        }
    }
    let ops = world.person("ops").await;
    let mut of_cluster = company();
    of_cluster["tenant"] = json!("*");
    let answer = ops.post("/v1/issuers", &of_cluster).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("tenant")));
}

#[tokio::test]
async fn whoever_may_not_know_of_an_issuer_does_not() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let issuer = made(&admin, &company()).await;
    let patch = json!({"label": "x"});
    assert_eq!(bob.get(&path(&issuer)).await.status, 404);
    assert_eq!(bob.patch(&path(&issuer), &patch).await.status, 404);
    assert_eq!(bob.delete(&path(&issuer)).await.status, 404);
    assert_eq!(bob.get(&format!("/v1/issuers?tenant={TENANT}")).await.status, 404);
    assert_eq!(bob.get("/v1/issuers").await.json()["issuers"], json!([]));
    let mut foreign = company();
    foreign["tenant"] = json!(TENANT);
    assert_eq!(bob.post("/v1/issuers", &foreign).await.status, 404);
    for id in ["x", NO_TENANT] {
        assert_eq!(admin.get(&format!("/v1/issuers/{id}")).await.status, 404);
    }
    let vera = world.person(r"t100\vera").await;
    for (method, to) in [
        (Method::GET, "/v1/issuers".to_owned()),
        (Method::POST, "/v1/issuers".to_owned()),
        (Method::GET, path(&issuer)),
        (Method::PATCH, path(&issuer)),
        (Method::DELETE, path(&issuer)),
    ] {
        let body = || {
            if method == Method::GET || method == Method::DELETE {
                String::new()
            } else {
                company().to_string()
            }
        };
        let send = async |caller: &it::Caller| {
            caller.send(method.clone(), &to, Some("application/json"), body().into()).await.status
        };
        assert_eq!(send(&world.anonymous()).await, 401, "{method} {to}");
        assert_eq!(send(&vera).await, 403, "{method} {to}");
    }
    let ops = world.person("ops").await;
    assert_eq!(ops.get(&path(&issuer)).await.status, 200);
}

#[tokio::test]
async fn nobody_maps_a_role_that_allows_more_than_they_hold() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let role = json!({"name": "caretaker", "rights": ["Tenants.canManage"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let person =
        json!({"username": "carol", "roles": ["caretaker"], "password": it::world::PASSWORD});
    assert_eq!(admin.post("/v1/persons", &person).await.status, 201);
    let carol = world.person(r"t100\carol").await;
    let refused = carol.post("/v1/issuers", &company()).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    let mut plain = company();
    plain["roleMap"] = json!([{"value": "staff", "role": "caretaker"}]);
    let own = made(&carol, &plain).await;
    let more = json!({"roleMap": [{"value": "staff", "role": "admin"}]});
    assert_eq!(carol.patch(&path(&own), &more).await.status, 403);
    // One that gives more than they hold is not theirs to change, nor to end.
    assert_eq!(admin.patch(&path(&own), &more).await.status, 200);
    assert_eq!(carol.patch(&path(&own), &json!({"label": "x"})).await.status, 403);
    assert_eq!(carol.patch(&path(&own), &json!({"roleMap": []})).await.status, 403);
    assert_eq!(carol.delete(&path(&own)).await.status, 403);
}

#[tokio::test]
async fn two_issuers_never_stand_in_each_others_way() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    made(&admin, &company()).await;
    let code = async |caller: &it::Caller, change: &[(&str, Value)]| {
        let mut body = company();
        for (member, value) in change {
            body[*member] = value.clone();
        }
        let answer = caller.post("/v1/issuers", &body).await;
        (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(code(&admin, &[("issuer", json!("https://x.example"))]).await.0, 409, "the name");
    assert_eq!(code(&admin, &[("name", json!("other"))]).await.0, 409, "the address");
    // A token could be of either tenant.
    assert_eq!(code(&bob, &[]).await.0, 409, "the audience");
    assert_eq!(code(&bob, &[("audiences", json!(["of-bob"]))]).await.0, 201);
}
