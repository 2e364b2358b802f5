//! The guard as an extractor.

use super::{Caller, Protect};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::response::Response;
use serde::de::DeserializeOwned;
use std::ops::Deref;

/// A verified caller with the claims of the token as a `C`. Needs a [`Protect`] in the router's state; a request that
/// does not pass it is refused in the dialect's words.
#[derive(Clone, Debug)]
pub struct Verified<C> {
    /// Who it is.
    pub caller: Caller,
    /// What the token says.
    pub claims: C,
}

impl<C> Deref for Verified<C> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<S, C> FromRequestParts<S> for Verified<C>
where
    S: Send + Sync,
    Protect: FromRef<S>,
    C: DeserializeOwned,
{
    type Rejection = Response;

    /// Verifies anew even behind a layer: that may be another realm's, or ask for less.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Verified<C>, Response> {
        let caller = Protect::from_ref(state).check(parts).await?;
        let claims = caller.claims().map_err(|error| caller.misread(&error))?;
        Ok(Verified { caller, claims })
    }
}
