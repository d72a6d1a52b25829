//! No answer is compressed, and no request is unpacked (HT-05).

use bytes::Bytes;
use http::Method;
use it::{
    World,
    caller::Answer,
    world::{CLIENT_SECRET, TENANT},
};
use serde_json::json;

/// What browsers and tools say that they take.
const WELCOME: [&str; 4] = ["gzip, deflate, br, zstd", "*", "gzip;q=1.0, identity;q=0", "br"];

fn is_plain(answer: &Answer) {
    assert!(answer.status.is_success(), "{}", answer.text());
    assert!(!answer.headers.contains_key("content-encoding"), "{:?}", answer.headers);
    assert!(!answer.headers.contains_key("transfer-encoding"), "{:?}", answer.headers);
}

#[tokio::test]
async fn ht_05_an_answer_with_a_secret_is_never_compressed() {
    let world = World::start().await;
    for welcome in WELCOME {
        let admin = world.person("t100\\nexus").await.with_header("accept-encoding", welcome);
        let client = world
            .anonymous()
            .basic("nexus_client", "")
            .with_header("accept-encoding", welcome)
            .post_form(
                "/auth/v3/oauth/token",
                &[
                    ("grant_type", "password"),
                    ("username", "t100\\nexus"),
                    ("password", it::world::PASSWORD),
                ],
            )
            .await;
        is_plain(&client);
        let made = admin
            .post(
                "/v1/keys",
                &json!({"keyType": "api", "name": "k", "permissions": ["orders:read"]}),
            )
            .await;
        is_plain(&made);
        assert!(made.json()["secret"].is_string(), "{}", made.text());
        let nexus = json!({"data": {
            "name": "n", "tenant": TENANT, "permissions": ["nexus:consumer:chat"],
        }});
        is_plain(&admin.post("/nexus/v3/apikeys", &nexus).await);
        is_plain(&admin.get("/nexus/v3/apikeys").await);
        let verifier = world.anonymous().client_token("cluster-verifier", CLIENT_SECRET).await;
        let verified = verifier
            .with_header("accept-encoding", welcome)
            .post("/v1/keys/verify", &json!({"secret": made.json()["secret"]}))
            .await;
        is_plain(&verified);
        is_plain(&world.anonymous().with_header("accept-encoding", welcome).get("/docs").await);
    }
}

#[tokio::test]
async fn ht_05_a_packed_body_is_refused_before_anybody_looks_into_it() {
    let world = World::start().await;
    let admin = world.person("t100\\nexus").await;
    // A kilobyte that would become a megabyte; what is in it does not matter.
    let packed = Bytes::from_static(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
    for encoding in ["gzip", "GZIP", "deflate", "br", "zstd", "identity, gzip", "x-unheard-of"] {
        for path in ["/v1/keys", "/v1/keys/verify", "/nexus/v3/apikeys"] {
            let caller = admin.clone().with_header("content-encoding", encoding);
            let json = Some("application/json");
            let answer = caller.send(Method::POST, path, json, packed.clone()).await;
            assert_eq!(answer.status, 415, "{path} {encoding}: {}", answer.text());
        }
    }
    let plain = admin.with_header("content-encoding", "identity");
    let key = json!({"keyType": "api", "name": "k", "permissions": ["orders:read"]});
    assert_eq!(plain.post("/v1/keys", &key).await.status, 201);
}
