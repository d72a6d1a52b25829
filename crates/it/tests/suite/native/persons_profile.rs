//! What is known of a person besides the user name: an address and names.

use super::persons::path_of;
use it::World;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_given_changed_member_by_member_and_taken_away() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"username": "ada", "email": "ada@example.org", "givenName": "Ada"});
    let made = admin.post("/v1/persons", &body).await.json();
    let names = |shown: &Value| {
        (shown["email"].clone(), shown["givenName"].clone(), shown["familyName"].clone())
    };
    assert_eq!(names(&made), (json!("ada@example.org"), json!("Ada"), json!(null)));
    let one = path_of(&admin, "ada").await;
    let changed = admin.patch(&one, &json!({"familyName": "Nova"})).await.json();
    assert_eq!(names(&changed), (json!("ada@example.org"), json!("Ada"), json!("Nova")));
    let without = admin.patch(&one, &json!({"email": null})).await.json();
    assert_eq!(names(&without), (json!(null), json!("Ada"), json!("Nova")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_that_does_not_do_is_refused_by_name() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let one = path_of(&admin, "vera").await;
    let table = [
        ("email", json!("vera")),
        ("email", json!("ve ra@example.org")),
        ("givenName", json!("")),
        ("familyName", json!(" Nova")),
        ("familyName", json!("x".repeat(256))),
    ];
    for (member, value) in table {
        let refused = admin.patch(&one, &json!({member: value})).await;
        assert_eq!(refused.status, 400, "{member}: {}", refused.text());
        assert!(refused.text().contains(member), "{}", refused.text());
    }
    let viewer = world.person(r"t100\vera").await;
    assert_eq!(viewer.patch(&one, &json!({"givenName": "Vera"})).await.status, 403);
}
