//! What a key's list says of paths holds for what the upstream gets.

use super::Stage;
use crate::allow_lists::{CALLS, PREFIX, made};
use serde_json::json;

#[tokio::test]
async fn a_path_is_read_as_every_way_in_does_before_a_call_goes_on() {
    let stage = Stage::start(|_| {}).await;
    let listed = made(&stage.admin, &json!({"paths": [PREFIX]})).await;
    let caller = stage.world.anonymous().with_header("x-api-key", &listed);
    for (path, holds) in CALLS {
        let answer = caller.get(&format!("{path}?next=/../admin")).await;
        // Some of them are refused to everybody: they can be read in two ways.
        let refused = [400, 403].contains(&answer.status.as_u16());
        assert!(if holds { answer.status == 200 } else { refused }, "{path}: {}", answer.status);
    }
    assert_eq!(stage.upstream.calls(), CALLS.iter().filter(|(_, holds)| *holds).count());
}

#[tokio::test]
async fn a_list_compares_the_path_that_the_client_sent() {
    let stage = Stage::start(|route| route.strip_prefix = true).await;
    for (prefix, status) in [("/orders/eu", 200), ("/eu", 403)] {
        let listed = made(&stage.admin, &json!({"paths": [prefix]})).await;
        let caller = stage.world.anonymous().with_header("x-api-key", &listed);
        assert_eq!(caller.get("/orders/eu/7").await.status, status, "{prefix}");
    }
}
