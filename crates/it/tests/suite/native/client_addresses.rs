//! Where a client's codes go: `authorization_code` and `redirectUris` belong together.

use it::World;
use serde_json::json;

const CLIENTS: &str = "/v1/clients";

#[tokio::test(flavor = "multi_thread")]
async fn codes_have_an_address_to_go_to_whichever_of_the_two_changes() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let back = json!(["https://shop.example/cb"]);
    let shop = json!({"clientId": "shop", "grants": ["authorization_code"], "redirectUris": back});
    assert_eq!(admin.post(CLIENTS, &shop).await.status, 201);
    assert_eq!(admin.post(CLIENTS, &json!({"clientId": "till"})).await.status, 201);
    let (shop, till) = (format!("{CLIENTS}/shop"), format!("{CLIENTS}/till"));
    for (path, change) in [
        (&shop, json!({"redirectUris": []})),
        (&till, json!({"grants": ["client_credentials", "authorization_code"]})),
    ] {
        let refused = admin.patch(path, &change).await;
        assert_eq!(
            (refused.status.as_u16(), &refused.json()["field"]),
            (400, &json!("redirectUris"))
        );
        assert_eq!(admin.get(path).await.json()["version"], 1);
    }
    let both = json!({"grants": ["authorization_code"], "redirectUris": back});
    assert_eq!(admin.patch(&till, &both).await.status, 200);
    let neither = json!({"grants": ["client_credentials"], "redirectUris": []});
    assert_eq!(admin.patch(&shop, &neither).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_a_peers_scripts_made_without_an_address_changes_in_all_else() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let made = json!({"data": {"client_id": "early", "client_secret": "a secret for later",
        "authorizedGrantTypes": ["authorization_code"]}});
    assert_eq!(ops.post("/auth/v3/ops/clients", &made).await.status, 200);
    let path = format!("{CLIENTS}/early");
    let shown = ops.get(&path).await.json();
    assert_eq!(ops.patch(&path, &shown).await.status, 200, "what is shown may be sent back");
    assert_eq!(ops.patch(&path, &json!({"name": "Early"})).await.status, 200);
    let refused = ops.patch(&path, &json!({"grants": ["authorization_code", "password"]})).await;
    assert_eq!(refused.json()["field"], "redirectUris");
}
