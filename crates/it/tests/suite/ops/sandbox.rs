//! The program needs its data directory and nothing else: no root, no capability, no other place to
//! write to.

use super::{LONG, configured, get};
use it::{
    process::{free_port, program},
    world::Place,
};
use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};

/// A command that runs others in a wrapper; `None` when the wrapper cannot do that here.
pub(super) fn wrapped(wrapper: &str, arguments: &[&str]) -> Option<Command> {
    let works = Command::new(wrapper).args(arguments).arg("true").stderr(Stdio::null()).status();
    works.is_ok_and(|status| status.success()).then(|| {
        let mut command = Command::new(wrapper);
        command.args(arguments);
        command
    })
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Makes everything read-only but the data directory, becomes nobody, drops every capability.
const SCRIPT: &str = r#"
set -e
mount -o bind "$1" "$1"
mount -o remount,bind,ro /
cd /
exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all \
    sh -c 'touch "$1/probe" && rm "$1/probe"; touch "$1/../probe" 2>/dev/null && exit 77; shift 1; exec "$@"' \
    sh "$@"
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mh_05_it_runs_as_nobody_on_a_read_only_file_system_with_its_data_directory_alone() {
    let place = Place::new();
    let data = place.folder().join("data");
    let Some(mut command) = wrapped("unshare", &["--mount", "--propagation", "private"]) else {
        eprintln!("SKIPPED: this test needs root and unshare, to take everything else away");
        return;
    };
    let port = free_port();
    let file = configured(&place, port, "shutdown_delay = 0", "");
    fs::create_dir_all(&data).expect("a folder");
    std::os::unix::fs::chown(&data, Some(65_534), Some(65_534)).expect("another owner");
    open_ways(&file);
    let log = fs::File::create(place.folder().join("log")).expect("a log");
    let mut child = Running(
        command
            .args(["sh", "-c", SCRIPT, "sh"])
            .arg(&data)
            .arg(program().expect("the program"))
            .args(["serve", "--config"])
            .arg(&file)
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn()
            .expect("it runs"),
    );
    let written = || fs::read_to_string(place.folder().join("log")).unwrap_or_default();
    let begin = Instant::now();
    while !get(port, "/health/ready").await.starts_with("HTTP/1.1 200") {
        if let Some(status) = child.0.try_wait().expect("a child") {
            panic!("it ended ({status}):\n{}", written());
        }
        assert!(begin.elapsed() < LONG, "not ready:\n{}", written());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child.0.id())).expect("public");
    for line in ["Uid:\t65534\t65534\t65534\t65534", "CapEff:\t0000000000000000", "NoNewPrivs:\t1"]
    {
        assert!(status.contains(line), "no {line} in\n{status}");
    }
    // The first start wrote what it had to, and nothing lies elsewhere.
    assert!(data.join("initial-credentials").exists() || data.join("master.key").exists());
    let stopped = Command::new("kill").args(["-TERM", &child.0.id().to_string()]).status();
    assert!(stopped.expect("kill").success());
    let status = tokio::task::spawn_blocking(move || child.0.wait()).await.expect("joined");
    assert_eq!(status.expect("a status").code(), Some(0), "{}", written());
}

/// Lets others come as far as this file: where tests lie is often the tester's alone.
fn open_ways(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).expect("a mode");
    for folder in file.ancestors().skip(1).take(2) {
        if let Ok(found) = fs::metadata(folder) {
            let mode = found.permissions().mode() | 0o011;
            let _ = fs::set_permissions(folder, fs::Permissions::from_mode(mode));
        }
    }
}
