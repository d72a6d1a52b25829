//! The corpus of this wire, played to the router in process and to the built program.

use super::{set_up, steps};
use domain::allow_list::{AddressRule, AllowList};
use it::{
    process::{Process, config, free_port},
    transcript::{self, Exchange},
    world::{Place, World},
};

const FILES: [&str; 3] = [
    include_str!("../../../corpus/oidc/success.http"),
    include_str!("../../../corpus/oidc/refusals.http"),
    include_str!("../../../corpus/oidc/others.http"),
];
/// Where the installation is published: the recordings are of one with TLS.
const PUBLISHED: &str = "https://sso.example";

fn exchanges() -> Vec<Exchange> {
    let all: Vec<Exchange> = FILES.into_iter().flat_map(transcript::read).collect();
    assert!(all.len() > 50, "the corpus is there");
    all
}

fn report(differences: &[String]) {
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_realm_answers_as_recorded() {
    let world = World::start_with(|settings, config| {
        settings.public_url = PUBLISHED.to_owned();
        config.public_url = PUBLISHED.to_owned();
        config.trusted_proxies = proxies();
    });
    let world = set_up(world.await).await;
    let mut differences = Vec::new();
    for exchange in exchanges() {
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

fn proxies() -> AllowList {
    let mut list = AllowList::default();
    list.addresses.push(AddressRule::parse("127.0.0.1").expect("an address"));
    list
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_built_program_answers_as_recorded() {
    let (place, port) = (Place::new(), free_port());
    let file = place.folder().join("keyward.toml");
    let text = config(&place, port, "trusted_proxies = [\"127.0.0.1\"]");
    let text = text.replace(
        &format!("public_url = \"http://127.0.0.1:{port}\""),
        &format!("public_url = \"{PUBLISHED}\""),
    );
    std::fs::write(&file, text).expect("a configuration");
    let arguments = ["serve", "--config", &file.display().to_string()];
    let process = Process::start_with(&place, port, &arguments).await.expect("the program starts");
    for step in steps() {
        let bearer = format!("Bearer {}", process.token(&step.by).await.expect("a token"));
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = step.body.to_string().into();
        let answer =
            process.send(step.method, &step.path, &headers, body).await.expect("an answer");
        assert_eq!(answer.status, step.status, "{}: {}", step.body, answer.text());
    }
    let mut differences = Vec::new();
    for exchange in exchanges() {
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
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
