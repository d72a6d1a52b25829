//! TLS on a listener, from outside.

use super::tests::{SHORT, Server, echo, limits, start_with, until_closed};
use super::*;
use crate::tls::{Look, TlsFiles};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use std::{os::unix::fs::PermissionsExt as _, path::PathBuf};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::{TlsConnector, client::TlsStream};

struct Authority {
    folder: PathBuf,
    certificate: Certificate,
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Authority {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("keyward-listener-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        write_pair(&folder);
        let certificate = Certificate::load(&files(&folder)).unwrap();
        Self { folder, certificate }
    }

    async fn start(&self, limits: Limits) -> Server {
        start_with(limits, Some(self.certificate.clone()), echo()).await
    }

    /// Trusts what lies in the files now, and no other.
    fn client(&self, alpn: &[&[u8]]) -> TlsConnector {
        use rustls::pki_types::{CertificateDer, pem::PemObject};
        let mut roots = RootCertStore::empty();
        let file = files(&self.folder).certificate;
        roots.add(CertificateDer::from_pem_file(file).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|p| p.to_vec()).collect();
        TlsConnector::from(Arc::new(config))
    }
}

fn files(folder: &std::path::Path) -> TlsFiles {
    TlsFiles { certificate: folder.join("tls.crt"), key: folder.join("tls.key") }
}

fn write_pair(folder: &std::path::Path) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = files(folder);
    std::fs::write(&files.certificate, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(0o600)).unwrap();
}

async fn shake(server: &Server, client: &TlsConnector) -> io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(server.address).await?;
    client.connect(ServerName::try_from("localhost").unwrap(), stream).await
}

const REQUEST: &str = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc";

/// Asks over an open connection; the answer's header and body.
async fn ask(stream: &mut TlsStream<TcpStream>) -> String {
    stream.write_all(REQUEST.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nabc") {
        let mut byte = [0];
        stream.read_exact(&mut byte).await.unwrap();
        answer.extend(byte);
    }
    String::from_utf8(answer).unwrap().to_lowercase()
}

#[tokio::test]
async fn ht_07_requests_are_answered_by_tls_and_say_that_nothing_else_is_wanted() {
    let authority = Authority::new("answers");
    let server = authority.start(limits()).await;
    let mut stream = shake(&server, &authority.client(&[b"http/1.1"])).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    let answer = ask(&mut stream).await;
    assert!(answer.starts_with("http/1.1 200 ok"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=63072000\r\n"), "{answer}");
    let both = shake(&server, &authority.client(&[b"h2", b"http/1.1"])).await.unwrap();
    assert_eq!(both.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
}

/// A hello of TLS 1.1 (RFC 4346, section 7.4.1.2).
fn old_hello() -> Vec<u8> {
    let suites = [0xc0, 0x13, 0xc0, 0x14, 0x00, 0x2f, 0x00, 0x35];
    let mut hello = vec![0x03, 0x02];
    hello.extend([7; 32]);
    hello.extend([0, 0, 8]);
    hello.extend(suites);
    hello.extend([1, 0]);
    // Names a signature that both know, so that nothing but the version is wrong.
    hello.extend([0, 8, 0, 13, 0, 4, 0, 2, 4, 3]);
    let mut record = vec![0x16, 0x03, 0x01, 0, u8::try_from(hello.len() + 4).unwrap(), 1, 0, 0];
    record.push(u8::try_from(hello.len()).unwrap());
    record.extend(hello);
    record
}

#[tokio::test]
async fn ht_07_what_is_not_tls_1_2_or_1_3_is_refused() {
    const ALERT: u8 = 0x15;
    const PROTOCOL_VERSION: u8 = 70;
    let authority = Authority::new("refuses");
    let server = authority.start(limits()).await;
    let mut old = TcpStream::connect(server.address).await.unwrap();
    old.write_all(&old_hello()).await.unwrap();
    let mut answer = Vec::new();
    let _ = old.read_to_end(&mut answer).await;
    assert_eq!((answer.first(), answer.last()), (Some(&ALERT), Some(&PROTOCOL_VERSION)));

    let mut plain = TcpStream::connect(server.address).await.unwrap();
    plain.write_all(REQUEST.as_bytes()).await.unwrap();
    assert!(!until_closed(&mut plain).await.contains("HTTP"));
}

#[tokio::test]
async fn ht_03_a_handshake_that_dawdles_is_closed() {
    let authority = Authority::new("dawdles");
    let server = authority.start(Limits { first_byte: SHORT, ..limits() }).await;
    // Nothing at all, half a hello, and a whole handshake with silence after it.
    assert_eq!(until_closed(&mut TcpStream::connect(server.address).await.unwrap()).await, "");
    let mut half = TcpStream::connect(server.address).await.unwrap();
    half.write_all(old_hello().get(..20).unwrap()).await.unwrap();
    assert_eq!(until_closed(&mut half).await, "");
    let mut silent = shake(&server, &authority.client(&[])).await.unwrap();
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), silent.read_to_end(&mut rest)).await;
    assert!(read.expect("the server hangs up").is_err() || rest.is_empty());
}

#[tokio::test]
async fn ht_07_a_renewed_certificate_drops_nobody() {
    let authority = Authority::new("renewed");
    let server = authority.start(limits()).await;
    let old = authority.client(&[b"http/1.1"]);
    let mut open = shake(&server, &old).await.unwrap();
    ask(&mut open).await;
    write_pair(&authority.folder);
    assert_eq!(authority.certificate.look(true).unwrap(), Look::Renewed);
    assert!(ask(&mut open).await.contains("200 ok"), "an open connection goes on");
    let mut new = shake(&server, &authority.client(&[b"http/1.1"])).await.unwrap();
    assert!(ask(&mut new).await.contains("200 ok"));
    assert!(shake(&server, &old).await.is_err(), "the old certificate is not shown any more");
}
