//! Pages of the emulated Factorial as files, two days of them: input for Rollcall and for the plain script alike.

use std::{fmt::Write as _, fs, path::Path};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rollcall::http::{BaseUrl, Client, HostRule, Method, Pace, Request, Session, Settings};
use serde::Deserialize;

use crate::Failure;

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

/// Starts an emulated company and writes the pages of two days below a folder.
pub(crate) async fn two_days(folder: &Path, employees: u32) -> Result<(), Failure> {
    let mut options = emulators::factorial::Options {
        employees,
        seed: 1,
        ..Default::default()
    };
    options.today = Some(FIRST_DAY);
    let emulator = emulators::factorial::start(options).await?;
    let client = Client::new(Settings::new(fixed_now, 1))?;
    let pace = Pace {
        per_second: 100_000,
        burst: 100_000,
        in_flight: 8,
    };
    let fetch = Fetch {
        session: client.open_session("factorial", pace),
        base: BaseUrl::parse(&emulator.url(), HostRule::Any)?,
        key: emulator.api_key().to_owned(),
    };
    fetch.day(&folder.join("day1"), FIRST_DAY).await?;
    let day =
        Request::new(Method::Post, &fetch.base, "/_emulator/day", "/_emulator/day").json(&serde_json::json!({}))?;
    fetch.session.send(&day).await?;
    fetch.day(&folder.join("day2"), FIRST_DAY.tomorrow()?).await?;
    emulator.stop().await;
    Ok(())
}

fn fixed_now() -> Timestamp {
    FIRST_DAY
        .at(4, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

impl Fetch {
    async fn day(&self, folder: &Path, day: Date) -> Result<(), Failure> {
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
            self.list(path, &[], &shared, name).await?;
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
            for (name, path) in [
                ("contracts", "contracts/reference_contracts"),
                ("memberships", "teams/memberships"),
                ("values", "custom_fields/values"),
            ] {
                self.list(path, &ids, &page, name).await?;
            }
            if !list.meta.has_next_page {
                break;
            }
            after = list.meta.end_cursor;
        }
        Ok(())
    }

    /// Writes all pages of a list as `<name>-<number>.json`.
    async fn list(&self, path: &str, filter: &[(&str, &str)], folder: &Path, name: &str) -> Result<(), Failure> {
        let mut after: Option<String> = None;
        for number in 0_u32.. {
            let mut query = vec![("limit", "100")];
            query.extend(filter);
            query.extend(after.as_deref().map(|after| ("after_id", after)));
            let text = self.get(path, &query).await?;
            let list: List = serde_json::from_str(&text)?;
            fs::write(folder.join(format!("{name}-{number}.json")), &text)?;
            if !list.meta.has_next_page {
                break;
            }
            after = list.meta.end_cursor;
        }
        Ok(())
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
