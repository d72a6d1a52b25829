//! The services under `examples`, as their READMEs start them, against the program.

use it::{
    process::{Process, free_port},
    world::Place,
};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// A service under way; it ends with this value.
struct Service {
    child: Child,
    address: String,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    fn start(command: &mut Command, keyward: &Process, own_key: &str) -> Self {
        let mut child = command
            .env("KEYWARD", keyward.url.trim_start_matches("http://"))
            .env("KEYWARD_URL", &keyward.url)
            .env("KEYWARD_KEY", own_key)
            .env("LISTEN", format!("127.0.0.1:{}", free_port()))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").expect("its address").to_owned();
        Self { child, address }
    }

    /// The status and the body that a caller with this key gets.
    fn call(&self, secret: &str) -> (u16, String) {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        write!(
            connection,
            "GET / HTTP/1.1\r\nHost: example\r\nAuthorization: Bearer {secret}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A key of the service, one of a caller that may pass, one of a caller that may not.
async fn lets_pass_whom_keyward_lets_pass(mut command: Command) {
    let place = Place::new();
    let process = Process::start(&place, "").await.unwrap();
    let admin = process.token(r"t100\nexus").await.unwrap();
    let mut keys = Vec::new();
    for permission in ["keyward:keys:verify", "orders:read", "orders:write"] {
        let body = json!({"keyType": "api", "name": permission, "permissions": [permission]});
        keys.push(process.post("/v1/keys", &admin, &body).await.unwrap().json());
    }
    let secret = |n: usize| keys[n]["secret"].as_str().unwrap().to_owned();
    let service = Service::start(&mut command, &process, &secret(0));
    assert_eq!(service.call(&secret(1)), (200, "your orders\n".to_owned()));
    assert_eq!(service.call(&secret(2)), (401, "INSUFFICIENT_PERMISSIONS\n".to_owned()));
    assert_eq!(service.call("kw_nonsense"), (401, "NOT_FOUND\n".to_owned()));
    let path = format!("/v1/keys/{}/revoke", keys[1]["id"].as_str().unwrap());
    process.post(&path, &admin, &json!({})).await.unwrap();
    assert_eq!(service.call(&secret(1)), (401, "REVOKED\n".to_owned()));
    assert_eq!(process.stop().await.unwrap(), 0);
    assert_eq!(service.call(&secret(1)).0, 503, "without Keyward nobody passes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_in_rust_lets_pass_whom_keyward_lets_pass() {
    let manifest = root().join("examples/rust/Cargo.toml");
    let target = std::env::temp_dir().join(format!("keyward-example-{}", std::process::id()));
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--offline", "--manifest-path"])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(&target)
        .status()
        .unwrap();
    assert!(built.success());
    lets_pass_whom_keyward_lets_pass(Command::new(target.join("debug/keyward-example"))).await;
    std::fs::remove_dir_all(&target).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_in_python_lets_pass_whom_keyward_lets_pass() {
    if Command::new("python3").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no python3 here, so the example was not run");
        return;
    }
    let mut command = Command::new("python3");
    command.arg(root().join("examples/python/service.py"));
    lets_pass_whom_keyward_lets_pass(command).await;
}
