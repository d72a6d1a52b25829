//! `POST /auth/v3/oauth/token`: grants and refusals, in the words of the wire.

use super::{later, refusal};
use it::{
    Answer, Caller,
    world::{CLIENT_SECRET, NO_TENANT, OTHER_TENANT, PASSWORD, TENANT, World},
};

const TOKEN: &str = "/auth/v3/oauth/token";

async fn by_password(caller: &Caller, username: &str, password: &str) -> Answer {
    let form = [
        ("username", username),
        ("client_id", "nexus_client"),
        ("grant_type", "password"),
        ("password", password),
    ];
    caller.post_form(TOKEN, &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_01_a_token_comes_as_the_published_answer_shows_it() {
    let world = World::start().await;
    let nexus = world.anonymous().basic("nexus_client", "");
    let answer = by_password(&nexus, &format!("{TENANT}\\\\nexus"), PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        answer.members(),
        ["access_token", "token_type", "refresh_token", "expires_in", "scope"]
    );
    let json = answer.json();
    assert_eq!(json["token_type"], "bearer");
    assert_eq!(json["expires_in"], 43_199);
    assert_eq!(json["scope"], "*");
    for token in ["access_token", "refresh_token"] {
        let text = json[token].as_str().unwrap();
        let uuid = uuid::Uuid::parse_str(text).unwrap();
        assert_eq!((uuid.get_version_num(), text.len()), (4, 36));
    }
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_named_by_tenant_id_or_domain_with_one_or_two_backslashes() {
    let world = World::start().await;
    let nexus = world.anonymous().basic("nexus_client", "");
    let good = [
        format!("{TENANT}\\nexus"),
        format!("{TENANT}\\\\nexus"),
        format!("{}\\nexus", TENANT.to_uppercase()),
        "t100\\nexus".to_owned(),
        "T100\\\\NEXUS".to_owned(),
        "ops".to_owned(),
    ];
    for name in good {
        let answer = by_password(&nexus, &name, PASSWORD).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.text());
    }
    let bad =
        ["nexus", "t100/nexus", "t200\\nexus", "t100\\ops", "\\ops", "t100\\\\\\nexus", "t100\\"];
    for name in bad {
        let answer = by_password(&nexus, name, PASSWORD).await;
        assert_eq!(refusal(&answer), "400 invalid_grant: Bad credentials", "{name}");
        later(&world, 1_000_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_gets_a_token_of_its_own_without_a_refresh_token() {
    let world = World::start().await;
    let answer = world
        .anonymous()
        .basic("service-a", CLIENT_SECRET)
        .post_form(TOKEN, &[("grant_type", "client_credentials")])
        .await;
    assert_eq!(answer.members(), ["access_token", "token_type", "expires_in", "scope"]);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let ping = world.anonymous().bearer(&token).get("/auth/v3/ping").await;
    assert_eq!((ping.status.as_u16(), ping.text()), (200, r#"{"status":{"code":0}}"#.to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_05_client_credentials_are_form_decoded() {
    let world = World::start().await;
    let (id, secret) = ("odd %+:client", "s%e+c:r e\u{fc}");
    let made = world
        .person("ops")
        .await
        .post(
            "/auth/v3/ops/clients",
            &serde_json::json!({"data": {"client_id": id, "client_secret": secret,
                "authorizedGrantTypes": ["client_credentials"]}}),
        )
        .await;
    assert_eq!(made.status, 200, "{}", made.text());
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let encoded = world.anonymous().basic(&encode(id), &encode(secret));
    let answer = encoded.post_form(TOKEN, &[("grant_type", "client_credentials")]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let wrong = world.anonymous().basic(&encode(id), &encode("s%e+c:r e"));
    let answer = wrong.post_form(TOKEN, &[("grant_type", "client_credentials")]).await;
    assert_eq!(refusal(&answer), "401 invalid_client: Bad client credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn oa_06_a_client_may_authenticate_in_the_form_instead_but_not_besides() {
    let world = World::start().await;
    let form = [
        ("client_id", "service-a"),
        ("client_secret", CLIENT_SECRET),
        ("grant_type", "client_credentials"),
    ];
    assert_eq!(world.anonymous().post_form(TOKEN, &form).await.status, 200);
    let both = world.anonymous().basic("service-a", CLIENT_SECRET).post_form(TOKEN, &form).await;
    assert_eq!(refusal(&both), "400 invalid_request: more than one credential was presented");
    // An empty parameter is an absent one.
    let empty = [("client_secret", ""), ("grant_type", "client_credentials")];
    let empty = world.anonymous().basic("service-a", CLIENT_SECRET).post_form(TOKEN, &empty).await;
    assert_eq!(empty.status, 200, "{}", empty.text());
    let alone = [("client_id", "service-a"), ("grant_type", "client_credentials")];
    let alone = world.anonymous().post_form(TOKEN, &alone).await;
    assert_eq!(refusal(&alone), "401 invalid_client: Bad client credentials");
}

#[tokio::test(flavor = "multi_thread")]
async fn cw_02_an_empty_secret_is_good_for_a_public_client_alone() {
    let world = World::start().await;
    let alone = by_password(&world.anonymous(), "t100\\nexus", PASSWORD).await;
    assert_eq!(alone.status, 200, "a public client may name itself in the form: {}", alone.text());
    for (client, secret) in [("nexus_client", "anything"), ("confidential", ""), ("service-a", "")]
    {
        let caller = world.anonymous().basic(client, secret);
        let answer = caller.post_form(TOKEN, &[("grant_type", "client_credentials")]).await;
        assert_eq!(refusal(&answer), "401 invalid_client: Bad client credentials", "{client}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cw_01_the_password_grant_is_marked_audited_and_only_for_clients_made_for_it() {
    let world = World::start().await;
    let nexus = world.anonymous().basic("nexus_client", "");
    let answer = by_password(&nexus, "t100\\nexus", PASSWORD).await;
    assert_eq!(answer.header("deprecation"), "@1735689600");
    let refused = by_password(&nexus, "t100\\nexus", "wrong").await;
    assert_eq!(refused.header("deprecation"), "@1735689600");
    let other = world.anonymous().basic("service-a", CLIENT_SECRET);
    let other = other.post_form(TOKEN, &[("grant_type", "client_credentials")]).await;
    assert_eq!(other.header("deprecation"), "");
    let mut events = super::audited(&world, "person.sign_in").await;
    events.retain(|event| event["actor"]["name"] == "nexus");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["detail"]["client"], "nexus_client");
    assert_eq!(events[0]["detail"]["count"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn ti_01_a_client_of_a_tenant_signs_in_that_tenants_persons_alone() {
    let world = World::start().await;
    let made = world
        .person("ops")
        .await
        .post(
            "/auth/v3/ops/clients",
            &serde_json::json!({"data": {"client_id": "of-t100", "clientType": "PUBLIC",
                "contactCenterIds": [TENANT], "authorizedGrantTypes": ["password", "refresh_token"]}}),
        )
        .await;
    assert_eq!(made.status, 200, "{}", made.text());
    let client = world.anonymous().basic("of-t100", "");
    let sign_in = async |name: &str| {
        let form = [("grant_type", "password"), ("username", name), ("password", PASSWORD)];
        client.post_form(TOKEN, &form).await
    };
    assert_eq!(sign_in("t100\\nexus").await.status, 200);
    for name in ["t200\\bob", "ops", &format!("{OTHER_TENANT}\\bob"), &format!("{NO_TENANT}\\bob")]
    {
        assert_eq!(refusal(&sign_in(name).await), "400 invalid_grant: Bad credentials", "{name}");
    }
}
