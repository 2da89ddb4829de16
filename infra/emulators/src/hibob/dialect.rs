//! Service users, tokens, routes and errors as HiBob has them.

use super::field::{FIELDS, custom_id, custom_kind, custom_name, places};
use super::search::{Asked as Search, People};
use crate::clock::real_now;
use crate::company::custom::FIELDS as CUSTOM;
use crate::company::{Extent, Move};
use crate::kit::caller::{Caller, authorization, basic, hexadecimal, service_user};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::{GrantType, Manners, Refreshing, Rotation};
use crate::kit::paging::Page;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::kit::{Asked, PermissionGroup};
use crate::server::reply::Reply;
use axum::http::{HeaderName, Method};
use serde_json::{Value, json};

/// Requests a minute.
const ALLOWANCE: u32 = 50;

const EXTENT: Extent = Extent {
    attributes: &[
        "employee_number",
        "first_name",
        "last_name",
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
        "department",
        "job_title",
        "manager",
        "start_date",
        "termination_date",
        "employment_type",
        "pay_rate",
        "pay_period",
        "pay_currency",
        "work_location",
    ],
    moves: &[
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

/// What opens pay, the bank account, the social security number.
const SENSITIVE: &str = "employee_data.sensitive:read";

const MANNERS: Manners = Manners {
    authorize: Some("/oauth2/v1/apps/authorize"),
    token: "/oauth2/v1/apps/token",
    grants: &[GrantType::Code, GrantType::RefreshToken],
    access_seconds: 3_600,
    refreshing: Refreshing {
        seconds: 30 * 86_400,
        rotation: Rotation::Always,
        scope: None,
    },
    default_scope: "employee_data:read",
    scopes: &["employee_data:read", SENSITIVE, "company.metadata:read", "reports:read"],
    takes_basic: true,
    ..Manners::NONE
};

/// HiBob's way.
pub(crate) struct HiBob;

/// A service user who may see everything but pay.
fn without_pay() -> PermissionGroup {
    let hidden = ["pay_rate", "pay_period", "employment_type", "bank_details"];
    PermissionGroup {
        name: "Without payroll".to_owned(),
        hidden_fields: hidden.map(str::to_owned).to_vec(),
        ..PermissionGroup::administrator()
    }
}

impl Dialect for HiBob {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::ServiceUser, Way::Code]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, name: &str) -> Vec<Place> {
        places(name)
    }

    /// The token of a service user.
    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        hexadecimal(seed, company * 10 + group as u64, 40)
    }

    /// A service user sees what its permission group may see. "Present people" has access to people who are employed, as a new group has.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        let groups = [
            PermissionGroup::administrator(),
            without_pay(),
            PermissionGroup::present_only(),
        ];
        groups.map(Some).to_vec()
    }

    fn requests_per_minute(&self) -> Option<u32> {
        Some(ALLOWANCE)
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        Call {
            path: asked.path,
            data: true,
            list: asked.path == "/v1/people/search",
            page: None,
        }
    }

    /// The id of a service user with its token, or a bearer's token.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        if let Some((user, token)) = basic(asked.headers) {
            let caller = system.caller_by_key(&token, faults)?;
            return if user == service_user(&token) {
                Ok(caller)
            } else {
                Err(Refusal::NoCredential)
            };
        }
        let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        system.caller_by_token(token)
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        match (asked.method.clone(), asked.path) {
            (Method::GET, "/v1/company/people/fields") => Ok(Reply::of(200, &fields())),
            (Method::POST, "/v1/people/search") => {
                if !caller.has_scope(&["employee_data:read"]) {
                    return Err(Refusal::Scope("employee_data:read"));
                }
                search(system, caller, asked, faults)
            }
            // A path that there is not is answered with a page for people.
            _ => Ok(Reply::html(200, "<!doctype html><title>Bob</title>".to_owned())),
        }
    }

    /// A bad credential is refused without a word.
    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        let of = |status: u16, key: &str, error: String| {
            Reply::of(status, &json!({"key": key, "error": error, "statusCode": status}))
        };
        match refusal {
            Refusal::NoCredential | Refusal::Token(_) => Reply::empty(401),
            Refusal::Forbidden => of(403, "forbidden", "Not allowed".to_owned()),
            Refusal::Scope(scope) => of(403, "missing_scope", format!("The token lacks the scope {scope}")),
            Refusal::NotFound => of(404, "not_found", "Not found".to_owned()),
            Refusal::Parameter(name, expected) => of(400, "validations.invalid", format!("{name} must be {expected}")),
            Refusal::TooMany(seconds) => {
                let until = real_now().as_second().saturating_add_unsigned(*seconds);
                let reply = of(429, "too_many_requests", "Too many requests".to_owned());
                reply
                    .with(HeaderName::from_static("x-ratelimit-limit"), ALLOWANCE.to_string())
                    .with(HeaderName::from_static("x-ratelimit-remaining"), "0")
                    .with(HeaderName::from_static("x-ratelimit-reset"), until.to_string())
            }
            Refusal::Told(status) => of(*status, "error", "the emulator was told to fail".to_owned()),
            Refusal::Broken | Refusal::Own(_) => of(500, "error", "Internal error".to_owned()),
        }
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        let user = service_user(key);
        vec![
            format!("curl -u {user}:{key} {url}/v1/company/people/fields"),
            format!(
                "curl -u {user}:{key} -H 'content-type: application/json' {url}/v1/people/search -d '{{\"fields\": [\"root.email\", \"work.title\"], \"showInactive\": true, \"humanReadable\": \"APPEND\"}}'"
            ),
        ]
    }
}

/// All fields, in the older form: a list.
fn fields() -> Vec<Value> {
    let field = |id: &str, name: &str, kind: &str| {
        let (category, _) = id.split_once('.').unwrap_or((id, ""));
        json!({
            "id": id, "categoryId": category, "category": category, "name": name, "type": kind, "historical": false,
            "jsonPath": id.strip_prefix("root.").unwrap_or(id),
        })
    };
    let own = FIELDS.iter().map(|own| field(own.id, own.name, own.kind));
    let custom = (0..CUSTOM.len()).filter_map(|at| Some(field(&custom_id(at), custom_name(at)?, custom_kind(at))));
    own.chain(custom).collect()
}

/// Everybody at once.
fn search(system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
    let mut search = Search::read(asked.body)?;
    search.sees_sensitive = caller.has_scope(&[SENSITIVE]);
    system.show(caller, faults, true, search, |view| {
        let listing = Listing::open(system, caller, view, &People, faults, Hiding::Absence)?;
        let ids = listing.ids(&Query::default(), false, None)?;
        let page = Page::whole(&ids, faults);
        let mut body = b"{\"employees\":".to_vec();
        listing.write_all(&page.rows, &mut body)?;
        body.push(b'}');
        Ok(Reply::json(200, body))
    })
}
