//! The built program: exit codes, the first start, one process a directory, the audit log's check.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests read what the program wrote, and fail in the shortest way"
)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::PathBuf,
    process::{Child, ChildStderr, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_keyward");

/// A directory of its own, gone when dropped.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("keyward-program-{}-{n}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(&self.0).env_clear().stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Serves on a free port; returns once it listens.
    #[expect(clippy::zombie_processes, reason = "`Serving` waits for it")]
    fn serve(&self, more: &[&str]) -> Serving {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], more].concat();
        let mut command = self.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut seen = String::new();
        loop {
            let from = seen.len();
            assert!(log.read_line(&mut seen).unwrap() > 0, "it ended:\n{seen}");
            let line = seen.get(from..).unwrap_or_default();
            if let Some((_, after)) = line.split_once("listening address=") {
                let address = after.split_whitespace().next().unwrap().to_owned();
                return Serving { child, log, seen, address };
            }
        }
    }

    fn data(&self, name: &str) -> PathBuf {
        self.0.join("keyward-data").join(name)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

struct Serving {
    child: Child,
    log: BufReader<ChildStderr>,
    seen: String,
    address: String,
}

impl Serving {
    /// Asks it to stop and gives its exit code and everything it wrote.
    fn stop(mut self, signal: &str) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.log.read_to_string(&mut self.seen).unwrap();
        let code = self.child.wait().unwrap().code();
        let mut written = std::mem::take(&mut self.seen);
        self.child.stdout.take().unwrap().read_to_string(&mut written).unwrap();
        (code, written)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn pw_06_the_first_start_writes_its_credentials_once_and_stops_when_asked() {
    let place = Place::new();
    let serving = place.serve(&[]);
    let mut stream = TcpStream::connect(&serving.address).unwrap();
    stream
        .write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let file = place.data("initial-credentials");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(place.data("master.key")).unwrap().mode() & 0o777, 0o600);
    let credentials = fs::read_to_string(&file).unwrap();
    let secrets: Vec<&str> = credentials
        .lines()
        .skip_while(|line| !line.starts_with("These credentials"))
        .skip(2)
        .take_while(|line| !line.is_empty())
        .map(|line| line.split_whitespace().last().unwrap())
        .collect();
    assert_eq!(secrets.len(), 4, "two persons, a client, a deployment key: {credentials}");
    assert!(credentials.contains(&format!("http://{}/auth/v3/oauth/token", serving.address)));

    let (code, written) = serving.stop("-TERM");
    assert_eq!(code, Some(0), "{written}");
    for secret in &secrets {
        assert!(!written.contains(secret), "lg_01: a log or output holds a generated secret");
    }

    fs::remove_file(&file).unwrap();
    let (code, written) = place.serve(&[]).stop("-INT");
    assert_eq!(code, Some(0), "{written}");
    assert!(!file.exists(), "a second start shows none of it");
}

#[test]
fn given_credentials_are_written_nowhere() {
    let place = Place::new();
    fs::write(
        place.0.join("k.toml"),
        "[bootstrap]\nops = { password = \"canary-ops-password\" }\n\
         [[bootstrap.tenants]]\nname = \"acme\"\n\
         persons = [{ username = \"a\", password = \"short-canary\", roles = [\"admin\"] }]\n\
         [[bootstrap.clients]]\nclient_id = \"c\"\nsecret = \"canary-client-secret\"\ngrants = [\"password\"]\n",
    )
    .unwrap();
    let (code, written) = place.serve(&["--config", "k.toml"]).stop("-TERM");
    assert_eq!(code, Some(0), "{written}");
    assert!(!written.contains("canary"), "{written}");
    assert!(written.contains("shorter than 15"), "a short one is warned of: {written}");
    let credentials = fs::read_to_string(place.data("initial-credentials")).unwrap();
    assert!(!credentials.contains("canary"), "{credentials}");
}

#[test]
fn one_process_holds_the_data() {
    let place = Place::new();
    let serving = place.serve(&[]);
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["audit", "verify"]] {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(3), "{}", text(&output));
        assert!(text(&output).contains("another process holds"), "{}", text(&output));
    }
    let (code, _) = serving.stop("-TERM");
    assert_eq!(code, Some(0));
}

#[test]
fn kr_06_a_wrong_or_missing_master_key_is_refused_and_changes_nothing() {
    let place = Place::new();
    place.serve(&[]).stop("-TERM");
    let before = fs::read(place.data("keyward.db")).unwrap();
    let serve = |key: Option<&str>| {
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
        if let Some(key) = key {
            command.env("KEYWARD_MASTER_KEY", key);
        }
        let output = command.output().unwrap();
        (output.status.code(), text(&output))
    };
    let other = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let (code, said) = serve(Some(other));
    assert_eq!(code, Some(3), "{said}");
    assert!(!said.contains("AAECAwQF"), "{said}");
    let (code, said) = serve(Some("nonsense"));
    assert_eq!(code, Some(2), "{said}");
    let file = place.data("master.key");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(serve(None).0, Some(3), "readable by others");
    fs::rename(&file, place.0.join("elsewhere")).unwrap();
    assert_eq!(serve(None).0, Some(3), "missing");
    assert!(!file.exists(), "no new key is made for a database that is not new");
    assert!(before == fs::read(place.data("keyward.db")).unwrap(), "the database was written");
}

#[test]
fn au_02_an_edited_audit_log_is_found() {
    let place = Place::new();
    let (_, log) = place.serve(&[]).stop("-TERM");
    let whole = place.run(&["audit", "verify"]);
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole));
    assert!(text(&whole).contains("whole: "), "{}", text(&whole));
    // A head as the log has it, with its signature.
    let head = log.split("head=").nth(1).and_then(|h| h.lines().next()).unwrap();
    let head = head.replace(" signature=", " ");
    let with_head = place.run(&["audit", "verify", "--head", &head]);
    assert_eq!(with_head.status.code(), Some(0), "{}", text(&with_head));
    let link = head.split(' ').nth(3).unwrap();
    let other = head.replace(link, &"0".repeat(64));
    assert_eq!(place.run(&["audit", "verify", "--head", &other]).status.code(), Some(4));
    assert_eq!(place.run(&["audit", "verify", "--head", "nonsense"]).status.code(), Some(2));

    // Somebody with the file and an editor: one letter of one event.
    let file = place.data("keyward.db");
    let mut bytes = fs::read(&file).unwrap();
    let word = b"\"first start\"";
    let at = bytes.windows(word.len()).position(|w| w == word).expect("an event's text");
    bytes[at + 1] = b'F';
    fs::write(&file, bytes).unwrap();
    let edited = place.run(&["audit", "verify"]);
    assert_eq!(edited.status.code(), Some(4), "{}", text(&edited));
    assert!(text(&edited).contains("finding"), "{}", text(&edited));
}

#[test]
fn what_cannot_be_used_ends_with_2_and_makes_nothing() {
    let place = Place::new();
    fs::write(place.0.join("bad.toml"), "nodes = 1\nnods = 2\n").unwrap();
    for (arguments, said) in [
        (&["serve", "--config", "bad.toml"][..], "`bad.toml` line 2: unknown member `nods`"),
        (&["serve", "--config", "none.toml"], "there is no configuration file `none.toml`"),
        (&["serve", "--listen", "0.0.0.0:0"], "reachable from other machines"),
        (&["serve", "--no-such-flag"], "--no-such-flag"),
        (&["audit", "verify"], "there is no installation"),
        (&[], "Usage"),
    ] {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output));
        assert!(text(&output).contains(said), "{arguments:?}: {}", text(&output));
    }
    assert!(!place.0.join("keyward-data").exists());
    assert_eq!(place.run(&["--version"]).status.code(), Some(0));
}

#[test]
fn a_taken_port_is_told_before_anything_is_made() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = place.run(&["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output));
    assert!(text(&output).contains(&address), "{}", text(&output));
    assert!(!place.0.join("keyward-data").exists());
}

#[test]
fn the_demo_needs_an_empty_database() {
    let place = Place::new();
    let (code, written) = place.serve(&["--demo"]).stop("-TERM");
    assert_eq!(code, Some(0), "{written}");
    let credentials = fs::read_to_string(place.data("initial-credentials")).unwrap();
    let persons = credentials.lines().filter(|line| line.starts_with("  person")).count();
    assert_eq!(persons, 5, "ops, admin and the three sample persons: {credentials}");
    let again = place.run(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert_eq!(again.status.code(), Some(2), "{}", text(&again));
    let whole = place.run(&["audit", "verify"]);
    assert_eq!(whole.status.code(), Some(0), "{}", text(&whole));
}
