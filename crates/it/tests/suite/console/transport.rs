//! By which transport the console serves, and which cookies it sets (WB-01).

use super::sign_in::signed_in;
use domain::allow_list::AddressRule;
use http::Request;
use http_body_util::Full;
use it::{Answer, Browser, Caller, World, console::form_to, world::PASSWORD};

/// A world that browsers reach through a proxy with TLS.
pub(super) async fn behind_tls() -> World {
    World::start_with(|settings, config| {
        settings.public_url = "https://keys.example".to_owned();
        config.public_url = "https://keys.example".to_owned();
        let proxy = AddressRule::parse("127.0.0.1").expect("an address");
        config.trusted_proxies.addresses.push(proxy);
    })
    .await
}

/// Somebody whom that proxy hands on.
pub(super) fn through_proxy(world: &World) -> Caller {
    world
        .anonymous()
        .with_header("host", "keys.example")
        .with_header("x-forwarded-for", "203.0.113.7")
        .with_header("x-forwarded-proto", "https")
}

/// The cookies that an answer sets, each with its rules.
fn set_cookies(answer: &Answer) -> Vec<String> {
    let fields = answer.headers.get_all("set-cookie").iter();
    fields.map(|field| field.to_str().expect("text").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_01_wb_03_by_tls_the_cookie_is_this_hosts_alone() {
    let world = behind_tls().await;
    let mut browser = Browser::new(through_proxy(&world));
    let answer = signed_in(&mut browser, r"t100\vera").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let set = set_cookies(&answer);
    let session = set.iter().find(|c| c.starts_with("__Host-keyward=")).expect("a session");
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{session}");
    assert!(session.len() > 43 + "__Host-keyward=".len(), "256 random bits");
    for cookie in &set {
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    let page = browser.open("/console").await;
    assert!(page.header("strict-transport-security").starts_with("max-age=31536000"));
    let out = browser.send_form(&form_to(&page, "/console/sign-out")).await;
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(set_cookies(&out).iter().any(|c| c.starts_with("__Host-keyward=;")));
}

#[tokio::test(flavor = "multi_thread")]
async fn wb_01_on_loopback_the_cookie_goes_to_no_other_site() {
    let world = World::start().await;
    let mut browser = Browser::new(world.anonymous());
    let answer = signed_in(&mut browser, r"t100\vera").await;
    let set = set_cookies(&answer);
    let session = set.iter().find(|c| c.starts_with("keyward-session=")).expect("a session");
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{session}");
    assert!(answer.header("strict-transport-security").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_clear_the_console_serves_the_machine_itself_and_nobody_else() {
    let world = World::start().await;
    let tls = behind_tls().await;
    let clear = |caller: Caller| caller.with_header("x-forwarded-proto", "http");
    let callers = [
        world.anonymous().from_address("192.0.2.9"),
        // A proxy that nobody named stands between.
        world.anonymous().with_header("x-forwarded-for", "127.0.0.1"),
        world.anonymous().with_header("via", "1.1 somebody"),
        tls.anonymous().with_header("x-forwarded-for", "unknown").from_address("192.0.2.9"),
        clear(tls.anonymous().with_header("x-forwarded-for", "203.0.113.7")),
        tls.anonymous().with_header("forwarded", "for=203.0.113.7;proto=\"http\""),
    ];
    for caller in callers {
        for path in ["/console/sign-in", "/console", "/console/keys"] {
            let answer = caller.get(path).await;
            assert_eq!(answer.status, 403, "{path}: {}", answer.text());
            assert!(answer.text().contains("The console needs TLS"), "{}", answer.text());
            assert!(set_cookies(&answer).is_empty());
        }
        let form = [("username", "ops"), ("password", PASSWORD)];
        assert_eq!(caller.post_form("/console/sign-in", &form).await.status, 403);
    }
    // Who comes by no address at all is asked the same.
    for (proto, status) in [("http", 403), ("https", 200)] {
        let request = Request::get("/console/sign-in").header("host", "keys.example");
        let request = request.header("x-forwarded-proto", proto).body(Full::default());
        assert_eq!(tls.app.call(request.expect("a request")).await.status(), status, "{proto}");
    }
}
