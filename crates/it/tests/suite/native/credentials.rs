//! Broken authentication (AP-02): on every route of our own API that asks who calls, a credential that
//! is not good any more, or never was one for this, opens nothing.

use super::persons::{path_of, person};
use http::Method;
use it::{Caller, World};
use serde_json::json;
use server::route::RouteInfo;

/// The routes that ask for a token and for nothing else.
fn asking() -> Vec<RouteInfo> {
    let own = |r: &RouteInfo| r.surface == "native" && r.wants_credentials;
    server::routes().into_iter().filter(own).collect()
}

async fn status(caller: &Caller, route: &RouteInfo) -> u16 {
    let id = "00000000-0000-4000-8000-000000000000";
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    let method = Method::from_bytes(route.method.as_bytes()).unwrap();
    let body = if route.method == "GET" || route.method == "DELETE" { "" } else { "{}" };
    caller.send(method, &path, Some("application/json"), body.into()).await.status.as_u16()
}

/// Asserts that no route lets the caller in.
async fn locked_out(caller: &Caller, who: &str) {
    let routes = asking();
    assert!(routes.len() > 25, "the table was not walked");
    for route in routes {
        let status = status(caller, &route).await;
        assert_eq!(status, 401, "{who}: {} {}", route.method, route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_02_a_credential_that_has_ended_opens_no_route() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for how in ["sign-out", "disable", "delete", "set-password", "expiry"] {
        let path = person(&admin, how, &["admin"]).await;
        let caller = world.person(&format!(r"t100\{how}")).await;
        assert_eq!(caller.get("/v1/keys").await.status, 200);
        let done = match how {
            "sign-out" => caller.act("/auth/v3/sign-out").await.status,
            "disable" => admin.patch(&path, &json!({"enabled": false})).await.status,
            "delete" => admin.delete(&path).await.status,
            "set-password" => admin.act(&format!("{path}/set-password")).await.status,
            _ => {
                crate::auth_v3::later(&world, 43_200_000);
                http::StatusCode::OK
            }
        };
        assert!(done.is_success(), "{how}: {done}");
        locked_out(&caller, how).await;
        if how == "expiry" {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_02_only_an_access_token_of_a_live_holder_is_a_credential() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let key = json!({"keyType": "api", "name": "k", "permissions": ["a:b"]});
    let key = admin.post("/v1/keys", &key).await.json()["secret"].as_str().unwrap().to_owned();
    let id = path_of(&admin, "nexus").await.rsplit('/').next().unwrap().to_owned();
    let token = admin.token.clone().unwrap();
    let refresh = admin.refresh.clone().unwrap();
    let presented = [
        ("a refresh token", refresh),
        ("a person's id", id),
        ("another case", token.to_uppercase()),
        ("a piece", token[..token.len() - 1].to_owned()),
        ("nothing", "00000000-0000-4000-8000-000000000000".to_owned()),
    ];
    for (who, text) in presented {
        locked_out(&world.anonymous().bearer(&text), who).await;
    }
    locked_out(&world.anonymous().basic(r"t100\nexus", it::world::PASSWORD), "Basic").await;
    let keyed = world.anonymous().bearer(&key);
    for route in asking().iter().filter(|r| r.operation != "whoami") {
        let status = status(&keyed, route).await;
        assert_eq!(status, 401, "a key: {} {}", route.method, route.path);
    }
}
