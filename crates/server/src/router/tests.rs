//! The frame around handlers, with a table of the test's own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use crate::{
    access::Access,
    answer::{self, Body},
    config::ServerConfig,
    extract::{Json, Path},
    failure::Rendering,
    middleware,
    peer::{Peer, SurfaceSet},
};
use axum::routing::any;
use domain::time::Timestamp;
use http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use std::time::Duration;
use verifier::Now;

const NOBODY: Access = Access::Public("a test's route, which nobody can reach");
const FRONT: Handler = Handler::Front(|_, _| Err(Failure::NoRoute));
const PLAIN: ErrorStyle =
    ErrorStyle { name: "plain", render: |failure, _| plain("plain", failure), schema: text };
const DEEP: ErrorStyle =
    ErrorStyle { name: "deep", render: |failure, _| plain("deep", failure), schema: text };

fn plain(style: &str, failure: &Failure) -> http::Response<Body> {
    answer::with_type(failure.status(), "text/plain", format!("{style}: {}", failure.code()))
}

fn text() -> crate::document::Named {
    crate::document::Named::new("Text", crate::document::schema::text(1, 1000))
}

fn doc() -> crate::document::Operation {
    crate::document::operation("Do what a test wants")
}

static ROUTES: &[Route] = &[
    Route::new("echo", Method::POST, "/plain/echo", NOBODY, PLAIN, FRONT, doc).max_body_bytes(64),
    Route::new("item", Method::GET, "/plain/items/{id}", NOBODY, PLAIN, FRONT, doc),
    Route::new("panic", Method::GET, "/plain/panic", NOBODY, PLAIN, FRONT, doc),
    Route::new("slow", Method::GET, "/plain/slow", NOBODY, PLAIN, FRONT, doc),
    Route::new("probe", Method::GET, "/plain/probe", NOBODY, PLAIN, FRONT, doc).any_host(),
    Route::new("defect", Method::GET, "/v1/defect", NOBODY, native::STYLE, FRONT, doc),
];
static TEST_SURFACE: Surface = Surface {
    name: "test",
    about: "A test's.",
    prefixes: &[("/plain", PLAIN), ("/plain/deep", DEEP)],
    documented: true,
    routes: ROUTES,
};
static TEST_SURFACES: &[&Surface] = &[&TEST_SURFACE];

#[derive(serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
struct Echo {
    text: String,
}

async fn panics() -> StatusCode {
    panic!("a handler's defect")
}

async fn slow() -> StatusCode {
    std::future::pending().await
}

async fn echo(Json(body): Json<Echo>) -> http::Response<Body> {
    answer::json(StatusCode::OK, &body)
}

async fn defect() -> Result<StatusCode, Failure> {
    Err(service::Error::Internal("SELECT secret FROM keys".into()).into())
}

struct Test {
    frame: Arc<Frame>,
    router: axum::Router,
    peer: Peer,
}

impl Test {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(adjust: impl FnOnce(&mut ServerConfig)) -> Self {
        let mut config = ServerConfig::new("https://keys.example", [7; 16]);
        adjust(&mut config);
        let now = Now { wall: Timestamp::from_millis(0), mono_ns: 0 };
        let frame = Arc::new(Frame::new(config, move || now));
        let handlers: [(usize, MethodRouter); 6] = [
            (0, any(echo)),
            (1, any(|Path(id): Path<String>| async move { id })),
            (2, any(panics)),
            (3, any(slow)),
            (4, any(|| async { "up" })),
            (5, any(defect)),
        ];
        let mut paths = Paths::new();
        for (index, handler) in handlers {
            let handler =
                ServiceExt::<Request>::map_err(handler, |never| -> Failure { match never {} });
            let route = &ROUTES[index];
            let handler = Some(RowHandler::new(handler));
            paths.entry(route.path).or_default().push(Row { surface: 0, route, handler });
        }
        let router = of_rows(&frame, paths);
        Self { frame, router, peer: Peer::IN_PROCESS }
    }

    async fn send(
        &self,
        request: http::request::Builder,
        body: &'static str,
    ) -> (http::response::Parts, String) {
        let request = request.body(axum::body::Body::from(body)).unwrap();
        let response =
            middleware::answer(&self.frame, &self.router, TEST_SURFACES, self.peer, request).await;
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (head, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let (head, body) = self.send(ask("GET", path), "").await;
        (head.status.as_u16(), body)
    }

    async fn post_json(&self, body: &'static str) -> (u16, String) {
        let request = ask("POST", "/plain/echo").header(header::CONTENT_TYPE, "application/json");
        let (head, body) = self.send(request, body).await;
        (head.status.as_u16(), body)
    }
}

fn ask(method: &str, path: &str) -> http::request::Builder {
    http::Request::builder().method(method).uri(path).header(header::HOST, "keys.example")
}

#[tokio::test]
async fn a_handler_answers_with_the_headers_of_the_house() {
    let (head, body) = Test::new().send(ask("GET", "/plain/items/a%20b"), "").await;
    assert_eq!((head.status.as_u16(), body.as_str()), (200, "a b"));
    assert_eq!(head.headers["x-request-id"].len(), 32);
    assert_eq!(head.headers["x-content-type-options"], "nosniff");
    assert_eq!(head.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn pd_02_a_miss_fails_in_the_style_of_the_longest_prefix() {
    let test = Test::new();
    assert_eq!(test.get("/plain/nothing").await, (404, "plain: not_found".to_owned()));
    assert_eq!(test.get("/plain/deep/nothing").await, (404, "deep: not_found".to_owned()));
    assert_eq!(test.get("/plain").await, (404, "plain: not_found".to_owned()));
    for ours in ["/plainly", "/", "//plain/items/1", "/plain%2Fitems/1"] {
        let (status, body) = test.get(ours).await;
        assert!(status == 404 && body.contains("urn:keyward:error:not_found"), "{ours}: {body}");
    }
}

#[tokio::test]
async fn pd_03_a_defect_is_told_to_the_log_and_not_to_the_caller() {
    let (head, body) = Test::new().send(ask("GET", "/v1/defect?q=1"), "").await;
    assert_eq!(head.headers["content-type"], "application/problem+json");
    assert!(!body.contains("SELECT") && !body.contains("/v1"), "{body}");
    let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(problem["status"], 500);
    assert_eq!(problem["code"], "internal");
    assert_eq!(problem["requestId"], head.headers["x-request-id"].to_str().unwrap());
}

#[tokio::test]
async fn ap_05_other_methods_are_refused_and_the_right_ones_named() {
    let test = Test::new();
    for method in ["HEAD", "OPTIONS", "TRACE", "DELETE"] {
        let (head, _) = test.send(ask(method, "/plain/items/1"), "").await;
        assert_eq!(head.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(head.headers[header::ALLOW], "GET");
    }
    assert_eq!(test.get("/plain/echo").await.1, "plain: method_not_allowed");
}

#[tokio::test]
async fn mh_04_a_panic_is_a_counted_500_in_the_routes_style() {
    let test = Test::new();
    let (head, body) = test.send(ask("GET", "/plain/panic"), "").await;
    assert_eq!((head.status.as_u16(), body.as_str()), (500, "plain: internal"));
    assert_eq!(head.headers[header::CONNECTION], "close");
    assert_eq!(test.frame.counters.panics(), 1);
    assert_eq!(test.get("/plain/items/1").await.0, 200);
}

#[tokio::test]
async fn pd_02_a_handler_that_takes_too_long_is_ended_in_style() {
    let test = Test::with(|config| config.limits.request = Duration::from_millis(10));
    let (head, body) = test.send(ask("GET", "/plain/slow"), "").await;
    assert_eq!((head.status.as_u16(), body.as_str()), (503, "plain: timeout"));
    assert_eq!(head.headers[header::RETRY_AFTER], "1");
    assert_eq!(test.frame.counters.timeouts(), 1);
}

#[tokio::test]
async fn pd_02_what_is_too_much_is_shed_in_style() {
    let test = Test::with(|config| config.limits.in_flight = 0);
    let (head, body) = test.send(ask("GET", "/plain/items/1"), "").await;
    assert_eq!((head.status.as_u16(), body.as_str()), (503, "plain: overloaded"));
    assert!(head.headers.contains_key(header::RETRY_AFTER));
}

#[tokio::test]
async fn ht_02_sizes_are_limited() {
    let test = Test::new();
    let long = format!("/plain/items/{}", "a".repeat(9_000));
    assert_eq!(test.get(&long).await, (414, "plain: uri_too_long".to_owned()));
    let wide = ask("GET", "/plain/items/1").header("x-wide", "a".repeat(33_000));
    assert_eq!(test.send(wide, "").await.0.status.as_u16(), 431);
    let body =
        concat!("{\"text\":\"0123456789012345678901234567890123456789", "01234567890123456789\"}");
    assert_eq!(test.post_json(body).await, (413, "plain: body_too_large".to_owned()));
}

#[tokio::test]
async fn ht_06_another_host_is_misdirected_unless_the_route_does_not_mind() {
    let test = Test::new();
    for (path, status) in [("/plain/items/1", 421), ("/plain/probe", 200), ("/plain/echo", 421)] {
        let request = http::Request::get(path).header(header::HOST, "evil.example");
        assert_eq!(test.send(request, "").await.0.status.as_u16(), status, "{path}");
    }
}

#[tokio::test]
async fn a_listener_serves_its_surfaces_alone() {
    let mut test = Test::new();
    test.peer.surfaces = SurfaceSet::named::<&str>(&[]).unwrap();
    assert_eq!(test.get("/plain/items/1").await.0, 404);
    assert_eq!(test.send(ask("DELETE", "/plain/items/1"), "").await.0.status.as_u16(), 404);
}

#[tokio::test]
async fn bodies_are_read_strictly_and_fail_in_style() {
    let test = Test::new();
    assert_eq!(test.post_json(r#"{"text":"hi"}"#).await, (200, r#"{"text":"hi"}"#.to_owned()));
    for bad in [
        "",
        "{",
        r#"{"text":1}"#,
        r#"{"text":"a","text":"b"}"#,
        r#"{"more":1,"text":"a"}"#,
        r#"{"text":1e999}"#,
        "[]",
    ] {
        assert_eq!(test.post_json(bad).await, (400, "plain: bad_json".to_owned()), "{bad}");
    }
    let untyped = test.send(ask("POST", "/plain/echo"), r#"{"text":"hi"}"#).await;
    assert_eq!(untyped.0.status.as_u16(), 415);
    assert_eq!(test.get("/plain/items/%ff").await, (400, "plain: bad_path".to_owned()));
}

#[test]
fn every_failure_renders_as_a_problem_with_its_own_status() {
    let rendering = Rendering { request_id: "id", method: &Method::GET, operation: None };
    for failure in [
        Failure::NoRoute,
        Failure::Panic,
        Failure::UnknownHost,
        Failure::TwoCredentials,
        Failure::SlowBody,
    ] {
        let response = (native::STYLE.render)(&failure, &rendering);
        assert_eq!(response.status(), failure.status());
    }
}
