//! Log-in, allowance, errors, and which of the two APIs a path belongs to.

use super::{legacy, modern, place};
use crate::company::{Extent, Move};
use crate::kit::caller::{Caller, authorization, hexadecimal};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::oauth::{GrantType, Manners, Refreshing, Rotation};
use crate::kit::refusal::Refusal;
use crate::kit::system::System;
use crate::kit::{Asked, PermissionGroup};
use crate::server::reply::Reply;
use axum::http::header::{ETAG, IF_NONE_MATCH};
use serde_json::json;

/// The most bytes of headers (vendor documentation).
const MOST_HEADERS: usize = 8 * 1024;

const EXTENT: Extent = Extent {
    attributes: &[
        "employee_number",
        "first_name",
        "last_name",
        "work_email",
        "personal_email",
        "mobile_phone",
        "birth_date",
        "group",
        "department",
        "job_title",
        "manager",
        "start_date",
        "termination_date",
        "pay_rate",
        "pay_currency",
        "work_city",
        "work_location",
        "time_zone",
    ],
    moves: &[
        Move::Department,
        Move::Promotion,
        Move::Marriage,
        Move::Mailbox,
        Move::Office,
    ],
    required: &["first_name", "last_name", "work_location"],
    has_large_ids: true,
    has_people_without_contract: false,
};

/// Tokens of half an hour for the customer's own client; there is nothing to refresh.
const MANNERS: Manners = Manners {
    authorize: None,
    authorize_query: "",
    token: "/connect/token",
    token_query: "",
    is_in_headers: false,
    grants: &[GrantType::ClientCredentials],
    access_seconds: 1_800,
    refreshing: Refreshing {
        seconds: 0,
        rotation: Rotation::Always,
        scope: None,
    },
    default_scope: "employees.readonly employments.readonly job-positions.readonly employee-personal-records.readonly departments.readonly legal-entities.readonly business-establishments.readonly employee-attributes.readonly employee-extensions.readonly",
    scopes: &[
        "employees.readonly",
        "employees.readwrite",
        "employments.readonly",
        "employments.readwrite",
        "job-positions.readonly",
        "job-positions.readwrite",
        "employee-personal-records.readonly",
        "employee-personal-records.readwrite",
        "departments.readonly",
        "departments.readwrite",
        "legal-entities.readonly",
        "legal-entities.readwrite",
        "business-establishments.readonly",
        "business-establishments.readwrite",
        "employee-attributes.readonly",
        "employee-attributes.readwrite",
        "employee-extensions.readonly",
        "employee-extensions.readwrite",
    ],
    takes_basic: true,
    unknown_client: 400,
    whole_company: None,
    binds_codes: false,
};

/// Lucca's way.
pub(crate) struct Lucca;

/// Whether a path belongs to the newer API.
fn is_modern(asked: &Asked) -> bool {
    asked.path.starts_with("/lucca-api/")
}

impl Dialect for Lucca {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::ApiKey, Way::ClientCredentials]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, name: &str) -> Vec<Place> {
        place::places(name)
    }

    /// A GUID.
    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        let hex = hexadecimal(seed, company * 10 + group as u64, 32);
        let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
        let parts = parts.map(|(from, to)| hex.get(from..to).unwrap_or_default());
        parts.join("-")
    }

    /// A key has a role, which says whether it sees former and future people.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        let roles = [
            PermissionGroup::administrator(),
            PermissionGroup::present_only(),
            PermissionGroup::colleague(),
        ];
        roles.map(Some).to_vec()
    }

    fn requests_per_minute(&self) -> Option<u32> {
        Some(50)
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let (list, page) = if is_modern(asked) {
            modern::place(asked)
        } else {
            legacy::place(asked)
        };
        Call {
            path: asked.path,
            data: true,
            list,
            page,
        }
    }

    /// The older API takes `lucca application=<key>`, the newer one the tokens of a client, and neither takes the other's.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        if is_modern(asked) {
            let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
            return system.caller_by_token(token);
        }
        let given = authorization(asked.headers, "lucca").and_then(|rest| rest.strip_prefix("application="));
        system.caller_by_key(given.ok_or(Refusal::NoCredential)?, faults)
    }

    fn answer_anybody(&self, asked: &Asked) -> Option<Reply> {
        let sizes = asked
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len());
        (sizes.sum::<usize>() > MOST_HEADERS).then(|| modern::problem(431, "Request Header Fields Too Large"))
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        if !asked.is_get() {
            return Err(Refusal::own(modern::problem(405, "Method Not Allowed")));
        }
        if is_modern(asked) {
            modern::answer(system, caller, asked, faults)
        } else {
            legacy::answer(system, caller, asked, faults)
        }
    }

    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Reply {
        let (status, text) = match refusal {
            Refusal::NoCredential => (401, "Unauthorized".to_owned()),
            Refusal::Token(why) => (401, (*why).to_owned()),
            Refusal::Forbidden => (403, "Forbidden".to_owned()),
            Refusal::Scope(scope) => (403, format!("The token lacks the scope {scope}")),
            Refusal::NotFound => (404, "Not Found".to_owned()),
            Refusal::Parameter(name, expected) => (400, format!("{name} must be {expected}")),
            Refusal::TooMany(_) => (429, "Too Many Requests".to_owned()),
            Refusal::Told(status) => (*status, "the emulator was told to fail".to_owned()),
            Refusal::Broken | Refusal::Own(_) => (500, "Internal Server Error".to_owned()),
        };
        let reply = if !is_modern(asked) {
            Reply::of(status, &json!({"Status": status, "Message": text}))
        } else if let Refusal::Parameter(name, expected) = refusal {
            modern::invalid(name, expected)
        } else {
            modern::problem(status, &text)
        };
        if let Refusal::TooMany(seconds) = refusal {
            return reply.retry_after(*seconds);
        }
        reply
    }

    /// The newer API says its version, and names each answer so that it need not be sent twice.
    fn finish(&self, reply: Reply, asked: &Asked) -> Reply {
        if !is_modern(asked) || reply.status != 200 {
            return reply;
        }
        let tag = format!("\"{:016x}\"", digest(&reply.body));
        let known = asked.header(IF_NONE_MATCH.as_str()) == Some(tag.as_str());
        let reply = if known { Reply::empty(304) } else { reply };
        reply.with(ETAG, tag).with(modern::API_VERSION, modern::VERSION)
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        let client = system.application();
        vec![
            format!(
                "curl -H 'authorization: lucca application={key}' '{url}/api/v3/users?fields=id,firstName,lastName,mail&paging=0,3'"
            ),
            format!(
                "curl {url}/connect/token -d grant_type=client_credentials -d client_id={} -d client_secret={}",
                client.id, client.secret
            ),
            format!(
                "curl -H 'authorization: Bearer <access_token>' -H 'api-version: {}' '{url}/lucca-api/employees?limit=3'",
                modern::VERSION
            ),
        ]
    }
}

/// A number that changes with the content (FNV-1a).
fn digest(body: &[u8]) -> u64 {
    body.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
