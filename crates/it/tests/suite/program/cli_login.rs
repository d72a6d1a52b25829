//! Who is signed in, and what a refusal says.

use super::cli::Cli;
use it::{
    process::{Process, free_port},
    world::{CLIENT_SECRET, PASSWORD, Place, TENANT},
};
use serde_json::Value;
use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_is_its_owners_alone_is_refreshed_and_ends_with_logout() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    cli.sign_in("t100\\nexus");
    let file = cli.login_file();
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&file.parent().unwrap().to_owned()), 0o700);
    let read = || -> Value { serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap() };
    let before = read();
    assert!(!before.to_string().contains(PASSWORD), "the password is not kept");
    let token = cli.run(&["token"]).out;
    assert_eq!(token.trim_end(), before["accessToken"].as_str().unwrap());

    // An access token that has ended: the server knows it no more.
    let mut ended = before.clone();
    ended["accessToken"] = "00000000-0000-4000-8000-000000000000".into();
    fs::write(&file, ended.to_string()).unwrap();
    assert_eq!(cli.run(&["keys", "list"]).code, 0);
    let after = read();
    assert_ne!(after["refreshToken"], before["refreshToken"]);
    assert_eq!(mode(&file), 0o600);

    // A login is for its own server.
    let elsewhere = Cli::new(&place, None).run(&["keys", "list", "--server", "http://127.0.0.1:9"]);
    assert_eq!(elsewhere.code, 1, "{elsewhere:?}");
    assert_eq!(Cli::new(&place, None).run(&["keys", "list"]).code, 0, "it names its server");

    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let open = cli.run(&["keys", "list"]);
    assert!(open.code == 2 && open.err.contains("others may read"), "{open:?}");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();

    assert_eq!(cli.run(&["logout"]).code, 0);
    assert!(!file.exists());
    let token = after["accessToken"].as_str().unwrap();
    assert_eq!(cli.with("KEYWARD_TOKEN", token).run(&["keys", "list"]).code, 5, "it is dead");
    assert_eq!(cli.run(&["logout"]).code, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_printed_for_scripts() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    let person = cli.with("KEYWARD_PASSWORD", PASSWORD).run(&["token", "--user", "ops"]);
    let listed = cli.with("KEYWARD_TOKEN", person.out.trim_end()).run(&["keys", "list"]);
    assert_eq!(listed.code, 0, "{person:?} {listed:?}");
    let secret = cli.with("KEYWARD_CLIENT_SECRET", CLIENT_SECRET);
    let client = secret.run(&["token", "--client-id", "cluster-verifier", "--json"]);
    let answer: Value = serde_json::from_str(&client.out).unwrap();
    assert_eq!(answer["token_type"], "bearer");
    let token = cli.file("token", answer["access_token"].as_str().unwrap());
    let verify =
        ["keys", "verify", "--token-file", &token, "--tenant", TENANT, "--secret-file", "-"];
    let said = cli.run_with(&verify, "kw_none");
    assert!(said.code == 4 && said.out.contains("NOT_FOUND"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_say_what_to_do_next_and_end_with_their_code() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("the program starts");
    let cli = Cli::new(&place, Some(&process.url));
    let token = process.token("t100\\nexus").await.unwrap();
    let nobody = cli.run(&["keys", "list"]);
    assert!(nobody.code == 5 && nobody.err.contains("keyward login"), "{nobody:?}");
    let canary = "canary-token-that-is-none";
    let wrong = cli.with("KEYWARD_TOKEN", canary).run(&["keys", "list"]);
    assert!(wrong.code == 5 && wrong.err.contains("`KEYWARD_TOKEN`"), "{wrong:?}");
    assert!(!wrong.err.contains(canary), "{wrong:?}");
    let password = cli.run_with(&["login", "--user", "ops", "--secret-file", "-"], canary);
    assert!(password.code == 5 && password.err.contains("hint: "), "{password:?}");
    assert!(!password.err.contains(canary) && !cli.login_file().exists(), "{password:?}");

    let cli = cli.with("KEYWARD_TOKEN", &token);
    for (arguments, code, words) in [
        (&["keys", "show", "key_0000000000000000000000"][..], 6, "hint: there is none"),
        (&["keys", "create", "--name", ""], 2, "`name`"),
        (&["keys", "create", "--name", "x", "--key-type", "no"], 2, "`keyType`"),
        (&["keys", "update", "key_0000000000000000000000"], 2, "nothing to change"),
        (&["keys", "list", "--data-dir", "d", "--server", "http://127.0.0.1"], 2, "exclude"),
        (&["keys", "list", "--data-dir", "no-such"], 2, "there is no installation"),
        (&["keys", "verify"], 2, "`KEYWARD_SECRET`"),
        (&["keys", "create", "--name", "x", "--key-type", "ges"], 2, "`--secret-file`"),
        (&["keys", "list", "--server", "http://127.0.0.1:9"], 1, "cannot reach"),
        (&["keys", "list", "--server", "http://keyward.example"], 2, "in the clear"),
        (
            &["keys", "list", "--server", "https://127.0.0.1:9", "--ca-file", "no"],
            2,
            "no such file",
        ),
    ] {
        let said = cli.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}: {said:?}");
        assert!(said.err.contains(words) && said.out.is_empty(), "{arguments:?}: {said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_authority_is_trusted_by_its_file_alone() {
    let place = Place::new();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    let (key, certificate) = (place.folder().join("tls.key"), place.folder().join("tls.crt"));
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&certificate, made.cert.pem()).unwrap();
    let (port, tls_port) = (free_port(), free_port());
    let listeners = format!(
        "[[listen]]\naddress = \"127.0.0.1:{port}\"\n\
         [[listen]]\naddress = \"127.0.0.1:{tls_port}\"\n\
         tls_certificate = \"tls.crt\"\ntls_key = \"tls.key\"\n"
    );
    let plain = format!("listen = \"127.0.0.1:{port}\"\n");
    let config = it::process::config(&place, port, "").replace(&plain, "");
    let file = place.folder().join("keyward.toml");
    fs::write(&file, format!("{config}\n{listeners}")).unwrap();
    let arguments = ["serve", "--config", &file.display().to_string()];
    let _process = Process::start_with(&place, port, &arguments).await.expect("it starts");

    let server = format!("https://localhost:{tls_port}");
    let cli = Cli::new(&place, Some(&server));
    let password = format!("{PASSWORD}\n");
    let login = ["login", "--user", "t100\\nexus", "--secret-file", "-"];
    let stranger = cli.run_with(&login, &password);
    assert!(stranger.code == 1 && stranger.err.contains("cannot reach"), "{stranger:?}");
    let authority = certificate.display().to_string();
    let known = cli.run_with(&[&login[..], &["--ca-file", &authority]].concat(), &password);
    assert_eq!(known.code, 0, "{known:?}");
    assert_eq!(cli.run(&["keys", "list"]).code, 0, "the login remembers whom to trust");
}
