//! TLS of the running program: served, renewed under load, and never worse than before.

use super::{LONG, configured, raw};
use it::{
    process::{Process, free_port, program},
    world::Place,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName},
};
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// Puts a new pair in place; the certificate.
fn put_pair(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    let key = folder.join("tls.key");
    fs::write(&key, made.signing_key.serialize_pem()).expect("a key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("its mode");
    fs::write(folder.join("tls.crt"), made.cert.pem()).expect("a certificate");
    made.cert.der().clone()
}

/// Trusts these and no other.
fn trusting(certificates: &[CertificateDer<'static>]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate.clone()).expect("a certificate");
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

async fn shake(port: u16, client: &TlsConnector) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    client.connect(ServerName::try_from("localhost").expect("a name"), stream).await
}

/// Asks over an open connection; panics when the request is lost.
async fn ask(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        let mut byte = [0];
        stream.read_exact(&mut byte).await.expect("an answer");
        answer.extend(byte);
    }
    String::from_utf8(answer).expect("text").to_lowercase()
}

/// The program with a plain listener for the harness and an encrypted one.
async fn encrypted(place: &Place) -> (Arc<Process>, u16) {
    let (port, tls_port) = (free_port(), free_port());
    let file = configured(place, port, "", "");
    let text = fs::read_to_string(&file).expect("a configuration");
    let text = text.replace(&format!("listen = \"127.0.0.1:{port}\"\n"), "");
    let tables = format!(
        "[[listen]]\naddress = \"127.0.0.1:{port}\"\n\
         [[listen]]\naddress = \"127.0.0.1:{tls_port}\"\ntls_certificate = \"tls.crt\"\ntls_key = \"tls.key\"\n"
    );
    fs::write(&file, format!("{text}\n{tables}")).expect("a configuration");
    let file = file.display().to_string();
    let process = Process::start_with(place, port, &["serve", "--config", &file]).await;
    (Arc::new(process.expect("it starts")), tls_port)
}

fn hang_up(process: &Process) {
    let pid = process.pid().to_string();
    assert!(Command::new("kill").args(["-HUP", &pid]).status().expect("kill").success());
}

/// Waits for a line of the log.
async fn until_logged(process: &Process, words: &str, times: usize) {
    let waiting = async {
        while process.log().matches(words).count() < times {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let _: () = tokio::time::timeout(LONG, waiting).await.unwrap_or_else(|_| {
        panic!("never logged: {words}\n{}", process.log());
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_07_certificates_change_under_load_without_a_drop() {
    const RENEWALS: usize = 5;
    let place = Place::new();
    let first = put_pair(place.folder());
    let (process, port) = encrypted(&place).await;
    let mut certificates = vec![first.clone()];
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    // These keep their connections over all renewals.
    let mut kept = Vec::new();
    for _ in 0..4 {
        let mut stream = shake(port, &trusting(&certificates)).await.expect("a connection");
        let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
        kept.push(tokio::spawn(async move {
            while !stop.load(Relaxed) {
                assert!(ask(&mut stream).await.starts_with("http/1.1 200"));
                done.fetch_add(1, Relaxed);
            }
        }));
    }
    for renewal in 1..=RENEWALS {
        certificates.push(put_pair(place.folder()));
        // These shake hands all the time, and take the old one and the new.
        let client = trusting(&certificates[certificates.len() - 2..]);
        let shaking: Vec<_> = (0..4)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move {
                    for _ in 0..10 {
                        let mut stream = shake(port, &client).await.expect("a connection");
                        assert!(ask(&mut stream).await.starts_with("http/1.1 200"));
                    }
                })
            })
            .collect();
        hang_up(&process);
        until_logged(&process, "the certificate was read anew", renewal).await;
        for one in shaking {
            one.await.expect("no request is lost");
        }
        let newest = trusting(&certificates[certificates.len() - 1..]);
        let answer = ask(&mut shake(port, &newest).await.expect("the newest is shown")).await;
        assert!(answer.contains("strict-transport-security: max-age="), "{answer}");
    }
    assert!(shake(port, &trusting(&[first])).await.is_err(), "the first is not shown any more");
    stop.store(true, Relaxed);
    for one in kept {
        one.await.expect("no request is lost");
    }
    assert!(done.load(Relaxed) >= 4);
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ht_07_a_bad_pair_keeps_the_old_one_and_says_so_and_plain_http_gets_nothing() {
    let place = Place::new();
    let first = put_pair(place.folder());
    let (process, port) = encrypted(&place).await;
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    for (text, words) in
        [("canary", "holds no certificate in PEM"), (other.cert.pem().as_str(), "cannot be used")]
    {
        fs::write(place.folder().join("tls.crt"), text).expect("a file");
        hang_up(&process);
        until_logged(&process, words, 1).await;
    }
    assert!(process.log().contains("the one before stays in use"));
    assert!(!process.log().contains("canary"));
    let mut stream = shake(port, &trusting(&[first])).await.expect("the old one is shown");
    assert!(ask(&mut stream).await.starts_with("http/1.1 200"));
    let plain = raw(port, "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(!plain.contains("HTTP/1.1"), "{plain}");
    assert_eq!(process.stop().await.expect("it stops"), 0);
}

#[test]
fn a_start_with_a_certificate_that_cannot_be_used_says_why_and_makes_nothing() {
    let place = Place::new();
    put_pair(place.folder());
    let top = "tls_certificate = \"tls.crt\"\ntls_key = \"tls.key\"";
    let file = configured(&place, free_port(), top, "");
    let key = place.folder().join("tls.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("its mode");
    let refused = Command::new(program().expect("the program"))
        .args(["serve", "--config"])
        .arg(&file)
        .current_dir(place.folder())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("can be read by everybody") && said.contains("chmod 640"), "{said}");
    assert!(!place.folder().join("data").join("master.key").exists(), "it began all the same");
}
