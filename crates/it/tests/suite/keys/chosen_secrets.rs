use super::{acting, chosen, code, other_tenant, wanted};
use domain::secret::Secret;
use it::World;
use serde_json::json;
use service::{
    Error,
    keys::{CreateKey, KeyRef, UpdateKey},
};

const SECRET: &str = "a-secret-chosen-by-hand-0001";

#[tokio::test]
async fn cw_06_taken_here_elsewhere_by_another_type_or_revoked_is_one_answer() {
    let world = World::start().await;
    let (admin, bob) = (acting(&world, r"t100\nexus").await, acting(&world, r"t200\bob").await);
    let nexus =
        world.service.create_key(&admin, wanted("nexus", &["nexus:consumer:chat"])).await.unwrap();
    let imported = nexus.secret.expose().to_owned();
    world.service.create_key(&admin, chosen(SECRET)).await.unwrap();
    let revoked = "a-secret-that-was-revoked-0002";
    world.service.create_key(&admin, chosen(revoked)).await.unwrap();
    let update = UpdateKey { revoke_now: true, ..UpdateKey::default() };
    let by_secret = KeyRef::parse(revoked);
    world.service.update_key(&admin, by_secret, &["ges"], update, |_| Ok(())).await.unwrap();
    let gone = "a-secret-revoked-and-deleted-3";
    world.service.create_key(&admin, chosen(gone)).await.unwrap();
    let update = UpdateKey { revoke_now: true, ..UpdateKey::default() };
    world
        .service
        .update_key(&admin, KeyRef::parse(gone), &["ges"], update, |_| Ok(()))
        .await
        .unwrap();
    world.service.delete_key(&admin, KeyRef::parse(gone), &["ges"], None).await.unwrap();
    let mut answers = Vec::new();
    for secret in [SECRET, imported.as_str(), revoked, gone] {
        for (caller, scope) in [(&admin, it::world::tenant()), (&bob, other_tenant())] {
            let key = CreateKey { scope, ..chosen(secret) };
            let Err(error) = world.service.create_key(caller, key).await else {
                panic!("made: {secret}")
            };
            answers.push((error.code(), error.to_string()));
        }
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
    assert_eq!(answers[0].0, "conflict");
    let log = world.person(r"t100\nexus").await.get("/v1/audit?action=key.create_refused").await;
    assert_eq!(log.json()["events"].as_array().map(Vec::len), Some(4));
    assert!(!log.text().contains(SECRET));
}

#[tokio::test]
async fn cw_06_after_twenty_such_answers_a_tenant_waits() {
    let world = World::start().await;
    let (admin, bob) = (acting(&world, r"t100\nexus").await, acting(&world, r"t200\bob").await);
    world.service.create_key(&admin, chosen(SECRET)).await.unwrap();
    for _ in 0..20 {
        assert_eq!(code(&world, &admin, chosen(SECRET)).await, "conflict");
    }
    assert_eq!(code(&world, &admin, chosen(SECRET)).await, "limited");
    assert_eq!(code(&world, &admin, chosen("a-free-secret-all-the-same")).await, "limited");
    assert_eq!(code(&world, &admin, wanted("nexus", &["nexus:consumer:chat"])).await, "created");
    let elsewhere = CreateKey { scope: other_tenant(), ..chosen(SECRET) };
    assert_eq!(code(&world, &bob, elsewhere).await, "conflict");
    world.clock.advance_millis(3_600_000);
    assert_eq!(code(&world, &admin, chosen("a-free-secret-all-the-same")).await, "created");
}

#[tokio::test]
async fn an_unassigned_secret_is_free_again_anywhere() {
    let world = World::start().await;
    let (admin, bob) = (acting(&world, r"t100\nexus").await, acting(&world, r"t200\bob").await);
    world.service.create_key(&admin, chosen(SECRET)).await.unwrap();
    world.service.delete_key(&admin, KeyRef::parse(SECRET), &["ges"], None).await.unwrap();
    let elsewhere = CreateKey { scope: other_tenant(), ..chosen(SECRET) };
    let created = world.service.create_key(&bob, elsewhere).await.unwrap();
    let verifier = world.client("cluster-verifier").await;
    let answer = verifier.post("/v1/keys/verify", &json!({"secret": SECRET})).await.json();
    assert_eq!(answer["verdict"], "VALID");
    assert_eq!(answer["keyId"], created.key.id.to_string());
    assert_eq!(answer["tenant"], it::world::OTHER_TENANT);
}

#[tokio::test]
async fn what_looks_like_something_else_cannot_be_chosen() {
    let world = World::start().await;
    let admin = acting(&world, r"t100\nexus").await;
    for bad in [
        "short",
        "key_0000000000000000000000",
        "kw_chosen-by-somebody",
        "psk_chosen-by-somebody",
        "eyJhbGciOiJFZERTQSJ9.e30.",
        "with a space in between",
        "ünïcödé-secret-of-length",
    ] {
        assert_eq!(code(&world, &admin, chosen(bad)).await, "invalid", "{bad}");
    }
    assert_eq!(code(&world, &admin, chosen(&"x".repeat(129))).await, "invalid");
    assert_eq!(code(&world, &admin, wanted("ges", &[])).await, "invalid");
    let api = CreateKey { secret: Some(Secret::new(SECRET.to_owned())), ..wanted("api", &[]) };
    assert_eq!(code(&world, &admin, api).await, "invalid");
}

#[tokio::test]
async fn one_space_of_secrets_holds_under_concurrency() {
    let world = World::start().await;
    let admin = acting(&world, r"t100\nexus").await;
    let tries: Vec<_> = (0..12)
        .map(|_| {
            let (service, admin) = (world.service.clone(), admin.clone());
            tokio::spawn(async move { service.create_key(&admin, chosen(SECRET)).await })
        })
        .collect();
    let mut made = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(_) => made += 1,
            Err(Error::Conflict { .. } | Error::Limited { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!(made, 1);
}
