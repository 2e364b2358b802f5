//! The five dialects as the tests speak them. One row each: below this table no test enumerates dialects.

use serde_json::{Value, json};

/// How to speak to a realm, and its refusals as `contracts` has them.
#[derive(Debug)]
pub(crate) struct Speech {
    pub(crate) realm: &'static str,
    pub(crate) login: &'static str,
    pub(crate) identifier: &'static str,
    pub(crate) password: &'static str,
    /// Where the login answer has the access token.
    pub(crate) token: &'static str,
    pub(crate) profile: &'static str,
    pub(crate) lifetime_secs: i64,
    pub(crate) alg: &'static str,
    /// Whether the login identifier is an email address.
    pub(crate) by_email: bool,
    /// Status and body of each refusal; `<path>` and `<trace_id>` stand for themselves.
    pub(crate) missing: (u16, &'static str),
    pub(crate) malformed: (u16, &'static str),
    pub(crate) expired: (u16, &'static str),
    pub(crate) disabled: (u16, &'static str),
    pub(crate) forbidden: (u16, &'static str),
    /// The members of a plain default error.
    pub(crate) error_members: &'static [&'static str],
}

macro_rules! spring {
    ($status:literal, $error:literal) => {
        (
            $status,
            concat!(
                r#"{"timestamp":"2026-03-05T10:15:30.000+00:00","status":"#,
                $status,
                r#","error":""#,
                $error,
                r#"","message":""#,
                $error,
                r#"","path":"<path>"}"#
            ),
        )
    };
    ($status:literal, $error:literal, $message:literal) => {
        (
            $status,
            concat!(
                r#"{"timestamp":"2026-03-05T10:15:30.000+00:00","status":"#,
                $status,
                r#","error":""#,
                $error,
                r#"","message":""#,
                $message,
                r#"","path":"<path>"}"#
            ),
        )
    };
}

const SPRING: &[&str] = &["timestamp", "status", "error", "message", "path"];

const TOKEN_EXPIRED: &str =
    r#"{"error_code":"token-expired","extra_attributes":{},"trace_id":"<trace_id>","message":"JWT token expired"}"#;

pub(crate) const TABLE: [Speech; 5] = [
    Speech {
        realm: "investgo",
        login: "/generate-token",
        identifier: "username",
        password: "password",
        token: "token",
        profile: "/actual-usuario",
        lifetime_secs: 36_000,
        alg: "HS512",
        by_email: false,
        missing: spring!(401, "Unauthorized"),
        malformed: spring!(401, "Unauthorized"),
        expired: spring!(403, "Forbidden"),
        disabled: spring!(403, "Forbidden"),
        forbidden: spring!(403, "Forbidden"),
        error_members: SPRING,
    },
    Speech {
        realm: "apitickets",
        login: "/api/usuario/login",
        identifier: "Correo",
        password: "Password",
        token: "Token",
        profile: "/me",
        lifetime_secs: 864_000,
        alg: "HS256",
        by_email: true,
        missing: (401, ""),
        malformed: (401, ""),
        expired: (401, ""),
        disabled: (401, ""),
        forbidden: (
            403,
            r#"{"type":"https://tools.ietf.org/html/rfc9110#section-15","title":"Forbidden","status":403,"detail":"This account may not do that.","traceId":"<trace_id>"}"#,
        ),
        error_members: &["type", "title", "status", "detail", "traceId"],
    },
    Speech {
        realm: "stockapi",
        login: "/login",
        identifier: "username",
        password: "password",
        token: "token",
        profile: "/me",
        lifetime_secs: 14_400,
        alg: "HS256",
        by_email: false,
        missing: (401, r#"{"message":"No se proporcionó token"}"#),
        malformed: (401, r#"{"message":"Token inválido"}"#),
        expired: (403, r#"{"message":"Token expirado o inválido"}"#),
        disabled: (403, r#"{"message":"Token expirado o inválido"}"#),
        forbidden: (403, r#"{"message":"Acceso denegado"}"#),
        error_members: &["message"],
    },
    Speech {
        realm: "gatego",
        login: "/auth/login",
        identifier: "username",
        password: "password",
        token: "access_token",
        profile: "/me",
        lifetime_secs: 3_600,
        alg: "HS256",
        by_email: false,
        missing: (401, TOKEN_EXPIRED),
        malformed: (401, TOKEN_EXPIRED),
        expired: (401, TOKEN_EXPIRED),
        disabled: (
            401,
            r#"{"error_code":"inactive-account","extra_attributes":{},"trace_id":"<trace_id>","message":"Account has been disabled or deleted"}"#,
        ),
        forbidden: (
            403,
            r#"{"error_code":"forbidden","extra_attributes":{},"trace_id":"<trace_id>","message":"This account may not do that."}"#,
        ),
        error_members: &["error_code", "extra_attributes", "trace_id", "message"],
    },
    Speech {
        realm: "integra",
        login: "/auth/login",
        identifier: "username",
        password: "password",
        token: "token",
        profile: "/me",
        lifetime_secs: 86_400,
        alg: "HS256",
        by_email: false,
        missing: spring!(401, "Unauthorized"),
        malformed: spring!(401, "Unauthorized"),
        expired: spring!(401, "Unauthorized"),
        disabled: spring!(401, "Unauthorized"),
        forbidden: spring!(403, "Forbidden", "This account may not do that."),
        error_members: SPRING,
    },
];

/// The row of a realm.
pub(crate) fn speech(realm: &str) -> &'static Speech {
    TABLE.iter().find(|it| it.realm == realm).expect("a realm")
}

impl Speech {
    pub(crate) fn login_path(&self) -> String {
        self.path(self.login)
    }

    pub(crate) fn profile_path(&self) -> String {
        self.path(self.profile)
    }

    pub(crate) fn path(&self, below: &str) -> String {
        format!("/{}{below}", self.realm)
    }

    pub(crate) fn credentials(&self, username: &str, password: &str) -> Value {
        let identifier = if self.by_email { format!("{username}@example.com") } else { username.into() };
        json!({ self.identifier: identifier, self.password: password })
    }
}
