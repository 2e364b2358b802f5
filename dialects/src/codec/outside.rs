//! What a request takes from elsewhere.

use crate::{Value, Values};

/// Clock, chance, cookies and the program's own functions, as the host has them.
pub trait Outside {
    /// The wall clock, in milliseconds since the epoch.
    fn now_ms(&self) -> u64;

    /// Sixteen random bytes, fresh at every call.
    fn random(&self) -> [u8; 16];

    /// The value of the cookie that would go along with the request, as it is sent.
    fn cookie(&self, name: &str) -> Option<String>;

    /// What the program's function of that name makes of its input. `request` is there in `attach`: what is about to be sent.
    ///
    /// # Errors
    /// Why it gives nothing, or that there is no such function. The request is not sent then.
    fn plugin(&self, name: &str, input: &Values, request: Option<&Seen<'_>>) -> Result<Value, String>;
}

/// Why a request is not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// Something that has no value which could stand there: its name.
    Argument(String),
    /// A function of the program's own is missing, or failed: its name.
    Plugin(String),
}

/// A request as a function in `attach` sees it, for signatures. Deliberately not `Debug`: it carries secrets.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The HTTP method, in upper case.
    pub method: &'a str,
    /// The absolute URL, its query included.
    pub url: &'a str,
    /// The body; empty if there is none.
    pub body: &'a [u8],
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The same at every call.
    pub(crate) struct Fixed;

    impl Outside for Fixed {
        fn now_ms(&self) -> u64 {
            1_772_705_730_007
        }

        fn random(&self) -> [u8; 16] {
            [0xff; 16]
        }

        fn cookie(&self, name: &str) -> Option<String> {
            (name == "XSRF-TOKEN").then(|| "a%3Db%20c".into())
        }

        fn plugin(&self, name: &str, input: &Values, request: Option<&Seen<'_>>) -> Result<Value, String> {
            match (name, request) {
                ("echo", _) => input.get("text").cloned().ok_or_else(|| name.into()),
                ("sign", Some(it)) => {
                    let body = String::from_utf8_lossy(it.body);
                    Ok([it.method, it.url, &body].join(" ").into())
                }
                _ => Err(name.into()),
            }
        }
    }
}
