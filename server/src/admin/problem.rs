//! How the admin API says no: problem details (RFC 9457). Nothing of the server's inside is in them.

use crate::passwords::PasswordError;
use crate::store::StoreError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// An error (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// The status' own phrase.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong, and what was expected.
    detail: String,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { title: status.canonical_reason().unwrap_or("Error"), status: status.as_u16(), detail: detail.into() }
    }

    pub(super) fn of_status(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem::new(status, detail)
    }

    pub(super) fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(super) fn unauthorized() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "expected the admin token: Authorization: Bearer …")
    }

    pub(super) fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, detail)
    }

    pub(super) fn method_not_allowed() -> Problem {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this path has other methods: see Allow")
    }

    pub(super) fn conflict(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::CONFLICT, detail)
    }

    /// Well-formed, and not what this realm takes.
    pub(super) fn unacceptable(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

/// The cause is for the log; the caller learns that the server failed.
impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::Taken { kind, .. } => {
                Problem::conflict(format!("{}: another account of this realm has it", kind.name()))
            }
            StoreError::Identifier(fault) => Problem::unacceptable(fault.to_string()),
            error => {
                tracing::error!(error = &error as &dyn std::error::Error, "an admin request failed");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed; its log says why")
            }
        }
    }
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Problem {
        match error {
            PasswordError::Overloaded => Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
            PasswordError::TooLong(_) | PasswordError::Malformed => Problem::unacceptable(format!("password: {error}")),
            error => {
                tracing::error!(error = &error as &dyn std::error::Error, "an admin request failed");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed; its log says why")
            }
        }
    }
}
