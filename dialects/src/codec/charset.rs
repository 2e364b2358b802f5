//! Bytes as text: UTF-8 or nothing. To guess at another charset is to read a password wrong.

/// The text of a body of that media type. Another charset than UTF-8 is borne as long as the bytes are ASCII, which mean the same in it.
pub(super) fn text<'a>(media_type: Option<&str>, body: &'a [u8]) -> Option<&'a str> {
    let text = std::str::from_utf8(body).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (text.is_ascii() || charset(media_type).is_none_or(is_utf8)).then_some(text)
}

fn charset(media_type: Option<&str>) -> Option<&str> {
    let parameters = media_type?.split(';').skip(1).filter_map(|it| it.trim().split_once('='));
    let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    Some(charsets.next()?.1.trim().trim_matches('"'))
}

fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8"].iter().any(|it| charset.eq_ignore_ascii_case(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_read_with_and_without_its_mark() {
        assert_eq!(text(None, "ñ".as_bytes()), Some("ñ"));
        assert_eq!(text(Some("text/plain; charset=\"UTF-8\""), "\u{feff}ñ".as_bytes()), Some("ñ"));
    }

    #[test]
    fn another_charset_gives_no_text_unless_it_is_ascii() {
        assert_eq!(text(Some("text/plain; charset=latin1"), "ñ".as_bytes()), None);
        assert_eq!(text(Some("text/plain; charset=latin1"), b"n"), Some("n"));
        assert_eq!(text(Some("text/plain"), b"\xf1"), None);
        assert_eq!(text(None, b"\xff\xfen\0"), None);
    }
}
