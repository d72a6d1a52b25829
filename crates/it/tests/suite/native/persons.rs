//! `/v1/persons`.

use crate::auth_v3::{audited, later, lives, refreshed};
use it::{
    Caller, World,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::json;

pub(super) const PERSONS: &str = "/v1/persons";
const NEW_PASSWORD: &str = "seven quiet harbours at dawn";

/// Makes a person with the password of everybody here; returns the path.
pub(super) async fn person(caller: &Caller, username: &str, roles: &[&str]) -> String {
    let body = json!({"username": username, "roles": roles, "password": PASSWORD});
    let made = caller.post(PERSONS, &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    format!("{PERSONS}/{}", made.json()["id"].as_str().unwrap())
}

/// The path of a person that is there.
pub(super) async fn path_of(caller: &Caller, username: &str) -> String {
    let found = caller.get(&format!("{PERSONS}?search={username}")).await.json();
    let persons = found["persons"].as_array().unwrap().clone();
    let one = persons.iter().find(|p| p["username"] == username).expect("a person");
    format!("{PERSONS}/{}", one["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_made_with_a_password_that_is_told_once_and_signs_in() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let made =
        admin.post(PERSONS, &json!({"username": "Ada", "roles": ["viewer", "viewer"]})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("etag"), "\"1\"");
    let mut shown = made.json();
    let password = shown.as_object_mut().unwrap().remove("password").unwrap();
    let password = password.as_str().unwrap();
    assert!(password.len() >= 24, "{password}");
    let id = shown["id"].as_str().unwrap().to_owned();
    assert_eq!(
        shown,
        json!({"id": id, "tenant": TENANT, "username": "Ada", "roles": ["viewer"], "enabled": true,
            "mustChangePassword": true, "email": null, "givenName": null, "familyName": null,
            "outside": null, "created": "2026-03-01T12:00:00.000Z", "version": 1})
    );
    let one = format!("{PERSONS}/{id}");
    assert_eq!(admin.get(&one).await.json(), shown);
    let ada = world.anonymous().signed_in(r"t100\ada", password).await;
    assert_eq!(ada.get("/v1/audit").await.status, 200);
    let event = audited(&world, "person.create").await.pop().unwrap();
    assert_eq!(event["subject"]["id"], id.as_str());
    assert_eq!(event["after"]["roles"], json!(["viewer"]));
    assert!(!event.to_string().contains(password));
    // A chosen password is not told back.
    let body = json!({"username": "grace", "password": PASSWORD, "mustChangePassword": false});
    let chosen = admin.post(PERSONS, &body).await.json();
    assert_eq!((chosen.get("password"), &chosen["mustChangePassword"]), (None, &json!(false)));
    world.person(r"t100\grace").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ht_08_a_repetition_makes_nobody_and_tells_no_password() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await.with_header("idempotency-key", "one");
    let body = json!({"username": "ada"});
    let first = admin.post(PERSONS, &body).await;
    let again = admin.post(PERSONS, &body).await;
    assert_eq!(again.header("idempotency-replayed"), "true", "{}", again.text());
    let mut whole = first.json();
    assert!(whole.as_object_mut().unwrap().remove("password").is_some());
    assert_eq!(again.json(), whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_persons_are_refused_and_nobody_is_made() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let before = admin.get(PERSONS).await.text();
    for (body, field) in [
        (json!({}), "username"),
        (json!({"username": ""}), "username"),
        (json!({"username": "a\\b"}), "username"),
        (json!({"username": " a"}), "username"),
        (json!({"username": "x".repeat(256)}), "username"),
        (json!({"username": "a", "roles": ["ops"]}), "roles"),
        (json!({"username": "a", "roles": ["none"]}), "roles"),
        (json!({"username": "a", "roles": ["Not A Name"]}), "roles"),
        (json!({"username": "a", "roles": "viewer"}), "roles"),
        (json!({"username": "a", "password": "short"}), "password"),
        (json!({"username": "a", "password": "passwordpassword"}), "password"),
        (json!({"username": "premise", "password": "premise_tenantpremise"}), "password"),
        (json!({"username": "a", "tenant": "t100"}), "tenant"),
        (json!({"username": "a", "id": "x"}), "id"),
    ] {
        let answer = admin.post(PERSONS, &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{body}: {}", answer.text());
    }
    let taken = admin.post(PERSONS, &json!({"username": "NEXUS"})).await;
    assert_eq!((taken.status.as_u16(), &taken.json()["code"]), (409, &json!("conflict")));
    for foreign in ["*", OTHER_TENANT, NO_TENANT] {
        let body = json!({"username": "a", "tenant": foreign});
        assert_eq!(admin.post(PERSONS, &body).await.status, 404, "{foreign}");
    }
    let ops = world.person("ops").await;
    let nowhere = json!({"username": "a", "tenant": NO_TENANT});
    assert_eq!(ops.post(PERSONS, &nowhere).await.status, 404);
    assert_eq!(admin.get(PERSONS).await.text(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_or_deleted_is_out_at_once_and_old_tokens_stay_dead() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let one = person(&admin, "ada", &["viewer"]).await;
    let ada = world.person(r"t100\ada").await;
    let (token, refresh) = (ada.token.clone().unwrap(), ada.refresh.clone().unwrap());
    assert!(lives(&world, &token).await);
    let off = admin.patch(&one, &json!({"enabled": false})).await;
    assert_eq!((off.status.as_u16(), &off.json()["version"]), (200, &json!(2)));
    assert!(!lives(&world, &token).await);
    assert_eq!(admin.patch(&one, &json!({"enabled": true})).await.status, 200);
    assert!(!lives(&world, &token).await, "a token came back to life");
    let public = world.anonymous().basic("nexus_client", "");
    assert_eq!(refreshed(&public, &refresh).await.status, 400);
    let token = world.person(r"t100\ada").await.token.unwrap();
    assert_eq!(admin.delete(&one).await.status, 204);
    assert!(!lives(&world, &token).await);
    for (method, path) in [("GET", one.clone()), ("DELETE", one.clone())] {
        let method = http::Method::from_bytes(method.as_bytes()).unwrap();
        assert_eq!(admin.send(method, &path, None, "".into()).await.status, 404);
    }
    // The name is free, and its new holder is somebody else.
    let again = person(&admin, "ada", &[]).await;
    assert_ne!(again, one);
    assert_eq!(audited(&world, "person.delete").await.len(), 1);
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personal_key_follows_its_owner() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let one = person(&admin, "ada", &["nx1_ask"]).await;
    let ada = world.person(r"t100\ada").await;
    let key = ada.post("/v1/keys", &json!({"keyType": "psk", "name": "mine"})).await;
    assert_eq!(key.status, 201, "{}", key.text());
    let secret = key.json()["secret"].as_str().unwrap().to_owned();
    let verdict = async || super::verdict(&admin, &secret).await;
    assert_eq!(verdict().await, "VALID");
    for (enabled, wanted) in [(false, "DISABLED"), (true, "VALID")] {
        assert_eq!(admin.patch(&one, &json!({"enabled": enabled})).await.status, 200);
        assert_eq!(verdict().await, wanted);
    }
    assert_eq!(admin.delete(&one).await.status, 204);
    assert_eq!(verdict().await, "REVOKED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_set_by_the_rule_and_ends_every_token() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let vera = world.person(r"t100\vera").await;
    let one = path_of(&admin, "vera").await;
    let set = format!("{one}/set-password");
    for bad in ["short", "passwordpassword", "vera-vera-vera-vera"] {
        let answer = admin.post(&set, &json!({"password": bad})).await;
        assert_eq!(answer.status, 400, "{bad}: {}", answer.text());
        assert_eq!(answer.json()["field"], "password");
        assert!(!answer.text().contains(bad));
    }
    assert!(lives(&world, vera.token.as_ref().unwrap()).await);
    let chosen = json!({"password": NEW_PASSWORD, "mustChangePassword": false});
    let answer = admin.post(&set, &chosen).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["mustChangePassword"], false);
    assert!(!answer.text().contains(NEW_PASSWORD) && answer.json().get("password").is_none());
    assert!(!lives(&world, vera.token.as_ref().unwrap()).await);
    world.anonymous().signed_in(r"t100\vera", NEW_PASSWORD).await;
    let made = admin.act(&set).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let password = made.json()["password"].as_str().unwrap().to_owned();
    assert_eq!(made.json()["mustChangePassword"], true);
    world.anonymous().signed_in(r"t100\vera", &password).await;
    let events = audited(&world, "person.set_password").await;
    assert_eq!(events.len(), 2);
    assert!(!json!(events).to_string().contains(&password));
    let own = format!("{}/set-password", path_of(&admin, "nexus").await);
    let refused = admin.post(&own, &chosen).await;
    assert_eq!(refused.status, 409, "a stolen token must not do: {}", refused.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_05_who_was_delayed_is_let_in_again_by_an_unlock() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let far = world.anonymous().from_address("192.0.2.1").basic("nexus_client", "");
    let form = |password: &'static str| {
        [("grant_type", "password"), ("username", r"t100\vera"), ("password", password)]
    };
    let token = "/auth/v3/oauth/token";
    for _ in 0..6 {
        assert_eq!(far.post_form(token, &form("guess")).await.status, 400);
    }
    assert_eq!(far.post_form(token, &form(PASSWORD)).await.status, 400, "it is delayed");
    let one = path_of(&admin, "vera").await;
    let unlocked = admin.act(&format!("{one}/unlock")).await;
    assert_eq!((unlocked.status.as_u16(), &unlocked.json()["username"]), (200, &json!("vera")));
    assert_eq!(far.post_form(token, &form(PASSWORD)).await.status, 200);
    let event = audited(&world, "person.unlock").await.pop().unwrap();
    assert_eq!(event["detail"]["hadFailures"], true);
    assert_eq!(event["actor"]["name"], "nexus");
    assert_eq!(admin.post(&format!("{one}/unlock"), &json!({"now": 1})).await.status, 400);
    later(&world, 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_filters_and_comes_in_pages_that_join() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..5 {
        let path = person(&admin, &format!("Page{n}"), if n < 2 { &["viewer"] } else { &[] }).await;
        if n == 4 {
            assert_eq!(admin.patch(&path, &json!({"enabled": false})).await.status, 200);
        }
    }
    let names = async |query: &str| -> (Vec<String>, Option<String>) {
        let page = admin.get(&format!("{PERSONS}{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.text());
        assert!(!page.text().contains("assword\":\""), "{}", page.text());
        let json = page.json();
        let names = json["persons"].as_array().unwrap().iter();
        (
            names.map(|p| p["username"].as_str().unwrap().to_owned()).collect(),
            json["nextCursor"].as_str().map(str::to_owned),
        )
    };
    assert_eq!(names("?search=pAGE").await.0.len(), 5);
    assert_eq!(names("?search=page_").await.0.len(), 0, "a pattern is not one here");
    assert_eq!(names("?search=page&role=viewer").await.0, ["Page0", "Page1"]);
    assert_eq!(names("?enabled=false").await.0, ["Page4"]);
    assert_eq!(
        names("").await.0,
        ["nexus", "nora", "Page0", "Page1", "Page2", "Page3", "Page4", "vera"]
    );
    let (mut joined, mut next) = names("?limit=3").await;
    while let Some(cursor) = next {
        let (more, following) = names(&format!("?limit=3&cursor={cursor}")).await;
        joined.extend(more);
        next = following;
    }
    assert_eq!(joined, names("").await.0);
    let (_, cursor) = names("?limit=3").await;
    let cursor = cursor.unwrap();
    for bad in ["limit=0", "limit=201", "enabled=maybe", "tenant=t100", "sort=x"] {
        assert_eq!(admin.get(&format!("{PERSONS}?{bad}")).await.status, 400, "{bad}");
    }
    for foreign in [format!("?enabled=true&cursor={cursor}"), "?cursor=AAAA".to_owned()] {
        assert_eq!(admin.get(&format!("{PERSONS}{foreign}")).await.status, 400, "{foreign}");
    }
    let bob = world.person(r"t200\bob").await;
    let stolen = bob.get(&format!("{PERSONS}?limit=3&cursor={cursor}")).await;
    assert_eq!(stolen.status, 400, "TI-03: {}", stolen.text());
    assert_eq!(bob.get(&format!("{PERSONS}?tenant={TENANT}")).await.status, 404);
    let ops = world.person("ops").await;
    let all = ops.get(PERSONS).await.json()["persons"].as_array().unwrap().len();
    assert_eq!(all, 8 + 1 + 1, "every tenant's and the cluster's");
    let of_cluster = ops.get(&format!("{PERSONS}?tenant=*")).await.json();
    assert_eq!(of_cluster["persons"].as_array().unwrap().len(), 1);
}
