//! Pages of other origins.

use super::{REALM, holder, person, start};
use http::Method;
use it::Answer;
use it::world::World;

async fn preflight(world: &World, origin: &str) -> Answer {
    world
        .anonymous()
        .with_header("origin", origin)
        .with_header("access-control-request-method", "POST")
        .send(Method::OPTIONS, &format!("{REALM}/token"), None, "".into())
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_10_a_realm_is_open_to_the_origins_of_its_clients_and_its_tenant_alone() {
    let world = start().await;
    let good = preflight(&world, "https://app.example").await;
    assert_eq!(good.status, 204);
    assert_eq!(good.header("access-control-allow-origin"), "https://app.example");
    assert_eq!(good.header("vary"), "Origin");
    assert!(good.header("access-control-allow-headers").contains("Authorization"));
    for bad in [
        "null",
        "*",
        "https://app.example.evil.test",
        "https://evilapp.example",
        "http://app.example",
        "https://app.example:8443",
        "https://app.exampl",
        "https://app.example/callback",
    ] {
        let answer = preflight(&world, bad).await;
        assert_eq!(answer.status, 204);
        assert_eq!(answer.header("access-control-allow-origin"), "", "{bad}");
        assert_eq!(answer.header("vary"), "Origin", "{bad}");
    }
    let tokens = person(&world, "ada", "openid").await;
    let page = holder(&world, &tokens).with_header("origin", "https://app.example");
    let told = page.get(&format!("{REALM}/userinfo")).await;
    assert_eq!(told.header("access-control-allow-origin"), "https://app.example");
    for path in ["certs", "../../.well-known/openid-configuration"] {
        let path = match path.strip_prefix("../../") {
            Some(rest) => format!("/realms/companya/{rest}"),
            None => format!("{REALM}/{path}"),
        };
        let stranger = world.anonymous().with_header("origin", "https://evil.example");
        assert_eq!(stranger.get(&path).await.header("access-control-allow-origin"), "");
        let page = world.anonymous().with_header("origin", "https://app.example");
        let answer = page.get(&path).await;
        assert_eq!(answer.header("access-control-allow-origin"), "https://app.example");
    }
}
