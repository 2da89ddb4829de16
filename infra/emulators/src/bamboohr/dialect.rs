//! Log-in, errors and the way from a path to its answer.

use super::dataset::{self, Records};
use super::employee::{self, Listed};
use super::meta::{self, Locations};
use super::report::{self, People, Wanted};
use super::route::{Route, Target};
use super::table::{self, Table};
use super::{field, saved, xml};
use crate::company::{Company, Extent, Move};
use crate::kit::caller::{Caller, authorization, basic, hexadecimal};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::{GrantType, Manners, Refreshing, Rotation};
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::add;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::kit::view::View;
use crate::kit::{Asked, PermissionGroup};
use crate::server::reply::Reply;
use axum::http::HeaderName;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Where an error's text stands; bodies are empty.
const ERROR: HeaderName = HeaderName::from_static("x-bamboohr-error-message");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

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
        "team",
        "department",
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
    has_large_ids: false,
};

const MANNERS: Manners = Manners {
    authorize: Some("/authorize.php"),
    authorize_query: "?request=authorize",
    token: "/token.php",
    token_query: "?request=token",
    grants: &[GrantType::Code, GrantType::RefreshToken],
    access_seconds: 3_600,
    refreshing: Refreshing {
        seconds: 365 * 86_400,
        rotation: Rotation::EverySecond,
        scope: Some("offline_access"),
    },
    default_scope: "openid",
    scopes: &[
        "openid",
        "offline_access",
        "employee",
        "employee:name",
        "employee:job",
        "employee:contact",
        "employee:compensation",
        "employee:custom_fields",
        "employee:custom_fields_encrypted",
        "employee:demographic",
        "employee:identification",
        "employee:management",
        "employee:photo",
        "sensitive_employee:address",
        "sensitive_employee:protected_info",
        "employee_directory",
        "field",
        "report",
        "company:info",
        "user",
        "webhooks",
        "public.user",
        "public.integration",
    ],
    takes_basic: false,
    unknown_client: 401,
    whole_company: None,
    binds_codes: false,
};

fn refuse(status: u16, message: &'static str) -> Refusal {
    Refusal::own(Reply::empty(status).with(ERROR, message))
}

/// 400 with a text.
pub(super) fn bad_request(message: &'static str) -> Refusal {
    refuse(400, message)
}

/// 403 with a text.
pub(super) fn forbidden(message: &'static str) -> Refusal {
    refuse(403, message)
}

/// 404 with a text.
pub(super) fn not_found(message: &'static str) -> Refusal {
    refuse(404, message)
}

/// An error of the newer endpoints (RFC 9457).
pub(super) fn problem(status: u16, title: &str, detail: &str) -> Value {
    json!({"type": "about:blank", "title": title, "status": status, "detail": detail})
}

/// BambooHR's way.
pub(crate) struct BambooHr;

impl Dialect for BambooHr {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn ways(&self) -> &'static [Way] {
        &[Way::KeyAsUser, Way::Code]
    }

    fn manners(&self) -> &'static Manners {
        &MANNERS
    }

    fn places(&self, name: &str) -> Vec<Place> {
        field::places(name)
    }

    /// Forty hexadecimal digits.
    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        hexadecimal(seed, company * 10 + group as u64, 40)
    }

    /// A key has the permissions of whoever made it.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        self.groups().into_iter().map(Some).collect()
    }

    fn punishes_failed_logins(&self) -> bool {
        true
    }

    fn token_extras(&self, company: &Company, scope: &str, now: i64) -> Vec<(&'static str, Value)> {
        let site = company.site();
        let mut extras = vec![("companyDomain", Value::from(site.clone()))];
        if scope.split_ascii_whitespace().any(|scope| scope == "openid") {
            let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let claims =
                json!({"iss": format!("https://{site}.bamboohr.com"), "sub": company.id.to_string(), "iat": now});
            let token = format!("{}.{}.", part(json!({"alg": "none"})), part(claims));
            extras.push(("id_token", token.into()));
        }
        extras
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let target = Route::of(asked).target;
        let page = match target {
            Some(Target::DatasetData(_)) => {
                let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
                Some(body.get("page").and_then(Value::as_u64).unwrap_or(1))
            }
            // Elsewhere there are no pages, or cursors that do not say which one they lead to.
            _ => None,
        };
        Call {
            path: asked.path,
            data: true,
            list: target.is_some_and(Target::is_list),
            page,
        }
    }

    /// A key as the user name of Basic, or a bearer token.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        let key = basic(asked.headers);
        let token = authorization(asked.headers, "bearer");
        if key.is_none() && token.is_none() {
            return Err(Refusal::NoCredential);
        }
        let site = match Route::of(asked).site {
            None => None,
            Some(site) => {
                let companies = system.stage.companies();
                let found = companies.iter().position(|company| company.site() == site);
                Some(found.ok_or_else(|| not_found("Unknown company domain"))?)
            }
        };
        let caller = match (key, token) {
            (Some((key, _)), _) => system.caller_by_key(&key, faults)?,
            (None, Some(token)) => system.caller_by_token(token)?,
            (None, None) => return Err(Refusal::NoCredential),
        };
        if site.is_some_and(|site| site != caller.company) {
            return Err(Refusal::NoCredential);
        }
        Ok(caller)
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        let target = Route::of(asked).target.ok_or(Refusal::NotFound)?;
        check(caller, target)?;
        let companies = system.stage.companies();
        let company = companies.get(caller.company).ok_or(Refusal::NotFound)?;
        let request = Request {
            system,
            caller,
            company,
            asked,
            faults,
        };
        let reply = request.answer(target)?;
        let wants_json = asked
            .header("accept")
            .is_some_and(|accept| accept.contains("application/json"));
        let is_lists_json = target == Target::Lists && asked.query.one("format") == Some("json");
        if target.speaks_xml() && !wants_json && !is_lists_json {
            return xml::reply(&reply.body, "result");
        }
        Ok(reply)
    }

    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        let with = |status: u16, message: String| Reply::empty(status).with(ERROR, message);
        match refusal {
            Refusal::NoCredential => with(401, "Invalid API key or unauthorized".to_owned()),
            Refusal::Token(why) => with(401, (*why).to_owned()),
            Refusal::Forbidden => with(403, "You do not have access to this".to_owned()),
            Refusal::Scope(scope) => with(403, format!("The token lacks the scope {scope}")),
            Refusal::NotFound => with(404, "Not found".to_owned()),
            Refusal::Parameter(name, expected) => with(400, format!("{name} must be {expected}")),
            Refusal::TooMany(seconds) => with(429, "Limit Exceeded".to_owned()).retry_after(*seconds),
            Refusal::Told(status) => with(*status, "the emulator was told to fail".to_owned()),
            Refusal::Broken | Refusal::Own(_) => Reply::empty(500),
        }
    }

    /// The caller's id of the request, or one of ours.
    fn finish(&self, reply: Reply, asked: &Asked) -> Reply {
        let own = || {
            format!(
                "{:016x}",
                crate::draw::draw(asked.path.len() as u64, asked.body.len() as u64)
            )
        };
        let id = asked.header(REQUEST_ID.as_str()).map_or_else(own, str::to_owned);
        reply.with(REQUEST_ID, id)
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        vec![
            format!("curl -u {key}:x -H 'accept: application/json' {url}/api/v1/employees/directory"),
            format!(
                "curl -u {key}:x -H 'content-type: application/json' '{url}/api/v1/reports/custom?format=json' -d '{{\"fields\": [\"firstName\", \"workEmail\"]}}'"
            ),
        ]
    }
}

/// Whether a credential is good for a target.
fn check(caller: &Caller, target: Target) -> Result<(), Refusal> {
    if caller.scope.is_none() && target.takes_tokens_only() {
        return Err(forbidden("This endpoint takes OAuth tokens only"));
    }
    let scopes = target.scopes();
    let all = ["public.user", "public.integration"];
    if caller.has_scope(scopes) || caller.has_scope(&all) {
        return Ok(());
    }
    Err(Refusal::Scope(scopes.first().copied().unwrap_or_default()))
}

/// A request of somebody who may ask.
struct Request<'a> {
    system: &'a System,
    caller: &'a Caller,
    company: &'a Company,
    asked: &'a Asked<'a>,
    faults: &'a Faults,
}

impl Request<'_> {
    fn view(&self, wanted: Wanted) -> View<'_, Wanted> {
        View::of(self.company, self.caller, self.faults, false, wanted)
    }

    /// Hands a resource on as the caller sees it.
    fn list(
        &self,
        wanted: Wanted,
        resource: &dyn Resource<Wanted>,
        hiding: Hiding,
        answer: impl FnOnce(&Listing<Wanted>) -> Result<Reply, Refusal>,
    ) -> Result<Reply, Refusal> {
        let view = self.view(wanted);
        answer(&Listing::open(
            self.system,
            self.caller,
            &view,
            resource,
            self.faults,
            hiding,
        )?)
    }

    fn answer(&self, target: Target) -> Result<Reply, Refusal> {
        let (asked, nothing) = (self.asked, Wanted::default);
        let absent = Hiding::Absence;
        match target {
            Target::CompanyInformation => Ok(meta::company(&self.view(nothing()))),
            Target::Report => {
                let (order, wanted) = report::order(asked)?;
                self.list(wanted, &People, absent, |listing| {
                    report::answer(listing, &order, asked)
                })
            }
            Target::Directory => {
                let wanted = employee::directory_wanted(asked);
                self.list(wanted, &People, absent, |listing| employee::directory(listing, asked))
            }
            Target::Employees => {
                let wanted = employee::list_wanted(asked);
                self.list(wanted, &Listed, Hiding::Null, |listing| employee::list(listing, asked))
            }
            Target::Employee(id) => {
                let wanted = employee::wanted(asked)?;
                self.list(wanted, &People, absent, |listing| {
                    employee::one(listing, self.caller, id)
                })
            }
            Target::Table { whose, table } => self.list(nothing(), Table::find(table)?, absent, |listing| {
                table::rows(listing, asked, whose)
            }),
            Target::Changed => table::changed(&self.view(nothing()), asked),
            Target::ChangedTable(table) => {
                // Recorded on a real account: here rows carry neither their own id nor the employee's.
                let wanted = Wanted {
                    is_grouped: true,
                    ..nothing()
                };
                self.list(wanted, Table::find(table)?, absent, |listing| {
                    table::changed_rows(listing, asked)
                })
            }
            Target::Fields => Ok(meta::fields()),
            Target::Lists => Ok(meta::lists(&self.view(nothing()))),
            Target::Tables => Ok(meta::tables()),
            Target::Users => Ok(meta::users(&self.view(nothing()), asked)),
            Target::Locations => {
                let names = asked.query.commas("expand").unwrap_or_default();
                let wanted = Wanted {
                    expanded: names.into_iter().map(str::to_owned).collect(),
                    ..nothing()
                };
                self.list(wanted, &Locations, Hiding::Null, |listing| {
                    meta::locations(listing, asked)
                })
            }
            Target::Datasets => Ok(dataset::list()),
            Target::DatasetFields(dataset::NAME) => Ok(dataset::fields(asked)),
            Target::DatasetFields(_) => Err(unknown_dataset(422)),
            Target::DatasetData(dataset::NAME) => {
                let (query, wanted) = dataset::query(asked)?;
                self.list(wanted, &Records, absent, |listing| {
                    dataset::answer(listing, &query, asked)
                })
            }
            Target::DatasetData(_) => Err(unknown_dataset(404)),
            Target::SavedReports => Ok(saved::list(asked)),
            Target::SavedReport(id) => {
                let wanted = saved::wanted(id)?;
                self.list(wanted, &Records, absent, |listing| saved::answer(listing, asked))
            }
        }
    }
}

fn unknown_dataset(status: u16) -> Refusal {
    let mut body = problem(status, "Unknown dataset", "There is no dataset of this name");
    add(&mut body, "code", "DATASET_NOT_FOUND");
    Refusal::own(Reply::problem(status, &body))
}
