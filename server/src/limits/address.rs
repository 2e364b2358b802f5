//! Which address a request comes from, behind proxies that are trusted and through those that are not.

use super::LimitConfig;
use axum::http::HeaderMap;
use std::net::IpAddr;

/// Where trusted proxies write whom they speak for. One header and not either: a proxy that writes the one lets the
/// other pass as the client sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedBy {
    /// `X-Forwarded-For`, what most proxies write.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The rightmost address that no trusted proxy has: each proxy appends whom it heard, so what stands further left is what
/// somebody untrusted said. Something that is no address ends the walk at the proxy that passed it on.
pub(crate) fn client_address(config: &LimitConfig, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let trusted = |it: IpAddr| config.trusted_proxies.iter().any(|net| net.contains(&it));
    let mut client = peer.to_canonical();
    for hop in hops(config.forwarded_by, headers).into_iter().rev() {
        match hop.filter(|_| trusted(client)) {
            Some(next) => client = next.to_canonical(),
            None => break,
        }
    }
    client
}

/// The addresses in the order in which they were appended; `None` for what is no address.
fn hops(by: ForwardedBy, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let (name, read): (_, fn(&str) -> Option<IpAddr>) = match by {
        ForwardedBy::XForwardedFor => ("x-forwarded-for", node),
        ForwardedBy::Forwarded => ("forwarded", element),
    };
    let lines = headers.get_all(name).iter().map(|it| it.to_str().unwrap_or_default());
    lines.flat_map(|line| line.split(',')).map(|it| read(it.trim())).collect()
}

/// `for=192.0.2.60;proto=http`, of which one parameter counts.
fn element(text: &str) -> Option<IpAddr> {
    let mut pairs = text.split(';').filter_map(|it| it.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.eq_ignore_ascii_case("for"))?;
    node(value.trim_matches('"'))
}

/// An address, with a port or without: `192.0.2.60`, `192.0.2.60:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|it| it.split_once(']')).map_or(text, |(inside, _)| inside);
    bare.parse().ok().or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|it| it.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(by: ForwardedBy, peer: &str, lines: &[&str]) -> String {
        let trusted_proxies = ["10.0.0.0/8", "2001:db8:f::/48"].map(|it| it.parse().expect("a network")).to_vec();
        let config = LimitConfig { trusted_proxies, forwarded_by: by, ..LimitConfig::default() };
        let name = if by == ForwardedBy::Forwarded { "forwarded" } else { "x-forwarded-for" };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, line.parse().expect("a value"));
        }
        client_address(&config, peer.parse().expect("an address"), &headers).to_string()
    }

    #[test]
    fn the_rightmost_address_that_is_no_trusted_proxys_counts() {
        let client = |peer, lines: &[&str]| client(ForwardedBy::XForwardedFor, peer, lines);
        assert_eq!(client("10.0.0.1", &["192.0.2.60"]), "192.0.2.60");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, 192.0.2.60, 10.0.0.2"]), "192.0.2.60");
        assert_eq!(client("10.0.0.1", &["6.6.6.6", "192.0.2.60"]), "192.0.2.60");
        assert_eq!(client("10.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(client("10.0.0.1", &["192.0.2.60:4711"]), "192.0.2.60");
        assert_eq!(client("::ffff:10.0.0.1", &["192.0.2.60"]), "192.0.2.60");
    }

    #[test]
    fn who_is_not_trusted_speaks_for_nobody() {
        let client = |peer, lines: &[&str]| client(ForwardedBy::XForwardedFor, peer, lines);
        assert_eq!(client("192.0.2.1", &["6.6.6.6"]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, nonsense, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn forwarded_is_read_where_it_was_chosen() {
        let client = |lines: &[&str]| client(ForwardedBy::Forwarded, "10.0.0.1", lines);
        assert_eq!(client(&["for=6.6.6.6, for=192.0.2.60;proto=https;by=10.0.0.1"]), "192.0.2.60");
        assert_eq!(client(&["For=\"[2001:db8:cafe::17]:4711\""]), "2001:db8:cafe::17");
        assert_eq!(client(&["for=_hidden"]), "10.0.0.1");
    }
}
