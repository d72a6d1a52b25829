use super::{ANOTHER, KEY, assigned, keys, keys_of, revoked};
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

#[tokio::test]
async fn the_list_has_the_keys_themselves_newest_first() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get(&keys()).await.text(), r#"{"status":{"code":0},"data":[]}"#);
    assigned(&admin, TENANT, KEY).await;
    world.clock.advance_millis(1);
    assigned(&admin, TENANT, ANOTHER).await;
    assigned(
        &world.person(r"t200\bob").await,
        OTHER_TENANT,
        "b0e7a9d4-0d0b-4a53-9a3f-1b8f4c6d2e91",
    )
    .await;
    let answer = admin.get(&keys()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.members(), ["status", "data"]);
    assert_eq!(answer.json(), json!({"status": {"code": 0}, "data": [ANOTHER, KEY]}));
    assert_eq!(world.person("ops").await.get(&keys()).await.json()["data"], json!([ANOTHER, KEY]));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn cw_04_without_the_right_to_reveal_the_list_has_ids() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let id = assigned(&admin, TENANT, KEY).await;
    let viewer = world.person(r"t100\vera").await.get(&keys()).await;
    assert_eq!(viewer.json()["data"], json!([id]));
    let log = admin.get("/v1/audit?action=key.reveal").await.json();
    assert_eq!(log["events"], json!([]));
}

#[tokio::test]
async fn cw_04_each_answer_with_keys_is_audited_with_their_count() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for key in [KEY, ANOTHER, "b0e7a9d4-0d0b-4a53-9a3f-1b8f4c6d2e91"] {
        assigned(&admin, TENANT, key).await;
    }
    admin.get(&keys()).await;
    admin.get(&format!("{}?limit=2", keys())).await;
    let log = admin.get("/v1/audit?action=key.reveal").await;
    let counts: Vec<Value> = log.json()["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event"]["detail"]["count"].clone())
        .collect();
    assert_eq!(counts, [json!(2), json!(3)]);
    assert!(!log.text().contains(KEY));
}

#[tokio::test]
async fn cw_04_whoever_reads_too_many_such_lists_waits() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assigned(&admin, TENANT, KEY).await;
    let mut read = 0;
    let refused = loop {
        let answer = admin.get(&keys()).await;
        if answer.status != 200 {
            break answer;
        }
        read += 1;
        assert!(read <= 600);
    };
    assert_eq!((read, refused.status.as_u16()), (600, 429));
    assert_ne!(refused.header("retry-after"), "");
    assert_eq!(admin.get("/nexus/v3/apikeys").await.status, 429, "it is one ceiling");
    assert_eq!(world.person(r"t100\vera").await.get(&keys()).await.status, 200);
    world.clock.advance_millis(61_000);
    assert_eq!(admin.get(&keys()).await.status, 200);
}

#[tokio::test]
async fn with_a_limit_the_list_pages_by_cursor() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..7 {
        assigned(&admin, TENANT, &format!("b0e7a9d4-0d0b-4a53-9a3f-1b8f4c6d2e{n:02}")).await;
    }
    let whole = admin.get(&keys()).await;
    assert_eq!(whole.header("link"), "");
    let mut seen = Vec::new();
    let mut path = format!("{}?limit=3", keys());
    loop {
        let page = admin.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        seen.extend(page.json()["data"].as_array().unwrap().iter().cloned());
        let link = page.header("link");
        let Some(address) = link.strip_prefix("<http://127.0.0.1:8080") else { break };
        path = address.strip_suffix(">; rel=\"next\"").unwrap().to_owned();
    }
    assert_eq!(Value::Array(seen), whole.json()["data"]);
    for bad in ["limit=0", "limit=201", "limit=x", "cursor=AAAA"] {
        let answer = admin.get(&format!("{}?{bad}", keys())).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert_eq!(answer.json()["status"]["code"], 2);
    }
}

#[tokio::test]
async fn a_whole_list_longer_than_a_page_inside_is_one_answer() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let lines: String = (0..1_003)
        .map(|n| {
            let secret = format!("b0e7a9d4-0d0b-4a53-9a3f-{n:012}");
            json!({"keyType": "ges", "tenant": TENANT, "name": "n", "secret": secret}).to_string()
                + "\n"
        })
        .collect();
    let ops = world.person("ops").await;
    let kind = Some("application/x-ndjson");
    let import = ops.send(http::Method::POST, "/v1/keys/import", kind, lines.into()).await;
    assert_eq!(import.status, 200, "{}", import.text());
    let list = admin.get(&keys()).await.json();
    assert_eq!(list["status"], json!({"code": 0}));
    let mut all: Vec<&str> =
        list["data"].as_array().unwrap().iter().map(|key| key.as_str().unwrap()).collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 1_003);
}

#[tokio::test]
async fn a_revoked_key_is_assigned_to_nobody() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assigned(&admin, TENANT, KEY).await;
    assigned(&admin, TENANT, ANOTHER).await;
    revoked(&world, &admin, KEY).await;
    assert_eq!(admin.get(&keys()).await.json()["data"], json!([ANOTHER]));
}

#[tokio::test]
async fn en_03_another_contact_centers_list_is_not_there() {
    let world = World::start().await;
    let bob = world.person(r"t200\bob").await;
    let foreign = bob.get(&keys()).await;
    assert_eq!(foreign.status, 404, "{}", foreign.text());
    for ccid in [NO_TENANT, "t100", "x"] {
        assert_eq!(bob.get(&keys_of(ccid)).await.text(), foreign.text(), "{ccid}");
    }
    assert_eq!(world.client("powerless").await.get(&keys()).await.status, 403);
    assert_eq!(world.anonymous().get(&keys()).await.status, 401);
}
