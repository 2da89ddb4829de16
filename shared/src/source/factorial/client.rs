//! Requests to Factorial: its lists and their pages (vendor documentation, "Pagination"): at most 100 rows,
//! `after_id=<meta.end_cursor>`, and the last page says `has_next_page: false`.

mod read;

use std::borrow::Cow;

pub(super) use read::FactorialSource;

use super::wire::{Frame, ROWS};
use crate::{
    connection::Credential,
    connector::{
        List, Mark, Next, Outline, Page, Paging, Place, Said, Text,
        answer::{malformed, not_json},
        read_page,
    },
    http::Request,
    source::Error,
};

/// The most rows of a page, which is also what comes unasked.
const PAGE_ROWS: &str = "100";

/// What can be read.
#[derive(Clone, Copy, Debug)]
struct Resource {
    operation: &'static str,
    path: &'static str,
}

macro_rules! resource {
    ($operation:literal, $path:literal) => {
        Resource {
            operation: $operation,
            path: concat!("/api/2026-10-01/resources/", $path),
        }
    };
}

const CREDENTIALS: Resource = resource!("identify company", "api_public/credentials");
const EMPLOYEES: Resource = resource!("list employees", "employees/employees");
const CONTRACTS: Resource = resource!("list contracts", "contracts/reference_contracts");
const MEMBERSHIPS: Resource = resource!("list memberships", "teams/memberships");
const TEAMS: Resource = resource!("list teams", "teams/teams");
const LOCATIONS: Resource = resource!("list locations", "locations/locations");
const LEGAL_ENTITIES: Resource = resource!("list legal entities", "companies/legal_entities");
const CUSTOM_FIELDS: Resource = resource!("list custom fields", "custom_fields/fields");
const CUSTOM_VALUES: Resource = resource!("list custom values", "custom_fields/values");

/// A list: all of it, or what belongs to these people.
#[derive(Clone, Copy, Debug)]
struct Rows<'i> {
    of: Resource,
    people: &'i [String],
}

impl Resource {
    const fn all(self) -> Rows<'static> {
        Rows { of: self, people: &[] }
    }
}

impl List for Rows<'_> {
    fn operation(&self) -> &'static str {
        self.of.operation
    }

    fn paging(&self) -> Paging {
        Paging::Cursor
    }

    fn path(&self) -> &'static str {
        self.of.path
    }

    fn query<'q>(&'q self, place: &'q Place) -> Vec<(&'q str, Cow<'q, str>)> {
        let cursor = match place {
            Place::At(cursor) => Some(("after_id", cursor.as_str())),
            Place::Start | Place::Behind(_) | Place::Page(_) => None,
        };
        let people = self.people.iter().map(|id| ("employee_ids[]", id.as_str()));
        let pairs = people.chain([("limit", PAGE_ROWS)]).chain(cursor);
        pairs.map(|(name, value)| (name, Cow::Borrowed(value))).collect()
    }

    fn mark(&self, place: &Place, text: &str) -> Result<Mark, Error> {
        let operation = self.of.operation;
        let page: Page<Outline<'_>, Frame> = read_page(text, ROWS).map_err(|error| not_json(operation, &error))?;
        let (Some(rows), Some(meta)) = (page.rows, page.frame.meta) else {
            // `{"errors": null}` has been seen in place of an empty list. It is believed of related lists, never of people.
            let is_empty = page.frame.errors == Said(Text::Null) && *place == Place::Start;
            return if is_empty && self.of.path != EMPLOYEES.path {
                Ok(Mark::empty())
            } else {
                Err(malformed(operation, "data or meta is missing"))
            };
        };
        let ids = rows.iter().filter_map(|row| row.id.value().map(str::to_owned));
        let cursor = meta.end_cursor.text().map(str::to_owned);
        Ok(Mark {
            rows: rows.len(),
            ids: ids.collect(),
            total: meta.total,
            next: match meta.has_next_page {
                None => Next::Unsaid,
                Some(false) => Next::Last,
                Some(true) => cursor.map_or(Next::More, Next::At),
            },
        })
    }
}

/// Shows a credential in the vendor's way; a key and a login open the API.
pub(super) fn sign(request: Request, credential: &Credential) -> Option<Request> {
    match credential {
        Credential::ApiKey { key } => Some(request.header("x-api-key", key.clone())),
        Credential::Tokens(tokens) => Some(request.bearer(&tokens.access_token)),
        Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => None,
    }
}
