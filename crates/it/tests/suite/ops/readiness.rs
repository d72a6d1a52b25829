//! A stop is announced before it happens, and a start that cannot be says why.

use super::{configured, get};
use http::StatusCode;
use it::{
    World,
    process::{Process, free_port, program},
    world::Place,
};
use serde_json::json;
use std::{net::TcpListener, process::Command};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_24_readiness_falls_first_and_everything_else_is_still_answered() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(world.anonymous().get("/health/ready").await.status, 200);
    world.app.app().announce_stop();
    let ready = world.anonymous().get("/health/ready").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["code"], "unavailable");
    assert!(ready.header("retry-after").parse::<u32>().is_ok());
    assert_eq!(world.anonymous().get("/health/live").await.status, 200);
    assert_eq!(admin.post("/v1/keys/verify", &json!({"secret": "x"})).await.status, 200);
    assert_eq!(admin.get("/v1/keys").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_24_asked_to_stop_the_program_says_so_while_it_still_listens() {
    let place = Place::new();
    let port = free_port();
    // Long: a new connection must be seen in it, however slow the machine is.
    let file = configured(&place, port, "shutdown_delay = \"4s\"", "").display().to_string();
    let process = Process::start_with(&place, port, &["serve", "--config", &file]).await;
    let process = std::sync::Arc::new(process.expect("it starts"));
    let stopping = tokio::spawn({
        let process = std::sync::Arc::clone(&process);
        async move { process.stop().await }
    });
    let mut seen = Vec::new();
    loop {
        let answer = get(port, "/health/ready").await;
        if answer.is_empty() {
            break;
        }
        let status = answer.split(' ').nth(1).expect("a status").to_owned();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    }
    assert_eq!(stopping.await.expect("it is joined").expect("it stops"), 0);
    assert_eq!(seen.last().map(String::as_str), Some("503"), "{seen:?}");
    assert!(seen.len() <= 2, "it never comes back: {seen:?}");
}

#[test]
fn a_port_that_is_taken_comes_with_what_to_do_and_nothing_is_made() {
    let place = Place::new();
    let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("its number").port();
    for (port, top, setting) in [
        (port, String::new(), "`listen`"),
        (free_port(), format!("metrics_listen = \"127.0.0.1:{port}\""), "`metrics_listen`"),
    ] {
        let file = configured(&place, port, &top, "");
        let refused = Command::new(program().expect("the program"))
            .args(["serve", "--config"])
            .arg(&file)
            .current_dir(place.folder())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        assert!(said.contains("error: cannot listen on 127.0.0.1:"), "{said}");
        assert!(
            said.contains("hint: another program listens there") && said.contains(setting),
            "{said}"
        );
        assert!(!place.folder().join("data").join("master.key").exists(), "it began all the same");
    }
}
