//! Which client may use which grant, and which scope it gets.

use super::{member, refusal};
use it::{
    Answer, Caller,
    world::{PASSWORD, World},
};
use serde_json::{Value, json};

const TOKEN: &str = "/auth/v3/oauth/token";
const CLIENTS: &str = "/auth/v3/ops/clients";
const SECRET: &str = "a secret for the grants";
const GRANTS: [&str; 4] = ["password", "client_credentials", "refresh_token", "authorization_code"];

async fn client(world: &World, id: &str, more: Value) -> Caller {
    let mut data = json!({"client_id": id, "client_secret": SECRET, "clientType": "CONFIDENTIAL"});
    for (member, value) in more.as_object().unwrap() {
        data[member] = value.clone();
    }
    let made = world.person("ops").await.post(CLIENTS, &json!({"data": data})).await;
    assert_eq!(made.status, 200, "{}", made.text());
    world.anonymous().basic(id, SECRET)
}

/// A request that lacks nothing for the grant but, perhaps, the client's registration.
async fn by(caller: &Caller, grant: &str, refresh: &str) -> Answer {
    let form = [
        ("grant_type", grant),
        ("username", "ops"),
        ("password", PASSWORD),
        ("refresh_token", refresh),
        ("code", "4/0AX4XfWh"),
    ];
    caller.post_form(TOKEN, &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_11_a_client_uses_the_grants_of_its_registration_and_no_other() {
    let world = World::start().await;
    for registered in GRANTS {
        let of_it = json!({"authorizedGrantTypes": [registered]});
        let caller = client(&world, &format!("only-{registered}"), of_it).await;
        for grant in GRANTS.into_iter().filter(|g| *g != registered) {
            let answer = by(&caller, grant, "9b7682b7-cbce-422f-9bbb-ecda85e61695").await;
            assert_eq!(
                refusal(&answer),
                "401 invalid_client: Unauthorized grant type",
                "{registered}: {grant}"
            );
        }
        let own = by(&caller, registered, "9b7682b7-cbce-422f-9bbb-ecda85e61695").await;
        match registered {
            "password" | "client_credentials" => {
                assert_eq!(own.status, 200, "{registered}: {}", own.text());
                assert!(own.json().get("refresh_token").is_none(), "{registered}");
            }
            _ => assert!(refusal(&own).starts_with("400 invalid_grant"), "{}", refusal(&own)),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_11_there_is_no_implicit_grant_however_it_is_asked_for() {
    let world = World::start().await;
    let of_it = json!({"authorizedGrantTypes": ["implicit", "client_credentials"]});
    let caller = client(&world, "wants-implicit", of_it).await;
    let shown = world.person("ops").await.get(&format!("{CLIENTS}/wants-implicit")).await;
    assert_eq!(shown.json()["data"]["authorizedGrantTypes"], json!(["client_credentials"]));
    let answer = caller.post_form(TOKEN, &[("grant_type", "implicit")]).await;
    assert_eq!(
        refusal(&answer),
        "400 invalid_grant: Implicit grant type not supported from token endpoint"
    );
    for (path, status) in [("/auth/v3/oauth/authorize", 400), ("/oauth2/authorize", 404)] {
        let query = format!("{path}?response_type=token&client_id=wants-implicit");
        let refused = caller.get(&query).await;
        assert_eq!((refused.status.as_u16(), refused.header("location")), (status, ""), "{path}");
    }
    assert_eq!(domain::client::Grant::parse("implicit"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_09_the_granted_scope_is_named_and_an_unknown_one_refused() {
    let world = World::start().await;
    let of_it = json!({"scope": ["a", "b", "c"], "authorizedGrantTypes": ["client_credentials"]});
    let caller = client(&world, "scoped", of_it).await;
    let ask = async |scope: &str| {
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        caller.post_form(TOKEN, &form).await
    };
    for (asked, granted) in [("", "a b c"), ("b", "b"), ("c a", "c a"), (" b  c ", "b c")] {
        assert_eq!(member(&ask(asked).await, "scope"), granted, "{asked}");
    }
    for asked in ["d", "a d", "*", "A", "a,b"] {
        let answer = ask(asked).await;
        assert_eq!(refusal(&answer), "400 invalid_scope: Invalid scope", "{asked}");
        assert_eq!(member(&answer, "scope"), "a b c", "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_01_the_password_grant_comes_by_registration_alone_and_goes_with_it() {
    let world = World::start().await;
    let unspoken = client(&world, "unspoken", json!({})).await;
    let answer = by(&unspoken, "password", "").await;
    assert_eq!(refusal(&answer), "401 invalid_client: Unauthorized grant type");
    assert_eq!(answer.header("deprecation"), "@1735689600", "whoever tries is told to move on");

    let of_it = json!({"authorizedGrantTypes": ["password", "refresh_token"]});
    let asked = client(&world, "asked-for", of_it).await;
    assert_eq!(by(&asked, "password", "").await.status, 200);
    let without = json!({"data": {"authorizedGrantTypes": ["refresh_token"]}});
    let ops = world.person("ops").await;
    assert_eq!(ops.put(&format!("{CLIENTS}/asked-for"), &without).await.status, 200);
    let answer = by(&asked, "password", "").await;
    assert_eq!(refusal(&answer), "401 invalid_client: Unauthorized grant type");
}
