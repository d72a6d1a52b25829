//! What becomes of sessions when a person gets other roles.

use super::{App, asks_to_sign_in, request};
use it::{Browser, world::PASSWORD};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn se_01_other_roles_end_the_sessions_in_the_realm_and_at_the_console_and_no_others() {
    let app = App::start(json!({})).await;
    let admin = app.world.person(r"t100\nexus").await;
    let found = admin.get("/v1/persons?search=vera").await.json();
    let one = format!("/v1/persons/{}", found["persons"][0]["id"].as_str().unwrap());
    let (mut realm, tokens) = app.signed_in("vera").await;
    let (_, of_nora) = app.signed_in("nora").await;
    let mut console = Browser::at_console(&app.world, r"t100\vera").await;
    let by_password = app.world.anonymous().signed_in(r"t100\vera", PASSWORD).await;
    for (roles, status, asks) in
        [(json!(["viewer"]), 200, false), (json!(["viewer", "nx1_ask"]), 401, true)]
    {
        let changed = admin.patch(&one, &json!({"roles": roles})).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        assert_eq!(app.status_of(tokens.access()).await, status, "{roles}");
        assert_eq!(asks_to_sign_in(&realm.open(&request(&[])).await), asks, "{roles}");
        let page = console.get("/console/keys").await;
        assert_eq!(page.status, if asks { 303 } else { 200 }, "{roles}");
    }
    // Rights are read live where no browser is: such a token goes on, with what its person may do now.
    assert_eq!(by_password.get("/v1/whoami").await.status, 200);
    assert_eq!(app.status_of(of_nora.access()).await, 200);
}
