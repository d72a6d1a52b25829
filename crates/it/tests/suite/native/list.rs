use super::{api, made, nexus};
use it::{World, world::TENANT};
use serde_json::{Value, json};

async fn names(caller: &it::Caller, query: &str) -> Vec<String> {
    let answer = caller.get(&format!("/v1/keys{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    let text = |key: &Value| key["name"].as_str().unwrap().to_owned();
    answer.json()["keys"].as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn filters_narrow_and_unite() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (n, mut body) in [api("alpha"), api("beta"), nexus("Gamma")].into_iter().enumerate() {
        world.clock.advance_millis(1_000);
        if n == 1 {
            body["expires"] = json!("2026-03-10T00:00:00Z");
        }
        made(&admin, &body).await;
    }
    let (gone, _) = made(&admin, &api("gone")).await;
    super::act(&admin, &gone, "revoke").await;
    assert_eq!(names(&admin, "?search=GAMMA").await, ["Gamma"]);
    assert_eq!(names(&admin, "?search=nexus").await.len(), 4, "the creator is searched, too");
    assert_eq!(names(&admin, "?keyType=nexus").await, ["Gamma"]);
    assert_eq!(names(&admin, "?permission=orders:read&search=a").await, ["beta", "alpha"]);
    assert_eq!(names(&admin, "?permission=nexus:consumer:chat").await, ["Gamma"]);
    assert_eq!(names(&admin, "?availability=unavailable").await, ["gone"]);
    assert_eq!(names(&admin, "?availability=soonUnavailable").await, ["beta"]);
    let both = names(&admin, "?availability=soonUnavailable,unavailable").await;
    assert!(both.len() == 2 && both.contains(&"gone".to_owned()), "{both:?}");
    let available = names(&admin, "?availability=available&search=nexus").await;
    assert_eq!(available, ["Gamma", "beta", "alpha"]);
}

#[tokio::test]
async fn a_status_finds_the_keys_that_it_stands_against_and_no_others() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let with = |name: &str, member: &str, instant: &str| {
        let mut body = api(name);
        body[member] = json!(instant);
        body
    };
    made(&admin, &api("serves")).await;
    let (both, _) = made(&admin, &with("off and over", "expires", "2026-03-02T00:00:00Z")).await;
    let (off, _) = made(&admin, &api("off")).await;
    let (gone, _) = made(&admin, &api("gone")).await;
    made(&admin, &with("later", "startsAt", "2026-06-01T00:00:00Z")).await;
    for (id, act) in
        [(both, "disable"), (off, "disable"), (gone.clone(), "disable"), (gone, "revoke")]
    {
        super::act(&admin, &id, act).await;
    }
    super::later(&world, 86_400_000);
    let admin = world.person(r"t100\nexus").await;
    for (status, wanted) in [
        ("revoked", &["gone"][..]),
        ("expired", &["off and over"]),
        ("disabled", &["off"]),
        ("held", &[]),
        ("notYetValid", &["later"]),
    ] {
        assert_eq!(names(&admin, &format!("?status={status}")).await, wanted, "{status}");
        let there = !matches!(status, "revoked" | "expired");
        let available = names(&admin, &format!("?status={status}&availability=available")).await;
        assert_eq!(!available.is_empty(), there && !wanted.is_empty(), "{status}");
    }
}

#[tokio::test]
async fn ap_04_pages_are_bounded_and_join() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..7 {
        world.clock.advance_millis(1);
        made(&admin, &api(&format!("k{n}"))).await;
    }
    let all = names(&admin, "").await;
    let mut joined = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        joined.extend(names(&admin, &query).await);
        let page = admin.get(&format!("/v1/keys{query}")).await.json();
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        // A key that is made meanwhile shifts nothing.
        world.clock.advance_millis(1);
        made(&admin, &api("later")).await;
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!(joined, all);
    for query in [
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?cursor=x",
        "?availability=gone",
        "?status=gone",
        "?permission=a",
        "?permission=a:*",
        "?keyType=none",
        "?tenant=t100",
        "?unknown=1",
    ] {
        let answer = admin.get(&format!("/v1/keys{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn everybody_sees_the_types_of_its_rights_in_its_reach() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, &api("native")).await;
    made(&admin, &nexus("chat")).await;
    // The service role knows Digital Channels and Callback keys alone.
    let service = world.client("service-a").await;
    assert_eq!(names(&service, "").await, ["chat"]);
    assert!(names(&service, "?keyType=api").await.is_empty());
    assert!(names(&world.person(r"t200\bob").await, "").await.is_empty());
    let ops = world.person("ops").await;
    assert_eq!(names(&ops, "?search=nexus").await.len(), 2);
    assert_eq!(names(&ops, &format!("?tenant={TENANT}&search=nexus")).await.len(), 2);
    assert!(names(&ops, "?tenant=*").await.is_empty());
}
