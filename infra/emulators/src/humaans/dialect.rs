//! Tokens, pages and errors as Humaans has them.

use super::{ALL, field};
use crate::company::{Extent, Move};
use crate::kit::caller::{Caller, authorization, hexadecimal};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::Manners;
use crate::kit::paging::{Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::kit::{Asked, PermissionGroup, Sees};
use crate::server::reply::Reply;
use serde_json::json;

/// The most rows of a page, and as many as come unasked.
const MOST: usize = 250;
const UNASKED: usize = 100;

const EXTENT: Extent = Extent {
    attributes: &[
        "employee_number",
        "first_name",
        "last_name",
        "known_as",
        "work_email",
        "personal_email",
        "mobile_phone",
        "address_line_1",
        "zip_code",
        "city",
        "country",
        "birth_date",
        "department",
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
        Move::Department,
        Move::House,
        Move::Promotion,
        Move::Marriage,
        Move::Mailbox,
        Move::Office,
    ],
    required: &["first_name", "last_name"],
    has_large_ids: true,
    has_people_without_contract: false,
};

/// Humaans' way.
pub(crate) struct Humaans;

/// A token with `public:read` alone.
fn public() -> PermissionGroup {
    let hidden = [
        "personal_email",
        "address_line_1",
        "zip_code",
        "city",
        "country",
        "birth_date",
        "termination_date",
        "personalPhoneNumber",
        "gender",
        "nationality",
        "taxId",
        "leavingReason",
    ];
    PermissionGroup {
        name: "Public".to_owned(),
        sees: Sees::AtWork,
        hidden_fields: hidden.map(str::to_owned).to_vec(),
        forbidden_resources: ["compensations", "bank-accounts", "custom-values"]
            .map(str::to_owned)
            .to_vec(),
    }
}

/// A token with `public:read` and `private:read`.
fn without_pay() -> PermissionGroup {
    PermissionGroup {
        name: "Without pay".to_owned(),
        forbidden_resources: vec!["compensations".to_owned()],
        ..PermissionGroup::administrator()
    }
}

/// The scopes of a caller.
fn scopes_of(caller: &Caller) -> &'static [&'static str] {
    match caller.user.as_ref().map(|user| user.group.name.as_str()) {
        Some("Public") => &["public:read"],
        Some("Without pay") => &["public:read", "private:read"],
        Some(_) | None => &["public:read", "private:read", "compensations:read"],
    }
}

/// A list, its own parameters, and the id below it.
type Target<'a> = (&'static dyn Resource<()>, &'static [&'static str], Option<&'a str>);

fn find(path: &str) -> Option<Target<'_>> {
    let path = path.strip_prefix("/api/")?;
    let (list, id) = path.split_once('/').map_or((path, None), |(list, id)| (list, Some(id)));
    let found = ALL.iter().find(|(resource, _)| resource.path() == list);
    found.map(|(resource, own)| (*resource, *own, id))
}

/// Returns how many rows are asked for, and behind how many.
fn place(query: &Query) -> Result<(usize, usize), Refusal> {
    let limit = query.number("$limit", 0)?.unwrap_or(UNASKED).min(MOST);
    Ok((limit, query.number("$skip", 0)?.unwrap_or(0)))
}

impl Dialect for Humaans {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::ApiKey]
    }

    fn manners(&self) -> &'static Manners {
        &Manners::NONE
    }

    fn places(&self, name: &str) -> Vec<Place> {
        field::places(name)
    }

    /// Thirty-two letters and digits.
    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        hexadecimal(seed, company * 10 + group as u64, 32)
    }

    /// A token has the scopes that were ticked when it was made.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        let groups = [PermissionGroup::administrator(), without_pay(), public()];
        groups.map(Some).to_vec()
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let (limit, skipped) = place(&asked.query).unwrap_or((UNASKED, 0));
        Call {
            path: asked.path,
            data: true,
            list: matches!(find(asked.path), Some((_, _, None))),
            page: Some(Start::Offset(skipped).number(limit)),
        }
    }

    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        system.caller_by_key(token, faults)
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        if !asked.is_get() {
            return Err(Refusal::NotFound);
        }
        system.show(caller, faults, true, (), |view| {
            answer(caller, asked, |resource| {
                Listing::open(system, caller, view, resource, faults, Hiding::Absence)
            })
        })
    }

    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        let of = |status: u16, name: &str, message: String| {
            Reply::of(
                status,
                &json!({"id": "emulated", "code": status, "name": name, "message": message, "issues": []}),
            )
        };
        match refusal {
            Refusal::NoCredential => of(401, "NotAuthenticated", "Not authenticated".to_owned()),
            Refusal::Token(why) => of(401, "NotAuthenticated", (*why).to_owned()),
            Refusal::Forbidden | Refusal::Scope(_) => of(403, "Forbidden", "You are not allowed to do this".to_owned()),
            Refusal::NotFound => of(404, "NotFound", "Not found".to_owned()),
            Refusal::Parameter(name, expected) => {
                let issue = json!({"name": name, "reason": format!("must be {expected}")});
                let body = json!({"code": 400, "name": "BadRequest", "message": "Invalid query", "issues": [issue]});
                Reply::of(400, &body)
            }
            Refusal::TooMany(seconds) => {
                of(429, "TooManyRequests", "Too many requests".to_owned()).retry_after(*seconds)
            }
            Refusal::Told(status) => of(*status, "GeneralError", "the emulator was told to fail".to_owned()),
            Refusal::Broken | Refusal::Own(_) => of(500, "GeneralError", "Internal error".to_owned()),
        }
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        vec![
            format!("curl -g -H 'authorization: Bearer {key}' '{url}/api/people?$limit=2'"),
            format!("curl -H 'authorization: Bearer {key}' {url}/api/token-info"),
        ]
    }
}

/// Answers a request for a list or one row of it, as `open` opens lists.
fn answer<'a>(
    caller: &Caller,
    asked: &Asked,
    open: impl Fn(&'static dyn Resource<()>) -> Result<Listing<'a, ()>, Refusal>,
) -> Result<Reply, Refusal> {
    let me = caller.user.as_ref().map(|user| user.employee_id);
    match (asked.path, me) {
        ("/api/token-info", _) => {
            let owner = me.map(|id| id.to_string());
            return Ok(Reply::of(200, &json!({"personId": owner, "scopes": scopes_of(caller)})));
        }
        ("/api/me", Some(me)) => {
            let people = open(&super::person::People)?;
            return Ok(Reply::json(200, people.one(me, &Query::default(), false)?));
        }
        _ => {}
    }
    let (resource, own, id) = find(asked.path).ok_or(Refusal::NotFound)?;
    let listing = open(resource)?;
    match id {
        Some(id) => {
            let id = resource.id_of(id).ok_or(Refusal::NotFound)?;
            Ok(Reply::json(200, listing.one(id, &Query::default(), false)?))
        }
        None => list(&listing, own, &asked.query),
    }
}

/// Answers with a page of a list.
fn list(listing: &Listing<()>, own: &[&str], query: &Query) -> Result<Reply, Refusal> {
    if query.has_others(&[&["$limit", "$skip"], own].concat()) {
        return Err(Refusal::parameter("query", "parameters of this list only"));
    }
    let (limit, skipped) = place(query)?;
    let ids = listing.ids(query, !query.has_others(&["$limit", "$skip"]), None)?;
    let page = Page::cut(&ids, Start::Offset(skipped), limit, listing.faults);
    let mut body = format!(
        "{{\"total\":{},\"limit\":{limit},\"skip\":{skipped},\"data\":",
        page.total
    )
    .into_bytes();
    listing.write_all(&page.rows, &mut body)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}
