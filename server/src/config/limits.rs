//! `[limits]`: how much failing is borne, and whose word about addresses is taken.

use super::reader::Reader;
use crate::limits::{ForwardedBy, LimitConfig};
use ipnet::IpNet;
use std::net::IpAddr;

pub(super) fn read(section: &mut Reader) -> LimitConfig {
    let usual = LimitConfig::default();
    let mut number = |key, most, usual| section.integer(key, 1, most).map_or(usual, |it| it as u32);
    let account_failures = number("account_failures", 1000, usual.account_failures);
    let address_failures = number("address_failures", 100_000, usual.address_failures);
    let window_secs = number("window_secs", 86_400, usual.window_secs);
    let trusted_proxies = networks(section);
    let forwarded = section.one_of("forwarded_by", &["x-forwarded-for", "forwarded"]);
    let forwarded_by = match forwarded.as_deref() {
        Some("forwarded") => ForwardedBy::Forwarded,
        _ => ForwardedBy::XForwardedFor,
    };
    LimitConfig { account_failures, address_failures, window_secs, trusted_proxies, forwarded_by }
}

fn networks(section: &mut Reader) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for text in section.strings("trusted_proxies").unwrap_or_default() {
        match text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)) {
            Ok(network) => networks.push(network),
            Err(_) => section.fault(
                "trusted_proxies",
                &format!("expected addresses or networks such as \"10.0.0.0/8\", got {text:?}"),
            ),
        }
    }
    networks
}
