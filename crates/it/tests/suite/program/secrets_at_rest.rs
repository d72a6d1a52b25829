//! What a thief of the disk, or a reader of the logs, finds: no secret, in any spelling.

use bytes::Bytes;
use http::Method;
use it::{
    caller::basic,
    process::Process,
    world::{CLIENT_SECRET, PASSWORD, Place, TENANT},
};
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

/// A text in the spellings in which it could lie around.
fn spellings(secret: &str) -> Vec<Vec<u8>> {
    use base64::{
        Engine,
        engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
    };
    let hex: String = secret.bytes().map(|b| format!("{b:02x}")).collect();
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let (head, tail) = secret.split_at(secret.len() / 2);
    let mut all = vec![
        secret.to_owned(),
        hex.to_uppercase(),
        hex,
        encoded,
        secret.chars().rev().collect(),
        format!("{tail}{head}"),
    ];
    // Base64 of a text inside of a longer one has three alignments; a middle piece of each is enough.
    for shift in 0..3 {
        let shifted = format!("{}{secret}", "x".repeat(shift));
        for text in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            all.push(text[4..text.len() - 4].to_owned());
        }
    }
    all.into_iter().map(String::into_bytes).collect()
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn files_below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path
            .file_name()
            .is_none_or(|n| n != "keyward.toml" && n != "initial-credentials" && n != "master.key")
        {
            // The configuration holds given passwords, the two others are what their names say.
            found.push((path.display().to_string(), fs::read(&path).unwrap_or_default()));
        }
    }
}

fn everything_written(place: &Place) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    files_below(place.folder(), &mut found);
    let database = place.database_value();
    if database.starts_with("postgres") {
        let dump = Command::new("pg_dump")
            .args(["--inserts", "--dbname", &database])
            .output()
            .expect("pg_dump runs");
        assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
        found.push(("a dump of the database".to_owned(), dump.stdout));
    }
    found
}

/// A key's life, with every misuse of its secret that a caller may think of; returns the secret.
async fn used_and_misused(process: &Process, n: u32, token: &str, verifier: &str) -> String {
    let bearer = format!("Bearer {token}");
    let body = json!({"tenant": TENANT, "name": format!("canary {n}"), "permissions": ["nexus:consumer:chat"]});
    let key = process.post("/nexus/v3/apikeys", token, &body).await.expect("an answer").json();
    let secret = key["id"].as_str().expect("an id").to_owned();
    let path = format!("/nexus/v3/apikeys/{secret}");
    process.post("/v1/keys/verify", verifier, &json!({"secret": secret})).await.expect("an answer");
    // Right and wrong uses: bad JSON around a secret, a secret where none belongs, unknown paths.
    let authorized = [("authorization", bearer.as_str())];
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::PUT, path.clone()),
        (Method::GET, format!("/nope/{secret}")),
        (Method::GET, format!("/nexus/v3/apikeys?tenant={secret}")),
        (Method::PATCH, path.clone()),
        (Method::GET, format!("/v1/audit?subject={secret}&actor={token}")),
    ] {
        process
            .send(method, &path, &authorized, format!("{{\"x\":\"{secret}").into())
            .await
            .expect("an answer");
    }
    let presented = [("x-api-key", secret.as_str()), ("authorization", bearer.as_str())];
    process
        .send(Method::POST, "/v1/keys/verify", &presented, Bytes::from_static(b"{}"))
        .await
        .expect("an answer");
    if n.is_multiple_of(2) {
        process.send(Method::DELETE, &path, &authorized, Bytes::new()).await.expect("an answer");
    }
    secret
}

/// Keys of NexusOne, made, replaced, misused and ended.
async fn of_nexusone(process: &Process, token: &str) -> Vec<String> {
    let bearer = format!("Bearer {token}");
    let authorized = [("authorization", bearer.as_str())];
    let psk = |answer: it::Answer| answer.json()["psk"].as_str().expect("a secret").to_owned();
    let mut secrets = Vec::new();
    let (own, of_data) = ("/api/user/psk", "/api/dataproduct/canary/psk");
    for (path, body) in [
        (own.to_owned(), json!({"description": "canary"})),
        (format!("{own}/regenerate"), json!({})),
        (of_data.to_owned(), json!({"description": null, "validity_days": 1})),
    ] {
        let made = psk(process.post(&path, token, &body).await.expect("an answer"));
        let presented = [("authorization-psk", made.as_str()), authorized[0]];
        for (method, path) in [
            (Method::GET, own.to_owned()),
            (Method::GET, format!("{own}?psk={made}")),
            (Method::DELETE, format!("/api/dataproduct/psk/{made}")),
            (Method::POST, format!("/api/dataproduct/{made}/psk")),
        ] {
            let body = format!("{{\"description\":7,\"psk\":\"{made}\"");
            process.send(method, &path, &presented, body.into()).await.expect("an answer");
        }
        secrets.push(made);
    }
    process.send(Method::DELETE, own, &authorized, Bytes::new()).await.expect("an answer");
    secrets
}

/// Keys of Experience Cloud, made, rotated, presented where they belong and where they do not.
async fn of_experience_cloud(process: &Process, token: &str) -> Vec<String> {
    let text = |answer: &it::Answer, name: &str| answer.json()[name].as_str().map(str::to_owned);
    let event = "agentid=canary&crmId=c&event=e";
    let form = "application/x-www-form-urlencoded";
    let mut jwts = Vec::new();
    for key_type in ["openconnect", "client"] {
        let body = json!({"keyType": key_type, "name": "canary"});
        let made = process.post("/v1/keys", token, &body).await.expect("an answer");
        let path = format!("/v1/keys/{}/rotate", text(&made, "id").expect("an id"));
        let body = json!({"overlapSeconds": 3600});
        let rotated = process.post(&path, token, &body).await.expect("an answer");
        jwts.extend([&made, &rotated].map(|answer| text(answer, "secret").expect("a secret")));
    }
    for jwt in &jwts {
        let bearer = format!("Bearer {jwt}");
        for (method, path, kind, body) in [
            (Method::GET, format!("/openconnect?{event}&jwt={jwt}"), "", String::new()),
            (Method::POST, "/openconnect".to_owned(), form, format!("{event}&jwt={jwt}&jwt={jwt}")),
            (
                Method::POST,
                "/openconnect".to_owned(),
                "application/json",
                format!("{{\"jwt\":\"{jwt}"),
            ),
            (Method::GET, format!("/openconnect/{jwt}"), "", String::new()),
            (Method::PUT, format!("/openconnect?jwt={jwt}"), "", String::new()),
        ] {
            let headers = [("content-type", kind)];
            process.send(method, &path, &headers, body.into()).await.expect("an answer");
        }
        let presented = [("authorization", bearer.as_str())];
        for path in ["/openconnect", "/v1/whoami", "/v1/keys"] {
            process.send(Method::GET, path, &presented, Bytes::new()).await.expect("an answer");
        }
        let body = json!({"secret": jwt});
        process.post("/v1/keys/inspect-jwt", token, &body).await.expect("an answer");
    }
    jwts
}

/// Credentials where others belong.
async fn misuse(process: &Process, token: &str) {
    for form in [
        format!("grant_type=password&username=t100%5Cnexus&password=wrong-{CLIENT_SECRET}"),
        format!("grant_type=refresh_token&refresh_token={token}"),
        format!("token={token}"),
    ] {
        let headers = [
            ("authorization", basic("nexus_client", "")),
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ];
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        for path in ["/auth/v3/oauth/token", "/oauth2/revoke", "/oauth2/introspect"] {
            process
                .send(Method::POST, path, &headers, form.clone().into())
                .await
                .expect("an answer");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_08_no_secret_lies_on_the_disk_or_in_the_logs() {
    let place = Place::new();
    let process =
        Process::start(&place, "log = { level = \"debug\" }").await.expect("the program starts");
    let mut secrets = vec![PASSWORD.to_owned(), CLIENT_SECRET.to_owned()];
    let token = process.token(r"t100\nexus").await.expect("a token");
    let verifier = process.verifier_token().await.expect("a token");
    for n in 0..20 {
        secrets.push(used_and_misused(&process, n, &token, &verifier).await);
    }
    secrets.extend(of_nexusone(&process, &token).await);
    secrets.extend(of_experience_cloud(&process, &token).await);
    misuse(&process, &token).await;
    secrets.extend([token.clone(), verifier]);
    assert_eq!(process.stop().await.expect("it stops"), 0);
    let written = everything_written(&place);
    assert!(
        written.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > 10_000,
        "nothing was searched"
    );
    for secret in &secrets {
        for spelling in spellings(secret) {
            for (place, bytes) in &written {
                assert!(!contains(bytes, &spelling), "a secret lies in {place}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kr_06_another_master_key_is_refused_and_nothing_is_written() {
    let place = Place::new();
    let ours = "master_key = \"env:KEYWARD_NO_SUCH\"";
    let refused = Process::start(&place, ours)
        .await
        .err()
        .expect("a missing variable is refused")
        .to_string();
    assert!(refused.contains("KEYWARD_NO_SUCH"), "{refused}");
    private(&place, "ours.key", "a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    private(&place, "theirs.key", "a:HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
    let with =
        |name: &str| format!("master_key = \"file:{}\"", place.folder().join(name).display());
    let process = Process::start(&place, &with("ours.key")).await.expect("the program starts");
    assert_eq!(process.stop().await.expect("it stops"), 0);
    let before = state(&place);
    let refused =
        Process::start(&place, &with("theirs.key")).await.err().expect("it is refused").to_string();
    assert!(refused.contains("another master key"), "{refused}");
    assert!(state(&place) == before, "a refused start wrote something");
    let process =
        Process::start(&place, &with("ours.key")).await.expect("the right key still opens it");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

/// A file that its owner alone reads.
fn private(place: &Place, name: &str, text: &str) {
    let file = place.folder().join(name);
    fs::write(&file, text).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("its mode");
}

/// The database's content, as far as a start could change it.
fn state(place: &Place) -> Vec<String> {
    everything_written(place)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".db") || name.starts_with("a dump"))
        .flat_map(|(_, bytes)| {
            String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect::<Vec<_>>()
        })
        // Each dump begins and ends with a random word of its own.
        .filter(|line| !line.contains("restrict "))
        .collect()
}
