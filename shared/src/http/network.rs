//! Where names lead, and which addresses are on the public internet (R41). A name that a caller gives is looked up at
//! each dial, and the addresses that are dialled are themselves judged: a name may lead elsewhere than a moment ago.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use async_trait::async_trait;

/// Finds the addresses of a name.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// Returns all addresses of a name, in the order in which they are tried; their port is 0.
    ///
    /// # Errors
    /// The error of the network, or the error that there is no such name.
    async fn resolve(&self, name: &str) -> io::Result<Vec<SocketAddr>>;
}

/// The way to look names up, as settings hold it.
#[derive(Clone)]
pub struct Names(Arc<dyn Resolver>);

impl Names {
    /// Returns the names as this resolver knows them.
    pub fn new(resolver: impl Resolver + 'static) -> Self {
        Self(Arc::new(resolver))
    }

    /// Returns the addresses of a name. Of a name that has to be public, it returns them only if all of them are
    /// public.
    ///
    /// A name of which one address is not public is refused as a whole: no server of the internet has such a name, and
    /// the library that dials would choose among the addresses.
    pub(super) async fn resolve(&self, name: &str, reach: Reach) -> Result<Vec<SocketAddr>, Unresolved> {
        let found = self.0.resolve(name).await.map_err(Unresolved::Unknown)?;
        match reach {
            Reach::Anywhere => Ok(found),
            Reach::Public if found.iter().all(|found| is_public(found.ip())) => Ok(found),
            Reach::Public => Err(Unresolved::NotPublic),
        }
    }
}

impl Default for Names {
    /// Returns the names as the machine's own resolver knows them.
    fn default() -> Self {
        Self::new(System)
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Names")
    }
}

struct System;

#[async_trait]
impl Resolver for System {
    async fn resolve(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.collect())
    }
}

/// How far requests to an address may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Also to private networks: the operator named the address.
    Anywhere,
    /// To the public internet only.
    Public,
}

/// Why a name leads nowhere. It holds no address.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unresolved {
    /// The name leads to an address that is not public.
    #[error("the host is not on the public internet")]
    NotPublic,
    /// The name is not known, or no resolver could be asked.
    #[error("the name is not known")]
    Unknown(#[source] io::Error),
}

/// Returns whether an address is on the public internet. It is not where it belongs to this machine, a private network
/// or a carrier, is shared or reserved, is for documentation, or is one of these in another form (the registries of
/// RFC 6890).
pub(super) const fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_of_its_own = match address.octets() {
        // Addresses that carriers share (RFC 6598); clouds keep metadata there too.
        [100, second, ..] => second & 0xc0 == 64,
        // Private networks (RFC 1918); more of them stand below.
        [172, second, ..] => second & 0xf0 == 16,
        // This network (RFC 791), private networks, loopback (RFC 1122).
        [0 | 10 | 127, ..]
        // Link-local (RFC 3927), where clouds keep metadata.
        | [169, 254, ..]
        // Protocol assignments, documentation (RFC 5737), relays of 6to4 (RFC 7526), private networks.
        | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [192, 168, ..]
        // Benchmarks (RFC 2544), documentation.
        | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Multicast, reserved, broadcast.
        [first, ..] => first >= 224,
    };
    !is_of_its_own
}

const fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // IPv4-mapped (RFC 4291), translated from IPv4 (RFC 6052), and 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            is_public_v4(embedded(high, low))
        }
        // Protocol assignments, Teredo among them (RFC 2928, RFC 4380), and documentation (RFC 3849, RFC 9637).
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [0x3fff, second, ..] => second >= 0x1000,
        // All that is assigned for the internet so far; the rest is local, multicast or not assigned.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Returns the IPv4 address that two groups of an IPv6 address hold.
const fn embedded(high: u16, low: u16) -> Ipv4Addr {
    let ([first, second], [third, fourth]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(first, second, third, fourth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r41_what_is_not_of_the_public_internet_is_known_in_every_form() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2002:101:101::1",
            "2606:4700::1111",
            "3fff:1000::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
