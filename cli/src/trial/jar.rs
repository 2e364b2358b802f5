//! The cookies of one API. Not a browser's jar: there is one host, and whatever it sets goes back to it.

/// Cookies by name.
#[derive(Clone, Default)]
pub(super) struct Jar(Vec<(String, String)>);

impl Jar {
    /// Takes over a `Set-Cookie` header (RFC 6265 section 5.2); a cookie that has ended is taken out.
    pub(super) fn set(&mut self, header: &str) -> Option<String> {
        let mut parts = header.split(';');
        let (name, value) = parts.next()?.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        self.0.retain(|(it, _)| it != name);
        let ended = parts
            .map(|it| it.trim().to_lowercase())
            .any(|it| it == "max-age=0" || it.starts_with("max-age=-") || it.contains(" 1970 "));
        if !ended && !name.is_empty() {
            self.0.push((name.into(), value.into()));
        }
        Some(name.into())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// The `Cookie` header; none if there is nothing to send.
    pub(super) fn header(&self) -> Option<String> {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_replaced_and_taken_out_when_it_has_ended() {
        let mut jar = Jar::default();
        jar.set("a=1; Path=/; HttpOnly");
        jar.set("b=2==");
        jar.set("a=3");
        assert_eq!(jar.header().as_deref(), Some("b=2==; a=3"));
        jar.set("b=; Max-Age=0");
        jar.set("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(jar.header(), None);
    }
}
