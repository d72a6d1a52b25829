//! Keys by commands, over HTTP and on the data itself.

use super::cli::Cli;
use it::{
    process::Process,
    world::{Place, TENANT},
};
use serde_json::{Value, json};

/// What a verification says, and the exit code.
fn verdict(cli: &Cli, secret_file: &str) -> (i32, String) {
    let said = cli.run(&["keys", "verify", "--secret-file", secret_file, "--json"]);
    let answer: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:?}"));
    (said.code, answer["verdict"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_lives_and_ends_by_commands() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    cli.sign_in("t100\\nexus");
    let create = ["keys", "create", "--name", "billing", "--permission", "orders:read"];
    // A table is for a person: it says that the secret is shown once. `--quiet` is the secret alone.
    let said = cli.run(&create);
    assert!(said.out.contains(" secret ") && said.err.contains("shown this once"), "{said:?}");
    let said = cli.run(&[&create[..], &["--quiet"]].concat());
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
    let secret = said.out.trim_end();
    assert!(secret.starts_with("kw_") && !secret.contains('\n'), "{said:?}");
    let first = cli.file("first", &said.out);
    assert_eq!(verdict(&cli, &first), (0, "VALID".to_owned()));
    let found = cli.json(&["keys", "list", "--search", "billing", "--limit", "1"]);
    let id = found["keys"][0]["id"].as_str().unwrap();

    let rotate = ["keys", "rotate", id, "--overlap-seconds", "600", "--if-version"];
    assert_eq!(cli.run(&[&rotate[..], &["9"]].concat()).code, 7, "another version");
    let said = cli.run(&[&rotate[..], &["1", "--quiet"]].concat());
    let second = cli.file("second", &said.out);
    for file in [&first, &second] {
        assert_eq!(verdict(&cli, file), (0, "VALID".to_owned()), "both work in the overlap");
    }
    overlaps(&cli, id, [&first, &second]);
    let changed = cli.json(&[
        "keys",
        "update",
        id,
        "--description",
        "x",
        "--expires",
        "2999-01-01T00:00:00Z",
        "--capacity",
        "5",
        "--frequency",
        "60",
        "--origin",
        "none",
    ]);
    assert_eq!(changed["limit"]["capacity"], 5);
    let changed = cli.json(&["keys", "update", id, "--expires", "none", "--no-limit"]);
    assert_eq!((&changed["expires"], &changed["limit"]), (&Value::Null, &Value::Null));
    assert_eq!(cli.json(&["keys", "disable", id])["enabled"], false);
    assert_eq!(verdict(&cli, &second), (4, "DISABLED".to_owned()));
    assert_eq!(cli.json(&["keys", "enable", id])["enabled"], true);
    let revoked = cli.json(&["keys", "revoke", id, "--reason", "leaked"]);
    assert_eq!(revoked["revokeReason"], "leaked");
    assert_eq!(verdict(&cli, &second), (4, "REVOKED".to_owned()));
    let events = cli.json(&["keys", "audit", id]);
    assert_eq!(events["events"][0]["event"]["action"], "key.revoke");
    assert_eq!(cli.run(&["keys", "delete", id]).code, 0);
    assert_eq!(cli.run(&["keys", "show", id]).code, 6, "gone from lists");
}

/// The old secret kept for longer, then ended; a schedule set and taken away.
fn overlaps(cli: &Cli, id: &str, [first, second]: [&str; 2]) {
    let secrets = cli.json(&["keys", "secrets", id])["secrets"].clone();
    let told: Vec<_> = secrets.as_array().unwrap().iter().map(|s| &s["current"]).collect();
    assert_eq!(told, [true, false], "{secrets}");
    let extend = ["keys", "extend-overlap", id, "--overlap-seconds"];
    assert_eq!(cli.run(&[&extend[..], &["60"]].concat()).code, 7, "it works for longer already");
    assert_eq!(cli.json(&[&extend[..], &["900"]].concat())["version"], 3);
    let said = cli.run(&[&extend[..], &["1200"]].concat());
    let secrets = cli.json(&["keys", "secrets", id])["secrets"].clone();
    let until = format!("works until {}", secrets[1]["ends"].as_str().unwrap());
    assert!(said.code == 0 && said.err.contains(&until), "{until}: {said:?}");
    assert_eq!(cli.json(&["keys", "retire-secret", id, "--if-version", "4"])["version"], 5);
    assert_eq!(verdict(cli, first), (4, "NOT_FOUND".to_owned()));
    assert_eq!(verdict(cli, second), (0, "VALID".to_owned()));
    let schedule = ["keys", "update", id, "--rotate-every-days", "90", "--rotation-overlap", "60"];
    assert_eq!(cli.json(&schedule)["rotation"]["everyDays"], 90);
    assert_eq!(cli.json(&["keys", "update", id, "--no-rotation"])["rotation"], Value::Null);
    let copy = cli.json(&["keys", "copy", id])["id"].as_str().unwrap().to_owned();
    let said = cli.run(&["keys", "rotate", &copy, "--overlap-seconds", "600"]);
    assert!(said.code == 0 && said.err.contains("the old secret works until 2"), "{said:?}");
    let said = cli.run(&["keys", "rotate", &copy, "--end-overlap"]);
    assert!(said.code == 0 && said.err.contains("does not work any more"), "{said:?}");
    let said = cli.run(&["keys", "rotate", &copy, "--quiet"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_has_a_key_of_their_own_by_commands() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    cli.sign_in("t100\\nexus");
    assert_eq!(cli.run(&["psk", "show"]).code, 6, "none yet");
    let made = cli.run(&["psk", "create", "--description", "notebook", "--quiet"]);
    assert!(made.code == 0 && made.out.starts_with("psk_") && made.err.is_empty());
    let first = cli.file("first", &made.out);
    assert_eq!(verdict(&cli, &first), (0, "VALID".to_owned()));
    assert_eq!(cli.run(&["psk", "create"]).code, 7, "there is one");
    assert_eq!(cli.json(&["psk", "show"])["description"], "notebook");
    let long = cli.run(&["psk", "regenerate", "--description", &"x".repeat(1_001)]);
    assert!(long.code == 2 && long.err.contains("`description`"), "{long:?}");
    let renewed = cli.run(&["psk", "regenerate", "--quiet"]);
    assert_eq!(verdict(&cli, &first), (4, "NOT_FOUND".to_owned()));
    assert_eq!(verdict(&cli, &cli.file("second", &renewed.out)), (0, "VALID".to_owned()));
    assert_eq!(cli.run(&["psk", "delete"]).code, 0);
    assert_eq!(cli.run(&["psk", "show"]).code, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn json_is_the_answer_of_the_api_byte_for_byte_and_lists_are_one_document() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let token = process.token("t100\\nexus").await.unwrap();
    let body = serde_json::json!({"keyType": "api", "name": "k", "permissions": ["a:b"]});
    let mut id = String::new();
    for _ in 0..203 {
        let made = process.post("/v1/keys", &token, &body).await.unwrap().json();
        id = made["id"].as_str().unwrap().to_owned();
    }
    let cli = Cli::new(&place, Some(&process.url)).with("KEYWARD_TOKEN", &token);
    let said = cli.run(&["keys", "show", &id, "--json"]);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let path = format!("/v1/keys/{id}");
    let answer = process.send(http::Method::GET, &path, &headers, "".into()).await.unwrap();
    assert_eq!(said.out.trim_end().as_bytes(), &answer.body[..]);

    let all = cli.json(&["keys", "list"]);
    assert!(all["keys"].as_array().unwrap().len() >= 203, "every page");
    assert_eq!(all["nextCursor"], Value::Null);
    let some = cli.json(&["keys", "list", "--limit", "202"]);
    assert_eq!(some["keys"].as_array().unwrap().len(), 202);
    assert!(some["nextCursor"].is_string());
    let ids = cli.run(&["keys", "list", "--quiet", "--limit", "3"]).out;
    assert!(ids.lines().count() == 3 && ids.lines().all(|id| id.starts_with("key_")), "{ids}");
    let none = cli.json(&["keys", "list", "--search", "nothing is called this"]);
    assert_eq!(none, serde_json::json!({"keys": [], "nextCursor": null}));
    // No terminal: nothing that one would obey.
    let table = cli.run(&["keys", "list", "--limit", "2"]).out;
    assert!(!table.contains('\u{1b}'), "{table}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_data_itself_is_worked_on_while_no_server_runs() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, None);
    let config = place.folder().join("keyward.toml").display().to_string();
    let data = place.folder().join("data").display().to_string();
    let on_data = ["--config", &config, "--data-dir", &data];
    let list = [&["keys", "list"][..], &on_data].concat();
    if place.database_value() == "sqlite" {
        let held = cli.run(&list);
        assert!(held.code == 3 && held.err.contains("another process holds"), "{held:?}");
    }
    assert_eq!(process.stop().await.unwrap(), 0);
    assert_eq!(cli.run(&list).code, 0);
    let create = ["keys", "create", "--name", "k", "--tenant", TENANT, "--quiet"];
    let said = cli.run(&[&create[..], &on_data].concat());
    assert_eq!((said.code, said.err.as_str()), (0, ""), "no log of a server: {said:?}");
    let file = cli.file("secret", &said.out);
    let verify = ["keys", "verify", "--secret-file", &file];
    assert_eq!(cli.run(&[&verify[..], &on_data].concat()).code, 0);
    let log = cli.json(&[&["audit", "list", "--action", "key.create"][..], &on_data].concat());
    let actor = &log["events"][0]["event"]["actor"];
    assert_eq!(actor["kind"], "system");
    assert!(actor["name"].as_str().unwrap().starts_with("local:"), "{actor}");
    assert_eq!(cli.run(&[&["audit", "verify"][..], &on_data].concat()).code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_jwt_is_made_and_inspected_by_commands() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    cli.sign_in(r"t100\nexus");
    let create = ["keys", "create", "--key-type", "openconnect", "--name", "CRM", "--origin"];
    let key = cli.json(&[&create[..], &["https://crm.example"]].concat());
    let jwt = key["secret"].as_str().expect("a secret");
    let file = place.folder().join("crm.jwt");
    std::fs::write(&file, jwt).expect("a file");
    let file = file.display().to_string();
    let inspect = ["keys", "inspect-jwt", "--secret-file", &file];
    let said = cli.json(&inspect);
    assert_eq!((&said["genuine"], &said["keyId"]), (&json!(true), &key["id"]));
    std::fs::write(&file, format!("{}A", &jwt[..jwt.len() - 2])).expect("a file");
    let said = cli.run(&inspect);
    assert_eq!(said.code, 4, "{said:?}");
    let route = ["tenants", "update", TENANT, "--openconnect-route"];
    assert_eq!(cli.run(&[&route[..], &["nothing"]].concat()).code, 7, "there is no such route");
    let none = cli.json(&[&route[..], &["none"]].concat());
    assert_eq!(none["openconnectRoute"], json!(null));
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
