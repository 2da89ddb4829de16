//! Log-in, allowance, errors, and which version a path belongs to.

use super::{Base, employment, older, page, pay, person, place, problem, structure, words};
use crate::company::{Company, Extent, Move};
use crate::kit::Asked;
use crate::kit::PermissionGroup;
use crate::kit::caller::{Caller, authorization};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::{GrantType, Manners, Refreshing, Rotation};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::server::reply::Reply;
use axum::http::HeaderName;
use serde_json::Value;

const EXTENT: Extent = Extent {
    attributes: &[
        "first_name",
        "last_name",
        "known_as",
        "work_email",
        "personal_email",
        "birth_date",
        "group",
        "department",
        "team",
        "job_title",
        "manager",
        "start_date",
        "termination_date",
        "pay_rate",
        "pay_period",
        "pay_currency",
        "work_location",
    ],
    moves: &[
        Move::Team,
        Move::Department,
        Move::Promotion,
        Move::Marriage,
        Move::Mailbox,
        Move::Office,
    ],
    required: &["first_name", "last_name"],
    has_large_ids: true,
    has_people_without_contract: false,
};

/// The scope of people and their employments.
pub(super) const PERSONS: &str = "personio:persons:read";
/// The scope of pay.
const PAY: &str = "personio:compensations:read";
/// The scope of departments and teams.
const UNITS: &str = "personio:org-units:read";

/// Tokens of a day for the customer's own client; there is nothing to refresh.
const MANNERS: Manners = Manners {
    authorize: None,
    authorize_query: "",
    token: "/v2/auth/token",
    token_query: "",
    is_in_headers: false,
    grants: &[GrantType::ClientCredentials],
    access_seconds: 86_400,
    refreshing: Refreshing {
        seconds: 0,
        rotation: Rotation::Always,
        scope: None,
    },
    default_scope: "personio:persons:read personio:compensations:read personio:org-units:read",
    scopes: &[
        PERSONS,
        PAY,
        UNITS,
        "personio:absences:read",
        "personio:attendances:read",
    ],
    takes_basic: false,
    unknown_client: 400,
    whole_company: None,
    binds_codes: false,
};

/// The most rows of a page.
const MOST: usize = 50;

/// Personio's way.
pub(crate) struct Personio;

/// What stands at a path of version 2.
enum At<'a> {
    /// A list, and whether one of its rows is named.
    List(Box<dyn Resource<Base>>, Option<&'a str>, &'static str),
}

impl<'a> At<'a> {
    fn find(path: &'a str) -> Option<Self> {
        let mut parts = path.strip_prefix("/v2/")?.trim_end_matches('/').split('/');
        let (list, id, below, own) = (parts.next()?, parts.next(), parts.next(), parts.next());
        let found = |resource: Box<dyn Resource<Base>>, scope| Some(Self::List(resource, id, scope));
        match (list, below) {
            _ if parts.next().is_some() => None,
            ("persons", None) => found(Box::new(person::Persons), PERSONS),
            ("persons", Some("employments")) => {
                let person = id?.parse().ok()?;
                Some(Self::List(Box::new(employment::Employments { person }), own, PERSONS))
            }
            ("org-units", None) => found(Box::new(structure::Units), UNITS),
            ("workplaces", None) => found(Box::new(structure::Workplaces), PERSONS),
            ("legal-entities", None) => found(Box::new(structure::LegalEntities), PERSONS),
            ("compensations", None) => found(Box::new(pay::Compensations), PAY),
            _ => None,
        }
    }
}

/// Answers a request to version 2.
fn answer(system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
    let At::List(resource, id, scope) = At::find(asked.path).ok_or(Refusal::NotFound)?;
    if !caller.has_scope(&[scope]) {
        return Err(Refusal::Scope(scope));
    }
    system.show(caller, faults, false, Base(asked.base()), |view| {
        let listing = Listing::open(system, caller, view, resource.as_ref(), faults, Hiding::Absence)?;
        match id {
            None => page::list(&listing, asked, MOST),
            Some(id) => {
                let id = resource.id_of(id).ok_or(Refusal::NotFound)?;
                let none = Query::default();
                Ok(Reply::json(200, listing.one(id, &none, false)?))
            }
        }
    })
}

impl Dialect for Personio {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::ClientCredentials]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, name: &str) -> Vec<Place> {
        place::places(name)
    }

    fn key(&self, _: u64, _: u64, _: usize) -> String {
        String::new()
    }

    /// There are no keys.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        Vec::new()
    }

    /// A hundred at once, and thirty a second from then on, as the real one says in its answers.
    fn requests_per_minute(&self) -> Option<u32> {
        Some(1_800)
    }

    fn token_extras(&self, _: &Company, _: &str, _: i64) -> Vec<(&'static str, Value)> {
        vec![("refresh_token", Value::Null)]
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let (list, page) = if asked.path.starts_with("/v1/") {
            (older::is_list(asked.path), None)
        } else {
            let is_list = matches!(At::find(asked.path), Some(At::List(_, None, _)));
            let page = page::start(&asked.query).map_or(1, |(start, _)| start.number(1));
            (is_list, Some(page))
        };
        Call {
            path: asked.path,
            data: true,
            list,
            page,
        }
    }

    /// Tokens alone, but for the request that brings a client for those of version 1.
    fn identify(&self, system: &System, asked: &Asked, _: &Faults) -> Result<Caller, Refusal> {
        if asked.path == older::AUTH {
            return older::client(system, asked);
        }
        let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        system.caller_by_token(token)
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        if asked.path.starts_with("/v1/") {
            return older::answer(system, caller, asked, faults);
        }
        if !asked.is_get() {
            return Err(Refusal::NotFound);
        }
        answer(system, caller, asked, faults)
    }

    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Reply {
        let (status, detail) = words(refusal);
        let reply = if asked.path.starts_with("/v1/") {
            older::error(status, &detail)
        } else {
            problem(status, "The request was refused", &detail)
        };
        if let Refusal::TooMany(seconds) = refusal {
            return reply.retry_after(*seconds);
        }
        reply
    }

    /// Version 2 says in each answer what it takes.
    fn finish(&self, reply: Reply, asked: &Asked) -> Reply {
        if asked.path.starts_with("/v1/") {
            return reply;
        }
        let says = [
            ("x-ratelimit-burst-capacity", "100"),
            ("x-ratelimit-replenish-rate", "30"),
            ("x-ratelimit-requested-tokens", "1"),
        ];
        let with = |reply: Reply, (name, value)| reply.with(HeaderName::from_static(name), value);
        says.into_iter().fold(reply, with)
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let client = system.application();
        let (id, secret) = (&client.id, &client.secret);
        vec![
            format!(
                "curl {url}/v2/auth/token -d grant_type=client_credentials -d client_id={id} -d client_secret={secret}"
            ),
            format!("curl -H 'authorization: Bearer <access_token>' '{url}/v2/persons?limit=3'"),
            format!("curl {url}/v1/auth -d client_id={id} -d client_secret={secret}"),
            format!("curl -H 'authorization: Bearer <token>' '{url}/v1/company/employees?limit=3&offset=0'"),
        ]
    }
}
