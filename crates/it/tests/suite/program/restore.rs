//! A restore, or an older database, never brings a revoked key back unnoticed.

use super::backup::{made, path, place, run};
use bytes::Bytes;
use http::Method;
use it::{
    process::{Process, free_port},
    world::Place,
};
use serde_json::{Value, json};
use std::{fs, path::Path};

/// A server on another data directory.
async fn serve_on(place: &Place, data: &Path) -> anyhow::Result<Process> {
    let port = free_port();
    let file = place.folder().join("keyward.toml").display().to_string();
    let listen = format!("127.0.0.1:{port}");
    let data = data.display().to_string();
    let arguments = ["serve", "--config", &file, "--listen", &listen, "--data-dir", &data];
    Process::start_with(place, port, &arguments).await
}

async fn act(process: &Process, admin: &str, id: &str, action: &str, body: &Value) -> Value {
    let path = format!("/v1/keys/{id}/{action}");
    let answer = process.post(&path, admin, body).await.unwrap();
    assert_eq!(answer.status, 200, "{action}: {}", answer.text());
    answer.json()
}

async fn delete(process: &Process, admin: &str, id: &str) {
    let bearer = format!("Bearer {admin}");
    let path = format!("/v1/keys/{id}");
    let headers = [("authorization", bearer.as_str())];
    let answer = process.send(Method::DELETE, &path, &headers, Bytes::new()).await.unwrap();
    assert_eq!(answer.status, 204, "{}", answer.text());
}

async fn verdict(process: &Process, verifier: &str, secret: &str) -> Value {
    let body = json!({"secret": secret, "cost": 0});
    process.post("/v1/keys/verify", verifier, &body).await.unwrap().json()["verdict"].clone()
}

/// The instant that a message asks to name.
fn named_instant(said: &str) -> String {
    let (_, rest) = said.rsplit_once("--accept-loss ").expect("an instant to name");
    rest.chars().take_while(|c| c.is_ascii_digit() || "-:.TZ".contains(*c)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_08_a_restore_keeps_what_ended_since_the_backup_ended() {
    let Some((place, more)) = place() else { return };
    let process = Process::start(&place, &more).await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    let mut keys = Vec::new();
    for name in ["untouched", "revoked", "deleted", "disabled", "rotated", "expiring"] {
        keys.push(made(&process, &admin, name).await);
    }
    let to = path(&place, "b1");
    assert_eq!(run(&place, &["backup", "--to", to.to_str().unwrap()]).code, 0);
    act(&process, &admin, &keys[1].0, "revoke", &json!({"reason": "leaked"})).await;
    delete(&process, &admin, &keys[2].0).await;
    act(&process, &admin, &keys[3].0, "disable", &json!({})).await;
    let new = act(&process, &admin, &keys[4].0, "rotate", &json!({"overlapSeconds": 0})).await;
    let new = new["secret"].as_str().unwrap().to_owned();
    let (_, made_later) = made(&process, &admin, "later").await;
    assert_eq!(process.stop().await.unwrap(), 0);

    let restored = run(&place, &["restore", "--from", to.to_str().unwrap(), "--replace"]);
    assert_eq!(restored.code, 0, "{}", restored.text);
    for part in ["4 keys", "lost: 1 keys", "nothing that ended since works again"] {
        assert!(restored.text.contains(part), "{part}: {}", restored.text);
    }
    let process = Process::start(&place, &more).await.unwrap();
    let verifier = process.verifier_token().await.unwrap();
    for (secret, wanted) in [
        (&keys[0].1, "VALID"),
        (&keys[1].1, "REVOKED"),
        (&keys[2].1, "NOT_FOUND"),
        (&keys[3].1, "DISABLED"),
        (&keys[4].1, "NOT_FOUND"),
        (&new, "VALID"),
        (&keys[5].1, "VALID"),
        (&made_later, "NOT_FOUND"),
    ] {
        assert_eq!(verdict(&process, &verifier, secret).await, wanted);
    }
    let bearer = format!("Bearer {admin}");
    let headers = [("authorization", bearer.as_str())];
    let old = process.send(Method::GET, "/v1/keys", &headers, Bytes::new()).await.unwrap();
    assert_eq!(old.status, 401, "a token from before the restore is ended");
    assert_eq!(process.stop().await.unwrap(), 0);
    let check = run(&place, &["audit", "verify"]);
    assert_eq!(check.code, 0, "{}", check.text);
    let aside = fs::read_dir(path(&place, "data"))
        .unwrap()
        .flatten()
        .find(|entry| entry.file_name().to_string_lossy().starts_with("replaced-by-backup-of-"));
    assert!(aside.is_some_and(|folder| folder.path().join("keyward.db").exists()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_08_without_a_newer_database_nothing_is_served_before_the_loss_is_named() {
    let Some((place, more)) = place() else { return };
    let process = Process::start(&place, &more).await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    let (id, secret) = made(&process, &admin, "revoked later").await;
    let to = path(&place, "b1");
    let to = to.to_str().unwrap();
    assert_eq!(run(&place, &["backup", "--to", to]).code, 0);
    act(&process, &admin, &id, "revoke", &json!({})).await;
    assert_eq!(process.stop().await.unwrap(), 0);

    let other = path(&place, "other");
    let other_text = other.to_str().unwrap();
    let restored = run(&place, &["restore", "--from", to, "--data-dir", other_text]);
    assert_eq!(restored.code, 0, "{}", restored.text);
    let list = fs::read_to_string(other.join("restored-keys.tsv")).unwrap();
    assert!(list.contains(&id) && !list.contains(&secret), "{list}");
    let refused = serve_on(&place, &other).await.err().expect("it is not served").to_string();
    assert!(refused.contains("may work again") && refused.contains("exit status: 3"), "{refused}");

    let wrong = "2020-01-01T00:00:00.000Z";
    let data = ["--data-dir", other_text];
    let wrong = run(&place, &[&["restore", "--accept-loss", wrong], &data[..]].concat());
    assert_eq!(wrong.code, 2, "{}", wrong.text);
    let instant = named_instant(&refused);
    let named = run(&place, &[&["restore", "--accept-loss", &instant], &data[..]].concat());
    assert_eq!(named.code, 0, "{}", named.text);
    let process = serve_on(&place, &other).await.unwrap();
    let verifier = process.verifier_token().await.unwrap();
    assert_eq!(verdict(&process, &verifier, &secret).await, "VALID", "the loss was named");
    let ops = process.token("ops").await.unwrap();
    let bearer = format!("Bearer {ops}");
    let headers = [("authorization", bearer.as_str())];
    let path = "/v1/audit?action=installation.accept_loss";
    let log = process.send(Method::GET, path, &headers, Bytes::new()).await.unwrap().text();
    assert!(log.contains(&instant), "{log}");
    assert_eq!(process.stop().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_08_a_database_that_is_older_than_what_was_served_is_refused() {
    let Some((place, more)) = place() else { return };
    let process = Process::start(&place, &more).await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    let (id, secret) = made(&process, &admin, "revoked later").await;
    assert_eq!(process.stop().await.unwrap(), 0);
    let database = path(&place, "data").join("keyward.db");
    fs::copy(&database, path(&place, "old.db")).unwrap();
    let process = Process::start(&place, &more).await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    act(&process, &admin, &id, "revoke", &json!({})).await;
    assert_eq!(process.stop().await.unwrap(), 0);
    let newer = path(&place, "newer.db");
    fs::rename(&database, &newer).unwrap();
    fs::copy(path(&place, "old.db"), &database).unwrap();
    let refused = Process::start(&place, &more).await.err().expect("it is refused").to_string();
    assert!(refused.contains("is older than the one that was served"), "{refused}");

    // A newer file that was found again proves that nothing is missing.
    let process = {
        fs::rename(&newer, &database).unwrap();
        Process::start(&place, &more).await.unwrap()
    };
    let verifier = process.verifier_token().await.unwrap();
    assert_eq!(verdict(&process, &verifier, &secret).await, "REVOKED");
    assert_eq!(process.stop().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_13_a_clock_set_back_across_a_restart_revives_no_expired_key() {
    let place = Place::new();
    let process = Process::start(&place, "").await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    let body = json!({"keyType": "api", "name": "k", "permissions": ["orders:read"], "expires": "2100-01-01T00:00:00.000Z"});
    let key = process.post("/v1/keys", &admin, &body).await.unwrap().json();
    let secret = key["secret"].as_str().unwrap();
    let verifier = process.verifier_token().await.unwrap();
    assert_eq!(verdict(&process, &verifier, secret).await, "VALID");
    process.kill();
    // As if this run had gone on until after the end, and the clock had been set back since.
    let mark = path(&place, "data").join("keyward.mark");
    let text = fs::read_to_string(&mark).unwrap();
    let seen = text.lines().find(|line| line.starts_with("seen ")).unwrap();
    fs::write(&mark, text.replace(seen, "seen 2100-06-01T00:00:00.000Z")).unwrap();
    let process = Process::start(&place, "").await.unwrap();
    let verifier = process.verifier_token().await.unwrap();
    assert_eq!(verdict(&process, &verifier, secret).await, "EXPIRED");
    assert!(process.log().contains("the clock is behind"), "{}", process.log());
    assert_eq!(process.stop().await.unwrap(), 0);
}

/// Takes the newest event of the audit log away, as an older state of the database lacks it.
fn lose_newest_event(place: &Place) {
    let sql = "DELETE FROM audit_events WHERE seq = (SELECT MAX(seq) FROM audit_events)";
    if place.database_value() == "sqlite" {
        let database = path(place, "data").join("keyward.db");
        rusqlite::Connection::open(database).unwrap().execute(sql, []).unwrap();
    } else {
        it::postgres::sql(&place.database_value(), sql).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_08_a_database_that_lacks_what_was_served_waits_for_the_loss_to_be_named() {
    let place = Place::new();
    let process = Process::start(&place, "").await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    made(&process, &admin, "lost").await;
    assert_eq!(process.stop().await.unwrap(), 0);
    lose_newest_event(&place);
    let refused = Process::start(&place, "").await.err().expect("it is refused").to_string();
    assert!(refused.contains("is older than the one that was served"), "{refused}");
    let instant = named_instant(&refused);
    let named = run(&place, &["restore", "--accept-loss", &instant]);
    assert_eq!(named.code, 0, "{}", named.text);
    let again = run(&place, &["restore", "--accept-loss", &instant]);
    assert_eq!(again.code, 2, "there is nothing to name any more: {}", again.text);
    let process = Process::start(&place, "").await.unwrap();
    assert_eq!(process.stop().await.unwrap(), 0);
}
