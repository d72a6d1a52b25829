//! What the upstream is told of the client: `X-Forwarded-For`, `-Proto`, `-Host`, and `Forwarded`
//! (RFC 7239) where a trusted proxy in front speaks it.

use crate::{decimal, peer::Peer};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use std::net::IpAddr;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Two addresses fit, mostly.
const ROOM: usize = 40;

/// What of the call is said.
pub(super) struct Told<'a> {
    pub(super) peer: Peer,
    /// The client, by the account of trusted proxies.
    pub(super) client: Option<IpAddr>,
    pub(super) host: Option<&'a HeaderValue>,
}

/// Says it. What a stranger sent was taken out before; what a trusted proxy sent is appended to.
pub(super) fn tell(headers: &mut HeaderMap, told: &Told<'_>) {
    let scheme = if told.peer.encrypted { "https" } else { "http" };
    if let Some(peer) = told.peer.address {
        if headers.contains_key(header::FORWARDED) {
            append(headers, header::FORWARDED, &element(peer, scheme));
        }
        if headers.contains_key(&FORWARDED_FOR) {
            append(headers, FORWARDED_FOR, &peer.to_string());
        } else {
            let mut chain = Vec::with_capacity(ROOM);
            if let Some(client) = told.client.filter(|client| *client != peer) {
                decimal::address(&mut chain, client);
                chain.extend_from_slice(b", ");
            }
            decimal::address(&mut chain, peer);
            set(headers, FORWARDED_FOR, HeaderValue::from_maybe_shared(Bytes::from(chain)).ok());
        }
    }
    if !headers.contains_key(&FORWARDED_PROTO) {
        set(headers, FORWARDED_PROTO, Some(HeaderValue::from_static(scheme)));
    }
    if !headers.contains_key(&FORWARDED_HOST) {
        set(headers, FORWARDED_HOST, told.host.cloned());
    }
}

fn element(peer: IpAddr, scheme: &str) -> String {
    match peer {
        IpAddr::V4(peer) => format!("for={peer};proto={scheme}"),
        IpAddr::V6(peer) => format!("for=\"[{peer}]\";proto={scheme}"),
    }
}

/// To the end of the list: several lines of a field are one list.
fn append(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    let mut list = Vec::new();
    for line in headers.get_all(&name) {
        list.extend_from_slice(line.as_bytes());
        list.extend_from_slice(b", ");
    }
    list.extend_from_slice(value.as_bytes());
    set(headers, name, HeaderValue::from_bytes(&list).ok());
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: Option<HeaderValue>) {
    match value {
        Some(value) => headers.insert(name, value),
        None => headers.remove(name),
    };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(fields: &[(&'static str, &'static str)], client: &str) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_static(value));
        }
        let host = HeaderValue::from_static("api.example");
        let peer = Peer::at("10.0.0.1".parse().unwrap());
        let client = client.parse().ok();
        tell(&mut headers, &Told { peer, client, host: Some(&host) });
        let mut list: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        list.sort();
        list
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn bc_12_a_stranger_s_account_is_replaced_and_a_trusted_proxy_s_continued() {
        assert_eq!(
            told(&[], "10.0.0.1"),
            pairs(&[
                ("x-forwarded-for", "10.0.0.1"),
                ("x-forwarded-host", "api.example"),
                ("x-forwarded-proto", "http"),
            ])
        );
        let sent = [
            ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-for", "2.2.2.2"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "outer.example"),
        ];
        assert_eq!(
            told(&sent, "2.2.2.2"),
            pairs(&[
                ("x-forwarded-for", "1.1.1.1, 2.2.2.2, 10.0.0.1"),
                ("x-forwarded-host", "outer.example"),
                ("x-forwarded-proto", "https"),
            ])
        );
        assert_eq!(
            told(&[("forwarded", "for=2.2.2.2")], "2.2.2.2"),
            pairs(&[
                ("forwarded", "for=2.2.2.2, for=10.0.0.1;proto=http"),
                ("x-forwarded-for", "2.2.2.2, 10.0.0.1"),
                ("x-forwarded-host", "api.example"),
                ("x-forwarded-proto", "http"),
            ])
        );
    }
}
