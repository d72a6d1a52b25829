//! Whoever holds the machine can let a cluster person in again, and the audit log says so.

use bytes::Bytes;
use http::Method;
use it::{
    caller::basic,
    process::{Process, program},
    world::{PASSWORD, Place},
};
use std::{fs, os::unix::fs::PermissionsExt, process::Command};

/// Runs the command; its exit code and all that it said.
fn recover(place: &Place, more: &[&str]) -> (i32, String) {
    let output = Command::new(program().unwrap())
        .args(["recover", "--config"])
        .arg(place.folder().join("keyward.toml"))
        .args(more)
        .current_dir(place.folder())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|b| String::from_utf8_lossy(&b).into_owned());
    (output.status.code().unwrap_or(-1), text.concat())
}

/// The status that a sign-in of `ops` with this password gets, and what came with it.
async fn sign_in(process: &Process, password: &str) -> (u16, String) {
    let form: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("grant_type", "password"), ("username", "ops"), ("password", password)])
        .finish();
    let authorization = basic("nexus_client", "");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let path = "/auth/v3/oauth/token";
    let answer = process.send(Method::POST, path, &headers, form.into()).await.unwrap();
    let token = answer.json()["access_token"].as_str().unwrap_or_default().to_owned();
    (answer.status.as_u16(), token)
}

async fn get(process: &Process, token: &str, path: &str) -> it::Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    process.send(Method::GET, path, &headers, Bytes::new()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_person_who_is_locked_out_gets_in_by_the_machine() {
    let place = Place::new();
    let process = Process::start(&place, "").await.unwrap();
    let old = process.token("ops").await.unwrap();
    for _ in 0..12 {
        sign_in(&process, "not the password").await;
    }
    let embedded = place.database_value() == "sqlite";
    if embedded {
        let (code, said) = recover(&place, &[]);
        assert_eq!(code, 3, "a server holds the data: {said}");
    }
    assert_eq!(process.stop().await.unwrap(), 0);
    let (code, said) = recover(&place, &["--user", "nobody"]);
    assert_eq!(code, 6, "{said}");
    let (code, said) = recover(&place, &[]);
    assert_eq!(code, 0, "{said}");

    let file = place.folder().join("data").join("recovered-credentials");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    let password = text.lines().find_map(|line| line.strip_prefix("  ")).unwrap().to_owned();
    assert!(!said.contains(&password), "a pipe or a log is no place for it");

    let process = Process::start(&place, "").await.unwrap();
    let (status, token) = sign_in(&process, &password).await;
    assert_eq!(status, 200, "the lock is lifted and the password holds");
    assert_ne!(sign_in(&process, PASSWORD).await.0, 200, "the old password is dead");
    assert_eq!(get(&process, &old, "/v1/audit").await.status, 401, "old tokens are ended");
    let log = get(&process, &token, "/v1/audit?action=person.recover").await.text();
    assert!(log.contains("\"name\":\"local:") && !log.contains(&password), "{log}");
    assert_eq!(process.stop().await.unwrap(), 0);
}
