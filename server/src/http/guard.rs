//! For programs that serve an API of their own: requests are verified by a realm, and refused in its dialect.
//!
//! As a layer, in front of everything that it is put on:
//!
//! ```no_run
//! use axum::{Extension, Router, routing::get};
//! use relatch_server::guard::{Caller, Protect};
//!
//! # fn run(server: relatch_server::Server) -> Result<(), relatch_server::guard::GuardFault> {
//! async fn orders(Extension(caller): Extension<Caller>) -> String {
//!     format!("the orders of {}", caller.account().id)
//! }
//!
//! let for_staff = Protect::realm(&server, "stockapi")?.any_role(["developer", "vendedor"])?;
//! let app: Router = Router::new().route("/orders", get(orders)).layer(for_staff);
//! # Ok(())
//! # }
//! ```
//!
//! As an extractor, with claims of a type of your own:
//!
//! ```no_run
//! use axum::extract::FromRef;
//! use axum::{Router, routing::get};
//! use relatch_server::guard::{NotAllowed, Protect, Verified};
//! use serde::Deserialize;
//!
//! #[derive(Clone)]
//! struct App {
//!     protect: Protect,
//! }
//!
//! impl FromRef<App> for Protect {
//!     fn from_ref(app: &App) -> Protect {
//!         app.protect.clone()
//!     }
//! }
//!
//! #[derive(Deserialize)]
//! struct Claims {
//!     username: String,
//!     role: String,
//! }
//!
//! async fn report(caller: Verified<Claims>) -> Result<String, NotAllowed> {
//!     caller.require_role("developer")?;
//!     Ok(format!("the report of {}, {}", caller.claims.username, caller.claims.role))
//! }
//!
//! # fn run(server: relatch_server::Server) -> Result<(), relatch_server::guard::GuardFault> {
//! let app: Router = Router::new()
//!     .route("/report", get(report))
//!     .with_state(App { protect: Protect::realm(&server, "stockapi")? });
//! # Ok(())
//! # }
//! ```
//!
//! Where browsers ask, put a CORS layer around it, so that they can read refusals and ask before they send.

mod caller;
mod layer;
mod protect;
mod verified;

pub use caller::{Caller, NotAllowed};
pub use layer::Protected;
pub use protect::{GuardFault, Protect};
pub use verified::Verified;
