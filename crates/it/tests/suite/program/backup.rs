//! Backups of the embedded database; what restores make of them is in restore.rs.

use it::{
    process::{Process, program},
    world::{CLIENT_SECRET, PASSWORD, Place, master_key},
};
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

/// What a command did: its exit code, and all that it said.
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) text: String,
}

/// A place with a master key outside of its data directory; `None` where the database is not embedded.
pub(super) fn place() -> Option<(Place, String)> {
    let place = Place::new();
    if place.database_value() != "sqlite" {
        return None;
    }
    let file = place.folder().join("our.key");
    fs::write(&file, master_key().expose()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let more = format!("master_key = \"file:{}\"", file.display());
    Some((place, more))
}

/// Runs the program with the configuration of the place.
pub(super) fn run(place: &Place, arguments: &[&str]) -> Said {
    let output = Command::new(program().unwrap())
        .args(arguments)
        .arg("--config")
        .arg(place.folder().join("keyward.toml"))
        .current_dir(place.folder())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].map(|b| String::from_utf8_lossy(&b).into_owned());
    Said { code: output.status.code().unwrap_or(-1), text: text.concat() }
}

/// A key of our own type; its id and its secret.
pub(super) async fn made(process: &Process, admin: &str, name: &str) -> (String, String) {
    let body = json!({"keyType": "api", "name": name, "permissions": ["orders:read"]});
    let key = process.post("/v1/keys", admin, &body).await.unwrap().json();
    (key["id"].as_str().unwrap().to_owned(), key["secret"].as_str().unwrap().to_owned())
}

pub(super) fn path(place: &Place, name: &str) -> PathBuf {
    place.folder().join(name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_28_kr_10_a_backup_under_load_is_whole_and_holds_no_usable_secret() {
    let Some((place, more)) = place() else { return };
    let process = Process::start(&place, &more).await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    let (_, secret) = made(&process, &admin, "before").await;
    let to = path(&place, "b1");
    let to = to.to_str().unwrap();
    let load = async {
        let mut made_meanwhile = Vec::new();
        for n in 0..200 {
            made_meanwhile.push(made(&process, &admin, &format!("load {n}")).await.1);
        }
        made_meanwhile
    };
    let (backup, meanwhile) = tokio::join!(
        async { tokio::task::block_in_place(|| run(&place, &["backup", "--to", to])) },
        load
    );
    assert_eq!(backup.code, 0, "{}", backup.text);
    assert!(backup.text.contains("audit log: whole"), "{}", backup.text);
    assert_eq!(fs::metadata(to).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = fs::read(to).unwrap();
    assert!(bytes.starts_with(b"keyward-backup/1\n") && bytes.len() > 100_000);
    let key = master_key();
    let key = key.expose().split_once(':').unwrap().1;
    for hidden in [secret.as_str(), PASSWORD, CLIENT_SECRET, &admin, key]
        .into_iter()
        .chain(meanwhile.iter().map(String::as_str))
    {
        assert!(
            !bytes.windows(hidden.len()).any(|w| w == hidden.as_bytes()),
            "a secret lies in the backup"
        );
    }
    let again = run(&place, &["backup", "--to", to]);
    assert_eq!(again.code, 2, "an old backup is not written over: {}", again.text);
    assert_eq!(fs::read(to).unwrap(), bytes);
    assert_eq!(process.stop().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_touches_nothing_that_is_in_use_or_was_not_given_up() {
    let Some((place, more)) = place() else { return };
    let process = Process::start(&place, &more).await.unwrap();
    let to = path(&place, "b1");
    let to = to.to_str().unwrap();
    assert_eq!(run(&place, &["backup", "--to", to]).code, 0);
    let live = run(&place, &["restore", "--from", to, "--replace"]);
    assert_eq!(live.code, 3, "{}", live.text);
    assert_eq!(process.stop().await.unwrap(), 0);
    let database = path(&place, "data").join("keyward.db");
    let before = fs::read(&database).unwrap();
    let unasked = run(&place, &["restore", "--from", to]);
    assert_eq!(unasked.code, 2, "{}", unasked.text);

    let mut damaged = fs::read(to).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(path(&place, "b2"), &damaged).unwrap();
    damaged.truncate(middle);
    fs::write(path(&place, "b3"), &damaged).unwrap();
    fs::write(path(&place, "b4"), "something else").unwrap();
    for name in ["b2", "b3", "b4", "b5"] {
        let from = path(&place, name);
        let refused = run(&place, &["restore", "--from", from.to_str().unwrap(), "--replace"]);
        assert_eq!(refused.code, 1, "{name}: {}", refused.text);
    }
    assert_eq!(fs::read(&database).unwrap(), before, "a refused restore changed the database");
    assert!(!path(&place, "data").join("restoring").exists());
}
