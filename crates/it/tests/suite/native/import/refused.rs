//! What an import does not take over, and who may not import.

use super::{NDJSON, PATH, UUID, api_item, digest, imported, nexus_item, send, statuses, told};
use crate::native::{act, made, nexus, verdict};
use http::Method;
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

#[tokio::test]
async fn kr_09_a_digest_is_taken_over_only_if_it_is_sha_256() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let with =
        |digest: &str| json!({"keyType": "api", "tenant": TENANT, "name": "k", "digest": digest});
    let weak = imported(
        &ops,
        &[
            with("d41d8cd98f00b204e9800998ecf8427e"),
            with("da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            with("murmur3:0b7ed3e1"),
            with("crc32:00000000"),
            with("$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW"),
            with("the-secret-itself-by-mistake"),
            nexus_item("both", UUID),
        ],
    )
    .await;
    assert_eq!(statuses(&weak[..6]), ["refused"; 6]);
    for line in &weak[..6] {
        assert_eq!(
            (&line["code"], &line["field"]),
            (&json!("invalid"), &json!("digest")),
            "{line}"
        );
        assert!(!line.to_string().contains("by-mistake"));
    }
    assert!(weak[0]["detail"].as_str().unwrap().contains("weak hash"), "{}", weak[0]);
    assert!(weak[4]["detail"].as_str().unwrap().contains("slow password hash"), "{}", weak[4]);
    assert_eq!(weak[6]["status"], "created", "the others are not kept from it");
    // Of what is shown again the digest is not enough.
    let nexus = json!({"keyType": "nexus", "tenant": TENANT, "name": "k", "digest": digest("x"),
        "permissions": ["nexus:consumer:chat"]});
    let refused = imported(&ops, &[nexus]).await;
    assert_eq!(
        (&refused[0]["status"], &refused[0]["field"]),
        (&json!("refused"), &json!("digest"))
    );
}

#[tokio::test]
async fn cw_06_a_taken_secret_is_refused_in_the_same_words_and_without_the_limit_of_tenants() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let (_, taken) = made(&admin, &nexus("there")).await;
    let (revoked, dead) = made(&admin, &nexus("dead")).await;
    act(&admin, &revoked, "revoke").await;
    admin.delete(&format!("/v1/keys/{revoked}")).await;
    let mut elsewhere = nexus_item("there", &taken);
    elsewhere["tenant"] = json!(OTHER_TENANT);
    let items = vec![elsewhere, nexus_item("there", &taken), nexus_item("dead", &dead)];
    for _ in 0..10 {
        let lines = imported(&ops, &items).await;
        for line in &lines {
            let told = json!({"status": "refused", "code": "conflict", "field": "secret",
                "detail": "this secret is already in use; choose another one", "line": line["line"]});
            assert_eq!(*line, told);
        }
    }
    let event = ops.get("/v1/audit?tenant=*&action=key.import&limit=1").await.json();
    assert_eq!(event["events"][0]["event"]["detail"]["taken"], 3);
}

#[tokio::test]
async fn the_rules_of_creation_hold_for_an_import() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let cases = [
        (json!({"name": ""}), "name"),
        (json!({"name": "x".repeat(256)}), "name"),
        (json!({"keyType": "nothing"}), "keyType"),
        (json!({"keyType": "client"}), "keyType"),
        (json!({"keyType": "psk"}), "owner"),
        (json!({"permissions": ["nexus:consumer:chat"]}), "permissions"),
        (json!({"permissions": ["Orders"]}), "permissions"),
        (json!({"tenant": "t100"}), "tenant"),
        (json!({"tenant": NO_TENANT}), "tenant"),
        (json!({"expires": "tomorrow"}), "expires"),
        (json!({"limit": [120, 60]}), "limit"),
        (json!({"created": "2030-01-01T00:00:00Z"}), "created"),
        (json!({"createdBy": ""}), "createdBy"),
        (json!({"hint": "x".repeat(25)}), "hint"),
        (json!({"secret": "beside a digest"}), "digest"),
        (json!({"limit": {"capacity": 0, "frequency": 1}}), "capacity"),
        (json!({"externalId": "x".repeat(256)}), "externalId"),
        (json!({"unknown": 1}), "unknown"),
        (json!({"version": 1}), "version"),
    ];
    let items: Vec<Value> = cases
        .iter()
        .map(|(change, _)| {
            let mut item = api_item("k", &change.to_string());
            item.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            item
        })
        .collect();
    let lines = imported(&ops, &items).await;
    for (line, (change, field)) in lines.iter().zip(&cases) {
        assert_eq!(line["status"], "refused", "{change}: {line}");
        assert_eq!(line["field"], *field, "{change}: {line}");
    }
    for secret in ["kw_0123456789abcdef", "psk_0123456789abcdef", "eyJ0123456789abcdef", "short"] {
        let line = &imported(&ops, &[nexus_item("k", secret)]).await[0];
        assert_eq!((&line["status"], &line["field"]), (&json!("refused"), &json!("secret")));
        assert!(!line.to_string().contains(secret));
    }
    let cluster_only = json!({"keyType": "nexus", "tenant": TENANT, "name": "k", "secret": UUID,
        "permissions": ["nexus:cluster:chat"]});
    assert_eq!(imported(&ops, &[cluster_only]).await[0]["field"], "permissions");
    let revoked = json!({"keyType": "api", "tenant": TENANT, "name": "k", "digest": digest("a-secret-that-is-gone"),
        "revoked": "2025-01-01T00:00:00Z"});
    assert_eq!(statuses(&imported(&ops, &[revoked]).await), ["created"]);
    assert_eq!(verdict(&ops, "a-secret-that-is-gone").await, "REVOKED");
}

#[tokio::test]
async fn al_01_an_import_brings_no_open_key_to_a_tenant_that_wants_allow_lists() {
    let world = World::start().await;
    let (ops, admin) = (world.person("ops").await, world.person(r"t100\nexus").await);
    assert_eq!(
        statuses(&imported(&ops, &[api_item("before", "secret-of-before")]).await),
        ["created"]
    );
    let wanted = json!({"policy": {"requireAllowList": true}});
    assert_eq!(admin.patch(&format!("/v1/tenants/{TENANT}"), &wanted).await.status, 200);
    let (mut narrow, mut paths, mut other) = (
        api_item("narrow", "secret-of-narrow"),
        api_item("paths", "secret-of-paths"),
        api_item("other", "secret-of-other"),
    );
    narrow["allowList"] = json!({"addresses": ["10.0.0.0/8"]});
    paths["allowList"] = json!({"paths": ["/orders"]});
    other["tenant"] = json!(OTHER_TENANT);
    let items = [
        api_item("open", "secret-of-open"),
        narrow,
        paths,
        other,
        nexus_item("without lists", UUID),
        api_item("before", "secret-of-before"),
    ];
    let is = ["refused", "created", "refused", "created", "created", "exists"];
    let would = ["refused", "would-create", "refused", "would-create", "would-create", "exists"];
    for (query, expected) in [("?dryRun=true", would), ("", is)] {
        let (lines, _) = told(&send(&ops, query, &items).await);
        assert_eq!(statuses(&lines), expected, "{lines:?}");
        for line in lines.iter().filter(|line| line["status"] == "refused") {
            assert_eq!(line["field"], "allowList", "{line}");
            assert!(line["detail"].as_str().unwrap().contains("the tenant wants it so"), "{line}");
        }
    }
}

#[tokio::test]
async fn only_the_whole_cluster_imports() {
    let world = World::start().await;
    let body = format!("{}\n", api_item("k", "nobody's"));
    for (caller, status) in [
        (world.anonymous(), 401),
        (world.person(r"t100\nexus").await, 403),
        (world.person(r"t100\vera").await, 403),
        (world.client("service-a").await, 403),
    ] {
        let answer = caller.send(Method::POST, PATH, Some(NDJSON), body.clone().into()).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let ops = world.person("ops").await;
    assert_eq!(verdict(&ops, "nobody's").await, "NOT_FOUND");
    for (query, kind, status) in
        [("?dryRun=yes", NDJSON, 400), ("?x=1", NDJSON, 400), ("", "application/json", 415)]
    {
        let path = format!("{PATH}{query}");
        let answer = ops.send(Method::POST, &path, Some(kind), body.clone().into()).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
    let (lines, summary) = told(&send(&ops, "", &[]).await);
    assert!(lines.is_empty() && summary["complete"] == json!(true));
    let broken = ops.send(Method::POST, PATH, Some(NDJSON), "{\nnot json\n\n[]\n".into()).await;
    assert_eq!(statuses(&told(&broken).0), ["refused"; 3]);
}
