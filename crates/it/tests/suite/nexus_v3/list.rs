use super::{KEYS, chat, made};
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|k| k["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_is_newest_first_and_of_ones_own_tenant() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for name in ["a", "b", "c"] {
        made(&admin, &chat(name)).await;
        world.clock.advance_millis(1);
    }
    let mut body = chat("foreign");
    body["tenant"] = json!(OTHER_TENANT);
    made(&world.person(r"t200\bob").await, &body).await;
    let ops = world.person("ops").await;
    made(&ops, &json!({"tenant": "*", "name": "everywhere", "permissions": ["nexus:cluster:*"]}))
        .await;
    assert_eq!(names(&admin.get(KEYS).await.json()), ["c", "b", "a"]);
    assert_eq!(names(&admin.get(&format!("{KEYS}?tenant={TENANT}")).await.json()), ["c", "b", "a"]);
    assert_eq!(names(&ops.get(&format!("{KEYS}?tenant={OTHER_TENANT}")).await.json()), ["foreign"]);
    assert_eq!(names(&ops.get(&format!("{KEYS}?tenant=*")).await.json()), ["everywhere"]);
    assert_eq!(ops.get(KEYS).await.json().as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn another_tenants_list_is_not_there() {
    let world = World::start().await;
    let bob = world.person(r"t200\bob").await;
    let answers = [TENANT, NO_TENANT, "*"].map(|tenant| format!("{KEYS}?tenant={tenant}"));
    let mut bodies = Vec::new();
    for path in &answers {
        let answer = bob.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        bodies.push(answer.json()["status"].clone());
    }
    assert!(bodies.iter().all(|b| *b == bodies[0]));
    assert_eq!(world.person("ops").await.get(&answers[1]).await.status, 404);
    assert_eq!(bob.get(&format!("{KEYS}?tenant=t100")).await.status, 400);
    assert_eq!(world.client("powerless").await.get(KEYS).await.status, 403);
}

#[tokio::test]
async fn with_a_limit_the_list_pages_by_cursor() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..7 {
        made(&admin, &chat(&format!("k{n}"))).await;
    }
    let whole = admin.get(KEYS).await;
    assert_eq!(whole.header("link"), "");
    let mut seen = Vec::new();
    let mut path = format!("{KEYS}?limit=3");
    loop {
        let page = admin.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        seen.extend(page.json().as_array().unwrap().iter().cloned());
        let link = page.header("link");
        if link.is_empty() {
            break;
        }
        let address =
            link.strip_prefix('<').and_then(|l| l.strip_suffix(">; rel=\"next\"")).unwrap();
        path = address.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned();
    }
    assert_eq!(Value::Array(seen), whole.json());
    for bad in ["0", "201", "-1", "many", "99999999999"] {
        assert_eq!(admin.get(&format!("{KEYS}?limit={bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test]
async fn ti_03_a_cursor_belongs_to_one_list() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..3 {
        made(&admin, &chat(&format!("k{n}"))).await;
    }
    let link = admin.get(&format!("{KEYS}?limit=1")).await.header("link").to_owned();
    let cursor = link.split("cursor=").nth(1).and_then(|c| c.split('>').next()).unwrap();
    assert_eq!(admin.get(&format!("{KEYS}?limit=1&cursor={cursor}")).await.status, 200);
    let bob = world.person(r"t200\bob").await;
    assert_eq!(bob.get(&format!("{KEYS}?limit=1&cursor={cursor}")).await.status, 400);
    let ops = world.person("ops").await;
    assert_eq!(ops.get(&format!("{KEYS}?limit=1&cursor={cursor}")).await.status, 400);
    assert_eq!(admin.get(&format!("/v1/audit?cursor={cursor}")).await.status, 400);
    let mut forged = cursor.to_owned();
    let last = if forged.pop() == Some('A') { 'B' } else { 'A' };
    forged.push(last);
    for bad in [forged.as_str(), "AAAA", "%00", "🙂"] {
        let encoded: String = form_urlencoded::byte_serialize(bad.as_bytes()).collect();
        assert_eq!(
            admin.get(&format!("{KEYS}?limit=1&cursor={encoded}")).await.status,
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn cw_04_each_answer_with_secrets_is_audited_with_its_count() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..3 {
        made(&admin, &chat(&format!("k{n}"))).await;
    }
    let reveals = |log: Value| -> Vec<i64> {
        let events = log["events"].as_array().unwrap().clone();
        events.iter().map(|e| e["event"]["detail"]["count"].as_i64().unwrap()).collect()
    };
    assert!(reveals(admin.get("/v1/audit?action=key.reveal").await.json()).is_empty());
    admin.get(KEYS).await;
    admin.get(&format!("{KEYS}?limit=2")).await;
    world.person(r"t100\vera").await.get(KEYS).await;
    assert_eq!(reveals(admin.get("/v1/audit?action=key.reveal").await.json()), [2, 3]);
    world.person("ops").await.get(KEYS).await;
    assert_eq!(reveals(admin.get("/v1/audit?action=key.reveal").await.json()), [3, 2, 3]);
}

#[tokio::test]
async fn an_empty_list_is_an_empty_list() {
    let world = World::start().await;
    let answer = world.person(r"t100\nexus").await.get(KEYS).await;
    assert_eq!((answer.status.as_u16(), answer.text().as_str()), (200, "[]"));
    assert_eq!(answer.header("content-type"), "application/json");
}
