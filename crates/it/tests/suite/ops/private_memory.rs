//! What other processes learn of this one: nothing.

use super::configured;
use it::{
    process::{Process, free_port, program},
    world::{PASSWORD, Place},
};
use std::{fs, process::Command};

const CANARY: &str = "canary-master-of-the-environment";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mh_02_the_environment_shows_no_secret_once_the_program_runs() {
    let place = Place::new();
    let port = free_port();
    let file = configured(&place, port, "", "");
    // The password of `ops` by a name of the operator's own, that of the tenant's person by ours.
    let text = fs::read_to_string(&file).expect("a configuration");
    let ops = format!("ops = {{ username = \"ops\", password = \"{PASSWORD}\" }}");
    assert!(text.contains(&ops));
    let text =
        text.replace(&ops, "ops = { username = \"ops\", password = \"env:MY_OPS_PASSWORD\" }");
    fs::write(&file, text).expect("a configuration");
    let file = file.display().to_string();
    let person = "KEYWARD_BOOTSTRAP_TENANTS_0_PERSONS_0_PASSWORD";
    let variables = [("MY_OPS_PASSWORD", CANARY), (person, PASSWORD), ("KEYWARD_NODES", "1")];
    let arguments = ["serve", "--config", &file];
    let process = Process::start_in(&place, port, &arguments, &variables).await.expect("it starts");

    // Of a process of this user that keeps its memory private only root may read this.
    match fs::read_to_string(format!("/proc/{}/environ", process.pid())) {
        Ok(environment) => {
            for word in [CANARY, PASSWORD, "MY_OPS_PASSWORD", person] {
                assert!(!environment.contains(word), "{word} is in {environment}");
            }
            assert!(environment.contains("KEYWARD_NODES=1"), "the rest of it stays");
        }
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied),
    }
    let arguments = fs::read_to_string(format!("/proc/{}/cmdline", process.pid())).expect("public");
    assert!(!arguments.contains(CANARY) && !arguments.contains(PASSWORD));
    assert!(process.token(r"t100\nexus").await.is_ok(), "the secrets arrived");
    assert!(!process.log().contains("goes on showing"), "{}", process.log());
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mh_02_no_core_file_is_written() {
    let place = Place::new();
    let process = Process::start(&place, "").await.expect("it starts");
    let limits = fs::read_to_string(format!("/proc/{}/limits", process.pid())).expect("limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line");
    assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

#[test]
fn mh_02_a_process_of_the_same_user_may_not_look_into_it() {
    // `setpriv` gives this test a user that is not root; without root it has one already.
    let as_nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"];
    let Some(mut command) = super::sandbox::wrapped("setpriv", &as_nobody) else {
        eprintln!("SKIPPED: no setpriv to leave root with");
        return;
    };
    let program = program().expect("the program");
    // Reads the configuration from a pipe that never ends, so that it stays for as long as we look.
    let script = "exec 3<>\"$1\"; \"$0\" --config /dev/fd/3 config & \
        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do \
            grep -q '^Max core file size *0 *0' /proc/$!/limits && break; sleep 0.1; done; \
        stat -c %u /proc/$!/mem; head -c 1 /proc/$!/environ >/dev/null 2>&1 && echo read; kill $!";
    let place = Place::new();
    let pipe = place.folder().join("pipe");
    assert!(
        Command::new("mkfifo").args(["-m", "666"]).arg(&pipe).status().expect("mkfifo").success()
    );
    let looked = command.args(["sh", "-c", script]).arg(&program).arg(&pipe).output();
    let looked = looked.expect("it runs");
    let said = String::from_utf8_lossy(&looked.stdout).into_owned();
    assert_eq!(said, "0\n", "{said}{}", String::from_utf8_lossy(&looked.stderr));
}
