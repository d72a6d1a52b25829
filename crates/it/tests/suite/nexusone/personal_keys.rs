//! `/api/user/psk`.

use super::{PSK, REGENERATE, events, person, secret_of, verdict};
use crate::auth_v3::later;
use it::{Answer, World};
use serde_json::{Value, json};

fn told(answer: &Answer) -> (u16, &str, String) {
    (answer.status.as_u16(), answer.header("www-authenticate"), answer.text())
}

#[tokio::test]
async fn a_person_makes_shows_regenerates_and_deletes_the_one_key() {
    let world = World::start().await;
    let (ada, account) = person(&world, "ada", &["nx1_ask"]).await;
    let verifier = world.client("cluster-verifier").await;
    let none = ada.get(PSK).await;
    let missing = r#"{"detail":"No PSK found for the current user"}"#;
    assert_eq!((none.status.as_u16(), none.text().as_str()), (404, missing));
    assert_eq!(ada.act(REGENERATE).await.status, 404);
    assert_eq!(ada.delete(PSK).await.status, 404);

    let made = ada.post(PSK, &json!({"description": "notebook", "x": 1})).await;
    assert_eq!(made.members(), ["id", "psk", "created_at", "message", "description"]);
    let first = secret_of(&made);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert!(first.starts_with("psk_") && first.len() == 42, "its form");
    assert_eq!((id.len(), &made.json()["description"]), (36, &json!("notebook")));
    assert_eq!(verdict(&verifier, &first, Some("nx1:ask")).await, "VALID");
    let again = ada.post(PSK, &json!({"description": null})).await;
    assert_eq!(again.status, 409, "{}", again.text());

    let shown = ada.get(PSK).await;
    assert_eq!(
        shown.text(),
        format!(
            "{{\"id\":\"{id}\",\"user_id\":\"{}\",\"created_at\":\"2026-03-01T12:00:00.000Z\",\
             \"updated_at\":\"2026-03-01T12:00:00.000Z\",\"is_active\":true,\
             \"description\":\"notebook\",\"last_used_at\":null}}",
            account.rsplit('/').next().unwrap()
        )
    );
    world.clock.advance_millis(60_000);
    let presented = json!({"secret": first});
    verifier.post("/v1/keys/verify", &presented).await;
    world.service.flush_usage().await;
    later(&world, 1);
    world.service.roll_up_usage().await.unwrap();
    let regenerated = ada.act(REGENERATE).await;
    let second = secret_of(&regenerated);
    assert_eq!(regenerated.json()["id"], id.as_str());
    assert_eq!(regenerated.json()["description"], "notebook", "it stays");
    assert_eq!(verdict(&verifier, &first, None).await, "NOT_FOUND");
    assert_eq!(verdict(&verifier, &second, Some("nx1:ask")).await, "VALID");
    let shown = ada.get(PSK).await.json();
    assert_eq!(shown["created_at"], "2026-03-01T12:00:00.000Z");
    assert_eq!(shown["updated_at"], "2026-03-01T12:01:00.001Z");
    assert!(shown["last_used_at"].as_str().unwrap().starts_with("2026-03-01T12:01:0"), "{shown}");
    let described = ada.post(REGENERATE, &json!({"description": "laptop"})).await;
    assert_eq!(described.json()["description"], "laptop");
    assert_eq!(ada.get(PSK).await.json()["description"], "laptop");
    let kept = ada.post(REGENERATE, &json!({"description": null})).await;
    assert_eq!(kept.json()["description"], "laptop");

    let gone = ada.delete(PSK).await;
    assert_eq!((gone.status.as_u16(), gone.text().as_str()), (204, ""));
    assert_eq!(verdict(&verifier, &secret_of(&kept), None).await, "NOT_FOUND");
    assert_eq!(ada.get(PSK).await.status, 404);
    let other = ada.post(PSK, &json!({"description": null})).await;
    assert_eq!(other.json()["description"], Value::Null);
    assert_ne!(other.json()["id"], id.as_str());
}

#[tokio::test]
async fn ot_01_a_personal_secret_leaves_in_the_answer_that_made_it_alone() {
    let world = World::start().await;
    let (ada, _) = person(&world, "ada", &["nx1_ask"]).await;
    let first = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let second = secret_of(&ada.act(REGENERATE).await);
    let admin = world.person(r"t100\nexus").await;
    for answer in [
        ada.get(PSK).await,
        admin.get("/v1/keys").await,
        admin.get("/v1/keys/export").await,
        admin.get("/v1/audit").await,
    ] {
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains(&first) && !answer.text().contains(&second));
    }
    let (made, regenerated) =
        (events(&admin, "key.create").await, events(&admin, "key.regenerate").await);
    for event in [&made[0], &regenerated[0]] {
        assert_eq!(
            (&event["actor"]["name"], &event["after"]["keyType"]),
            (&json!("ada"), &json!("psk"))
        );
    }
    ada.delete(PSK).await;
    assert_eq!(events(&admin, "key.delete").await[0]["actor"]["name"], "ada");
}

#[tokio::test]
async fn nothing_but_the_token_of_a_person_with_the_right_opens_these_routes() {
    let world = World::start().await;
    let (ada, _) = person(&world, "ada", &["nx1_ask"]).await;
    let psk = secret_of(&ada.post(PSK, &json!({"description": null})).await);
    let absent = (401, "Bearer", r#"{"detail":"Not authenticated"}"#.to_owned());
    let refused = (401, "Bearer", r#"{"detail":"Could not validate credentials"}"#.to_owned());
    let anonymous = world.anonymous();
    let basic = anonymous.clone().basic("ada", it::world::PASSWORD);
    for (caller, wanted) in [
        (anonymous.clone(), &absent),
        (basic, &absent),
        (anonymous.clone().with_header("authorization-psk", &psk), &absent),
        (anonymous.clone().with_header("authorization", &psk), &absent),
        (anonymous.clone().with_header("x-api-key", &psk), &absent),
        (anonymous.bearer(&psk), &refused),
    ] {
        for answer in [
            caller.get(PSK).await,
            caller.post(PSK, &json!({"description": null})).await,
            caller.act(REGENERATE).await,
            caller.delete(PSK).await,
        ] {
            assert_eq!(&told(&answer), wanted);
        }
    }
    // A client has no key of its own, whatever it may do; nor has a person of the cluster.
    let roles =
        json!({"clientId": "robot", "grants": ["client_credentials"], "roles": ["nx1_ask"]});
    let admin = world.person(r"t100\nexus").await;
    let robot = admin.post("/v1/clients", &roles).await.json();
    let secret = robot["secret"].as_str().unwrap();
    let robot = world.anonymous().client_token("robot", secret).await;
    for caller in [robot, world.person("ops").await, world.person(r"t100\vera").await] {
        for answer in [
            caller.get(PSK).await,
            caller.post(PSK, &json!({"description": null})).await,
            caller.act(REGENERATE).await,
            caller.delete(PSK).await,
        ] {
            assert_eq!(answer.status, 403, "{}", answer.text());
            assert_eq!(answer.members(), ["detail"]);
        }
    }
    // What the route does not read passes it by.
    let both = ada.with_header("authorization-psk", "something");
    assert_eq!(both.get(PSK).await.status, 200);
}

#[tokio::test]
async fn bad_input_is_said_as_the_framework_says_it_and_changes_nothing() {
    let world = World::start().await;
    let (ada, _) = person(&world, "ada", &["nx1_ask"]).await;
    let missing = r#"{"detail":[{"type":"missing","loc":["body","description"],"msg":"Field required","input":{}}]}"#;
    assert_eq!(ada.post(PSK, &json!({})).await.text(), missing);
    let long = "x".repeat(1_001);
    for (body, kind, place) in [
        (json!({}), "missing", json!(["body", "description"])),
        (json!({"description": 7}), "string_type", json!(["body", "description"])),
        (json!({"description": long}), "value_error", json!(["body", "description"])),
        (json!({"description": "a\u{7}b"}), "value_error", json!(["body", "description"])),
    ] {
        let answer = ada.post(PSK, &body).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        let detail = answer.json()["detail"][0].clone();
        assert_eq!((&detail["type"], &detail["loc"]), (&json!(kind), &place), "{detail}");
        assert!(!answer.text().contains("xxx"), "the input is not repeated");
    }
    let json = Some("application/json");
    let broken = ada.send(http::Method::POST, PSK, json, "{\"description\":".into()).await;
    assert_eq!(
        (broken.status.as_u16(), &broken.json()["detail"][0]["type"]),
        (422, &json!("json_invalid"))
    );
    assert_eq!(ada.get(PSK).await.status, 404);
    ada.post(PSK, &json!({"description": null})).await;
    let long = ada.post(REGENERATE, &json!({"description": "x".repeat(1_001)})).await;
    assert_eq!(long.status, 422);
    assert_eq!(
        ada.send(http::Method::PUT, PSK, json, "{}".into()).await.text(),
        r#"{"detail":"Method Not Allowed"}"#
    );
    assert_eq!(ada.get("/api/user/psk/nope").await.text(), r#"{"detail":"Not Found"}"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_one_key_a_person_also_under_a_hundred_creates_at_once() {
    let world = World::start().await;
    let (ada, account) = person(&world, "ada", &["nx1_ask"]).await;
    let admin = world.person(r"t100\nexus").await;
    let owner = account.rsplit('/').next().unwrap().to_owned();
    let creates: Vec<_> = (0..100)
        .map(|n| {
            let (ada, admin, owner) = (ada.clone(), admin.clone(), owner.clone());
            tokio::spawn(async move {
                let native = json!({"keyType": "psk", "name": "p", "owner": owner});
                loop {
                    let answer = match n % 4 {
                        0 => ada.post("/v1/keys", &json!({"keyType": "psk", "name": "p"})).await,
                        1 => admin.post("/v1/keys", &native).await,
                        _ => ada.post(PSK, &json!({"description": null})).await,
                    };
                    if answer.status != 503 {
                        return answer.status.as_u16();
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let mut made = 0;
    for create in creates {
        match create.await.unwrap() {
            200 | 201 => made += 1,
            status => assert_eq!(status, 409),
        }
    }
    assert_eq!(made, 1);
    let listed = admin.get("/v1/keys?keyType=psk").await.json();
    assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ot_03_of_many_regenerations_at_once_one_secret_is_left() {
    let world = World::start().await;
    let (ada, _) = person(&world, "ada", &["nx1_ask"]).await;
    let verifier = world.client("cluster-verifier").await;
    let mut secrets = vec![secret_of(&ada.post(PSK, &json!({"description": null})).await)];
    let renewals: Vec<_> = (0..20)
        .map(|_| {
            let ada = ada.clone();
            tokio::spawn(async move { ada.act(REGENERATE).await })
        })
        .collect();
    for renewal in renewals {
        secrets.push(secret_of(&renewal.await.unwrap()));
    }
    let world = world.restart().await;
    let mut live = 0;
    for secret in &secrets {
        match verdict(&verifier, secret, None).await.as_str() {
            "VALID" => live += 1,
            verdict => assert_eq!(verdict, "NOT_FOUND"),
        }
    }
    assert_eq!(live, 1);
    drop(world);
}
