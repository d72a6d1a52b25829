//! A path is read in the same way whoever tells it.

use super::*;
use crate::allow_lists::{CALLS, PREFIX};

#[tokio::test]
async fn a_path_is_read_as_every_way_in_does_whoever_tells_it() {
    let world = world_of(vec![orders()]).await;
    let listed = made(&world, json!({"allowList": {"paths": [PREFIX]}})).await;
    let open = made(&world, json!({})).await;
    for (path, holds) in CALLS {
        let wanted = if holds { 200 } else { 403 };
        let with_query = format!("{path}?next=/../admin");
        for (name, told) in [
            ("x-original-uri", with_query.clone()),
            ("x-forwarded-uri", path.to_owned()),
            ("x-original-url", format!("https://api.example{with_query}")),
        ] {
            let answer = check(&proxy(&world).with_header(name, &told), secret(&listed)).await;
            assert_eq!(answer.status, wanted, "{name}: {told}");
        }
        let rest = format!("/check/orders{with_query}");
        let caller = proxy(&world).with_header("x-api-key", secret(&listed));
        assert_eq!(caller.get(&rest).await.status, wanted, "{rest}");
        let caller = proxy(&world).with_header("x-api-key", secret(&open));
        assert_eq!(caller.get(&rest).await.status, 200, "{rest}: a key without a list");
    }
}

#[tokio::test]
async fn al_03_no_origin_is_not_made_up_for_by_a_referer() {
    let world = world_of(vec![orders()]).await;
    let listed = made(&world, json!({"allowList": {"origins": ["app.example"]}})).await;
    let page = ("referer", "https://app.example/page?x=https://evil.test");
    for (fields, status) in [
        (&[("origin", "https://app.example")][..], 200),
        (&[page], 200),
        (&[("referer", "https://app.example")], 200),
        (&[("origin", "https://app.example"), ("referer", "https://evil.test/")], 200),
        (&[("origin", "null"), page], 403),
        (&[("origin", ""), page], 403),
        (&[("origin", "https://evil.test"), page], 403),
        (&[("origin", "https://app.example"), ("origin", "https://evil.test")], 403),
        (&[("origin", "https://app.example, https://evil.test")], 403),
        (&[page, page], 403),
        (&[("referer", "https://me@app.example/page")], 403),
        (&[("referer", "https://app.example@evil.test/page")], 403),
        (&[("referer", "https://app.example\\@evil.test/page")], 403),
        (&[("referer", "https://evil.test/https://app.example/")], 403),
        (&[("referer", "/page")], 403),
        (&[], 403),
    ] {
        let call = asked(&world, "GET", "/orders");
        let call = fields.iter().fold(call, |call, (name, value)| call.with_header(name, value));
        assert_eq!(check(&call, secret(&listed)).await.status, status, "{fields:?}");
    }
}
