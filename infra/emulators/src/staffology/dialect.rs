//! Users of the API, tokens, routes and errors as Staffology HR has them.

use super::field::{CUSTOM, places};
use super::person::{CustomFields, EVERYBODY, SOMEBODY};
use super::{ROWS, View};
use crate::company::{Extent, Move};
use crate::kit::caller::{Caller, authorization, hexadecimal};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::{GrantType, Manners, Refreshing, Rotation};
use crate::kit::paging::{Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::kit::{Asked, PermissionGroup};
use crate::server::reply::Reply;
use serde_json::{Value, json};

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

/// Tokens of half an hour, which name and password are exchanged for; a refresh token of six months, which stays the same.
const MANNERS: Manners = Manners {
    token: "/api/token/",
    grants: &[GrantType::Password, GrantType::RefreshToken],
    is_in_headers: true,
    access_seconds: 1_800,
    refreshing: Refreshing {
        seconds: 182 * 86_400,
        rotation: Rotation::Never,
        scope: None,
    },
    ..Manners::NONE
};

/// Staffology HR's way.
pub(crate) struct Staffology;

/// What a path asks for.
#[derive(Clone, Copy)]
enum Target<'a> {
    Company,
    /// A page of people, from 1.
    Page(usize),
    Person(&'a str),
    CustomFields(Option<&'a str>),
}

impl<'a> Target<'a> {
    /// One slash is as good as two. Page 0 is page 1.
    fn find(path: &'a str) -> Option<Self> {
        match path {
            "/api/Company" | "/api/Company/" => return Some(Self::Company),
            "/" => return Some(Self::CustomFields(None)),
            "/api/Employees" | "/api/Employees/" => return Some(Self::Page(1)),
            _ => {}
        }
        if let Some(number) = path.strip_prefix("/api/Employees/") {
            let number: usize = number.trim_start_matches('/').parse().ok()?;
            return Some(Self::Page(number.max(1)));
        }
        if let Some(id) = path.strip_prefix("/api/Employee/") {
            return Some(Self::Person(id.trim_start_matches('/')));
        }
        let id = path.strip_prefix('/')?;
        id.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(Self::CustomFields(Some(id)))
    }
}

/// A user of the API without the right to starters and leavers.
fn without_leavers() -> PermissionGroup {
    PermissionGroup {
        name: "Without Starters & Leavers".to_owned(),
        hidden_fields: vec!["Termination".to_owned()],
        ..PermissionGroup::administrator()
    }
}

impl Dialect for Staffology {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::ServiceUser]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, name: &str) -> Vec<Place> {
        places(name)
    }

    /// The password of a user of the API.
    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        hexadecimal(seed, company * 10 + group as u64, 24)
    }

    /// A user of the API sees what its rights let it see.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        let groups = [
            PermissionGroup::administrator(),
            without_leavers(),
            PermissionGroup::present_only(),
        ];
        groups.map(Some).to_vec()
    }

    /// The number of a page is not part of what is noted, and the other host is noted by its name.
    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let (path, page) = match Target::find(asked.path) {
            Some(Target::Page(number)) => ("/api/Employees", Some(number as u64)),
            Some(Target::CustomFields(None)) => (CUSTOM, None),
            Some(Target::Company | Target::Person(_) | Target::CustomFields(Some(_))) | None => (asked.path, None),
        };
        let list = page.is_some() || path == CUSTOM;
        Call {
            path,
            data: true,
            list,
            page: page.or(Some(1)),
        }
    }

    /// Tokens alone: name and password open nothing but tokens.
    fn identify(&self, system: &System, asked: &Asked, _: &Faults) -> Result<Caller, Refusal> {
        let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        system.caller_by_token(token)
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        let target = Target::find(asked.path).filter(|_| asked.is_get());
        let target = target.ok_or(Refusal::NotFound)?;
        if asked.query.has_others(&[]) {
            return Err(Refusal::parameter("query", "left out"));
        }
        // A number like this may be that of many companies.
        system.show(caller, faults, false, (), |view| {
            let open = |resource: &'static dyn Resource<()>| {
                Listing::open(system, caller, view, resource, faults, Hiding::Absence)
            };
            match target {
                Target::Company => Ok(company(view)),
                Target::Page(number) => page(&open(&EVERYBODY)?, Start::page(number, ROWS)),
                Target::Person(id) => one(&open(&SOMEBODY)?, id),
                Target::CustomFields(Some(id)) => one(&open(&CustomFields)?, id),
                Target::CustomFields(None) => everything(&open(&CustomFields)?),
            }
        })
    }

    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        let of = |status: u16, message: &str| Reply::of(status, &json!({"Message": message}));
        match refusal {
            Refusal::NoCredential | Refusal::Token(_) => of(401, "Authorization has been denied for this request."),
            Refusal::Forbidden | Refusal::Scope(_) => of(403, "You do not have the rights for this request."),
            Refusal::NotFound => of(404, "No HTTP resource was found that matches the request URI."),
            Refusal::Parameter(name, expected) => of(400, &format!("{name} must be {expected}")),
            Refusal::TooMany(seconds) => of(429, "Too many requests.").retry_after(*seconds),
            Refusal::Told(status) => of(*status, "The emulator was told to fail."),
            Refusal::Broken | Refusal::Own(_) => of(500, "An error has occurred."),
        }
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        let user = crate::kit::caller::service_user(key);
        vec![
            format!("curl -u {user}:{key} -H 'grant_type: password' {url}/api/token/"),
            format!("curl -H 'authorization: Bearer <access_token>' {url}/api/Employees/"),
            format!("curl -H 'authorization: Bearer <access_token>' {url}/"),
        ]
    }
}

/// The company of the caller.
fn company(view: &View) -> Reply {
    let email = format!("hr@{}", view.company.domain);
    let own: Value = json!({"CompanyID": view.company.id, "Email": email});
    Reply::of(200, &own)
}

/// A page of people: a bare list.
fn page(listing: &Listing<()>, start: Start) -> Result<Reply, Refusal> {
    let ids = listing.ids(&Query::default(), true, None)?;
    let page = Page::cut(&ids, start, ROWS, listing.faults);
    let mut body = Vec::new();
    listing.write_all(&page.rows, &mut body)?;
    Ok(Reply::json(200, body))
}

/// All rows of a list that has no pages.
fn everything(listing: &Listing<()>) -> Result<Reply, Refusal> {
    let ids = listing.ids(&Query::default(), true, None)?;
    let mut body = Vec::new();
    listing.write_all(&ids, &mut body)?;
    Ok(Reply::json(200, body))
}

/// One row.
fn one(listing: &Listing<()>, id: &str) -> Result<Reply, Refusal> {
    let id = listing.resource.id_of(id).ok_or(Refusal::NotFound)?;
    Ok(Reply::json(200, listing.one(id, &Query::default(), false)?))
}
