//! A backup from before a change, and a newer database from after it: the same master keys have other
//! numbers in them.

use super::{FIRST, Opened, SECOND, THIRD};
use it::{Caller, world::Place};
use serde_json::{Value, json};
use store::backup;

const CLIENT: &str = "/v1/clients/cluster-verifier/regenerate-secret";

async fn made(admin: &Caller, key_type: &str) -> (String, String) {
    let permissions = match key_type {
        "api" => json!(["orders:read"]),
        "nexus" => json!(["nexus:consumer:chat"]),
        _ => json!([]),
    };
    let body = json!({"keyType": key_type, "name": "k", "permissions": permissions});
    let key = admin.post("/v1/keys", &body).await.json();
    let text = |member: &Value| member.as_str().expect("a text").to_owned();
    (text(&key["id"]), text(&key["secret"]))
}

async fn rotated(admin: &Caller, id: &str) -> String {
    let answer = admin.post(&format!("/v1/keys/{id}/rotate"), &json!({"overlapSeconds": 0})).await;
    answer.json()["secret"].as_str().expect("a secret").to_owned()
}

#[tokio::test]
async fn r_08_what_was_replaced_stays_so_in_a_backup_from_before_two_other_master_keys() {
    let (place, old) = (Place::new(), Place::new());
    if place.database_value() != "sqlite" {
        return;
    }
    let opened = Opened::with(&place, &[FIRST], None).await.unwrap();
    let admin = opened.admin().await;
    let (api, recoverable, renamed) =
        (made(&admin, "api").await, made(&admin, "nexus").await, made(&admin, "api").await);
    let jwt = made(&admin, "openconnect").await;
    let to = old.folder().join("keyward.db");
    backup::copy(&place.folder().join("keyward.db"), &to).unwrap();
    let heads = backup::facts(&to).unwrap().heads;
    let new = [
        rotated(&admin, &api.0).await,
        rotated(&admin, &recoverable.0).await,
        rotated(&admin, &jwt.0).await,
    ];
    let name = json!({"name": "another"}).to_string().into();
    let path = format!("/v1/keys/{}", renamed.0);
    admin.send(http::Method::PATCH, &path, Some("application/json"), name).await;
    let regenerated = opened.ops().await.post(CLIENT, &json!({})).await.json();
    let of_client = regenerated["secret"].as_str().expect("a secret").to_owned();
    opened.service.close().await;
    for keys in [&[SECOND, FIRST][..], &[THIRD, SECOND, FIRST]] {
        let opened = Opened::with(&place, keys, None).await.unwrap();
        opened.service.reseal().await.unwrap();
        opened.service.close().await;
    }

    let all = [THIRD, SECOND, FIRST];
    let newer = Opened::with(&place, &all, None).await.unwrap();
    let restored = Opened::with(&old, &all, None).await.unwrap();
    let merged = restored.service.merge_ended(&newer.service, &heads).await.unwrap();
    assert_eq!((merged.keys, merged.clients), (3, 1), "what was only sealed anew is no change");
    newer.service.close().await;
    restored.service.close().await;
    let restored = Opened::with(&old, &all, None).await.unwrap();
    restored.service.reseal().await.unwrap();
    let verifier = restored.anyone.clone().client_token("cluster-verifier", &of_client).await;
    let secrets = [&new[0], &new[1], &new[2], &renamed.1, &api.1, &recoverable.1, &jwt.1];
    let wanted = ["VALID", "VALID", "VALID", "VALID", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND"];
    for (secret, wanted) in secrets.into_iter().zip(wanted) {
        let question = json!({"secret": secret, "cost": 0});
        let answer = verifier.post("/v1/keys/verify", &question).await.json();
        assert_eq!(answer["verdict"], wanted);
    }
    let path = format!("/v1/keys/{}/reveal", recoverable.0);
    let read = restored.admin().await.post(&path, &json!({})).await;
    assert_eq!(read.json()["secret"], new[1].as_str(), "{}", read.text());
    restored.service.close().await;
}
