//! The base URL of an API, and which URLs are at home below it.

use std::fmt;

/// Where an API lives: scheme, host, port and path prefix. Tokens go nowhere else.
///
/// Not a URL parser: it accepts plain forms, refuses everything that two parsers might read differently, and
/// normalises nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home(String);

/// Why a base URL is refused, or a URL is not at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeFault {
    /// Not an absolute `http` or `https` URL with a host.
    Relative,
    /// It carries a user name or a password.
    Userinfo,
    /// It has a query or a fragment, to which no path can be appended.
    Tail,
    /// A backslash, a control character or white space, or a path segment that means "the folder above", as such or in disguise.
    Disguised,
    /// It lies outside the base URL.
    Foreign,
}

impl HomeFault {
    /// The fault in a few words.
    pub const fn reason(self) -> &'static str {
        match self {
            HomeFault::Relative => "expected an absolute http or https URL",
            HomeFault::Userinfo => "expected no user name or password in the URL",
            HomeFault::Tail => "expected no query and no fragment",
            HomeFault::Disguised => "expected no backslashes, blanks or dotted segments",
            HomeFault::Foreign => "outside the base URL",
        }
    }
}

impl fmt::Display for HomeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

impl std::error::Error for HomeFault {}

impl Home {
    /// Checks a base URL. Slashes at its end are dropped.
    ///
    /// # Errors
    /// The first fault found.
    pub fn parse(base: &str) -> Result<Home, HomeFault> {
        let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://")).ok_or(HomeFault::Relative)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if host.is_empty() {
            return Err(HomeFault::Relative);
        }
        if host.contains('@') {
            return Err(HomeFault::Userinfo);
        }
        if base.contains(['?', '#']) {
            return Err(HomeFault::Tail);
        }
        if is_disguised(base) {
            return Err(HomeFault::Disguised);
        }
        Ok(Home(base.trim_end_matches('/').into()))
    }

    /// The base URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A base URL that a URL parser has written: absolute, without user name, query, fragment and dotted segments. For hosts
    /// that have such a parser; [`parse`](Self::parse) checks all that itself.
    pub fn of_parsed(base: &str) -> Home {
        Home(base.strip_suffix("/").unwrap_or(base).into())
    }

    /// The URL of a path below the base, as dialects write them: a slash and plain segments, perhaps percent-encoded. An absolute
    /// URL below the base is as good. `None` for any other, since a document may not have been checked, and what an API gives in
    /// place of a path may be anything.
    pub fn join(&self, path: &str) -> Option<String> {
        let path = path.strip_prefix(&self.0).unwrap_or(path);
        let mut rest = path.as_bytes();
        while let [byte, after @ ..] = rest {
            let plain = byte.is_ascii_alphanumeric()
                || matches!(byte, b'!' | b'$'..=b'/' | b':' | b';' | b'=' | b'@' | b'_' | b'~');
            // A path is appended and never resolved, so ".." is the only way out, and an escape the only disguise.
            let way_up = matches!(rest, [b'.', b'.', ..] | [b'%', b'2', b'e' | b'E' | b'f' | b'F', ..])
                || matches!(rest, [b'%', b'5', b'c' | b'C', ..] | [b'%', b'2', b'5', ..]);
            if !plain || way_up {
                return None;
            }
            rest = after;
        }
        path.starts_with('/').then(|| self.append(path))
    }

    fn append(&self, path: &str) -> String {
        let mut url = self.0.clone();
        url.push_str(path);
        url
    }

    /// The absolute URL of a call: a relative reference is appended to the base, its prefix included; an absolute one
    /// has to lie below it.
    ///
    /// # Errors
    /// Whatever could lead elsewhere. `/gatego2` is not below `/gatego`, and `//host` is another host.
    pub fn resolve(&self, reference: &str) -> Result<String, HomeFault> {
        let path = reference.split(['?', '#']).next().unwrap_or_default();
        if is_disguised(path) || has_bad(reference.as_bytes()) {
            return Err(HomeFault::Disguised);
        }
        if reference.starts_with("//") {
            return Err(HomeFault::Foreign);
        }
        if !has_scheme(path) {
            let slash = if reference.starts_with(['/', '?']) { "" } else { "/" };
            return Ok(self.append(&[slash, reference].concat()));
        }
        let below = reference.strip_prefix(&self.0).ok_or(HomeFault::Foreign)?;
        match below.is_empty() || below.starts_with(['/', '?', '#']) {
            true => Ok(reference.into()),
            false => Err(HomeFault::Foreign),
        }
    }
}

/// A colon in the first segment makes a scheme (RFC 3986 section 4.2), whatever stands before it.
fn has_scheme(path: &str) -> bool {
    path.split('/').next().is_some_and(|it| it.contains(':'))
}

/// Servers decode once more, or twice, or cut at `;`: whatever any of them could read as `..` counts as that.
fn is_disguised(url: &str) -> bool {
    let plain = decoded(url);
    let dotted = |segment: &[u8]| {
        let name = segment.split(|it| *it == b';').next();
        matches!(name, Some(b"." | b".."))
    };
    has_bad(&plain) || plain.split(|it| *it == b'/').any(dotted)
}

fn has_bad(text: &[u8]) -> bool {
    text.iter().any(|it| matches!(it, b'\\' | 0..=b' ' | 0x7f))
}

/// The text with escapes of `.`, `/`, `\` and `%` decoded, those that come about by decoding too.
fn decoded(url: &str) -> Vec<u8> {
    let mut plain = Vec::new();
    for byte in url.bytes() {
        plain.push(byte.to_ascii_lowercase());
        let decoded = match plain.as_slice() {
            [.., b'%', b'2', b'e'] => b'.',
            [.., b'%', b'2', b'f'] => b'/',
            [.., b'%', b'5', b'c'] => b'\\',
            [.., b'%', b'2', b'5'] => b'%',
            _ => continue,
        };
        plain.truncate(plain.len().saturating_sub(3));
        plain.push(decoded);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> Home {
        Home::parse("https://api.example.com/gatego/").unwrap_or_else(|fault| panic!("{fault}"))
    }

    #[test]
    fn a_path_is_appended_to_the_prefix() {
        let joined = home().join("/auth/login");
        assert_eq!(joined.as_deref(), Some("https://api.example.com/gatego/auth/login"));
        for (reference, url) in [
            ("/me", "https://api.example.com/gatego/me"),
            ("me?a=/../b", "https://api.example.com/gatego/me?a=/../b"),
            ("?page=2", "https://api.example.com/gatego?page=2"),
            ("a..b/...", "https://api.example.com/gatego/a..b/..."),
            ("https://api.example.com/gatego", "https://api.example.com/gatego"),
            ("https://api.example.com/gatego/x", "https://api.example.com/gatego/x"),
        ] {
            assert_eq!(home().resolve(reference).as_deref(), Ok(url));
        }
    }

    #[test]
    fn a_url_outside_the_base_is_foreign() {
        for url in [
            "//evil.example/x",
            "https://evil.example/gatego/me",
            "http://api.example.com/gatego/me",
            "https://api.example.com:8443/gatego/me",
            "https://api.example.com/gatego2/me",
            "https://api.example.com.evil.example/gatego",
            "https://api.example.com@evil.example/gatego/me",
            "https://user@api.example.com/gatego/me",
            "javascript:alert(1)",
            "data:text/plain,x",
        ] {
            assert_eq!(home().resolve(url), Err(HomeFault::Foreign), "{url}");
        }
    }

    #[test]
    fn a_way_up_is_refused_in_every_disguise() {
        for path in [
            "/../integra/me",
            "..",
            "/a/../../integra",
            "/%2e%2e/integra",
            "/.%2E/integra",
            "/..%2fintegra",
            "/%252e%252e%252fintegra",
            "/..;/integra",
            "/..;x=1/integra",
            "\\evil.example",
            "/\\evil.example",
            "/..%5cintegra",
            "/a\n/b",
            "/ x",
            "https://api.example.com/gatego/../integra",
        ] {
            assert_eq!(home().resolve(path), Err(HomeFault::Disguised), "{path:?}");
        }
    }

    #[test]
    fn a_path_that_is_not_plain_is_not_joined() {
        for path in [
            "auth",
            "",
            "/a/../b",
            "/%2e%2e/b",
            "/%2E/b",
            "/a%2fb",
            "/a%5C",
            "/%252e",
            "/a?b",
            "/a#b",
            "/a\\b",
            "/a b",
            "/..;/b",
            "/ñ",
        ] {
            assert_eq!(home().join(path), None, "{path:?}");
        }
        for path in ["/.well-known/a.b", "/", "/login/", "/accounts:signIn", "/Sessions('6')"] {
            assert!(home().join(path).is_some(), "{path:?}");
        }
        assert!(home().join("/tokens/a%20b").is_some());
    }

    #[test]
    fn what_the_api_gives_in_place_of_a_path_lies_below_the_base_or_is_refused() {
        let given = |path| home().join(path);
        let below = Some("https://api.example.com/gatego/sessions/6".to_string());
        assert_eq!(given("https://api.example.com/gatego/sessions/6"), below);
        assert_eq!(given("/sessions/6"), below);
        for foreign in
            ["https://evil.example/x", "https://api.example.com/integra", "https://api.example.com/gatego.evil"]
        {
            assert_eq!(given(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_base_url_is_absolute_and_plain() {
        for (base, fault) in [
            ("/api", HomeFault::Relative),
            ("ftp://host", HomeFault::Relative),
            ("https://", HomeFault::Relative),
            ("https:///x", HomeFault::Relative),
            ("https://u:p@host", HomeFault::Userinfo),
            ("https://host/?a", HomeFault::Tail),
            ("https://host#a", HomeFault::Tail),
            ("https://host/a/../b", HomeFault::Disguised),
            ("https://host\\a", HomeFault::Disguised),
        ] {
            assert_eq!(Home::parse(base), Err(fault), "{base}");
        }
    }
}
