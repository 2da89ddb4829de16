//! How an emulated HR system is started.

use super::Break;
use crate::company::Cast;
use jiff::civil::Date;

/// How to start an emulated HR system.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// People of each company who ought to join: at work, with a work e-mail address. Leavers of the past (15 %), people who
    /// start later (2 %) and people without any e-mail address (1 %) come on top, at least one of each.
    pub employees: u32,
    /// The same seed invents the same people.
    pub seed: u64,
    /// The first day; the real one (UTC) if not given.
    pub today: Option<Date>,
    /// How many companies, each with its own credentials.
    pub companies: u32,
    /// Which stories the people tell.
    pub cast: Cast,
    /// Faults from the start.
    pub breaks: Vec<Break>,
    /// Where an OAuth application may be called back; anywhere if empty.
    pub redirect_uris: Vec<String>,
    /// Seconds that an access token lives; as long as the vendor's if not given.
    pub access_token_seconds: Option<u32>,
    /// How many requests a company may be asked within a minute, 0 for any number; as many as the vendor publishes if not
    /// given.
    pub requests_per_minute: Option<u32>,
    /// How many seconds the window of that allowance has; a minute if not given.
    pub window_seconds: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            employees: 250,
            seed: 1,
            today: None,
            companies: 1,
            cast: Cast::Full,
            breaks: Vec::new(),
            redirect_uris: Vec::new(),
            access_token_seconds: None,
            requests_per_minute: None,
            window_seconds: None,
        }
    }
}
