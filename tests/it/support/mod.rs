//! What every test stands on: a data folder with its commands, the served process, and a client of the wire.

pub(crate) mod accept_any;
pub(crate) mod cli;
pub(crate) mod client;
pub(crate) mod encryption;
pub(crate) mod server;

pub(crate) use cli::Appliance;
pub(crate) use client::Client;
pub(crate) use server::Running;
