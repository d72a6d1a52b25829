//! The corpus of this wire, played to the router in process and to the built program.

use super::{made, wanted};
use it::{
    process::{Process, config, free_port},
    transcript::{self, Exchange},
    world::{Place, World},
};
use serde_json::json;

const TEXT: &str = include_str!("../../../corpus/experience/openconnect.http");

/// What stands in the corpus for a key of each kind, which no two runs have in common.
fn exchanges(open: &str, listed: &str, other: &str) -> Vec<Exchange> {
    let text = TEXT.replace("{open}", open).replace("{listed}", listed).replace("{other}", other);
    let all = transcript::read(&text);
    assert!(all.len() > 15, "the corpus is there");
    all
}

fn report(differences: &[String]) {
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

/// The keys of the corpus: one accepted from anywhere, one from one origin, one of another type.
fn keys() -> [serde_json::Value; 3] {
    let mut listed = wanted("openconnect");
    listed["allowList"] = json!({"origins": ["https://crm.example"]});
    [wanted("openconnect"), listed, wanted("client")]
}

#[tokio::test]
async fn openconnect_answers_as_written_down() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut jwts = Vec::new();
    for key in keys() {
        jwts.push(made(&admin, &key).await.1);
    }
    let mut differences = Vec::new();
    for exchange in exchanges(&jwts[0], &jwts[1], &jwts[2]) {
        let mut caller = world.anonymous();
        for (name, value) in exchange.sent.iter().filter(|(name, _)| name != "content-type") {
            caller = caller.with_header(name, value);
        }
        let kind = exchange.sent.iter().find(|(name, _)| name == "content-type");
        let kind = kind.map(|(_, value)| value.as_str());
        let body = exchange.body.clone().into();
        let answer = caller.send(exchange.method.clone(), &exchange.path, kind, body).await;
        let status = answer.status.as_u16();
        differences.extend(exchange.difference(status, &answer.headers, &answer.text()));
    }
    report(&differences);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_built_program_answers_openconnect_as_written_down() {
    let (place, port) = (Place::new(), free_port());
    let file = place.folder().join("keyward.toml");
    std::fs::write(&file, config(&place, port, "")).expect("a configuration");
    let arguments = ["serve", "--config", &file.display().to_string()];
    let process = Process::start_with(&place, port, &arguments).await.expect("the program starts");
    let token = process.token(r"t100\nexus").await.expect("a token");
    let mut jwts = Vec::new();
    for key in keys() {
        let answer = process.post("/v1/keys", &token, &key).await.expect("an answer");
        assert_eq!(answer.status, 201, "{}", answer.text());
        jwts.push(answer.json()["secret"].as_str().expect("a secret").to_owned());
    }
    let mut differences = Vec::new();
    for exchange in exchanges(&jwts[0], &jwts[1], &jwts[2]) {
        let headers: Vec<(&str, &str)> =
            exchange.sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let body = exchange.body.clone().into();
        let answer = process
            .send(exchange.method.clone(), &exchange.path, &headers, body)
            .await
            .expect("an answer");
        let status = answer.status.as_u16();
        differences.extend(exchange.difference(status, &answer.headers, &answer.text()));
    }
    report(&differences);
    let log = process.log();
    assert!(jwts.iter().all(|jwt| !log.contains(jwt.as_str())), "no key reaches the log");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
