//! Two headers, errors, the allowance of a linked account, and what stands at a path.

use super::{ALL, Context, account, employee, field, link, page};
use crate::company::{Extent, Move};
use crate::kit::Asked;
use crate::kit::PermissionGroup;
use crate::kit::caller::{Caller, Means, authorization, secret};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::Manners;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::system::System;
use crate::kit::veil::{Hiding, Veil};
use crate::server::reply::Reply;
use serde_json::json;
use std::collections::BTreeMap;

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
        "group",
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

/// The page with the vendor's Link on it is gone through like a login.
const MANNERS: Manners = Manners {
    authorize: Some(link::PAGE),
    ..Manners::NONE
};

/// What stands inside of a person's row, and is covered for itself.
const INSIDE: [&str; 6] = [
    "home_location",
    "work_location",
    "employments",
    "groups",
    "team",
    "company",
];

/// Merge's way.
pub(crate) struct Merge;

/// Returns what stands behind the path of the API.
fn path(asked: &str) -> Option<&str> {
    asked.strip_prefix("/api/hris/v1/")
}

/// Whether a path belongs to the organisation as a whole, and takes no account token.
fn is_of_organisation(path: &str) -> bool {
    matches!(path, "link-token" | "linked-accounts") || path.starts_with("account-token/")
}

impl Merge {
    fn context(system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Context, Refusal> {
        let expand = asked.query.commas("expand").unwrap_or_default();
        if expand
            .iter()
            .any(|name| !employee::EXPANDED.contains(name) && *name != "employee" && *name != "parent_team")
        {
            return Err(Refusal::parameter("expand", "references of this list"));
        }
        let veil = |kind: &'static str| (kind, Veil::over(system.dialect, kind, caller, faults, Hiding::Null));
        Ok(Context {
            expand: expand.into_iter().map(str::to_owned).collect(),
            has_sensitive_fields: asked.query.flag("include_sensitive_fields")? == Some(true),
            veils: BTreeMap::from(INSIDE.map(veil)),
        })
    }

    /// Answers for what belongs to one linked account.
    fn of_account(system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        let path = path(asked.path).ok_or(Refusal::NotFound)?;
        let context = Self::context(system, caller, asked, faults)?;
        system.show(caller, faults, true, context, |view| {
            match path {
                "account-details" => return Ok(account::details(view, caller)),
                "sync-status" => return account::syncs(view, caller, asked),
                _ => {}
            }
            let (list, id) = path.split_once('/').map_or((path, None), |(list, id)| (list, Some(id)));
            let found = ALL.iter().find(|(resource, _)| resource.path() == list);
            let (resource, own) = found.ok_or(Refusal::NotFound)?;
            let listing = Listing::open(system, caller, view, *resource, faults, Hiding::Null)?;
            match id {
                None => page::list(&listing, asked, own),
                Some(id) => {
                    let id = resource.id_of(id).ok_or(Refusal::NotFound)?;
                    Ok(Reply::json(200, listing.one(id, &Query::default(), false)?))
                }
            }
        })
    }
}

impl Dialect for Merge {
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
        field::places(name)
    }

    /// The token of a linked account.
    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        secret(seed, company * 100 + group as u64 + (1 << 30))
    }

    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        account::groups().into_iter().map(Some).collect()
    }

    /// As much as the smallest contract has.
    fn requests_per_minute(&self) -> Option<u32> {
        Some(100)
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let list = path(asked.path).is_some_and(|path| ALL.iter().any(|(resource, _)| resource.path() == path));
        let page = page::start(&asked.query).map_or(1, |(start, _)| start.number(1));
        Call {
            path: asked.path,
            data: true,
            list,
            page: Some(page),
        }
    }

    /// The organisation's key opens what is the organisation's; a linked account takes its token beside it.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        let key = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        if key != system.application().secret {
            return Err(Refusal::Token("Invalid API key."));
        }
        if path(asked.path).is_some_and(is_of_organisation) {
            return system.nobody(0, Means::Key).ok_or(Refusal::NotFound);
        }
        let token = asked
            .header("x-account-token")
            .ok_or(Refusal::Token("X-Account-Token is missing."))?;
        system
            .caller_by_key(token, faults)
            .map_err(|_| Refusal::Token("Invalid account token."))
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        match (asked.method.as_str(), path(asked.path)) {
            ("POST", Some("link-token")) => link::create(system, asked),
            ("GET", Some("linked-accounts")) => account::linked(system, asked),
            ("GET", Some(path)) => match path.strip_prefix("account-token/") {
                Some(public) => link::exchange(system, public),
                None => Self::of_account(system, caller, asked, faults),
            },
            _ => Err(Refusal::NotFound),
        }
    }

    fn answer_anybody(&self, asked: &Asked) -> Option<Reply> {
        link::magic(asked)
    }

    /// The page opens with a link token that was made a short while ago.
    fn object_to(&self, system: &System, asked: &BTreeMap<String, String>) -> Option<&'static str> {
        let is_good = asked
            .get("link_token")
            .is_some_and(|token| link::is_good(system, token));
        (!is_good).then_some("the link token is not good any more")
    }

    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        let of = |status: u16, detail: &str| Reply::of(status, &json!({ "detail": detail }));
        match refusal {
            Refusal::NoCredential => of(401, "Authentication credentials were not provided."),
            Refusal::Token(why) => of(401, why),
            Refusal::Forbidden | Refusal::Scope(_) => of(403, "You do not have permission to perform this action."),
            Refusal::NotFound => of(404, "Not found."),
            Refusal::Parameter(name, expected) => of(400, &format!("{name} must be {expected}")),
            Refusal::TooMany(seconds) => of(429, "Request was throttled.").retry_after(*seconds),
            Refusal::Told(status) => of(*status, "The emulator was told to fail."),
            Refusal::Broken | Refusal::Own(_) => of(500, "Something went wrong."),
        }
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let token = system.keys().first().map_or("", |key| key.text.as_str());
        let headers = format!(
            "-H 'authorization: Bearer {}' -H 'x-account-token: {token}'",
            system.application().secret
        );
        vec![
            format!("curl {headers} {url}/api/hris/v1/account-details"),
            format!("curl {headers} '{url}/api/hris/v1/employees?page_size=2&expand=employments,groups'"),
        ]
    }
}
