//! What a token's owner is told, and how a resource refuses.

use super::{later, refusal};
use it::world::{TENANT, World};

#[tokio::test(flavor = "multi_thread")]
async fn userinfo_describes_a_person_of_a_contact_center() {
    let world = World::start().await;
    let answer = world.person("t100\\vera").await.get("/auth/v3/userinfo").await;
    assert_eq!(
        answer.members(),
        [
            "authorities",
            "username",
            "cmeUserName",
            "contactCenterId",
            "environmentId",
            "loginName",
            "properties"
        ]
    );
    let json = answer.json();
    assert_eq!(json["username"], format!("{TENANT}\\vera"));
    assert_eq!(json["contactCenterId"], TENANT);
    assert_eq!(json["environmentId"], "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11");
    assert_eq!((&json["cmeUserName"], &json["loginName"]), (&"vera".into(), &"vera".into()));
    assert_eq!(json["authorities"][0]["name"], "viewer");
    let privileges = json["authorities"][0]["privileges"].to_string();
    assert!(privileges.contains("Nexus.ApiKeys.canView") && !privileges.contains("canReveal"));
}

#[tokio::test(flavor = "multi_thread")]
async fn userinfo_of_cluster_persons_and_services_names_no_contact_center() {
    let world = World::start().await;
    let ops = world.person("ops").await.get("/auth/v3/userinfo").await;
    assert_eq!(ops.members(), ["authorities", "username", "loginName", "properties"]);
    assert_eq!(ops.json()["username"], "ops");
    let service = world.client("cluster-verifier").await.get("/auth/v3/userinfo").await;
    assert_eq!(service.json()["username"], "cluster-verifier");
    assert_eq!(service.json()["authorities"][0]["privileges"][0], "Keys.canVerify");
}

#[tokio::test(flavor = "multi_thread")]
async fn openid_userinfo_gives_claims_for_the_scope_openid_alone() {
    let world = World::start().await;
    let answer = world.person("t100\\vera").await.get("/auth/v3/openid/userinfo").await;
    assert_eq!(
        answer.members(),
        ["authorities", "contact_center_id", "environment_id", "properties", "user_name"]
    );
    assert_eq!(answer.json()["user_name"], format!("{TENANT}\\vera"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bt_01_without_credentials_the_challenge_is_bare() {
    let world = World::start().await;
    for path in ["/auth/v3/userinfo", "/auth/v3/openid/userinfo"] {
        let answer = world.anonymous().get(path).await;
        assert_eq!(
            refusal(&answer),
            "401 unauthorized: Full authentication is required to access this resource"
        );
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"oauth\"");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bt_02_a_bad_token_is_invalid_and_a_malformed_one_a_bad_request() {
    let world = World::start().await;
    let expired = world.person("t100\\vera").await;
    later(&world, 43_200_000);
    let unknown = world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695");
    for caller in [unknown, expired] {
        let answer = caller.get("/auth/v3/userinfo").await;
        assert_eq!(refusal(&answer), "401 invalid_token: Invalid access token");
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer realm=\"oauth\", error=\"invalid_token\", error_description=\"Invalid access token\""
        );
    }
    let malformed = world.anonymous().with_header("authorization", "Bearer a b");
    let answer = malformed.get("/auth/v3/userinfo").await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"], "invalid_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn bt_03_bt_04_two_credentials_are_refused_and_a_query_holds_none() {
    let world = World::start().await;
    let person = world.person("t100\\vera").await;
    let token = person.token.clone().unwrap();
    let twice = person.clone().with_header("authorization", &format!("Bearer {token}"));
    let query = format!("/auth/v3/userinfo?access_token={token}");
    assert_eq!(twice.get("/auth/v3/userinfo").await.status, 400);
    assert_eq!(person.get(&query).await.status, 400);
    assert_eq!(world.anonymous().get(&query).await.status, 401);
    let scheme = world.anonymous().with_header("authorization", &format!("bEARER {token}"));
    assert_eq!(scheme.get("/auth/v3/userinfo").await.status, 200, "BT-05: the scheme in any case");
}

#[tokio::test(flavor = "multi_thread")]
async fn ping_says_403_to_whoever_is_not_authenticated() {
    let world = World::start().await;
    let person = world.person("t100\\vera").await.get("/auth/v3/ping").await;
    assert_eq!(
        (person.status.as_u16(), person.text()),
        (200, r#"{"status":{"code":0}}"#.to_owned())
    );
    let unknown = world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695");
    for caller in [world.anonymous(), unknown] {
        let answer = caller.get("/auth/v3/ping").await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.json()["status"]["code"], 403);
    }
}
