//! Where strangers could listen in, nothing is served.

use super::{load, refusal};
use server::tls::TlsFiles;

const PAIR: &str = "tls_certificate = \"c.pem\"\ntls_key = \"k.pem\"";

#[test]
fn bt_06_beyond_loopback_it_takes_a_certificate_or_the_switch_by_name() {
    for listen in ["0.0.0.0:80", "[::]:80", "192.0.2.1:80", "[::ffff:192.0.2.1]:80"] {
        let plain = format!("listen = \"{listen}\"");
        let refused = refusal(&plain);
        assert!(refused.contains("is reachable from other machines"), "{refused}");
        for name in ["`tls_certificate`", "`tls_key`", "`plain_http_behind_tls_proxy = true`"] {
            assert!(refused.contains(name), "{refused}");
        }
        assert!(load(&format!("{plain}\nplain_http_behind_tls_proxy = true")).is_ok());
        assert!(load(&format!("{plain}\n{PAIR}")).is_ok());
        // Said, but with the other word.
        let refused = refusal(&format!("{plain}\nplain_http_behind_tls_proxy = false"));
        assert!(refused.contains("is reachable"), "{refused}");
    }
    for listen in ["127.0.0.1:80", "[::1]:80", "localhost:80", "127.9.9.9:80"] {
        assert!(load(&format!("listen = \"{listen}\"")).is_ok(), "{listen}");
    }
    // One of several is enough to refuse.
    let two = format!(
        "[[listen]]\naddress = \"0.0.0.0:8443\"\n{PAIR}\n[[listen]]\naddress = \"0.0.0.0:8080\""
    );
    let refused = refusal(&two);
    assert!(refused.contains("`0.0.0.0:8080` is reachable"), "{refused}");
}

#[test]
fn a_certificate_belongs_to_its_listener() {
    let files = Some(TlsFiles { certificate: "c.pem".into(), key: "k.pem".into() });
    let single = load(PAIR).unwrap();
    assert_eq!(single.listeners[0].tls, files);
    assert_eq!(single.public_url(None), "https://127.0.0.1:8080");
    let two = load(&format!(
        "[[listen]]\naddress = \"127.0.0.1:1\"\n[[listen]]\naddress = \"127.0.0.1:2\"\n{PAIR}"
    ))
    .unwrap();
    assert_eq!((&two.listeners[0].tls, &two.listeners[1].tls), (&None, &files));
    assert_eq!(two.public_url(None), "http://127.0.0.1:8080");
}

#[test]
fn half_a_pair_and_a_pair_of_nobody_are_refused() {
    for (toml, expected) in [
        ("tls_key = \"k\"", "`DIR/k.toml` line 1: `tls_key`: `tls_certificate` is missing"),
        ("tls_certificate = \"c\"", "`DIR/k.toml` line 1: `tls_certificate`: `tls_key` is missing"),
        (
            "listen = [{ address = \"127.0.0.1:1\", tls_key = \"k\" }]",
            "`DIR/k.toml` line 1: `listen[0].tls_key`: `listen[0].tls_certificate` is missing",
        ),
        (
            "listen = [{ address = \"127.0.0.1:1\" }]\ntls_key = \"k\"",
            "`DIR/k.toml` line 2: `tls_key`: in a list of listeners each names its own",
        ),
        (
            "tls_certificate = \"c\"\ntls_key = \"-----BEGIN canary\"",
            "`DIR/k.toml` line 2: `tls_key`: it holds the text of a file",
        ),
        (
            "metrics_listen = \"9464\"",
            "`DIR/k.toml` line 1: `metrics_listen`: `9464` is not an address with a port",
        ),
    ] {
        let refused = refusal(toml);
        assert!(refused.starts_with(expected), "for {toml}\n{refused}");
        assert!(!refused.contains("canary"), "{refused}");
    }
    assert_eq!(load("").unwrap().metrics, None);
}
