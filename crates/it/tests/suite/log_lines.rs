//! The log of the built program: what a line says, and what no line ever says.

use bytes::Bytes;
use http::Method;
use it::{
    Answer,
    caller::basic,
    process::Process,
    world::{PASSWORD, Place, TENANT},
};
use serde_json::{Value, json};

const KEYS: &str = "/nexus/v3/apikeys";
const VERIFY: &str = "/v1/keys/verify";
const NO_TOKEN: &str = "9b7682b7-cbce-422f-9bbb-ecda85e61695";
/// Words that callers put where no word of theirs may be repeated.
const CANARY: &str = "canary7f3a";

/// The program with its log as JSON.
async fn logging(place: &Place) -> Process {
    logging_with(place, "").await
}

/// The same with more in its configuration.
async fn logging_with(place: &Place, more: &str) -> Process {
    let more = format!("log = {{ format = \"json\" }}\n{more}");
    Process::start(place, &more).await.expect("the program starts")
}

/// The events of a log in JSON; whatever is none fails the test.
fn events(process: &Process) -> Vec<Value> {
    let parsed = |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    process.log().lines().map(parsed).collect()
}

/// The events that bear the id of an answer; there must be one.
fn of(process: &Process, answer: &Answer) -> Vec<Value> {
    let id = answer.header("x-request-id");
    assert_eq!(id.len(), 32, "{:?}", answer.headers);
    let found: Vec<Value> =
        events(process).into_iter().filter(|event| event["request_id"] == id).collect();
    assert!(!found.is_empty(), "nothing was logged of {id}: {}", answer.text());
    found
}

/// The access line of an answer: there is exactly one.
fn line(process: &Process, answer: &Answer) -> Value {
    let mut lines = of(process, answer);
    lines.retain(|event| event["message"] == "request");
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.remove(0)
}

async fn get(process: &Process, path: &str, headers: &[(&str, &str)]) -> Answer {
    process.send(Method::GET, path, headers, Bytes::new()).await.expect("an answer")
}

/// Makes a nexus key; its secret.
async fn made(process: &Process, token: &str, name: &str) -> String {
    let body = json!({"tenant": TENANT, "name": name, "permissions": ["nexus:consumer:chat"]});
    let answer = process.post(KEYS, token, &body).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().expect("a secret").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lg_02_a_line_has_the_route_and_neither_path_nor_query_nor_headers() {
    let place = Place::new();
    let process = logging(&place).await;
    let token = process.token(r"t100\nexus").await.expect("a token");
    let secret = made(&process, &token, "n").await;
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("user-agent", CANARY),
        ("referer", CANARY),
        ("x-request-id", CANARY),
        (CANARY, CANARY),
    ];
    let shown = get(&process, &format!("{KEYS}/{secret}?x={CANARY}"), &headers).await;
    let event = line(&process, &shown);
    assert_eq!(event["route"], "/nexus/v3/apikeys/{key}");
    assert_eq!((&event["method"], &event["status"]), (&json!("GET"), &json!(200)));
    let nowhere = get(&process, &format!("/{CANARY}/{secret}?{CANARY}"), &headers).await;
    assert_eq!(line(&process, &nowhere)["route"], "");
    let listed = get(&process, &format!("/v1/audit?subject={CANARY}"), &headers).await;
    assert_eq!(line(&process, &listed)["route"], "/v1/audit");
    let form = format!("grant_type={CANARY}&username={CANARY}&password={CANARY}");
    let by_form = [
        ("authorization", basic(CANARY, CANARY)),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    let by_form: Vec<_> = by_form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let path = format!("/auth/v3/oauth/token?{CANARY}");
    let refused = process.send(Method::POST, &path, &by_form, form.into()).await;
    assert_eq!(line(&process, &refused.expect("an answer"))["status"], 401);
    let log = process.log();
    for word in [CANARY, &secret, &token, &basic(CANARY, CANARY)] {
        assert!(!log.contains(word), "the log repeats what was sent");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lg_03_nobody_writes_lines_of_their_own_into_the_log() {
    let place = Place::new();
    let process = Process::start(&place, "log = { level = \"debug\" }").await.expect("it starts");
    let token = process.token(r"t100\nexus").await.expect("a token");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("via", "x\ty")];
    let hostile = "a\r\n2026-01-01T00:00:00Z ERROR FORGED \u{1b}[31m\u{202e}\u{2066}\u{85}z";
    let escaped: String = form_urlencoded::byte_serialize(hostile.as_bytes()).collect();
    for path in [
        format!("/{escaped}"),
        format!("{KEYS}/{escaped}?tenant={escaped}"),
        format!("/v1/audit?action={escaped}"),
    ] {
        get(&process, &path, &headers).await;
    }
    let body = json!({"tenant": hostile, "name": hostile, "permissions": [hostile], hostile: 1});
    process.post(KEYS, &token, &body).await.expect("an answer");
    let body = json!({"secret": hostile, "keyType": hostile, hostile: hostile});
    process.post(VERIFY, &token, &body).await.expect("an answer");
    let _ = process.token(hostile).await;
    let form = format!("grant_type={escaped}&client_id={escaped}&scope={escaped}");
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let path = "/auth/v3/oauth/token";
    process.send(Method::POST, path, &kind, form.into()).await.expect("an answer");
    assert_eq!(process.stop().await.expect("it stops"), 0);
    let log = process.log();
    assert!(log.lines().count() > 10, "{log}");
    for line in log.lines() {
        let time = line.split_once(' ').map_or("", |(time, _)| time);
        assert!(time.len() >= 20 && time.ends_with('Z') && time.contains('T'), "{line:?}");
        assert!(!line.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)));
        assert!(!line.contains("FORGED") || !line.contains(" ERROR FORGED"), "{line:?}");
    }
}

/// What is presented where; the status, the word for the failure, the level, the tenant if it is known.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str, &'a str, Option<&'a str>);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lg_04_lg_05_every_refusal_says_who_where_when_and_why() {
    let place = Place::new();
    let process = logging(&place).await;
    let admin = process.token(r"t100\nexus").await.expect("a token");
    let verifier = process.verifier_token().await.expect("a token");
    let as_admin = format!("Bearer {admin}");
    let as_verifier = format!("Bearer {verifier}");
    let nobody = format!("Bearer {NO_TOKEN}");
    let clients = "/auth/v3/ops/clients";
    let wrong = basic("ops", "not the password");
    let cases: [Case<'_>; 7] = [
        (KEYS, &[], 401, "unauthenticated", "INFO", None),
        (KEYS, &[("authorization", &nobody)], 401, "unauthenticated", "WARN", None),
        (KEYS, &[("authorization", "Bearer a b")], 400, "malformed_credentials", "WARN", None),
        (
            KEYS,
            &[("authorization", &as_admin), ("authorization", &as_admin)],
            400,
            "two_credentials",
            "WARN",
            None,
        ),
        (KEYS, &[("authorization", &as_verifier)], 403, "not_allowed", "INFO", Some("*")),
        (clients, &[("authorization", &as_admin)], 403, "not_allowed", "INFO", Some(TENANT)),
        (clients, &[("authorization", &wrong)], 401, "unauthenticated", "WARN", None),
    ];
    for (path, headers, status, failure, level, tenant) in cases {
        let answer = get(&process, path, headers).await;
        let event = line(&process, &answer);
        let what = format!("{path} {status} {failure}: {event}");
        assert_eq!((answer.status.as_u16(), &event["status"]), (status, &json!(status)), "{what}");
        assert_eq!(
            (&event["failure"], &event["level"]),
            (&json!(failure), &json!(level)),
            "{what}"
        );
        assert_eq!(event["client"], "127.0.0.1", "{what}");
        assert_eq!(event["tenant"], tenant.unwrap_or(""), "{what}");
        assert_eq!(
            event["actor"].as_str().is_some_and(|a| !a.is_empty()),
            tenant.is_some(),
            "{what}"
        );
        let at = event["timestamp"].as_str().expect("an instant");
        assert!(at.contains('T') && at.ends_with('Z'), "{what}");
    }
    let done = get(&process, KEYS, &[("authorization", &as_admin)]).await;
    let event = line(&process, &done);
    assert_eq!((&event["tenant"], &event["failure"]), (&json!(TENANT), &json!("")), "{event}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lg_05_sign_ins_and_strangers_at_verify_leave_a_trace() {
    let place = Place::new();
    let process = logging(&place).await;
    let token = process.token(r"t100\nexus").await.expect("a token");
    let secret = made(&process, &token, "n").await;
    let question = json!({"secret": secret});
    let stranger = process.post(VERIFY, NO_TOKEN, &question).await.expect("an answer");
    assert_eq!(stranger.status, 404);
    let said = of(&process, &stranger);
    let refusal = said.iter().find(|e| e["message"] == "a caller of verify was refused");
    let refusal = refusal.expect("a line that says so");
    assert_eq!((&refusal["level"], &refusal["client"]), (&json!("WARN"), &json!("127.0.0.1")));
    assert!(refusal["why"].as_str().is_some_and(|why| !why.is_empty()));
    assert!(!process.log().contains(NO_TOKEN) && !process.log().contains(&secret));
    let form = |password: &str| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "password"),
                ("username", r"t100\nexus"),
                ("password", password),
            ])
            .finish()
    };
    let headers = [
        ("authorization", basic("nexus_client", "")),
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
    ];
    let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let path = "/auth/v3/oauth/token";
    let failed = process.send(Method::POST, path, &headers, form("wrong").into()).await;
    let failed = failed.expect("an answer");
    assert_eq!(failed.status, 400);
    assert!(of(&process, &failed).iter().any(|e| e["message"] == "a sign-in failed"));
    let right = process.send(Method::POST, path, &headers, form(PASSWORD).into()).await;
    let right = right.expect("an answer");
    // Sign-ins are gathered for a moment before they are written; a stop writes what is left.
    assert_eq!(process.stop().await.expect("it stops"), 0);
    let process = logging(&place).await;
    let token = process.token("ops").await.expect("a token");
    let bearer = format!("Bearer {token}");
    for (action, answer) in [("person.sign_in_failed", &failed), ("person.sign_in", &right)] {
        let log =
            get(&process, &format!("/v1/audit?action={action}"), &[("authorization", &bearer)])
                .await;
        let id = answer.header("x-request-id");
        let written = log.json()["events"].as_array().expect("events").clone();
        assert!(!written.is_empty(), "{action}");
        // One sign-in of a person and a client stands for those of the same hour.
        let exact = written.iter().any(|e| e["event"]["requestId"] == id);
        assert!(exact || action == "person.sign_in", "{action} {id}: {}", log.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_is_not_in_force_is_told_of_once_the_configuration_is_known() {
    let place = Place::new();
    let named = format!(
        "[gateway]\nupstreams = [{{ tenant = \"{TENANT}\", upstream = \"http://10.0.0.5:9000\", \
         prefix = \"/t100\" }}]"
    );
    let left_out = |process: &Process| -> Vec<Value> {
        let not = |event: &Value| event["message"] == "a rule is not in force";
        events(process).into_iter().filter(not).collect()
    };
    let process = logging_with(&place, &named).await;
    let token = process.token(r"t100\nexus").await.expect("a token");
    let route = json!({
        "name": "inner", "prefix": "/t100/inner", "upstream": "http://10.0.0.5:9000/x",
        "keyTypes": [], "permission": null, "presentedIn": ["bearer"],
    });
    let made = process.post("/v1/gateway/routes", &token, &route).await.expect("an answer");
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(process.stop().await.expect("it stops"), 0);
    let process = logging_with(&place, &named).await;
    assert_eq!(left_out(&process), Vec::<Value>::new());
    assert_eq!(process.stop().await.expect("it stops"), 0);
    // Nobody names the upstream any more.
    let process = logging(&place).await;
    let told = left_out(&process);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["level"], "ERROR");
    assert!(told[0]["rule"].as_str().is_some_and(|rule| rule.starts_with("route inner: ")));
}
