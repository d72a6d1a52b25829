//! What holds when nothing is configured.

use it::{
    process::{Process, free_port},
    world::Place,
};
use std::fs;

/// Starts with nothing but a port; the credentials that it made.
async fn started(place: &Place) -> (Process, String) {
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    let mut arguments = vec!["serve", "--data-dir", "data", "--listen", &listen];
    let database = place.database_value();
    if database != "sqlite" {
        arguments.extend(["--database", &database]);
    }
    let process = Process::start_with(place, port, &arguments).await.expect("it starts");
    let file = place.folder().join("data").join("initial-credentials");
    (process, fs::read_to_string(file).expect("the credentials of the first start"))
}

/// The last word of each line of the list, which ends before the console's address.
fn secrets(credentials: &str) -> Vec<String> {
    let (_, list) = credentials.split_once("shown this once:\n\n").expect("a list");
    let (list, _) = list.split_once("\n\n").expect("its end");
    list.lines().filter_map(|line| line.split_whitespace().last().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ap_08_no_two_installations_begin_with_the_same_account() {
    let (one, other) = (Place::new(), Place::new());
    let (first, first_credentials) = started(&one).await;
    let (second, second_credentials) = started(&other).await;
    let (first_secrets, second_secrets) =
        (secrets(&first_credentials), secrets(&second_credentials));
    assert!(first_secrets.len() >= 2, "{first_credentials}");
    for secret in &first_secrets {
        assert!(secret.len() >= 15, "{secret}");
        assert!(!second_secrets.contains(secret), "{secret} is in both");
    }
    for process in [&first, &second] {
        for username in ["ops", "default\\admin", "admin"] {
            assert!(process.token(username).await.is_err(), "{username} with a usual password");
        }
    }
    assert_eq!(first.stop().await.expect("it stops"), 0);
    assert_eq!(second.stop().await.expect("it stops"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ap_08_by_default_only_this_machine_is_listened_to_and_on_one_port() {
    let place = Place::new();
    let (process, _) = started(&place).await;
    let port = process.url.rsplit(':').next().expect("a port").parse::<u16>().expect("a number");
    let told: Vec<String> = process
        .log()
        .lines()
        .filter_map(|line| {
            Some(line.split_once("listening address=")?.1.split(' ').next()?.to_owned())
        })
        .collect();
    assert_eq!(told, [format!("127.0.0.1:{port}")]);
    // Only root may look into a process that keeps its memory private.
    if let Some(found) = listening(process.pid()) {
        assert_eq!(found, [("0100007F".to_owned(), port)]);
    }
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

/// Addresses and ports that the process listens on, as the kernel's table writes them.
fn listening(pid: u32) -> Option<Vec<(String, u16)>> {
    const LISTENS: &str = "0A";
    let sockets: Vec<String> = fs::read_dir(format!("/proc/{pid}/fd"))
        .ok()?
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .filter_map(|link| {
            Some(link.to_str()?.strip_prefix("socket:[")?.trim_end_matches(']').to_owned())
        })
        .collect();
    let mut found = Vec::new();
    for table in ["tcp", "tcp6"] {
        let text = fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default();
        for fields in text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()) {
            if fields.get(3) == Some(&LISTENS)
                && sockets.iter().any(|s| fields.get(9) == Some(&s.as_str()))
            {
                let (address, port) = fields[1].split_once(':').expect("an address");
                found.push((address.to_owned(), u16::from_str_radix(port, 16).expect("a port")));
            }
        }
    }
    Some(found)
}
