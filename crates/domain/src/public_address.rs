//! Which addresses a server that the configuration does not name may have (SS-01): those of the public
//! Internet, however they are written.
//!
//! The lists are those of RFC 6890 and its registries. An IPv6 address that carries an IPv4 one is
//! judged by what it carries, and refused where who carries it is itself a way within.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a call may go there.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// What is not the public Internet: first address, bits of the prefix.
const INNER_V4: [([u8; 4], u32); 17] = [
    ([0, 0, 0, 0], 8),        // this network
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // carrier-grade NAT
    ([127, 0, 0, 0], 8),      // loopback
    ([168, 63, 129, 16], 32), // a cloud's metadata and health service
    ([169, 254, 0, 0], 16),   // link-local, and most clouds' metadata
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // IETF protocol assignments, a cloud's metadata among them
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 31, 196, 0], 24),  // AS112
    ([192, 52, 193, 0], 24),  // AMT
    ([192, 88, 99, 0], 24),   // 6to4 relays
    ([192, 168, 0, 0], 16),   // private
    ([198, 18, 0, 0], 15),    // benchmarking
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 3),      // multicast, reserved, broadcast
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    INNER_V4.iter().all(|(first, length)| {
        let first = Ipv4Addr::from(*first).to_bits();
        (bits ^ first).checked_shr(32 - length).is_some_and(|rest| rest != 0)
    })
}

/// Only 2000::/3 is given out; of it, this is not for upstreams: first address, bits of the prefix.
const INNER_V6: [([u16; 3], u32); 7] = [
    ([0x2001, 0, 0], 23), // IETF protocol assignments: Teredo, ORCHID, benchmarking
    ([0x2001, 0xdb8, 0], 32), // documentation
    ([0x2002, 0, 0], 16), // 6to4: carries an IPv4 address
    ([0x2620, 0x4f, 0x8000], 48), // AS112
    ([0x3ffe, 0, 0], 16), // the 6bone of old
    ([0x3fff, 0, 0], 20), // documentation
    ([0x2001, 0x1, 0], 32), // port control, TURN anycast
];

fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    if bits >> 125 != 0b001 {
        // Loopback, unspecified, IPv4-mapped and -compatible, NAT64, unique local, link-local, site-local,
        // multicast and whatever is not given out.
        return false;
    }
    INNER_V6.iter().all(|(first, length)| {
        let [a, b, c] = *first;
        let first = Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_bits();
        (bits ^ first).checked_shr(128 - length).is_some_and(|rest| rest != 0)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const WITHIN: &str = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 \
        168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 \
        198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 \
        :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 \
        100::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 2001::1 2001:10::1 \
        2001:20::1 2001:2::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 3ffe::1 5f00::1 \
        4000::1";
    const PUBLIC: &str = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 \
        126.255.255.255 128.0.0.1 169.253.0.1 172.15.255.255 172.32.0.0 192.167.0.1 \
        198.17.255.255 198.20.0.0 223.255.255.255 2600::1 2001:4860:4860::8888 2a00::1 \
        2606:4700:4700::1111";

    #[test]
    fn ss_01_only_the_public_internet_is_public() {
        for (texts, expected) in [(WITHIN, false), (PUBLIC, true)] {
            for text in texts.split_ascii_whitespace() {
                assert_eq!(is_public(text.parse().unwrap()), expected, "{text}");
            }
        }
    }
}
