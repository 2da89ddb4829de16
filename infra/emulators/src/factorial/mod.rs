//! Emulated Factorial: dated API versions, API keys, OAuth with Doorkeeper's manners, cursor paging, and people whose
//! job, pay, team and workplace have to be put together from other resources.
//!
//! Written from the vendor's documentation and its official Python SDK (API 2026-10-01), read in November 2026. What the vendor
//! does not say is a guess and marked so where it stands: error bodies, the replacement of refresh tokens, `valuable_type`.
//! Writing (creating, changing and terminating employees) is not emulated.

mod dialect;
mod field;
mod resource;
mod version;
mod view;

pub use crate::kit::{PermissionGroup, Running, Sees, TokenSet};
pub(crate) use dialect::Factorial;

use crate::company::Cast;
use crate::{Break, Error, Kind};
use jiff::civil::Date;

/// The newest version of the API that is emulated.
pub const API_VERSION: &str = "2026-10-01";

/// How to start an emulated Factorial with people who each have one employment. [`crate::start`] starts one with more stories.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// People of each company who ought to join, as in [`crate::Options`].
    pub employees: u32,
    /// The same seed invents the same people.
    pub seed: u64,
    /// The first day; the real one (UTC) if not given.
    pub today: Option<Date>,
    /// How many companies, each with its own API key.
    pub companies: u32,
    /// Faults from the start.
    pub breaks: Vec<Break>,
    /// The addresses that the OAuth application may be called back at; any address if empty.
    pub redirect_uris: Vec<String>,
    /// Seconds that an access token of a user lives; the vendor's hour by default.
    pub access_token_seconds: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            employees: 250,
            seed: 1,
            today: None,
            companies: 1,
            breaks: Vec::new(),
            redirect_uris: Vec::new(),
            access_token_seconds: 3_600,
        }
    }
}

/// Starts an emulated Factorial. Fails where the port is taken, where a number is out of bounds, or where a break mode names a
/// field that Factorial has not.
pub async fn start(options: Options) -> Result<Running, Error> {
    let options = crate::Options {
        port: options.port,
        employees: options.employees,
        seed: options.seed,
        today: options.today,
        companies: options.companies,
        cast: Cast::Plain,
        breaks: options.breaks,
        redirect_uris: options.redirect_uris,
        access_token_seconds: Some(options.access_token_seconds),
        requests_per_minute: None,
        window_seconds: None,
    };
    crate::start(Kind::Factorial, options).await
}
