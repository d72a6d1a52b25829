#![allow(clippy::unwrap_used)]
use super::*;
use crate::outgoing::Resolver;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

fn upstream(host: &str) -> Upstream {
    Upstream { tls: true, host: host.to_owned(), port: 443, base: String::new(), configured: false }
}

/// Addresses within, and other ways to write them; names that a wildcard service would resolve to them
/// are looked up by whoever resolves, and what comes of it is checked.
const WITHIN: &[&str] = &[
    "127.0.0.1",
    "127.0.0.2",
    "127.1.1.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.0.0.1",
    "0.255.255.255",
    "10.0.0.1",
    "10.1.2.3",
    "10.255.255.255",
    "172.16.0.1",
    "172.20.1.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.1.1",
    "192.168.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.169.253",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "168.63.129.16",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",
    "198.19.255.255",
    "192.88.99.1",
    "192.31.196.1",
    "192.52.193.1",
    "224.0.0.1",
    "239.255.255.250",
    "233.252.0.1",
    "240.0.0.1",
    "250.1.1.1",
    "255.255.255.255",
    "::",
    "::1",
    "::2",
    "0:0:0:0:0:0:0:1",
    "0000:0000::0001",
    "::127.0.0.1",
    "::7f00:1",
    "::10.0.0.1",
    "::169.254.169.254",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::127.0.0.1",
    "64:ff9b:1::1",
    "100::",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:3::1",
    "2001:4:112::1",
    "2001:db8::1",
    "2001:db8:ffff::1",
    "2002:7f00:1::",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:a9fe:a9fe::",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3ffe::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "fc00::1",
    "fc00:ec2::254",
    "fd00::1",
    "fd00:ec2::254",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::a9fe:a9fe",
    "febf::1",
    "fec0::1",
    "feff::1",
    "ff00::1",
    "ff01::1",
    "ff02::1",
    "ff02::fb",
    "ff05::1:3",
    "ff0e::1",
    "4000::1",
    "5f00::1",
    "6000::1",
    "8000::1",
    "a000::1",
    "c000::1",
    "e000::1",
    "f000::1",
];

/// No address to whoever reads them strictly, one within to the resolver of the machine.
const ODD: &[&str] = &[
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.01",
    "10.1",
    "0xa9fea9fe",
    "2852039166",
    "0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ip6-localhost",
];

#[tokio::test]
async fn ss_01_no_spelling_of_an_address_within_is_connected_to() {
    let outgoing = Outgoing::default();
    assert!(WITHIN.len() + ODD.len() >= 120, "{}", WITHIN.len() + ODD.len());
    for host in WITHIN.iter().chain(ODD) {
        let checked = checked_addresses(&upstream(host), &outgoing).await;
        assert!(checked.is_err(), "{host}: {checked:?}");
    }
    for host in ["1.1.1.1", "2606:4700:4700::1111"] {
        assert_eq!(checked_addresses(&upstream(host), &outgoing).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn ss_01_every_attempt_looks_up_and_checks_anew() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    let resolver = Resolver::new(move |_, port| {
        let first = counted.fetch_add(1, SeqCst) == 0;
        let address = if first { [1, 1, 1, 1] } else { [127, 0, 0, 1] };
        Box::pin(async move { Ok(vec![SocketAddr::from((address, port))]) })
    });
    let outgoing = Outgoing { resolver, ..Outgoing::default() };
    let rebinding = upstream("rebinding.example");
    assert!(checked_addresses(&rebinding, &outgoing).await.is_ok());
    assert!(checked_addresses(&rebinding, &outgoing).await.is_err());
    assert_eq!(asked.load(SeqCst), 2);
}

#[tokio::test]
async fn ss_01_one_address_within_spoils_the_others() {
    let resolver = Resolver::new(|_, port| {
        let addresses = [[1, 1, 1, 1], [10, 0, 0, 1]].map(|a| SocketAddr::from((a, port)));
        Box::pin(async move { Ok(addresses.to_vec()) })
    });
    let outgoing = Outgoing { resolver, ..Outgoing::default() };
    assert!(checked_addresses(&upstream("two.example"), &outgoing).await.is_err());
}

#[tokio::test]
async fn ss_02_only_https_on_its_ports() {
    let outgoing = Outgoing::default();
    for (tls, port, allowed) in [
        (true, 443, true),
        (true, 8443, true),
        (true, 22, false),
        (false, 443, false),
        (false, 80, false),
    ] {
        let upstream = Upstream { tls, port, ..upstream("1.1.1.1") };
        assert_eq!(checked_addresses(&upstream, &outgoing).await.is_ok(), allowed, "{tls} {port}");
    }
}
