//! What a call was, by whose account.

use super::*;

async fn by_path(world: &World) -> String {
    secret(&made(world, json!({"allowList": {"paths": ["/orders"], "methods": ["GET"]}})).await)
        .to_owned()
}

#[tokio::test]
async fn bc_12_a_forged_address_of_a_call_opens_nothing() {
    let world = world_of(vec![orders()]).await;
    let text = by_path(&world).await;
    let through = |fields: &[(&str, &str)]| {
        fields.iter().fold(proxy(&world), |caller, (name, value)| caller.with_header(name, value))
    };
    let ok = [
        &[("x-original-uri", "/orders/1"), ("x-original-method", "GET")][..],
        &[("x-forwarded-uri", "/orders?x"), ("x-forwarded-method", "GET")],
        &[("x-original-url", "https://api.example/orders")],
        &[("x-original-uri", "/orders"), ("x-forwarded-uri", "/orders")],
    ];
    for fields in ok {
        let answer = check(&through(fields), &text).await;
        assert_eq!(answer.status, 200, "{fields:?}: {}", answer.text());
    }
    let forged = [
        // The proxy wrote one of them, its client the other.
        &[("x-original-uri", "/orders"), ("x-forwarded-uri", "/admin")][..],
        &[("x-original-uri", "/admin"), ("x-forwarded-uri", "/orders")],
        &[("x-original-url", "https://a/orders"), ("x-original-uri", "/admin")],
        &[("x-original-uri", "/orders"), ("x-original-uri", "/admin")],
        &[
            ("x-original-method", "GET"),
            ("x-forwarded-method", "POST"),
            ("x-original-uri", "/orders"),
        ],
        // What stands behind may resolve what we compare.
        &[("x-original-uri", "/orders/../admin")],
        &[("x-original-uri", "/orders/%2e%2e/admin")],
        &[("x-original-uri", "/orders/..%2fadmin")],
        &[("x-original-uri", "/orders/..;/admin")],
        &[("x-original-uri", "/orders\\..\\admin")],
        &[("x-original-uri", "/orders%5c..%5cadmin")],
        &[("x-original-uri", "/orders/%252e%252e/admin")],
        &[("x-original-uri", "/ordersandmore")],
        &[("x-original-uri", "/%6frders")],
        &[("x-original-method", "POST"), ("x-original-uri", "/orders")],
        &[],
    ];
    for fields in forged {
        let answer = check(&through(fields), &text).await;
        assert_eq!(answer.status, 403, "{fields:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn bc_12_what_a_stranger_says_of_a_call_is_not_believed() {
    let world = world_of(vec![orders()]).await;
    let text = by_path(&world).await;
    let by_address = made(&world, json!({"allowList": {"addresses": [CLIENT]}})).await;
    let token = world.client("cluster-verifier").await.token.expect("a token");
    let stranger = world
        .anonymous()
        .from_address("192.0.2.9")
        .with_header("x-keyward-authorization", &format!("Bearer {token}"));
    let forged = stranger
        .clone()
        .with_header("x-original-uri", "/orders")
        .with_header("x-forwarded-uri", "/orders")
        .with_header("x-forwarded-for", CLIENT);
    assert_eq!(check(&forged, &text).await.status, 403);
    assert_eq!(check(&forged, secret(&by_address)).await.status, 403);
    let told = |path: &'static str| {
        let caller = forged.clone().with_header("x-api-key", &text);
        async move { caller.get(path).await.status.as_u16() }
    };
    assert_eq!(told("/check/orders/orders/1").await, 200, "its own path");
    assert_eq!(told("/check/orders/admin").await, 403);
}

#[tokio::test]
async fn what_follows_the_policy_is_the_path_of_the_call() {
    let parameter = vec![Place::Parameter("jwt".into())];
    let world =
        world_of(vec![orders(), Policy { presented_in: parameter, ..policy("envoy") }]).await;
    let text = by_path(&world).await;
    let caller = proxy(&world).with_header("x-api-key", &text);
    for (path, status) in [
        ("/check/orders/orders/7?a=b", 200),
        ("/check/orders/orders", 200),
        ("/check/orders/admin", 403),
        ("/check/orders/orders/../admin", 403),
        ("/check/orders", 403),
    ] {
        assert_eq!(caller.get(path).await.status.as_u16(), status, "{path}");
    }
    let contradicted = caller.with_header("x-original-uri", "/orders");
    assert_eq!(contradicted.get("/check/orders/admin").await.status, 403);
    let key = made(&world, json!({})).await;
    let path = format!("/check/envoy/any?jwt={}", secret(&key));
    assert_eq!(proxy(&world).get(&path).await.status, 200);
}

#[tokio::test]
async fn bc_12_a_call_that_is_no_pre_flight_is_made_none_by_a_header() {
    let world = world_of(vec![orders()]).await;
    let ops = world.person("ops").await;
    let origin = "https://shop.example";
    let listed = json!({"data": {"contactCenterId": TENANT, "origin": origin}});
    let added = ops.post("/environment/v3/cors", &listed).await;
    assert_eq!(added.status, 200, "{}", added.text());
    let forged = proxy(&world)
        .with_header("origin", origin)
        .with_header("access-control-request-method", "POST")
        .with_header("x-original-method", "OPTIONS");
    // As Envoy asks: with the method of the call, and its path behind the policy.
    let answer = forged.post("/check/orders/orders/7", &json!({})).await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    let asked = forged.send(http::Method::OPTIONS, "/check/orders/orders/7", None, "".into()).await;
    assert_eq!(asked.status, 200, "{}", asked.text());
}
