//! Whose request it is: the socket's peer, unless that one is a trusted proxy.
//!
//! Then the chain that the proxies wrote is walked from right to left, and the first address that is
//! not a trusted proxy is the client. An entry that cannot be read ends the walk with no address at
//! all: an allow-list then refuses (AL-02). IPv4-mapped addresses are folded.

use domain::allow_list::AllowList;
use http::{HeaderMap, HeaderName, header};
use std::net::{IpAddr, SocketAddr};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whether `address` is one of the proxies.
#[must_use]
pub fn is_trusted(address: IpAddr, trusted: &AllowList) -> bool {
    trusted.names_address(address)
}

/// The client's address.
#[must_use]
pub fn client_address(
    peer: Option<IpAddr>,
    headers: &HeaderMap,
    trusted: &AllowList,
) -> Option<IpAddr> {
    let peer = peer?.to_canonical();
    if !is_trusted(peer, trusted) {
        return Some(peer);
    }
    let mut client = peer;
    for hop in hops(headers)?.into_iter().rev() {
        client = hop?;
        if !is_trusted(client, trusted) {
            break;
        }
    }
    Some(client)
}

/// The chain from left to right. `Forwarded` wins over the older field; both at once could disagree,
/// and which of them the proxy wrote nobody can tell.
fn hops(headers: &HeaderMap) -> Option<Vec<Option<IpAddr>>> {
    let standard = headers.contains_key(header::FORWARDED);
    if standard && headers.contains_key(FORWARDED_FOR) {
        return None;
    }
    let name = if standard { header::FORWARDED } else { FORWARDED_FOR };
    let mut hops = Vec::new();
    for value in headers.get_all(name) {
        for element in value.to_str().ok()?.split(',') {
            hops.push(if standard { forwarded_for(element) } else { node(element.trim()) });
        }
    }
    Some(hops)
}

/// The `for` parameter of one element of RFC 7239.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for").then(|| node(value.trim_matches('"')))?
    })
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn node(text: &str) -> Option<IpAddr> {
    let address = text
        .parse::<IpAddr>()
        .or_else(|_| text.parse::<SocketAddr>().map(|a| a.ip()))
        .or_else(|_| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>())
        .ok()?;
    Some(address.to_canonical())
}

/// Whether some proxy stands between the client and us, by its own account.
#[must_use]
pub fn came_through_a_proxy(headers: &HeaderMap) -> bool {
    headers.contains_key(header::FORWARDED)
        || headers.contains_key(header::VIA)
        || headers.keys().any(|name| name.as_str().starts_with("x-forwarded-"))
}

/// Whether a proxy says that its client came without TLS.
#[must_use]
pub fn says_clear(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let older = text("x-forwarded-proto").is_some_and(|v| v.trim().eq_ignore_ascii_case("http"));
    let standard = text("forwarded").is_some_and(|value| {
        let lower = value.to_ascii_lowercase().replace('"', "");
        lower.split([',', ';']).any(|part| part.trim() == "proto=http")
    });
    older || standard
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::allow_list::AddressRule;

    fn walk(peer: &str, fields: &[(&'static str, &'static str)]) -> Option<String> {
        let addresses = ["10.0.0.0/8", "2001:db8:ffff::/48"];
        let addresses = addresses.map(|a| AddressRule::parse(a).unwrap()).to_vec();
        let trusted = AllowList { addresses, ..AllowList::default() };
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, value.parse().unwrap());
        }
        client_address(Some(peer.parse().unwrap()), &headers, &trusted).map(|a| a.to_string())
    }

    #[test]
    fn al_02_a_stranger_names_nobody_but_itself() {
        assert_eq!(walk("192.0.2.9", &[("x-forwarded-for", "203.0.113.7")]).unwrap(), "192.0.2.9");
        assert_eq!(walk("::ffff:192.0.2.9", &[]).unwrap(), "192.0.2.9");
    }

    #[test]
    fn al_02_the_chain_is_walked_from_right_to_left() {
        let chain = [("x-forwarded-for", "1.1.1.1, 203.0.113.7, 10.0.0.2")];
        assert_eq!(walk("10.0.0.1", &chain).unwrap(), "203.0.113.7");
        let two_lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.8")];
        assert_eq!(walk("10.0.0.1", &two_lines).unwrap(), "203.0.113.8");
        let standard = [("forwarded", "for=1.1.1.1, For=\"[2001:db8::7]:4711\";proto=https")];
        assert_eq!(walk("::ffff:10.0.0.1", &standard).unwrap(), "2001:db8::7");
        assert_eq!(walk("10.0.0.1", &[]).unwrap(), "10.0.0.1");
        assert_eq!(walk("10.0.0.1", &[("x-forwarded-for", "10.0.0.7")]).unwrap(), "10.0.0.7");
    }

    #[test]
    fn al_02_what_cannot_be_read_is_no_address() {
        assert_eq!(walk("10.0.0.1", &[("x-forwarded-for", "203.0.113.7, unknown")]), None);
        assert_eq!(walk("10.0.0.1", &[("forwarded", "proto=https")]), None);
        let both = [("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "2.2.2.2")];
        assert_eq!(walk("10.0.0.1", &both), None);
    }

    #[test]
    fn without_trusted_proxies_nobody_is_trusted() {
        let peer = "10.0.0.1".parse().unwrap();
        assert!(!is_trusted(peer, &AllowList::default()));
        let taken_away = AddressRule::parse("!192.0.2.1").unwrap();
        let only_that = AllowList { addresses: vec![taken_away], ..AllowList::default() };
        assert!(!is_trusted(peer, &only_that), "an exclusion trusts nobody");
    }
}
