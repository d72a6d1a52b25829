//! The page is readable without anything from elsewhere.

use it::World;

#[tokio::test]
async fn the_page_loads_nothing_but_its_own_style() {
    let world = World::start().await;
    let anyone = world.anonymous();
    let page = anyone.get("/docs").await;
    assert_eq!(
        (page.status.as_u16(), page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    let html = page.text();
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<iframe"));
    for address in html.split("href=").skip(1) {
        let address = address.trim_start_matches('"');
        assert!(address.starts_with(['/', '#']), "{}", &address[..40]);
    }
    for route in server::routes().into_iter().filter(|route| route.surface != "console") {
        let anchor = format!("<section id=\"{}\">", route.operation);
        assert!(html.contains(&anchor), "{} is not on the page", route.operation);
    }
    let style = anyone.get("/docs/style.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(!style.text().contains("url(") && !style.text().contains("@import"));
}

#[tokio::test]
async fn whoever_has_the_document_is_not_sent_it_again() {
    let world = World::start().await;
    let anyone = world.anonymous();
    for path in ["/openapi.json", "/docs", "/docs/style.css"] {
        let first = anyone.get(path).await;
        assert_eq!(first.header("cache-control"), "public, max-age=300", "{path}");
        let etag = first.header("etag").to_owned();
        let again = anyone.clone().with_header("if-none-match", &etag).get(path).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), etag, "{path}");
        let other = anyone.clone().with_header("if-none-match", "\"other\"").get(path).await;
        assert_eq!((other.status, &other.body), (first.status, &first.body), "{path}");
    }
}

#[tokio::test]
async fn servers_are_named_by_the_public_address_and_not_by_the_request() {
    let world = World::start_with(|settings, config| {
        settings.public_url = "https://keys.example".to_owned();
        config.public_url = "https://keys.example".to_owned();
        config.hosts = vec!["127.0.0.1:8080".to_owned()];
    })
    .await;
    let document = world.anonymous().get("/openapi.json").await.json();
    assert_eq!(document["servers"], serde_json::json!([{"url": "https://keys.example"}]));
}
