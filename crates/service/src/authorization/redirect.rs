//! Addresses that answers go to: whichever the client registered, compared as texts.

/// Whether a request may name this address where that one is registered: the same text, or a loopback
/// address of the same text but for its port, which a native app does not know before it runs (RFC 8252
/// section 7.3, RFC 9700 section 2.1).
pub(super) fn is_redirect_to(registered: &str, wanted: &str) -> bool {
    registered == wanted
        || match (without_loopback_port(registered), without_loopback_port(wanted)) {
            (Some(registered), Some(wanted)) => registered == wanted,
            _ => false,
        }
}

/// The host and what follows the port of a loopback address.
fn without_loopback_port(uri: &str) -> Option<(&str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    ["127.0.0.1", "[::1]", "localhost"].into_iter().find_map(|host| {
        let port = authority.strip_prefix(host)?;
        let number = || port.strip_prefix(':')?.parse::<u16>().ok();
        let digits = port.bytes().skip(1).all(|b| b.is_ascii_digit());
        (port.is_empty() || (digits && number().is_some())).then_some((host, tail))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oa_12_addresses_are_compared_as_texts_but_for_the_port_of_a_loopback() {
        let registered = "https://app.example/cb";
        assert!(is_redirect_to(registered, registered));
        for other in [
            "https://app.example/cb/",
            "https://app.example/cb?x=1",
            "https://app.example/CB",
            "https://app.example:443/cb",
            "https://app.example/cb/../cb",
            "https://app.example@evil.example/cb",
            "http://app.example/cb",
            "https://app.example/cb#f",
            "https://app.example.evil.example/cb",
        ] {
            assert!(!is_redirect_to(registered, other), "{other}");
        }
        for host in ["127.0.0.1", "[::1]", "localhost"] {
            let registered = format!("http://{host}/cb");
            assert!(is_redirect_to(&registered, &format!("http://{host}:53682/cb")));
            assert!(is_redirect_to(&format!("http://{host}:1/cb"), &registered));
            for bad in
                ["/other", ":1/other", ":/cb", ":x/cb", ":70000/cb", ":+1/cb", ".evil.example/cb"]
            {
                let bad = format!("http://{host}{bad}");
                assert!(!is_redirect_to(&registered, &bad), "{bad}");
            }
            assert!(!is_redirect_to(&registered, &format!("https://{host}:1/cb")));
        }
        assert!(!is_redirect_to("http://localhost/cb", "http://127.0.0.1/cb"));
        assert!(!is_redirect_to("http://app.example/cb", "http://app.example:1/cb"));
        assert!(!is_redirect_to("http://localhost/cb", "http://localhost@evil.example/cb"));
    }
}
