//! `/api/<version>/resources/<domain>/<plural>` and one record below it, with credentials and errors as Factorial has them.
//!
//! The statuses of errors are as seen by others' clients; the bodies are in the Rails and Doorkeeper manner, since no page of
//! the vendor shows them.

use super::resource::{self, credential};
use super::version::Version;
use super::{API_VERSION, field};
use crate::company::{Company, Extent, Move};
use crate::kit::Asked;
use crate::kit::caller::{Caller, authorization, secret};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::{GrantType, Manners, Refreshing, Rotation};
use crate::kit::paging::{Cursor, Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::kit::system::System;
use crate::kit::veil::{Hiding, Veil};
use crate::server::reply::Reply;
use axum::http::header::WWW_AUTHENTICATE;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The most rows of a page, and as many as come unasked (vendor documentation, "Pagination").
const MOST: usize = 100;
const PAGING: [&str; 3] = ["limit", "after_id", "before_id"];

/// What the truth states, and what makes a day.
const EXTENT: Extent = Extent {
    attributes: &[
        "employee_number",
        "first_name",
        "last_name",
        "known_as",
        "display_name",
        "work_email",
        "personal_email",
        "mobile_phone",
        "address_line_1",
        "address_line_2",
        "zip_code",
        "city",
        "country",
        "birth_date",
        "team",
        "job_title",
        "manager",
        "start_date",
        "termination_date",
        "employment_type",
        "pay_rate",
        "pay_period",
        "pay_currency",
        "work_city",
        "work_location",
        "time_zone",
    ],
    moves: &[
        Move::Team,
        Move::House,
        Move::Promotion,
        Move::Marriage,
        Move::Mailbox,
        Move::Office,
    ],
    required: &[],
    has_large_ids: true,
    has_people_without_contract: false,
};

/// Doorkeeper's manners: a user's token of an hour with a refresh token of a week; a company's token does not end.
const MANNERS: Manners = Manners {
    authorize: Some("/oauth/authorize"),
    authorize_query: "",
    token: "/oauth/token",
    token_query: "",
    is_in_headers: false,
    grants: &[GrantType::Code, GrantType::RefreshToken],
    access_seconds: 3_600,
    refreshing: Refreshing {
        seconds: 7 * 86_400,
        rotation: Rotation::Always,
        scope: None,
    },
    default_scope: "read write",
    scopes: &[],
    takes_basic: false,
    unknown_client: 401,
    whole_company: Some(("resource_owner_type", "company")),
    binds_codes: false,
};

/// What a path asks for.
enum Target {
    Nothing,
    Credentials(Version),
    List(Version, &'static dyn Resource<Version>),
    One(Version, &'static dyn Resource<Version>, u64),
}

impl Target {
    fn parse(asked: &Asked) -> Self {
        Self::find(asked.path)
            .filter(|_| asked.is_get())
            .unwrap_or(Self::Nothing)
    }

    fn find(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/api/")?;
        let (version, rest) = rest.split_once("/resources/")?;
        let version = Version::parse(version)?;
        if rest == credential::PATH {
            return Some(Self::Credentials(version));
        }
        if let Some(found) = resource::find(rest, version) {
            return Some(Self::List(version, found));
        }
        let (list, id) = rest.rsplit_once('/')?;
        Some(Self::One(version, resource::find(list, version)?, id.parse().ok()?))
    }
}

/// Factorial's way.
pub(crate) struct Factorial;

impl Dialect for Factorial {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::ApiKey, Way::Code]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, name: &str) -> Vec<Place> {
        field::find(name)
    }

    /// A key in the form of a JWT; nobody checks its signature.
    fn key(&self, seed: u64, company: u64, _group: usize) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"company_id":{company},"scope":"api_key"}}"#));
        format!("{header}.{claims}.{}", secret(seed, company))
    }

    fn token_extras(&self, _: &Company, _: &str, now: i64) -> Vec<(&'static str, Value)> {
        vec![("created_at", now.into())]
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let start = start(&asked.query).unwrap_or(Start::First);
        Call {
            path: asked.path,
            data: true,
            list: matches!(Target::parse(asked), Target::List(..)),
            page: Some(start.number(MOST)),
        }
    }

    /// The API key in `x-api-key`, which wins, or a bearer token.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        if let Some(given) = asked.headers.get("x-api-key") {
            let given = given.to_str().map_err(|_| Refusal::NoCredential)?;
            return system.caller_by_key(given, faults);
        }
        let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        system.caller_by_token(token)
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        let query = &asked.query;
        match Target::parse(asked) {
            Target::Nothing => Err(Refusal::NotFound),
            Target::Credentials(version) => system.show(caller, faults, true, version, |view| {
                let (veil, mut body) = (Veil::default(), b"{\"data\":[".to_vec());
                let mut row = Row::open(&mut body, &veil);
                credential::write(view, caller, &mut row)?;
                row.close()?;
                body.push(b']');
                close(body, &Page::whole(&[1], &Faults::default()), Some(MOST))
            }),
            Target::List(version, resource) => system.show(caller, faults, true, version, |view| {
                let listing = Listing::open(system, caller, view, resource, faults, Hiding::Null)?;
                list(&listing, query)
            }),
            Target::One(version, resource, id) => system.show(caller, faults, true, version, |view| {
                let listing = Listing::open(system, caller, view, resource, faults, Hiding::Null)?;
                Ok(Reply::json(200, listing.one(id, &Query::default(), true)?))
            }),
        }
    }

    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        match refusal {
            Refusal::NoCredential => Reply::of(401, &json!({"errors": ["You need to sign in"]})),
            Refusal::Token(why) => Reply::of(401, &json!({"error": "invalid_token", "error_description": why})).with(
                WWW_AUTHENTICATE,
                format!("Bearer realm=\"Factorial\", error=\"invalid_token\", error_description=\"{why}\""),
            ),
            Refusal::Forbidden | Refusal::Scope(_) => {
                Reply::of(403, &json!({"errors": ["You are not allowed to do this"]}))
            }
            Refusal::NotFound => Reply::of(404, &json!({"errors": ["Not found"]})),
            Refusal::Parameter(name, expected) => Reply::of(
                400,
                &json!({"errors": {name.as_ref(): [format!("must be {expected}")]}}),
            ),
            Refusal::TooMany(seconds) => {
                Reply::of(429, &json!({"errors": ["Too many requests"]})).retry_after(*seconds)
            }
            Refusal::Told(status) => Reply::of(*status, &json!({"errors": ["the emulator was told to fail"]})),
            Refusal::Broken | Refusal::Own(_) => Reply::empty(500),
        }
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        vec![format!(
            "curl -H 'x-api-key: {key}' '{url}/api/{API_VERSION}/resources/employees/employees?limit=2'"
        )]
    }
}

/// Returns where the page that is asked for begins.
fn start(query: &Query) -> Result<Start, Refusal> {
    let cursor = |name: &'static str| {
        let text = query.one(name);
        text.map(|text| Cursor::read(text).ok_or_else(|| Refusal::parameter(name, "a cursor of an earlier answer")))
            .transpose()
    };
    Ok(match (cursor("after_id")?, cursor("before_id")?) {
        (Some(after), _) => Start::After(after),
        (None, Some(before)) => Start::Before(before),
        (None, None) => Start::First,
    })
}

fn list(listing: &Listing<Version>, query: &Query) -> Result<Reply, Refusal> {
    let named = query.ids("ids[]");
    let is_named = |id: u64| named.as_ref().is_none_or(|named| named.binary_search(&id).is_ok());
    let keeps = named.is_some().then_some(&is_named as &dyn Fn(u64) -> bool);
    let ids = listing.ids(query, !query.has_others(&PAGING), keeps)?;
    let limit = query.number("limit", 1)?.unwrap_or(MOST).min(MOST);
    let page = Page::cut(&ids, start(query)?, limit, listing.faults);
    let mut body = Vec::with_capacity(64 + page.rows.len() * 2_000);
    body.extend_from_slice(b"{\"data\":");
    listing.write_all(&page.rows, &mut body)?;
    // Seen by others' clients: no limit is stated where ids were named.
    close(body, &page, named.is_none().then_some(limit))
}

/// Adds `meta` to `data`.
fn close(mut body: Vec<u8>, page: &Page, limit: Option<usize>) -> Result<Reply, Refusal> {
    let meta = json!({
        "has_next_page": page.has_next,
        "has_previous_page": page.has_previous,
        "start_cursor": page.first().map(Cursor::write),
        "end_cursor": page.last().map(Cursor::write),
        "total": page.total,
        "limit": limit,
    });
    body.extend_from_slice(b",\"meta\":");
    serde_json::to_writer(&mut body, &meta)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}
