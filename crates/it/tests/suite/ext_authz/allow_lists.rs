//! A path is read as everywhere; so is what Envoy joined of several fields.

use super::*;
use crate::allow_lists::{self, CALLS, PREFIX};
use serde_json::json;

#[tokio::test]
async fn a_path_is_read_as_every_way_in_does_when_envoy_asks() {
    let world = world().await;
    let admin = world.person(r"t100\nexus").await;
    let listed = allow_lists::made(&admin, &json!({"paths": [PREFIX]})).await;
    for (path, holds) in CALLS {
        let asked = question(&format!("{path}?next=/../admin"), &[("x-api-key", &listed)]);
        let told = ask(&world, &asked).await;
        if holds {
            told.passes();
        } else {
            assert_eq!(told.status(), 403, "{path}");
        }
    }
    let cut = question("/orders/eu#/../admin", &[("x-api-key", &listed)]);
    assert_eq!(ask(&world, &cut).await.status(), 400, "what follows is not told");
}

#[tokio::test]
async fn al_03_origins_that_envoy_joined_are_none() {
    let world = world().await;
    let admin = world.person(r"t100\nexus").await;
    let listed = allow_lists::made(&admin, &json!({"origins": ["app.example"]})).await;
    for (origin, passes) in [
        ("https://app.example", true),
        ("https://app.example,https://evil.test", false),
        ("https://app.example,https://app.example", false),
        ("null", false),
    ] {
        let asked = joined("/orders", &[("x-api-key", &listed), ("origin", origin)]);
        let told = ask(&world, &asked).await;
        if passes {
            told.passes();
        } else {
            assert_eq!(told.status(), 403, "{origin}");
        }
    }
}
