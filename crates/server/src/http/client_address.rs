//! Where a request came from. The address is used to look up a place and then dropped: it has no
//! `Display`, and nothing stores or logs it.

use crate::settings::Network;
use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// The peer's address, or, if the peer is a listed proxy, the last address in `X-Forwarded-For`
/// that no listed proxy wrote about another listed proxy.
pub fn client_address(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let peer = peer.ip().to_canonical();
    let is_proxy = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_proxy(peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for");
    let mut hops: Vec<&str> =
        forwarded.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    let mut client = peer;
    while let Some(hop) = hops.pop() {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !is_proxy(client) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_listed_proxy_is_believed() {
        let trusted = [Network::try_from("10.0.0.0/8".to_owned()).unwrap()];
        for (peer, forwarded, expected) in [
            ("203.0.113.9:1", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1:1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1:1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1:1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("10.0.0.1:1", "garbage", "10.0.0.1"),
            ("10.0.0.1:1", "", "10.0.0.1"),
            ("[::ffff:10.0.0.1]:1", "2001:db8::1", "2001:db8::1"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            let found = client_address(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{peer} forwarding {forwarded:?}");
        }
    }
}
