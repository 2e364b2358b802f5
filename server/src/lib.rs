//! The issuing and verifying backend: it plays the other half of any dialect. Realms say who may log in and how
//! their API speaks; one handler per operation answers for all of them.
//!
//! A program of its own (`relatch-server`), and a library: [`router`] answers requests wherever axum runs, and [`guard`]
//! verifies those of an API of your own.
//! It is no reverse proxy and no identity provider: it keeps accounts, sessions and tokens, nothing else.
//!
//! ```no_run
//! use relatch_server::clock::Clock;
//! use relatch_server::config::{Config, Environment};
//! use relatch_server::store::SqliteStore;
//! use std::{path::Path, sync::Arc};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::load(Path::new("relatch.toml"), &Environment::of_process())?;
//! let store = SqliteStore::open(&config.database).await?;
//! let server = relatch_server::Server::open(&config, Arc::new(store), Clock::system()).await?;
//! let listener = tokio::net::TcpListener::bind(config.listen).await?;
//! // With the connections' addresses, by which failed logins are limited.
//! let routes = relatch_server::router(server).into_make_service_with_connect_info::<std::net::SocketAddr>();
//! axum::serve(listener, routes).await?;
//! # Ok(())
//! # }
//! ```

pub mod account;
mod admin;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod demo_accounts;
mod embed;
#[doc(hidden)]
pub mod fuzzing;
mod hangup;
mod http;
mod json;
pub mod keys;
pub mod limits;
pub mod metrics;
pub mod passwords;
pub mod realm;
pub mod services;
mod shown;
mod start;
pub mod store;
mod tokens;

pub use embed::router_of;
pub use http::{guard, router};
pub use services::Server;
