//! What is read from the environment, each variable once and typed.

use std::{borrow::Cow, ffi::OsStr, str::FromStr, time::Duration};

use jiff::{SignedDuration, civil::Time, tz::TimeZone};
use tracing::Level;

use super::Error;
use crate::{
    api::Allowance,
    connection::Home,
    http::BaseUrls,
    run::{SPREAD, Schedule},
};

/// Whether colours may be shown: `NO_COLOR` is not set, or empty (<https://no-color.org>).
pub fn wants_colour() -> bool {
    allows_colour(std::env::var_os("NO_COLOR").as_deref())
}

fn allows_colour(no_color: Option<&OsStr>) -> bool {
    no_color.is_none_or(OsStr::is_empty)
}

/// Every variable of ours that a function reads; the template sets these and no others.
pub const VARIABLES: [&str; 18] = [
    "ROLLCALL_ACCOUNT",
    "ROLLCALL_API_URL",
    "ROLLCALL_APPLY_QUEUE",
    "ROLLCALL_DAILY_AT",
    "ROLLCALL_DAILY_SPREAD",
    "ROLLCALL_DAILY_TIME_ZONE",
    "ROLLCALL_DIFF_QUEUE",
    "ROLLCALL_LEASE",
    "ROLLCALL_LOG_LEVEL",
    "ROLLCALL_MAXIMUM_CONCURRENCY",
    "ROLLCALL_PROVIDER_BASE_URLS",
    "ROLLCALL_PUBLIC_URL",
    "ROLLCALL_REQUESTS_PER_ADDRESS",
    "ROLLCALL_REQUESTS_PER_KEY",
    "ROLLCALL_RESTORED_TABLE",
    "ROLLCALL_SECRETS",
    "ROLLCALL_STAGE",
    "ROLLCALL_TABLE",
];

/// What a deployed function is told.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Which copy of this system it is: `ROLLCALL_STAGE`, `ROLLCALL_ACCOUNT`, `ROLLCALL_TABLE` (R03).
    pub home: Home,
    /// The table that it works on: the stack's own, or one that was restored from it because the operator said so.
    pub table: String,
    /// The prefix of its secrets' names.
    pub secrets: String,
    /// The address of the queue of diffs.
    pub diff_queue: String,
    /// The address of the queue of applies.
    pub apply_queue: String,
    /// Where browsers reach it, without a slash at its end: `ROLLCALL_PUBLIC_URL`, or else `ROLLCALL_API_URL`.
    pub public_url: String,
    /// When the schedule fires: `ROLLCALL_DAILY_AT` as `HH:MM`, by the clocks of `ROLLCALL_DAILY_TIME_ZONE`, an IANA name.
    pub schedule: Schedule,
    /// Over how long the starts of a morning are spread, in seconds, at most 900.
    pub daily_spread: Duration,
    /// For how long a run holds its lease, in seconds. It is longer than a function may run, and no longer than its
    /// message is invisible: so the delivery that comes after a kill can begin.
    pub lease: SignedDuration,
    /// How many messages of a queue are carried out at once, from 2 to 1000.
    pub maximum_concurrency: u32,
    /// How many requests are answered within ten seconds: `ROLLCALL_REQUESTS_PER_KEY` of each API key, and
    /// `ROLLCALL_REQUESTS_PER_ADDRESS` of each address without one.
    pub allowance: Allowance,
    /// Where callers may say that an HR system is reached: addresses with commas between them.
    pub base_urls: BaseUrls,
    /// How much is logged.
    pub log_level: Level,
    /// How much memory the function has, in bytes: `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`, in megabytes.
    pub memory: usize,
}

/// A variable of the process that says something.
pub(super) fn variable(name: &str) -> Option<String> {
    let text = std::env::var_os(name)?.to_string_lossy().into_owned();
    Some(text).filter(|text| !text.trim().is_empty())
}

impl Environment {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// [`Error::Variable`] names the first variable that is missing or wrong, and what was expected.
    pub fn load() -> Result<Self, Error> {
        Self::read(variable)
    }

    /// Reads whatever `find` answers for a name.
    ///
    /// # Errors
    /// [`Error::Variable`].
    pub fn read(find: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let some = |name| find(name).filter(|text| !text.trim().is_empty());
        let text = |name, expected| some(name).ok_or_else(|| Error::variable(name, expected));
        Ok(Self {
            home: Home {
                stage: text("ROLLCALL_STAGE", "a word such as `production`")?,
                account: text("ROLLCALL_ACCOUNT", "the AWS account's 12 digits")?,
                table: text("ROLLCALL_TABLE", "the name of the stack's own table")?,
            },
            table: match some("ROLLCALL_RESTORED_TABLE") {
                Some(restored) => restored,
                None => text("ROLLCALL_TABLE", "the name of the stack's own table")?,
            },
            secrets: text("ROLLCALL_SECRETS", "the prefix of the secrets' names")?,
            diff_queue: parsed("ROLLCALL_DIFF_QUEUE", find("ROLLCALL_DIFF_QUEUE"), QUEUE, url)?,
            apply_queue: parsed("ROLLCALL_APPLY_QUEUE", find("ROLLCALL_APPLY_QUEUE"), QUEUE, url)?,
            public_url: match some("ROLLCALL_PUBLIC_URL") {
                Some(own) => parsed("ROLLCALL_PUBLIC_URL", Some(own), "an http(s) address", url)?,
                None => parsed("ROLLCALL_API_URL", find("ROLLCALL_API_URL"), "an http(s) address", url)?,
            },
            schedule: Schedule {
                at: parsed(
                    "ROLLCALL_DAILY_AT",
                    find("ROLLCALL_DAILY_AT"),
                    "a time such as `04:00`",
                    time,
                )?,
                zone: parsed(
                    "ROLLCALL_DAILY_TIME_ZONE",
                    find("ROLLCALL_DAILY_TIME_ZONE"),
                    "an IANA time zone such as `Europe/Madrid`",
                    |name| TimeZone::get(name).ok(),
                )?,
            },
            daily_spread: parsed(
                "ROLLCALL_DAILY_SPREAD",
                some("ROLLCALL_DAILY_SPREAD").or_else(|| Some(SPREAD.as_secs().to_string())),
                "seconds, from 0 to 900",
                |text| {
                    text.parse()
                        .ok()
                        .map(Duration::from_secs)
                        .filter(|spread| *spread <= SPREAD)
                },
            )?,
            lease: parsed(
                "ROLLCALL_LEASE",
                find("ROLLCALL_LEASE"),
                "seconds, from 36 to 43200",
                |text| {
                    let seconds = text.parse().ok().filter(|seconds| (36..=43_200).contains(seconds))?;
                    Some(SignedDuration::from_secs(seconds))
                },
            )?,
            maximum_concurrency: parsed(
                "ROLLCALL_MAXIMUM_CONCURRENCY",
                some("ROLLCALL_MAXIMUM_CONCURRENCY").or_else(|| Some("10".to_owned())),
                "a whole number, from 2 to 1000",
                |text| text.parse().ok().filter(|count| (2..=1_000).contains(count)),
            )?,
            allowance: Allowance {
                per_key: requests("ROLLCALL_REQUESTS_PER_KEY", some("ROLLCALL_REQUESTS_PER_KEY"), 500)?,
                per_address: requests(
                    "ROLLCALL_REQUESTS_PER_ADDRESS",
                    some("ROLLCALL_REQUESTS_PER_ADDRESS"),
                    100,
                )?,
            },
            base_urls: BaseUrls::parse(&find("ROLLCALL_PROVIDER_BASE_URLS").unwrap_or_default())
                .map_err(|_| Error::variable("ROLLCALL_PROVIDER_BASE_URLS", "addresses with commas between them"))?,
            log_level: parsed(
                "ROLLCALL_LOG_LEVEL",
                some("ROLLCALL_LOG_LEVEL").or_else(|| Some("INFO".to_owned())),
                "TRACE, DEBUG, INFO, WARN or ERROR",
                |level| Level::from_str(level).ok(),
            )?,
            memory: parsed(
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                some("AWS_LAMBDA_FUNCTION_MEMORY_SIZE").or_else(|| Some("256".to_owned())),
                "megabytes, from 128 to 10240",
                |text| {
                    let megabytes = text.parse().ok().filter(|size| (128..=10_240).contains(size))?;
                    Some(MEGABYTE.saturating_mul(megabytes))
                },
            )?,
        })
    }
}

impl Environment {
    /// Returns how much memory the accounts of a target may take: a fourth of the function's, so that there is as much for a
    /// page of them, for the links and for the plan.
    pub const fn accounts_room(&self) -> usize {
        self.memory / 4
    }
}

const MEGABYTE: usize = 1024 * 1024;
const QUEUE: &str = "the queue's address";

fn parsed<T>(
    name: &'static str,
    text: Option<String>,
    expected: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, Error> {
    let text = text.map_or(Cow::Borrowed(""), Cow::Owned);
    parse(text.trim()).ok_or_else(|| Error::variable(name, expected))
}

/// How many requests are answered within ten seconds.
fn requests(name: &'static str, text: Option<String>, usual: u32) -> Result<Option<u32>, Error> {
    let text = text.unwrap_or_else(|| usual.to_string());
    parsed(name, Some(text), "a whole number, from 1 to 1000000", |text| {
        let count = text.parse().ok().filter(|count| (1..=1_000_000).contains(count))?;
        Some(Some(count))
    })
}

/// An address, without slashes at its end.
pub(super) fn url(text: &str) -> Option<String> {
    let url = url::Url::parse(text).ok()?;
    let is_good = url.has_host() && matches!(url.scheme(), "http" | "https");
    is_good.then(|| text.trim_end_matches('/').to_owned())
}

/// Hours and minutes, with or without zeros before them.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests;
