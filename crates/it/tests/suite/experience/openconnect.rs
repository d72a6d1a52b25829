//! `/openconnect` by itself: what it takes, and how it refuses.

use super::{EVENT, event, made, said, wanted};
use domain::rate_limit::Limit;
use http::Method;
use it::{Answer, Caller, World};
use serde_json::{Value, json};

const FORM: &str = "application/x-www-form-urlencoded";

async fn stage() -> (World, Caller, String) {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (_, jwt) = made(&admin, &wanted("openconnect")).await;
    (world, admin, jwt)
}

async fn posted(world: &World, path: &str, kind: &str, body: &str) -> Answer {
    let body = body.to_owned().into();
    world.anonymous().send(Method::POST, path, Some(kind), body).await
}

fn is_ok(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.text()), (200, r#"{"status":"ok"}"#.to_owned()));
}

#[tokio::test]
async fn an_event_holds_wherever_its_parameters_and_its_key_stand() {
    let (world, _, jwt) = stage().await;
    is_ok(&event(&world, &jwt).await);
    is_ok(
        &world
            .anonymous()
            .get(&format!("/openconnect?{}&jwt={jwt}", EVENT.replace("agentid", "agentId")))
            .await,
    );
    is_ok(&world.anonymous().bearer(&jwt).get(&format!("/openconnect?{EVENT}&more=data")).await);
    is_ok(&posted(&world, "/openconnect", FORM, &format!("{EVENT}&jwt={jwt}&phone=%2B1555")).await);
    is_ok(&posted(&world, &format!("/openconnect?jwt={jwt}"), FORM, EVENT).await);
    is_ok(&posted(&world, &format!("/openconnect?{EVENT}"), FORM, &format!("jwt={jwt}")).await);
    let object = json!({"agentid": "4711", "crmId": 17, "event": "screenPop", "jwt": jwt,
        "data": {"a": [1, 2.5, null]}});
    is_ok(&posted(&world, "/openconnect", "application/json", &object.to_string()).await);
    let bare = json!({"agentid": "4711", "crmId": "c", "event": "screenPop"});
    is_ok(&world.anonymous().bearer(&jwt).post("/openconnect", &bare).await);
    is_ok(
        &world
            .anonymous()
            .bearer(&jwt)
            .send(Method::POST, &format!("/openconnect?{EVENT}"), None, "".into())
            .await,
    );
}

#[tokio::test]
async fn a_key_that_is_missing_or_not_good_is_401() {
    let (world, admin, jwt) = stage().await;
    let message = "the API key is missing or not valid";
    let refused = (401, "unauthorized".to_owned(), message.to_owned());
    let missing = world.anonymous().get(&format!("/openconnect?{EVENT}")).await;
    assert_eq!(said(&missing), refused);
    assert_eq!(said(&event(&world, "").await), refused, "an empty parameter presents nothing");
    let altered = format!("{}A", &jwt[..jwt.len() - 1]);
    let altered = if altered == jwt { format!("{}Q", &jwt[..jwt.len() - 1]) } else { altered };
    assert_eq!(said(&event(&world, &altered).await), refused);
    assert_eq!(
        said(&world.anonymous().bearer("x").get(&format!("/openconnect?{EVENT}")).await),
        refused
    );
    // A key of another type is none here, as everywhere on a wire of another system.
    for key_type in ["client", "queueadapter", "telephony"] {
        let (_, other) = made(&admin, &wanted(key_type)).await;
        assert_eq!(said(&event(&world, &other).await), refused, "{key_type}");
    }
    let tenant = json!({"enabled": false});
    let path = format!("/v1/tenants/{}", it::world::TENANT);
    assert_eq!(world.person("ops").await.patch(&path, &tenant).await.status, 200);
    assert_eq!(said(&event(&world, &jwt).await), refused);
}

#[tokio::test]
async fn a_parameter_that_is_missing_or_stands_twice_is_400_once_the_key_holds() {
    let (world, _, jwt) = stage().await;
    let with_key = world.anonymous().bearer(&jwt);
    for (query, name, why) in [
        ("crmId=c&event=e", "agentid", "is missing"),
        ("agentid=a&event=e", "crmId", "is missing"),
        ("agentid=a&crmId=c", "event", "is missing"),
        ("AgentId=a&crmId=c&event=e", "agentid", "is missing"),
        ("agentid=a&crmid=c&event=e", "crmId", "is missing"),
        ("agentid=&crmId=c&event=e", "agentid", "must not be empty"),
        ("agentid=a&agentId=a&crmId=c&event=e", "agentid", "must be given once"),
        ("agentid=a&crmId=c&event=e&event=e", "event", "must be given once"),
    ] {
        let answer = with_key.get(&format!("/openconnect?{query}")).await;
        let wanted = (400, "invalid".to_owned(), format!("`{name}`: {why}"));
        assert_eq!(said(&answer), wanted, "{query}");
        let without = world.anonymous().get(&format!("/openconnect?{query}")).await;
        assert_eq!(without.status, 401, "strangers learn nothing");
    }
    let twice = posted(&world, &format!("/openconnect?{EVENT}&jwt={jwt}"), FORM, "event=e").await;
    assert_eq!(said(&twice).2, "`event`: must be given once");
}

#[tokio::test]
async fn two_credentials_are_400_wherever_they_stand() {
    let (world, _, jwt) = stage().await;
    let two =
        (400, "two_credentials".to_owned(), "more than one credential was presented".to_owned());
    let in_query = format!("/openconnect?{EVENT}&jwt={jwt}");
    assert_eq!(said(&world.anonymous().get(&format!("{in_query}&jwt={jwt}")).await), two);
    assert_eq!(said(&world.anonymous().bearer(&jwt).get(&in_query).await), two);
    assert_eq!(said(&posted(&world, &in_query, FORM, &format!("jwt={jwt}")).await), two);
    let object = json!({"jwt": jwt}).to_string();
    assert_eq!(said(&posted(&world, &in_query, "application/json", &object).await), two);
    let object = format!(r#"{{"jwt":"{jwt}","jwt":"{jwt}"}}"#);
    let twice = posted(&world, "/openconnect", "application/json", &object).await;
    assert_eq!(twice.status, 400);
    assert!(!twice.text().contains(&jwt));
}

#[tokio::test]
async fn bodies_that_are_no_form_and_no_object_are_refused() {
    let (world, _, jwt) = stage().await;
    let path = format!("/openconnect?{EVENT}&jwt={jwt}");
    for (kind, body, status) in [
        ("text/plain", "a", 415),
        ("application/json", "[]", 400),
        ("application/json", "{", 400),
        ("application/json", r#"{"jwt":17}"#, 400),
        ("application/json", r#"{"x":1,"x":2}"#, 400),
        (FORM, "a=b", 200),
    ] {
        let answer = posted(&world, &path, kind, body).await;
        assert_eq!(answer.status, status, "{kind} {body} {}", answer.text());
    }
    let long = format!("a={}", "x".repeat(64 * 1024));
    assert_eq!(posted(&world, &path, FORM, &long).await.status, 413);
    let packed = world.anonymous().with_header("content-encoding", "gzip");
    assert_eq!(packed.send(Method::POST, &path, Some(FORM), "x".into()).await.status, 415);
    for method in [Method::PUT, Method::DELETE, Method::HEAD, Method::PATCH] {
        let answer = world.anonymous().send(method.clone(), &path, None, "".into()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (405, "POST, GET, OPTIONS"),
            "{method}"
        );
    }
    assert_eq!(said(&world.anonymous().get("/openconnect/").await).0, 404);
    let foreign = world.anonymous().with_header("host", "elsewhere.example").get(&path).await;
    assert_eq!(foreign.status, 421, "it answers under its own hosts");
}

#[tokio::test]
async fn an_allow_list_is_asked_about_the_origin_and_then_the_referer() {
    let (world, admin, _) = stage().await;
    let mut body = wanted("openconnect");
    body["allowList"] = json!({"origins": ["https://crm.example", "*.desk.example"]});
    let (_, jwt) = made(&admin, &body).await;
    let path = format!("/openconnect?{EVENT}&jwt={jwt}");
    for (headers, status) in [
        (vec![], 403),
        (vec![("origin", "https://crm.example")], 200),
        (vec![("origin", "https://a.desk.example")], 200),
        (vec![("origin", "https://desk.example")], 403),
        (vec![("origin", "http://crm.example")], 403),
        (vec![("origin", "https://evil.example")], 403),
        (vec![("origin", "null")], 403),
        (vec![("referer", "https://crm.example/case/1?x=2")], 200),
        (vec![("referer", "https://evil.example/https://crm.example")], 403),
        (vec![("origin", "https://evil.example"), ("referer", "https://crm.example/")], 403),
    ] {
        let mut caller = world.anonymous();
        for (name, value) in &headers {
            caller = caller.with_header(name, value);
        }
        let answer = caller.get(&path).await;
        assert_eq!(answer.status, status, "{headers:?} {}", answer.text());
        if status == 403 {
            assert_eq!(said(&answer).1, "forbidden");
        }
    }
}

#[tokio::test]
async fn a_page_of_a_listed_origin_may_ask_before_and_read_the_answer() {
    let (world, _, jwt) = stage().await;
    let origin = "https://crm.example";
    let entry = json!({"data": {"contactCenterId": it::world::TENANT, "origin": origin}});
    let ops = world.anonymous().basic("ops", it::world::PASSWORD);
    assert_eq!(ops.post("/environment/v3/cors", &entry).await.status, 200);
    let asking = |origin: &str| {
        world
            .anonymous()
            .with_header("origin", origin)
            .with_header("access-control-request-method", "POST")
    };
    let asked = asking(origin).send(Method::OPTIONS, "/openconnect", None, "".into()).await;
    assert_eq!((asked.status.as_u16(), asked.header("access-control-allow-origin")), (204, origin));
    let other =
        asking("https://evil.example").send(Method::OPTIONS, "/openconnect", None, "".into()).await;
    assert_eq!(said(&other).0, 403);
    let plain = world.anonymous().send(Method::OPTIONS, "/openconnect", None, "".into()).await;
    assert_eq!((plain.status.as_u16(), plain.header("allow")), (204, "GET, POST, OPTIONS"));
    let page = world.anonymous().with_header("origin", origin);
    let answer = page.get(&format!("/openconnect?{EVENT}&jwt={jwt}")).await;
    assert_eq!(answer.header("access-control-allow-origin"), origin);
    let other = world.anonymous().with_header("origin", "https://evil.example");
    let answer = other.get(&format!("/openconnect?{EVENT}&jwt={jwt}")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_jwt_that_was_rotated_away_is_told_until_when_it_works() {
    let (world, admin, _) = stage().await;
    let (id, first) = made(&admin, &wanted("openconnect")).await;
    assert_eq!(event(&world, &first).await.header("x-keyward-secret-ends"), "");
    let rotated =
        admin.post(&format!("/v1/keys/{id}/rotate"), &json!({"overlapSeconds": 60})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    let answer = event(&world, &first).await;
    is_ok(&answer);
    assert_eq!(answer.header("x-keyward-secret-ends"), "2026-03-01T12:01:00.000Z");
    let second = rotated.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(event(&world, &second).await.header("x-keyward-secret-ends"), "");
}

#[tokio::test]
async fn calls_are_counted_and_none_is_audited() {
    let (world, admin, jwt) = stage().await;
    let keys = admin.get("/v1/keys?keyType=openconnect").await.json();
    let id = keys["keys"][0]["id"].as_str().unwrap().to_owned();
    let before: Value = admin.get(&format!("/v1/keys/{id}/audit")).await.json();
    for _ in 0..3 {
        assert_eq!(event(&world, &jwt).await.status, 200);
    }
    assert!(world.service.flush_usage().await);
    world.clock.advance_millis(1);
    world.service.roll_up_usage().await.expect("hours");
    let usage = admin.get(&format!("/v1/keys/{id}/usage?by=day")).await.json();
    assert_eq!(usage["usage"][0]["verdicts"], json!({"VALID": 3}), "{usage}");
    assert_eq!(admin.get(&format!("/v1/keys/{id}/audit")).await.json(), before);
}

#[tokio::test]
async fn en_06_nothing_is_looked_up_for_a_source_that_failed_too_often() {
    let world =
        World::start_with(|settings, _| settings.failed_credentials = Limit::new(2, 60).ok()).await;
    let (_, jwt) = made(&world.person(r"t100\nexus").await, &wanted("openconnect")).await;
    for _ in 0..2 {
        assert_eq!(event(&world, "eyJ.none.x").await.status, 401);
    }
    // A look-up would fail, and be answered so.
    let _ = world.place().sql("ALTER TABLE tenants RENAME TO elsewhere");
    let limited = event(&world, &jwt).await;
    assert_eq!(limited.status, 429, "{}", limited.text());
    assert_ne!(limited.header("retry-after"), "");
    let another = world.anonymous().from_address("192.0.2.9");
    let unlimited = another.get(&format!("/openconnect?{EVENT}&jwt={jwt}")).await;
    assert_eq!(unlimited.status, 503, "{}", unlimited.text());
}
