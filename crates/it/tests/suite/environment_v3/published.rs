//! The commands of the guide to provisioning Callback keys, as printed there: `sh` runs them against the
//! built program, and only host, token and ids are replaced. The guide's page breaks an address and
//! leaves a blank line in the one command that it prints whole; both are taken back.

use http::Method;
use it::{
    caller::basic,
    process::Process,
    world::{OTHER_TENANT, PASSWORD, Place},
};
use serde_json::{Value, json};
use std::process::Command;

const KEY: &str = "78fd8f03-d9d0-4140-8aae-09f3f15d1392";
const TOKEN: &str = "f3aa2109-8889-4182-b2b7-d86917c53e4e";

const ASSIGN: &str = r#"curl --location --request POST 'env:8091/environment/v3/contact-centers/ed4c03f3-6275-4419-8b2b-11d14af10655/api-keys' \
--header 'Content-Type: application/json' \
--header 'Authorization: Bearer f3aa2109-8889-4182-b2b7-d86917c53e4e' \
--data-raw '{
  "data": {
    "apiKey" : "78fd8f03-d9d0-4140-8aae-09f3f15d1392"
  }
}'"#;

/// A request that the guide prints as its first line alone.
fn request(line: &str, ccid: &str, key: &str) -> String {
    let (method, address) = line.split_once(' ').expect("a method and an address");
    let path = &address[address.find("/environment").expect("a path")..];
    let path = path.replace("{ccid}", ccid).replace("{apiKey}", key);
    format!(
        "curl --location --request {method} 'env:8091{path}' --header 'Authorization: Bearer {TOKEN}'"
    )
}

/// Runs a command with this host and token.
fn run(command: &str, url: &str, token: &str) -> Value {
    let command = command.replace("env:8091", url).replace(TOKEN, token);
    let output = Command::new("sh").args(["-c", &command]).output().expect("sh runs");
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("no JSON ({e}): {text}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_commands_do_what_the_guide_says() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let url = process.url.as_str();
    let token = process.token(r"t200\bob").await.expect("a token");
    let line = |line: &str| run(&request(line, OTHER_TENANT, KEY), url, &token);

    let center = json!({
        "id": OTHER_TENANT, "environmentId": null, "domains": ["t200"], "auth": "configServer",
    });
    let assigned = run(ASSIGN, url, &token);
    assert_eq!(assigned["status"], json!({"code": 0}));
    let path = assigned["path"].as_str().expect("a path");
    assert!(path.starts_with(&format!("/contact-centers/{OTHER_TENANT}/api-keys/key_")), "{path}");
    let again = run(ASSIGN, url, &token);
    assert_eq!(again["status"]["code"], 2, "the assignment fails if the key already exists");

    let found = line("GET .../environment/v3/contact-centers/api-key/{apiKey}");
    assert_eq!(found, json!({"status": {"code": 0}, "data": center}));
    let listed = line("GET .../environment/v3/contact-centers/{ccid}/api-keys");
    assert_eq!(listed, json!({"status": {"code": 0}, "data": [KEY]}));

    let verifier = process.verifier_token().await.expect("a token");
    let asked = json!({"secret": KEY, "keyType": "ges", "tenant": OTHER_TENANT});
    let verdict = process.post("/v1/keys/verify", &verifier, &asked).await.expect("an answer");
    assert_eq!(verdict.json()["verdict"], "VALID");

    let ended = line("DELETE .../environment/v3/contact-centers/{ccid}/api-keys/{apiKey}");
    assert_eq!(ended, json!({"status": {"code": 0}}));
    let verdict = process.post("/v1/keys/verify", &verifier, &asked).await.expect("an answer");
    assert_eq!(verdict.json()["verdict"], "NOT_FOUND");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cw_03_a_key_in_an_address_reaches_no_log() {
    let place = Place::new();
    let process = Process::start(&place, "log = { format = \"json\", level = \"debug\" }").await;
    let process = process.expect("the program starts");
    let ops = [
        ("authorization", basic("ops", PASSWORD)),
        ("content-type", "application/json".to_owned()),
    ];
    let headers: Vec<(&str, &str)> = ops.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let send = |method: Method, path: String, body: Value| {
        let (process, headers) = (&process, &headers);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        async move { process.send(method, &path, headers, body.into()).await.expect("an answer").status }
    };
    let centers = "/environment/v3/contact-centers";
    let keys = format!("{centers}/{OTHER_TENANT}/api-keys");
    let (odd, unknown) = ("canary/7f3a%odd?key#Zq8tQm2VxK5", "canary-of-no-key-at-all-0001");
    let named = |key: &str| json!({"data": {"apiKey": key}});
    let encoded: String = form_urlencoded::byte_serialize(odd.as_bytes()).collect();
    assert_eq!(send(Method::POST, keys.clone(), named(odd)).await, 200);
    assert_eq!(send(Method::POST, keys.clone(), named(odd)).await, 409);
    let by_key = format!("{centers}/api-key");
    assert_eq!(send(Method::GET, format!("{by_key}/{encoded}"), Value::Null).await, 200);
    assert_eq!(send(Method::GET, format!("{by_key}/{unknown}"), Value::Null).await, 404);
    assert_eq!(send(Method::POST, by_key, named(odd)).await, 200);
    assert_eq!(send(Method::DELETE, format!("{keys}/{unknown}"), Value::Null).await, 404);
    assert_eq!(send(Method::DELETE, format!("{keys}/{encoded}"), Value::Null).await, 200);
    assert_eq!(process.stop().await.expect("it stops"), 0);
    let log = process.log();
    assert!(log.contains("/environment/v3/contact-centers/api-key/{apiKey}"), "{log}");
    for word in [odd, unknown, &encoded, "canary"] {
        assert!(!log.contains(word), "the log repeats a key");
    }
}
