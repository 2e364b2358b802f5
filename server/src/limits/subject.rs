//! Who is counted, as a hash: what people type where an identifier belongs is now and then their password, and neither
//! that nor an address has to lie in the database.

use crate::account::IdentifierKind;
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// An account, as far as an attempt names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Subject(pub(super) [u8; 16]);

/// Where an attempt comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address(pub(super) [u8; 16]);

impl Subject {
    /// Whatever has `text` in that realm and for that purpose.
    pub(crate) fn of(realm: &str, purpose: &str, text: &str) -> Subject {
        Subject(digest(&[realm, purpose, text].map(str::as_bytes)))
    }

    /// The account of an identifier, in whatever spelling a login would find it by. Deliberately not the account that is
    /// found: two identifiers that share a count would show that somebody has them both.
    pub(crate) fn called(realm: &str, purpose: &str, kinds: &[IdentifierKind], identifier: &str) -> Subject {
        let narrowest = [IdentifierKind::Phone, IdentifierKind::Email, IdentifierKind::Username];
        let mut readings = narrowest.into_iter().filter(|it| kinds.contains(it)).map(|it| it.normal(identifier));
        let normal = readings.find_map(Result::ok).unwrap_or_else(|| identifier.trim().to_lowercase());
        Subject::of(realm, purpose, &normal)
    }
}

impl Address {
    /// One count for an IPv4 address, and one for each /64 of IPv6, of which one customer has a whole one at least.
    pub(crate) fn of(address: IpAddr) -> Address {
        let bytes = match address.to_canonical() {
            IpAddr::V4(it) => it.to_ipv6_mapped().octets(),
            IpAddr::V6(it) => (u128::from(it) >> 64 << 64).to_be_bytes(),
        };
        Address(digest(&[b"address", &bytes]))
    }
}

fn digest(parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let whole: [u8; 32] = hasher.finalize().into();
    let mut half = [0; 16];
    half.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_identifier_are_one_subject() {
        let of = |text| Subject::called("gatego", "login", &IdentifierKind::ALL, text);
        assert_eq!(of("Ada"), of("ada"));
        assert_eq!(of("Ada@Example.com"), of("ada@example.com"));
        assert_eq!(of("+51 900-000-001"), of("+51900000001"));
        assert_ne!(of("ada"), of("ada@example.com"));
        assert_ne!(of("ada"), Subject::called("integra", "login", &IdentifierKind::ALL, "ada"));
    }

    #[test]
    fn a_64_of_ipv6_is_one_address_and_a_mapped_ipv4_address_is_itself() {
        let of = |text: &str| Address::of(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
