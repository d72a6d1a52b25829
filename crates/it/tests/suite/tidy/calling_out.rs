//! From where the program calls others.

use super::{project_files_ending, read, report};

/// Where the program opens connections of its own: PostgreSQL, the server that the command line talks
/// to, upstreams, and issuers outside. Whatever else an administrator could name an address for does not
/// exist.
#[test]
fn ss_04_nothing_else_calls_out() {
    let openers =
        ["TcpStream::connect", "HttpConnector", "lookup_host", "TcpSocket::", "UdpSocket"];
    let homes = [
        "crates/server/src/outgoing.rs",
        "crates/server/src/outgoing/",
        "crates/server/src/listener/",
        "crates/keyward/src/",
        "crates/it/",
    ];
    let mut findings = Vec::new();
    for file in project_files_ending(".rs") {
        let text = read(&file);
        let opens = openers.iter().find(|opener| text.contains(**opener));
        if let Some(opener) = opens
            && !homes.iter().any(|home| file.starts_with(home))
            && file.starts_with("crates/")
            && !file.contains("test")
        {
            findings.push(format!("{file}: {opener}"));
        }
    }
    report(&findings, "Calls go out by the connector of `outgoing`, which checks where to.");
    // Of an issuer's configuration `issuers/provider.rs` takes these, and holds each to the same rules.
    let words =
        ["jwks_uri", "token_endpoint", "request_uri", "logo_uri", "webhook", "backchannel_logout"];
    for file in project_files_ending(".rs") {
        if file.starts_with("crates/it/") {
            continue;
        }
        // The other one names what it refuses: a request by reference is none here.
        let known =
            ["crates/service/src/issuers/provider.rs", "crates/server/src/browser/forms.rs"];
        if known.contains(&file.as_str()) {
            continue;
        }
        let text = read(&file);
        let found = words.iter().find(|word| text.contains(&format!("\"{word}\"")));
        assert!(
            found.is_none(),
            "{file}: {found:?}: an address to fetch from: test it like upstreams"
        );
    }
}
