//! `/auth/v3/ops/clients`

use super::{audited, lives};
use http::Method;
use it::world::{CLIENT_SECRET, NO_TENANT, PASSWORD, TENANT, World};
use serde_json::{Value, json};

const CLIENTS: &str = "/auth/v3/ops/clients";

/// The body of the published page, its blank filled in.
fn published() -> Value {
    json!({"data": {"name": "external_api_client", "clientType": "CONFIDENTIAL", "internalClient": true,
        "refreshTokenExpirationTimeout": 43_200, "accessTokenExpirationTimeout": 43_200,
        "client_id": "external_api_client", "client_secret": "s3cret",
        "authorities": ["ROLE_INTERNAL_CLIENT"], "scope": ["*"],
        "authorizedGrantTypes": ["client_credentials", "authorization_code", "refresh_token", "password"],
        "redirectURIs": ["https://gauth.example.com", "https://wwe.example.com"]}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_made_shown_changed_and_ended_by_the_ops_credentials() {
    let world = World::start().await;
    let ops = world.anonymous().basic("ops", PASSWORD);
    let made = ops.post(CLIENTS, &published()).await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert_eq!(made.json()["status"], json!({"code": 0}));
    let data = &made.json()["data"];
    assert_eq!(data["clientType"], "CONFIDENTIAL");
    assert_eq!(data["internalClient"], true);
    assert_eq!(data["authorizedGrantTypes"].as_array().unwrap().len(), 4);
    let one = format!("{CLIENTS}/external_api_client");
    let shown = ops.get(&one).await;
    assert_eq!(shown.json()["data"], *data);
    for answer in [&made, &shown] {
        assert!(!answer.text().contains("s3cret") && !answer.text().contains("client_secret"));
    }

    let caller = world.anonymous().client_token("external_api_client", "s3cret").await;
    let change = json!({"data": {"redirectURIs": ["https://new.example.com"]}});
    let changed = ops.put(&one, &change).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(changed.json()["data"]["redirectURIs"], json!(["https://new.example.com"]));
    assert_eq!(changed.json()["data"]["scope"], json!(["*"]), "what is left out stays");

    let token = caller.token.clone().unwrap();
    assert!(lives(&world, &token).await);
    let ended = ops.delete(&one).await;
    assert_eq!(ended.text(), r#"{"status":{"code":0}}"#);
    assert!(!lives(&world, &token).await, "its tokens end with it");
    assert_eq!(ops.get(&one).await.status, 404);
    assert_eq!(ops.delete(&one).await.status, 404);
    assert_eq!(ops.post(CLIENTS, &published()).await.status, 200, "the name is free again");

    let events = audited(&world, "client.create").await;
    let event = events.iter().find(|e| e["after"]["clientId"] == "external_api_client").unwrap();
    assert_eq!(event["detail"]["clusterWide"], true);
    assert_eq!(event["after"]["roles"], json!(["service"]));
    assert!(!event.to_string().contains("s3cret"));
    let events = audited(&world, "client.update").await;
    assert_eq!(events[0]["before"]["redirectUris"].as_array().unwrap().len(), 2);
    assert_eq!(audited(&world, "client.delete").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_whole_or_comes_in_pages() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let whole = ops.get(CLIENTS).await;
    let ids = |answer: &it::Answer| -> Vec<String> {
        let json = answer.json();
        let data = json["data"].as_array().unwrap().iter();
        data.map(|c| c["client_id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(ids(&whole).len() >= 7);
    let mut paged = Vec::new();
    let mut next = Some(format!("{CLIENTS}?limit=3"));
    while let Some(path) = next {
        let page = ops.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        paged.extend(ids(&page));
        next = page
            .header("link")
            .strip_prefix('<')
            .and_then(|l| l.split_once('>'))
            .map(|(p, _)| p.to_owned());
    }
    assert_eq!(paged, ids(&whole));
    for bad in ["limit=0", "limit=201", "limit=x", "limit=3&cursor=AAAA"] {
        assert_eq!(ops.get(&format!("{CLIENTS}?{bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cw_02_only_a_client_made_as_public_has_no_secret() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let mut case = 0;
    for (kind, secret, wanted) in [
        (Some("PUBLIC"), None, 200),
        (Some("PUBLIC"), Some(""), 200),
        (Some("PUBLIC"), Some("x"), 400),
        (Some("CONFIDENTIAL"), Some(""), 400),
        (Some("CONFIDENTIAL"), None, 400),
        (None, Some(""), 400),
        (None, None, 400),
    ] {
        case += 1;
        let mut data =
            json!({"client_id": format!("c{case}"), "authorizedGrantTypes": ["password"]});
        if let Some(kind) = kind {
            data["clientType"] = kind.into();
        }
        if let Some(secret) = secret {
            data["client_secret"] = secret.into();
        }
        let answer = ops.post(CLIENTS, &json!({"data": data})).await;
        assert_eq!(answer.status, wanted, "{kind:?} {secret:?}: {}", answer.text());
    }
    let data = json!({"client_id": "c9", "clientType": "PUBLIC", "authorizedGrantTypes": ["client_credentials"]});
    let answer = ops.post(CLIENTS, &json!({"data": data})).await;
    assert_eq!(answer.status, 400, "it would speak for itself without proving anything");
    let detail = answer.json()["status"]["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("authorizedGrantTypes: "), "{detail}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_clients_are_refused_by_the_wires_own_words_and_nothing_is_made() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let before = ops.get(CLIENTS).await.text();
    for (member, value, named) in [
        ("redirectURIs", json!(["https://a.example/#f"]), "redirectURIs"),
        ("redirectURIs", json!("https://a.example"), "data.redirectURIs"),
        ("scope", json!(["a b"]), "scope"),
        ("accessTokenExpirationTimeout", json!(0), "accessTokenExpirationTimeout"),
        ("accessTokenExpirationTimeout", json!(-1), "data.accessTokenExpirationTimeout"),
        ("authorizedGrantTypes", json!(["magic"]), "authorizedGrantTypes"),
        ("contactCenterIds", json!(["x"]), "contactCenterIds"),
        ("contactCenterIds", json!([NO_TENANT]), "contactCenterIds"),
        ("client_id", json!(""), "client_id"),
        ("client_id", json!("caf\u{e9}"), "client_id"),
        ("secret", json!("another"), "client_secret"),
    ] {
        let mut body = published();
        body["data"][member] = value.clone();
        let answer = ops.post(CLIENTS, &body).await;
        assert_eq!(answer.status, 400, "{member} {value}: {}", answer.text());
        let detail = answer.json()["status"]["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with(&format!("{named}: ")), "{member} {value}: {detail}");
    }
    for body in ["", "{", "[]", "{\"data\":1}", "{\"data\":{}}"] {
        let sent =
            ops.send(Method::POST, CLIENTS, Some("application/json"), body.to_owned().into());
        assert_eq!(sent.await.status, 400, "{body}");
    }
    let twice = ops
        .post(CLIENTS, &json!({"data": {"client_id": "nexus_client", "clientType": "PUBLIC"}}))
        .await;
    assert_eq!(twice.status, 409, "{}", twice.text());
    assert_eq!(ops.get(CLIENTS).await.text(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_change_is_accepted_when_equal_and_refused_when_not() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let one = format!("{CLIENTS}/confidential");
    let same = json!({"data": {"client_id": "confidential", "clientType": "CONFIDENTIAL", "client_secret": ""}});
    assert_eq!(ops.put(&one, &same).await.status, 200);
    world.anonymous().client_token("confidential", CLIENT_SECRET).await;
    assert_eq!(ops.put(&one, &json!({"data": {"client_id": "other"}})).await.status, 400);
    assert_eq!(ops.put(&one, &json!({"data": {"clientType": "PUBLIC"}})).await.status, 400);
    let secret = json!({"data": {"client_secret": "the next one"}});
    assert_eq!(ops.put(&one, &secret).await.status, 200);
    world.anonymous().client_token("confidential", "the next one").await;
    let bound = format!("{CLIENTS}/service-a");
    assert_eq!(ops.get(&bound).await.json()["data"]["contactCenterIds"], json!([TENANT]));
    let own = json!({"data": {"contactCenterIds": [TENANT]}});
    assert_eq!(ops.put(&bound, &own).await.status, 200);
    let wider = json!({"data": {"contactCenterIds": []}});
    assert_eq!(ops.put(&bound, &wider).await.status, 400, "it stays where it belongs");
    let missing = ops.put(&format!("{CLIENTS}/nobody"), &json!({"data": {}})).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_05_only_the_cluster_administers_clients() {
    let world = World::start().await;
    let calls = async |caller: &it::Caller| {
        let one = format!("{CLIENTS}/nexus_client");
        [
            caller.post(CLIENTS, &published()).await.status.as_u16(),
            caller.get(CLIENTS).await.status.as_u16(),
            caller.get(&one).await.status.as_u16(),
            caller.get(&format!("{CLIENTS}/nobody")).await.status.as_u16(),
            caller.put(&one, &json!({"data": {}})).await.status.as_u16(),
            caller.delete(&one).await.status.as_u16(),
        ]
    };
    assert_eq!(calls(&world.anonymous()).await, [401; 6]);
    assert_eq!(
        calls(&world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695")).await,
        [401; 6]
    );
    for name in ["t100\\nexus", "t100\\vera"] {
        assert_eq!(
            calls(&world.person(name).await).await,
            [403; 6],
            "{name}: whoever belongs to a tenant"
        );
    }
    assert_eq!(calls(&world.client("cluster-verifier").await).await, [403; 6]);
    let basic = world.anonymous().basic("t100\\nexus", PASSWORD).get(CLIENTS).await;
    assert_eq!(basic.status, 401, "Basic is for cluster persons");
    let wrong = world.anonymous().basic("ops", "wrong").get(CLIENTS).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.header("www-authenticate").starts_with("Basic realm="));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_grants_more_than_they_hold() {
    let world = World::start().await;
    // A cluster client that may administer clients and nothing else.
    let limited = world.client("client-admin").await;
    let mut plain = published();
    plain["data"]["authorities"] = json!([]);
    assert_eq!(limited.post(CLIENTS, &plain).await.status, 200);
    let mut granting = published();
    granting["data"]["client_id"] = "another".into();
    let refused = limited.post(CLIENTS, &granting).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    let one = format!("{CLIENTS}/external_api_client");
    let raise = json!({"data": {"authorities": ["ROLE_MANAGEMENT_APPLICATION"]}});
    assert_eq!(limited.put(&one, &raise).await.status, 403);
    let holder = format!("{CLIENTS}/cluster-verifier");
    let secret = json!({"data": {"client_secret": "taken over"}});
    assert_eq!(limited.put(&holder, &secret).await.status, 403, "it holds more than the caller");
    assert_eq!(limited.delete(&holder).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn authorities_reach_the_contact_centers_that_are_named() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let mut body = published();
    body["data"]["contactCenterIds"] = json!([TENANT]);
    assert_eq!(ops.post(CLIENTS, &body).await.status, 200);
    let client = world.anonymous().client_token("external_api_client", "s3cret").await;
    let info = client.get("/auth/v3/userinfo").await.json();
    assert_eq!(info["contactCenterId"], TENANT);
    assert_eq!(info["authorities"][0]["name"], "service");
    let events = audited(&world, "client.create").await;
    let event = events.iter().find(|e| e["after"]["clientId"] == "external_api_client").unwrap();
    assert_eq!(event["detail"]["clusterWide"], false);
}
