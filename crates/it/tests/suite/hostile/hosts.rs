//! Whoever asks for another host gets nothing that a cache could keep (HT-06).

use http::Method;
use it::World;

/// What a stranger may write into `Host`.
const STRANGERS: [&str; 6] = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:8080",
    "localhost@evil.example",
    "localhost, evil.example",
    "localhost:8080:9",
];

#[tokio::test]
async fn ht_06_no_route_answers_for_another_host_and_nobody_may_keep_an_answer() {
    let world = World::start().await;
    let mut asked = 0;
    for route in server::routes() {
        let path = route.path.replace(['{', '}'], "");
        let method = Method::from_bytes(route.method.as_bytes()).expect("a method");
        for host in STRANGERS {
            let stranger = world.anonymous().with_header("host", host);
            let answer = stranger.send(method.clone(), &path, None, "".into()).await;
            // Probes and checks come by address, the gateway under the names of the APIs behind it.
            if matches!(route.surface, "ops" | "check" | "gateway") {
                assert_ne!(answer.status, 421, "{method} {path} as {host}");
            } else {
                assert_eq!(answer.status, 421, "{method} {path} as {host}");
            }
            assert_eq!(answer.header("cache-control"), "no-store", "{method} {path} as {host}");
            assert!(!answer.text().contains("evil.example"), "{}", answer.text());
            assert!(!answer.headers.contains_key("location"), "{method} {path} as {host}");
            asked += 1;
        }
    }
    assert!(asked > 300, "the table was not walked");
}

#[tokio::test]
async fn ht_06_two_hosts_are_none() {
    let world = World::start().await;
    for more in ["localhost", "127.0.0.1:8080"] {
        let path = format!("http://{more}/v1/whoami");
        let other = world.anonymous().with_header("host", "evil.example").get(&path).await;
        assert_eq!(other.status, 421, "{}", other.text());
    }
}
