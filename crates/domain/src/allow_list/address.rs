//! Networks: an entry that names addresses, or takes them away from the others.

use super::BadEntry;
use ipnet::{IpNet, Ipv4Net};
use std::{fmt, net::IpAddr};

/// An allowed, or with `!` excluded, network.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AddressRule {
    net: IpNet,
    excluded: bool,
}

impl AddressRule {
    /// Reads an address or a CIDR, with `!` in front for an exclusion. Bits behind the length of a CIDR
    /// say nothing.
    ///
    /// # Errors
    /// The text is neither: also a number with leading zeros, which others read as octal, and a zone.
    pub fn parse(text: &str) -> Result<Self, BadEntry> {
        let (excluded, net) = text.strip_prefix('!').map_or((false, text), |net| (true, net));
        let net = read(net).ok_or(BadEntry::Address)?;
        Ok(Self { net: folded(net.trunc()), excluded })
    }

    /// Whether it takes addresses away.
    pub(super) const fn excludes(&self) -> bool {
        self.excluded
    }

    /// Whether the address, not an IPv4 one in IPv6's clothes, lies in it.
    pub(super) fn holds(&self, address: &IpAddr) -> bool {
        self.net.contains(address)
    }

    /// Whether it is every address of its kind.
    pub(super) fn holds_all(&self) -> bool {
        self.net.prefix_len() == 0
    }
}

fn read(text: &str) -> Option<IpNet> {
    let Some((address, length)) = text.split_once('/') else {
        return text.parse::<IpAddr>().ok().map(IpNet::from);
    };
    let plain = length == "0"
        || (!length.starts_with('0') && length.bytes().all(|digit| digit.is_ascii_digit()));
    let length = length.parse().ok().filter(|_| plain)?;
    // The address by the standard library: the other one takes `010.0.0.0` for `10.0.0.0`.
    IpNet::new(address.parse().ok()?, length).ok()
}

/// IPv4 networks that are written as IPv6 ones are the IPv4 networks: addresses are compared so.
fn folded(net: IpNet) -> IpNet {
    let IpNet::V6(six) = net else { return net };
    let four = six.prefix_len().checked_sub(96).zip(six.network().to_ipv4_mapped());
    match four.map(|(length, address)| Ipv4Net::new(address, length)) {
        Some(Ok(four)) => IpNet::V4(four),
        Some(Err(_)) | None => net,
    }
}

impl fmt::Display for AddressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.excluded {
            f.write_str("!")?;
        }
        self.net.fmt(f)
    }
}
