//! The database goes away under a running server, and comes back. There is a server to stop on
//! PostgreSQL alone; on SQLite the file is part of the process, and `faults` breaks its statements.

use http::Method;
use it::{
    Answer,
    caller::basic,
    postgres::PrivateServer,
    process::{Process, config, free_port},
    world::{PASSWORD, Place, TENANT},
};
use serde_json::json;
use std::time::{Duration, Instant};

async fn form(process: &Process, path: &str, fields: &[(&str, &str)]) -> Answer {
    let authorization = basic("nexus_client", "");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let body: String =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    process.send(Method::POST, path, &headers, body.into()).await.expect("an answer")
}

fn is_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert!(answer.header("retry-after").parse::<u32>().is_ok(), "{:?}", answer.headers);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rv_06_bc_05_r_21_while_the_database_is_away_keys_verify_and_nothing_is_claimed() {
    let place = Place::new();
    if place.database_value() == "sqlite" {
        return;
    }
    let server = PrivateServer::start().expect("a server of this test");
    let port = free_port();
    let text = config(&place, port, "").replace(&place.database_value(), server.url().as_str());
    let file = place.folder().join("keyward.toml");
    std::fs::write(&file, text).expect("a configuration");
    let arguments = ["serve", "--config", &file.display().to_string()];
    let process = Process::start_with(&place, port, &arguments).await.expect("the program starts");

    let verifier = process.verifier_token().await.expect("a token");
    let sign_in = [("grant_type", "password"), ("username", r"t100\nexus"), ("password", PASSWORD)];
    let tokens = form(&process, "/auth/v3/oauth/token", &sign_in).await.json();
    let access = tokens["access_token"].as_str().expect("a token").to_owned();
    let refresh = tokens["refresh_token"].as_str().expect("a token").to_owned();
    let body = json!({"tenant": TENANT, "name": "k", "permissions": ["nexus:consumer:chat"]});
    let made = process.post("/nexus/v3/apikeys", &access, &body).await.expect("an answer");
    let secret = made.json()["id"].as_str().expect("a secret").to_owned();
    let verdict = async || {
        let question = json!({"secret": secret, "cost": 0});
        process.post("/v1/keys/verify", &verifier, &question).await.expect("an answer").json()["verdict"]
            .clone()
    };

    server.kill().expect("it is killed");
    assert_eq!(verdict().await, "VALID");
    is_unavailable(&form(&process, "/oauth2/revoke", &[("token", &access)]).await);
    let refreshing = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    is_unavailable(&form(&process, "/auth/v3/oauth/token", &refreshing).await);
    is_unavailable(&process.post("/nexus/v3/apikeys", &access, &body).await.expect("an answer"));
    assert_eq!(verdict().await, "VALID");

    server.restart().expect("it comes back");
    let begin = Instant::now();
    loop {
        let answer = form(&process, "/auth/v3/oauth/token", &refreshing).await;
        if answer.status == 200 {
            break;
        }
        is_unavailable(&answer);
        assert!(begin.elapsed() < Duration::from_secs(20), "it does not recover");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(verdict().await, "VALID");
    assert_eq!(form(&process, "/oauth2/revoke", &[("token", &access)]).await.status, 200);
    let dead = process.post("/nexus/v3/apikeys", &access, &body).await.expect("an answer");
    assert_eq!(dead.status, 401);
}
