//! The passwords that everybody tries first: Django's list, compiled in as it was published (`data/`, with its licence).
//! It is unpacked when somebody chooses a password and thrown away after, so that it costs no memory meanwhile.

use flate2::read::GzDecoder;
use std::io::{BufRead, BufReader};

static LIST: &[u8] = include_bytes!("../../data/common-passwords.txt.gz");

/// Whether a password is one of the list, in whatever case and with whatever spaces around it.
pub(super) fn is_common(password: &str) -> bool {
    let wanted = password.trim().to_lowercase();
    let lines = BufReader::new(GzDecoder::new(LIST)).lines();
    lines.map_while(Result::ok).any(|line| line == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_is_compared_without_regard_to_case() {
        assert_eq!(BufReader::new(GzDecoder::new(LIST)).lines().map_while(Result::ok).count(), 19_640);
        for common in ["password", "Password1", " 123456789 ", "QWERTYUIOP"] {
            assert!(is_common(common), "{common}");
        }
        for other in ["correct horse 9", "", "passwort-der-woche"] {
            assert!(!is_common(other), "{other}");
        }
    }
}
