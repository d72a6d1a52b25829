//! Another Keyward as the issuer: its realm signs persons in to ours, and its tokens call our API.

use super::{path, there::link, whoami};
use crate::browser::{CALLBACK, REALM, VERIFIER, make_client, request};
use it::{
    Browser, World,
    browser::carried,
    provider::calls_to,
    world::{CLIENT_SECRET, PASSWORD},
};
use serde_json::{Value, json};

const THERE: &str = "https://sso.example";
const OWN: &str = "http://127.0.0.1:8080";

/// The Keyward that signs in, and ours, which believes its realm.
async fn both(more: &Value) -> (World, World, Value) {
    let there = World::start_with(|settings, config| {
        THERE.clone_into(&mut settings.public_url);
        THERE.clone_into(&mut config.public_url);
    })
    .await;
    let admin = there.person(r"t100\nexus").await;
    let client = json!({
        "clientId": "keyward", "secret": CLIENT_SECRET, "grants": ["authorization_code", "refresh_token"],
        "scopes": ["openid", "profile", "email", "roles"],
        "redirectUris": [format!("{OWN}/realms/companya/broker/sso/endpoint")],
    });
    let answer = admin.post("/v1/clients", &client).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let outbound = calls_to(&there, THERE);
    let here = World::start_with(|_, config| config.outgoing.calls = Some(outbound)).await;
    let admin = here.person(r"t100\nexus").await;
    let mut issuer = json!({
        "name": "sso", "issuer": format!("{THERE}/realms/companya"), "clientId": "keyward",
        "clientSecret": CLIENT_SECRET, "audiences": ["account"], "tokenTypes": ["JWT"],
        "rolesClaim": "realm_access.roles", "roleMap": [{"value": "viewer", "role": "nx1_ask"}],
    });
    for (member, value) in more.as_object().unwrap() {
        issuer[member] = value.clone();
    }
    let made = admin.post("/v1/issuers", &issuer).await;
    assert_eq!(made.status, 201, "{}", made.text());
    (there, here, made.json())
}

/// Signs vera in to our realm by theirs, each time in fresh browsers; who she is to us.
async fn signed_in(there: &World, here: &World, secret: &str) -> Value {
    let (mut ours, mut theirs) = (Browser::new(here.anonymous()), Browser::new(there.anonymous()));
    let page = ours.open(&request(&[])).await;
    let to = ours.get(&link(&page).expect("a link to the issuer")).await;
    let at_theirs = to.header("location").strip_prefix(THERE).expect("the other realm").to_owned();
    let sign_in = theirs.open(&at_theirs).await;
    let back = theirs.submit(&sign_in, &[("username", "vera"), ("password", PASSWORD)]).await;
    let back = back.header("location").strip_prefix(OWN).expect("our realm").to_owned();
    let done = ours.get(&back).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let code = carried(&done)["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    let tokens =
        here.anonymous().basic("shop", secret).post_form(&format!("{REALM}/token"), &form).await;
    let token = tokens.json()["access_token"].as_str().expect("a token").to_owned();
    whoami(&here.anonymous().bearer(&token)).await.json()
}

#[tokio::test]
async fn a_realm_of_another_keyward_signs_persons_in_with_the_roles_that_they_hold_there() {
    let (there, here, _) = both(&json!({})).await;
    let admin = here.person(r"t100\nexus").await;
    let secret = make_client(&admin, json!({})).await;
    let who = signed_in(&there, &here, &secret).await;
    // Our own vera is somebody else. Their ID token names no roles; the access token beside it does.
    assert_eq!((&who["name"], &who["roles"]), (&json!("vera@sso"), &json!(["nx1_ask"])), "{who}");
    let their_admin = there.person(r"t100\nexus").await;
    let vera = whoami(&there.person(r"t100\vera").await).await.json();
    let nothing = json!({"roles": []});
    let vera = format!("/v1/persons/{}", vera["id"].as_str().expect("an id"));
    assert_eq!(their_admin.patch(&vera, &nothing).await.status, 200);
    let again = signed_in(&there, &here, &secret).await;
    assert_eq!((&again["id"], &again["roles"]), (&who["id"], &json!([])), "{again}");
}

#[tokio::test]
async fn access_tokens_of_another_keyward_call_our_api_and_its_id_tokens_do_not() {
    let (there, here, issuer) = both(&json!({})).await;
    let their_admin = there.person(r"t100\nexus").await;
    let password = json!({"grants": ["password", "refresh_token"]});
    let changed = their_admin.patch("/v1/clients/keyward", &password).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    let form = [
        ("grant_type", "password"),
        ("username", "vera"),
        ("password", PASSWORD),
        ("scope", "openid"),
    ];
    let client = there.anonymous().basic("keyward", CLIENT_SECRET);
    let tokens = client.post_form("/realms/companya/protocol/openid-connect/token", &form).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text());
    let text = |name: &str| tokens.json()[name].as_str().expect("a token").to_owned();
    let caller = here.anonymous().bearer(&text("access_token"));
    let who = whoami(&caller).await;
    assert_eq!(
        (who.status.as_u16(), &who.json()["roles"]),
        (200, &json!(["nx1_ask"])),
        "{}",
        who.text()
    );
    for other in ["id_token", "refresh_token"] {
        assert_eq!(whoami(&here.anonymous().bearer(&text(other))).await.status, 401, "{other}");
    }
    let admin = here.person(r"t100\nexus").await;
    assert_eq!(admin.patch(&path(&issuer), &json!({"audiences": ["us"]})).await.status, 200);
    assert_eq!(whoami(&caller).await.status, 401);
}
