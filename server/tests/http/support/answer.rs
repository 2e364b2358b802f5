//! An answer that came.

use axum::http::HeaderMap;
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;

#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(super) async fn of(response: Response) -> Got {
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let body = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Got { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|it| it.to_str().expect("text"))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A member of the body that is text.
    pub(crate) fn text(&self, member: &str) -> String {
        self.json()[member].as_str().unwrap_or_else(|| panic!("no {member} in {self:?}")).into()
    }

    /// Status, headers and body, with the texts of `random` members replaced by their names. The headers of CORS and
    /// of security, which are the same on every answer, have tests of their own.
    pub(crate) fn whole(&self, random: &[&str]) -> String {
        let mut lines = vec![self.status.to_string()];
        for (name, value) in &self.headers {
            if name == "content-length" {
                assert_eq!(value.to_str().ok(), Some(self.body.len().to_string().as_str()), "{self:?}");
            } else if !is_on_every_answer(name.as_str()) {
                lines.push(format!("{name}: {}", value.to_str().expect("text")));
            }
        }
        lines[1..].sort();
        let mut body = self.body.clone();
        for member in random {
            let text = self.text(member);
            assert!(!text.is_empty(), "{member} is empty");
            body = body.replace(&text, &format!("<{member}>"));
        }
        lines.push(body);
        lines.join("\n")
    }
}

fn is_on_every_answer(name: &str) -> bool {
    const SECURITY: [&str; 4] =
        ["x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy"];
    name == "vary" || name.starts_with("access-control-") || SECURITY.contains(&name)
}

/// What `whole` gives for an answer with a JSON body and no headers of its own.
pub(crate) fn json_answer(status: u16, body: &str) -> String {
    format!("{status}\ncache-control: no-store\ncontent-type: application/json\n{body}")
}

/// The same for an answer without a body.
pub(crate) fn empty_answer(status: u16) -> String {
    format!("{status}\ncache-control: no-store\n")
}
