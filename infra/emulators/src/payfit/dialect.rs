//! Log-in, introspection, pages and errors as PayFit has them.

use super::{IN_PROGRESS, View, company_id, contract, field, person, scope};
use crate::company::{Company, Extent, Move};
use crate::kit::caller::{Caller, Means, authorization, secret};
use crate::kit::dialect::{Dialect, Place, Way};
use crate::kit::fault::armed::{Call, Faults};
use crate::kit::list::Listing;
use crate::kit::oauth::{GrantType, Manners, Refreshing, Rotation};
use crate::kit::paging::{Cursor, Page, Start};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::kit::{Asked, PermissionGroup};
use crate::server::reply::Reply;
use axum::http::HeaderName;
use serde_json::{Value, json};

const EXTENT: Extent = Extent {
    attributes: &[
        "employee_number",
        "first_name",
        "last_name",
        "work_email",
        "personal_email",
        "mobile_phone",
        "address_line_1",
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
    ],
    moves: &[Move::Team, Move::House, Move::Promotion, Move::Marriage, Move::Mailbox],
    required: &["first_name", "last_name"],
    has_large_ids: true,
    has_people_without_contract: true,
};

/// A login is the company's, for an administrator alone: its token does not end, and there is nothing to refresh.
static MANNERS: Manners = Manners {
    authorize: Some("/authorize"),
    authorize_query: "",
    token: "/token",
    token_query: "",
    grants: &[GrantType::Code],
    access_seconds: 0,
    refreshing: Refreshing {
        seconds: 0,
        rotation: Rotation::Always,
        scope: None,
    },
    default_scope: scope::USUAL,
    scopes: scope::ALL,
    is_in_headers: false,
    takes_basic: false,
    unknown_client: 401,
    whole_company: Some(("response_type", "code")),
    binds_codes: false,
};

/// Where a credential says what it is.
const INTROSPECT: &str = "/introspect";
/// The most rows of a page, and as many as come unasked.
const MOST: usize = 50;
const UNASKED: usize = 10;
/// How many requests one application may send within a second, to read.
const EVERY_SECOND: u32 = 50;

/// PayFit's way.
pub(crate) struct PayFit;

/// What stands at a path.
enum At<'a> {
    Introspection,
    /// A company.
    Company,
    /// A list, its own parameters, its scope, and whether one of its rows is named.
    List(
        &'static dyn Resource<()>,
        &'static [&'static str],
        &'static str,
        Option<&'a str>,
    ),
}

impl<'a> At<'a> {
    /// What stands at a path, and the company that is named in it.
    fn find(path: &'a str) -> Option<(Self, &'a str)> {
        if path == INTROSPECT {
            return Some((Self::Introspection, ""));
        }
        let mut parts = path.strip_prefix("/companies/")?.split('/');
        let (company, list, id) = (parts.next()?, parts.next(), parts.next());
        let at = match list {
            _ if parts.next().is_some() => return None,
            None => Self::Company,
            Some("collaborators") => Self::List(&person::Collaborators, &["email", IN_PROGRESS], scope::PEOPLE, id),
            Some("contracts") => Self::List(&contract::Contracts, &[IN_PROGRESS], scope::CONTRACTS, id),
            Some(_) => return None,
        };
        Some((at, company))
    }
}

/// Returns how many rows are asked for, and behind which.
fn place(query: &Query) -> Result<(usize, Start), Refusal> {
    let limit = query.number("maxResults", 1)?.unwrap_or(UNASKED).min(MOST);
    let Some(token) = query.one("nextPageToken") else {
        return Ok((limit, Start::First));
    };
    let cursor =
        Cursor::read(token).ok_or_else(|| Refusal::parameter("nextPageToken", "a token of an earlier answer"))?;
    Ok((limit, Start::After(cursor)))
}

/// The token that a request for introspection names in its body, as JSON or as a form.
fn named_token(asked: &Asked) -> Option<String> {
    if let Ok(body) = serde_json::from_slice::<Value>(asked.body) {
        return body.get("token")?.as_str().map(str::to_owned);
    }
    let mut pairs = url::form_urlencoded::parse(asked.body);
    pairs
        .find(|(name, _)| name == "token")
        .map(|(_, token)| token.into_owned())
}

/// Whose a credential is; none where it was given out and is not good any more.
fn holder(system: &System, token: &str, faults: &Faults) -> Result<Option<Caller>, Refusal> {
    let is_key = system.holder_of(token).is_some();
    let found = if is_key {
        system.caller_by_key(token, faults).ok()
    } else {
        match system.caller_by_token(token) {
            Ok(caller) => Some(caller),
            Err(Refusal::Token("The access token was revoked")) => None,
            Err(refused) => return Err(refused),
        }
    };
    Ok(found.map(scope::narrow))
}

impl Dialect for PayFit {
    fn extent(&self) -> Extent {
        EXTENT
    }

    fn has_custom_fields(&self) -> bool {
        false
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

    fn key(&self, seed: u64, company: u64, group: usize) -> String {
        format!("customer_{}", secret(seed, 10_000 + company * 10 + group as u64))
    }

    /// A key has the scopes that were ticked when it was made.
    fn key_groups(&self) -> Vec<Option<PermissionGroup>> {
        scope::groups()
    }

    /// Administrators alone may allow an application.
    fn groups(&self) -> Vec<PermissionGroup> {
        vec![PermissionGroup::administrator()]
    }

    fn requests_per_window(&self) -> Option<(u32, u32)> {
        Some((EVERY_SECOND, 1))
    }

    /// An application's logins have one allowance together, whichever company they are for.
    fn counts_with(&self, caller: &Caller) -> usize {
        match caller.means {
            Means::Key => caller.company,
            Means::CompanyToken | Means::UserToken | Means::ClientToken => usize::MAX,
        }
    }

    fn token_extras(&self, company: &Company, _: &str, _: i64) -> Vec<(&'static str, Value)> {
        vec![("company_id", format!("{:024x}", company.id).into())]
    }

    fn call<'a>(&self, asked: &Asked<'a>) -> Call<'a> {
        let page = place(&asked.query).map_or(1, |(limit, start)| start.number(limit));
        Call {
            path: asked.path,
            data: true,
            list: matches!(At::find(asked.path), Some((At::List(_, _, _, None), _))),
            page: Some(page),
        }
    }

    /// Introspection wants the credential in the header and in the body.
    fn identify(&self, system: &System, asked: &Asked, faults: &Faults) -> Result<Caller, Refusal> {
        let token = authorization(asked.headers, "bearer").ok_or(Refusal::NoCredential)?;
        let mut found = holder(system, token, faults)?;
        if asked.path == INTROSPECT && !asked.is_get() {
            let named = named_token(asked).ok_or_else(|| Refusal::parameter("token", "the token to be looked at"))?;
            // It is the one in the body that is looked at.
            if found.is_some() && named != token {
                found = holder(system, &named, faults).ok().flatten();
            }
        }
        match found {
            Some(caller) => Ok(caller),
            None if asked.path == INTROSPECT => Err(Refusal::own(Reply::of(200, &json!({"active": false})))),
            None => Err(Refusal::NoCredential),
        }
    }

    fn answer(&self, system: &System, caller: &Caller, asked: &Asked, faults: &Faults) -> Result<Reply, Refusal> {
        let (at, company) = At::find(asked.path).ok_or(Refusal::NotFound)?;
        let is_question = matches!(at, At::Introspection);
        if asked.is_get() == is_question {
            return Err(Refusal::NotFound);
        }
        system.show(caller, faults, true, (), |view| {
            if !is_question && company != company_id(view) {
                return Err(Refusal::NotFound);
            }
            match at {
                At::Introspection => Ok(introspect(system, caller, view)),
                At::Company => Ok(show_company(view)),
                At::List(_, _, scope, _) if !caller.has_scope(&[scope]) => Err(Refusal::Scope(scope)),
                At::List(resource, own, _, id) => {
                    let listing = Listing::open(system, caller, view, resource, faults, Hiding::Absence)?;
                    match id {
                        None => list(&listing, own, &asked.query),
                        Some(id) => {
                            let id = resource.id_of(id).ok_or(Refusal::NotFound)?;
                            let all = format!("{IN_PROGRESS}=true");
                            Ok(Reply::json(200, listing.one(id, &Query::parse(Some(&all)), false)?))
                        }
                    }
                }
            }
        })
    }

    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Reply {
        let of = |status: u16, message: &str| Reply::of(status, &json!({ "message": message }));
        match refusal {
            Refusal::NoCredential => of(401, "Unauthorized"),
            Refusal::Token(why) => of(401, why),
            Refusal::Forbidden => of(403, "Forbidden"),
            Refusal::Scope(scope) => of(403, &format!("Missing scope {scope}")),
            Refusal::NotFound => of(404, "Not found"),
            Refusal::Parameter(name, expected) => of(400, &format!("{name} must be {expected}")),
            Refusal::TooMany(_) => {
                let says = [
                    ("x-ratelimit-limit-second", EVERY_SECOND.to_string()),
                    ("x-ratelimit-remaining-second", "0".to_owned()),
                ];
                let with = |reply: Reply, (name, value)| reply.with(HeaderName::from_static(name), value);
                says.into_iter().fold(of(429, "API rate limit exceeded"), with)
            }
            Refusal::Told(status) => of(*status, "The emulator was told to fail"),
            Refusal::Broken | Refusal::Own(_) => of(500, "Internal server error"),
        }
    }

    fn samples(&self, system: &System, url: &str) -> Vec<String> {
        let key = system.keys().first().map_or("", |key| key.text.as_str());
        let companies = system.stage.companies();
        let company = companies.first().map_or(0, |company| company.id);
        vec![
            format!(
                "curl -H 'authorization: Bearer {key}' -H 'content-type: application/json' {url}/introspect -d '{{\"token\": \"{key}\"}}'"
            ),
            format!(
                "curl -H 'authorization: Bearer {key}' '{url}/companies/{company:024x}/collaborators?maxResults=3'"
            ),
            format!("curl -H 'authorization: Bearer {key}' '{url}/companies/{company:024x}/contracts?maxResults=3'"),
        ]
    }
}

/// What a credential is.
fn introspect(system: &System, caller: &Caller, view: &View) -> Reply {
    let mut said = json!({
        "active": true,
        "scope": caller.scope,
        "client_id": system.application().id,
        "company_id": company_id(view),
        "token_type": "bearer",
    });
    if let (Means::Key, Some(name), Some(members)) = (caller.means, scope::name_of(caller), said.as_object_mut()) {
        members.insert("customer_token_name".to_owned(), name.into());
    }
    Reply::of(200, &said)
}

fn show_company(view: &View) -> Reply {
    let company = view.company;
    let mut people = company.people.iter();
    let active = people
        .by_ref()
        .filter(|person| person.status(company.today) == crate::person::Status::Active);
    let shown = json!({
        "id": company_id(view),
        "name": view.company_name(),
        "country": "FR",
        "identificationNumber": "12345678900011",
        "address": "1 rue de l'Essai",
        "city": "Paris",
        "postalCode": "75009",
        "nbActiveContracts": active.count(),
    });
    Reply::of(200, &shown)
}

/// Answers with a page of a list.
fn list(listing: &Listing<()>, own: &[&str], query: &Query) -> Result<Reply, Refusal> {
    let (limit, start) = place(query)?;
    if query.has_others(&[&["maxResults", "nextPageToken"], own].concat()) {
        return Err(Refusal::parameter("query", "parameters of this list only"));
    }
    let ids = listing.ids(query, false, None)?;
    let page = Page::cut(&ids, start, limit, listing.faults);
    let mut body = format!("{{\"{}\":", listing.resource.path()).into_bytes();
    listing.write_all(&page.rows, &mut body)?;
    let token = page.last().filter(|_| page.has_next).map(Cursor::write);
    let mut meta = json!({"count": page.rows.len()});
    if let (Some(token), Some(members)) = (token, meta.as_object_mut()) {
        members.insert("nextPageToken".to_owned(), token.into());
    }
    body.extend_from_slice(b",\"meta\":");
    serde_json::to_writer(&mut body, &meta)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}
