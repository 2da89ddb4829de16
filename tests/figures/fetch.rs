//! Pages of the emulated Factorial as files, two days of them: input for Rollcall and for the plain script alike.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path, sync::Arc};

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rollcall::{
    connection::Credential,
    http::{BaseUrl, BaseUrls, Client, HostRule, Method, Pace, Request, Session, Settings},
    roster::Reading,
    source::{
        Access, Address, Class, Error, Identity, Opening, Provider as _,
        factorial::{self, Factorial},
    },
};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// The pace of a client that never waits: the emulator is on this machine.
const PACE: Pace = Pace {
    per_second: 100_000,
    burst: 100_000,
    in_flight: 8,
};

const LISTS: &str = "/api/2026-10-01/resources/";

/// The first day of the figures; the second is the next.
const FIRST_DAY: Date = jiff::civil::date(2026, 11, 2);

#[derive(Deserialize)]
struct List {
    data: Vec<Row>,
    meta: Meta,
}

#[derive(Deserialize)]
struct Row {
    id: String,
}

#[derive(Deserialize)]
struct Meta {
    has_next_page: bool,
    end_cursor: Option<String>,
}

struct Fetch {
    session: Session,
    base: BaseUrl,
    key: String,
}

/// The most rows of one call.
const PAGE: u64 = 100;

/// Starts an emulated company and writes the pages of two days below a folder. Returns how many calls the connector needs for
/// the second day, and how many calls it says it needs for so many rows.
pub(crate) async fn two_days(folder: &Path, employees: u32) -> Result<Calls, Failure> {
    let mut options = emulators::factorial::Options {
        employees,
        seed: 1,
        ..Default::default()
    };
    options.today = Some(FIRST_DAY);
    let emulator = emulators::factorial::start(options).await?;
    let client = Client::new(Settings::new(fixed_now, 1))?;
    let fetch = Fetch {
        session: client.open_session("pages", PACE),
        base: BaseUrl::parse(&emulator.url(), HostRule::Any)?,
        key: emulator.api_key().to_owned(),
    };
    let _ = fetch.day(&folder.join("day1"), FIRST_DAY).await?;
    let day =
        Request::new(Method::Post, &fetch.base, "/_emulator/day", "/_emulator/day").json(&serde_json::json!({}))?;
    fetch.session.send(&day).await?;
    let mut calls = fetch.day(&folder.join("day2"), FIRST_DAY.tomorrow()?).await?;
    calls.counted = read(client, &emulator).await?;
    emulator.stop().await;
    Ok(calls)
}

/// Reads all people with the connector. Returns how many calls it took.
async fn read(client: Client, emulator: &emulators::factorial::Running) -> Result<u64, Failure> {
    let settings = factorial::Settings {
        base_urls: BaseUrls::Any,
        pace: PACE,
        ..factorial::Settings::default()
    };
    let key = Credential::ApiKey {
        key: emulator.api_key().to_owned().into(),
    };
    let factorial = Factorial::new(client, settings);
    let source = factorial.open(Opening {
        at: Address {
            base_url: Some(&emulator.url()),
            site: None,
        },
        access: Arc::new(Key(key)),
        allowance: None,
        allowed: &BTreeSet::new(),
        company: None,
    })?;
    let Identity::Known(company) = source.identify().await? else {
        return Err("no company is named".into());
    };
    source.read(&mut Reading::whole(company)).await?;
    Ok(source.calls())
}

/// An API key, which no client can renew.
struct Key(Credential);

#[async_trait]
impl Access for Key {
    async fn credential(&self) -> Result<Credential, Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        Err(Error::new(Class::Unauthorized, "renew", "a key is not renewed"))
    }
}

/// Calls of one read: as the connector documents them for so many rows, and as they were counted.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Calls {
    /// People, in pages of a hundred.
    pub(crate) employees: u64,
    /// Calls for the company and for what many people share.
    pub(crate) shared: u64,
    /// Calls for people.
    pub(crate) pages: u64,
    /// Calls for contracts, team memberships and custom values of each page of people.
    pub(crate) contracts: u64,
    pub(crate) memberships: u64,
    pub(crate) values: u64,
    /// All calls that the connector sent.
    pub(crate) counted: u64,
}

/// Returns the calls of one list: one for each hundred rows that are begun, at least one.
fn walk(rows: u64) -> u64 {
    rows.div_ceil(PAGE).max(1)
}

pub(crate) fn fixed_now() -> Timestamp {
    FIRST_DAY
        .at(4, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

impl Fetch {
    /// Writes the pages of one day. Returns the calls that a reader needs for so many rows.
    async fn day(&self, folder: &Path, day: Date) -> Result<Calls, Failure> {
        let mut calls = Calls {
            shared: walk(1),
            ..Calls::default()
        };
        let shared = folder.join("shared");
        fs::create_dir_all(&shared)?;
        fs::write(
            folder.join("now"),
            day.at(4, 0, 0, 0).to_zoned(TimeZone::UTC)?.timestamp().to_string(),
        )?;
        for (name, path) in [
            ("teams", "teams/teams"),
            ("locations", "locations/locations"),
            ("legal_entities", "companies/legal_entities"),
            ("fields", "custom_fields/fields"),
        ] {
            calls.shared += walk(self.list(path, &[], &shared, name).await?);
        }
        let mut after: Option<String> = None;
        for number in 0_u32.. {
            let mut query = vec![("limit", "100")];
            query.extend(after.as_deref().map(|after| ("after_id", after)));
            let text = self.get("employees/employees", &query).await?;
            let list: List = serde_json::from_str(&text)?;
            let page = folder.join(format!("pages/{number:05}"));
            fs::create_dir_all(&page)?;
            fs::write(page.join("employees-0.json"), &text)?;
            let ids: Vec<(&str, &str)> = list
                .data
                .iter()
                .map(|row| ("employee_ids[]", row.id.as_str()))
                .collect();
            calls.employees += ids.len() as u64;
            for (calls, name, path) in [
                (&mut calls.contracts, "contracts", "contracts/reference_contracts"),
                (&mut calls.memberships, "memberships", "teams/memberships"),
                (&mut calls.values, "values", "custom_fields/values"),
            ] {
                *calls += walk(self.list(path, &ids, &page, name).await?);
            }
            if !list.meta.has_next_page {
                break;
            }
            after = list.meta.end_cursor;
        }
        calls.pages = walk(calls.employees);
        Ok(calls)
    }

    /// Writes all pages of a list as `<name>-<number>.json`. Returns how many rows they hold.
    async fn list(&self, path: &str, filter: &[(&str, &str)], folder: &Path, name: &str) -> Result<u64, Failure> {
        let mut rows = 0;
        let mut after: Option<String> = None;
        for number in 0_u32.. {
            let mut query = vec![("limit", "100")];
            query.extend(filter);
            query.extend(after.as_deref().map(|after| ("after_id", after)));
            let text = self.get(path, &query).await?;
            let list: List = serde_json::from_str(&text)?;
            fs::write(folder.join(format!("{name}-{number}.json")), &text)?;
            rows += list.data.len() as u64;
            if !list.meta.has_next_page {
                break;
            }
            after = list.meta.end_cursor;
        }
        Ok(rows)
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<String, Failure> {
        let mut full = String::from(LISTS);
        let _ = write!(full, "{path}");
        let request = Request::new(Method::Get, &self.base, &full, "list")
            .query(query.iter().copied())
            .header("x-api-key", self.key.clone());
        let response = self.session.send(&request).await?;
        if response.status() == 200 {
            Ok(response.text()?.to_owned())
        } else {
            Err(format!("{path}: {}", response.status()).into())
        }
    }
}
