//! Requests to Lucca: its lists and their pages. There are three forms of them, and each says how many rows there are.

mod read;

use std::{borrow::Cow, collections::BTreeSet};

pub(super) use read::LuccaSource;
use secrecy::ExposeSecret as _;

use super::wire::{Counted, DATA_ITEMS, ITEMS, LinkFrame, OffsetFrame};
use crate::{
    connection::Credential,
    connector::{
        List, Mark, Next, Outline, Paging, Place,
        answer::{malformed, not_json},
        parameter, read_page,
    },
    employee::{Canonical, Wanted},
    http::Request,
    source::Error,
};

/// The version of the newer API, which every request names.
const API_VERSION: &str = "2024-11-01";

/// The most rows of a page, except of users.
const PAGE_ROWS: &str = "100";

/// How many users are asked for at once. The vendor allows a thousand and gives an answer five seconds.
const PAGE_USERS: u64 = 200;

/// How the pages of a list are asked for.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// `paging=0,200`, the fields by name, and the total among them (`/api/v3`).
    Offset { fields: &'static str },
    /// `page=1&limit=100` (`/organization`, `/remuneration`).
    Number,
    /// A token out of the link to the next page (`/lucca-api`).
    Link { include: &'static str },
}

/// What can be read.
#[derive(Clone, Copy, Debug)]
struct Resource {
    operation: &'static str,
    path: &'static str,
    form: Form,
}

impl Resource {
    const fn older(operation: &'static str, path: &'static str, fields: &'static str) -> Self {
        Self {
            operation,
            path,
            form: Form::Offset { fields },
        }
    }

    const fn beside(operation: &'static str, path: &'static str) -> Self {
        Self {
            operation,
            path,
            form: Form::Number,
        }
    }

    const fn newer(operation: &'static str, path: &'static str, include: &'static str) -> Self {
        Self {
            operation,
            path,
            form: Form::Link { include },
        }
    }

    /// The whole list.
    const fn all(self) -> Rows {
        Rows {
            of: self,
            asked: Vec::new(),
        }
    }

    /// What of the list fits these parameters.
    const fn with(self, asked: Vec<(&'static str, String)>) -> Rows {
        Rows { of: self, asked }
    }
}

/// Links and the total: what proves that a list of the newer API is whole.
const PROOF: &str = "links,totalCount";

/// Users, whose fields are named by [`user_fields`].
const USERS: Resource = Resource::older("list users", "/api/v3/users", "");

/// The fields of a user, and what each is asked for.
const USER_FIELDS: &[(&str, &[Canonical])] = &[
    ("firstName", &[Canonical::FirstName]),
    ("lastName", &[Canonical::LastName]),
    ("name", &[Canonical::DisplayName]),
    ("mail", &[Canonical::WorkEmail]),
    ("personalEmail", &[Canonical::PersonalEmail]),
    ("professionalMobile", &[Canonical::MobilePhone]),
    ("address", &[Canonical::AddressLine1]),
    ("birthDate", &[Canonical::BirthDate]),
    ("employeeNumber", &[Canonical::EmployeeNumber]),
    ("jobTitle", &[Canonical::JobTitle]),
    ("dtContractStart", &[Canonical::StartDate]),
    ("dtContractEnd", &[Canonical::TerminationDate]),
    ("legalEntity.id", PLACE_OR_PAY),
    ("legalEntity.name", &[Canonical::WorkLocation]),
    ("department.name", &[Canonical::Department]),
    ("manager.id", &[Canonical::Manager]),
];

/// What is found by the place of work.
const PLACE_OR_PAY: &[Canonical] = &[
    Canonical::Group,
    Canonical::PayCurrency,
    Canonical::PayRate,
    Canonical::TimeZone,
    Canonical::WorkCity,
];

/// Returns the fields of users that serve what is wanted, as a list.
fn user_fields(wanted: &Wanted) -> String {
    let own = USER_FIELDS.iter().filter(|(_, gives)| wanted.wants_any(gives));
    let custom = wanted.wants_custom().then_some("extendedData");
    let named = own.map(|(name, _)| *name).chain(custom);
    let all: Vec<&str> = ["id"].into_iter().chain(named).chain(["collection.count"]).collect();
    all.join(",")
}
const EXTENSIONS: Resource = Resource::older(
    "list custom fields",
    "/api/v3/extensionuserdefinitions",
    "id,name,extensionUserPropertyListEntries,collection.count",
);
const ESTABLISHMENTS: Resource = Resource::beside("list establishments", "/organization/structure/api/establishments");
const FIXED_ITEMS: Resource = Resource::beside("list pay", "/remuneration/api/fixed-items");

const EMPLOYEES: Resource = Resource::newer("list employees", "/lucca-api/employees", "links,totalCount,embedded");
const RECORDS: Resource = Resource::newer("list personal records", "/lucca-api/employee-personal-records", PROOF);
const VALUES: Resource = Resource::newer("list custom values", "/lucca-api/employee-attributes", PROOF);
const DEFINITIONS: Resource = Resource::newer("list custom fields", "/lucca-api/employee-attribute-definitions", PROOF);
const DEPARTMENTS: Resource = Resource::newer("list departments", "/lucca-api/departments", PROOF);
const WORKPLACES: Resource = Resource::newer("list workplaces", "/lucca-api/business-establishments", PROOF);
const LEGAL_ENTITIES: Resource = Resource::newer("list legal entities", "/lucca-api/legal-entities", PROOF);

/// A list: all of it, or what fits the parameters.
#[derive(Clone, Debug)]
struct Rows {
    of: Resource,
    asked: Vec<(&'static str, String)>,
}

impl List for Rows {
    fn operation(&self) -> &'static str {
        self.of.operation
    }

    fn paging(&self) -> Paging {
        match self.of.form {
            Form::Offset { .. } => Paging::Offset,
            Form::Number => Paging::Page { first: 1 },
            Form::Link { .. } => Paging::Token,
        }
    }

    fn path(&self) -> &'static str {
        self.of.path
    }

    fn query<'q>(&'q self, place: &'q Place) -> Vec<(&'q str, Cow<'q, str>)> {
        let own = self.asked.iter().map(|(name, value)| (*name, value.as_str().into()));
        let mut pairs: Vec<(&str, Cow<'_, str>)> = own.collect();
        match self.of.form {
            Form::Offset { fields } => {
                if !fields.is_empty() {
                    pairs.push(("fields", fields.into()));
                }
                let before = if let Place::Behind(rows) = place { *rows } else { 0 };
                pairs.push(("paging", format!("{before},{PAGE_USERS}").into()));
            }
            Form::Number => {
                let number = if let Place::Page(number) = place { *number } else { 1 };
                pairs.push(("page", number.to_string().into()));
                pairs.extend([("limit", PAGE_ROWS.into()), ("fields.root", "count".into())]);
            }
            Form::Link { include } => {
                pairs.extend([("limit", PAGE_ROWS.into()), ("include", include.into())]);
                if let Place::At(token) = place {
                    pairs.push(("page", token.into()));
                }
            }
        }
        pairs
    }

    fn mark(&self, _place: &Place, text: &str) -> Result<Mark, Error> {
        match self.of.form {
            Form::Offset { .. } => self.offset_mark(text),
            Form::Number => self.number_mark(text),
            Form::Link { .. } => self.link_mark(text),
        }
    }
}

impl Rows {
    fn offset_mark(&self, text: &str) -> Result<Mark, Error> {
        let page = read_page::<Outline<'_>, OffsetFrame>(text, DATA_ITEMS);
        let page = page.map_err(|error| not_json(self.of.operation, &error))?;
        let total = page.frame.data.and_then(|data| data.count);
        self.counted(page.rows.as_deref(), total, Next::Unsaid)
    }

    fn number_mark(&self, text: &str) -> Result<Mark, Error> {
        let page =
            read_page::<Outline<'_>, Counted>(text, ITEMS).map_err(|error| not_json(self.of.operation, &error))?;
        self.counted(page.rows.as_deref(), page.frame.count, Next::Unsaid)
    }

    fn link_mark(&self, text: &str) -> Result<Mark, Error> {
        let page =
            read_page::<Outline<'_>, LinkFrame>(text, ITEMS).map_err(|error| not_json(self.of.operation, &error))?;
        let links = page.frame.links;
        let links = links.ok_or_else(|| malformed(self.of.operation, "links are missing"))?;
        let next = match &links.next {
            None => Next::Last,
            Some(link) => {
                let token = link.href.text().and_then(|address| parameter(address, "page"));
                token.map_or(Next::More, Next::At)
            }
        };
        self.counted(page.rows.as_deref(), page.frame.total, next)
    }

    /// What a page says of itself. A row that stands on it twice is one, so that the page behind is not missed.
    fn counted(&self, rows: Option<&[Outline<'_>]>, total: Option<u64>, next: Next) -> Result<Mark, Error> {
        let (Some(rows), Some(_)) = (rows, total) else {
            return Err(malformed(self.of.operation, "the rows or their number are missing"));
        };
        let known = rows.iter().filter_map(|row| row.id.value());
        let without_id = rows.len() - known.clone().count();
        let mut seen = BTreeSet::new();
        let ids: Vec<String> = known.filter(|id| seen.insert(*id)).map(str::to_owned).collect();
        Ok(Mark {
            rows: ids.len() + without_id,
            ids,
            total,
            next,
        })
    }
}

/// Shows a credential in the vendor's way: a key to the older API, a client's token to the newer one.
pub(super) fn sign(request: Request, credential: &Credential) -> Option<Request> {
    match credential {
        Credential::ApiKey { key } => {
            let shown = format!("lucca application={}", key.expose_secret());
            Some(request.header("authorization", shown))
        }
        Credential::Granted { tokens, .. } => Some(
            request
                .bearer(&tokens.access_token)
                .header("api-version", API_VERSION.to_owned()),
        ),
        Credential::Basic { .. } | Credential::Client { .. } | Credential::Tokens(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Class;

    fn mark(list: Resource, text: &str) -> Result<Mark, Error> {
        list.all().mark(&Place::Start, text)
    }

    #[test]
    fn each_form_of_page_says_how_many_rows_there_are_and_what_follows() {
        let users = mark(USERS, r#"{"header":{},"data":{"items":[{"id":1},{"id":2}],"count":7}}"#).unwrap();
        assert_eq!((users.rows, users.total, users.next), (2, Some(7), Next::Unsaid));
        let pay = mark(FIXED_ITEMS, r#"{"items":[{"id":1}],"count":3}"#).unwrap();
        assert_eq!((pay.rows, pay.total, pay.next), (1, Some(3), Next::Unsaid));
        for (links, next) in [
            ("{}", Next::Last),
            (r#"{"prev":null,"next":null}"#, Next::Last),
            (
                r#"{"next":{"href":"https://evil.example/x?limit=1&page=%21b%3D"}}"#,
                Next::At("!b=".to_owned()),
            ),
            (r#"{"next":{"href":"https://acme.ilucca.net/x"}}"#, Next::More),
        ] {
            let text = format!(r#"{{"items":[{{"id":"1"}}],"totalCount":9,"links":{links}}}"#);
            let page = mark(EMPLOYEES, &text).unwrap();
            assert_eq!((page.total, page.next), (Some(9), next), "{links}");
        }
    }

    #[test]
    fn r05_a_page_that_does_not_say_both_signs_of_the_end_is_not_believed() {
        for (list, text) in [
            (USERS, r#"{"data":{"items":[]}}"#),
            (USERS, r#"{"data":{"count":0}}"#),
            (USERS, r#"{"items":[],"count":0}"#),
            (FIXED_ITEMS, r#"{"items":[]}"#),
            (EMPLOYEES, r#"{"items":[],"links":{"next":null}}"#),
            (EMPLOYEES, r#"{"items":[],"totalCount":0}"#),
            (EMPLOYEES, r#"{"items":null,"totalCount":0,"links":{}}"#),
            (EMPLOYEES, "<html></html>"),
        ] {
            assert_eq!(mark(list, text).unwrap_err().class, Class::Malformed, "{text}");
        }
    }

    #[test]
    fn r05_a_row_that_stands_twice_on_a_page_is_counted_once() {
        let text = r#"{"data":{"items":[{"id":1},{"id":2},{"id":2},{"name":"no id"}],"count":4}}"#;
        let page = mark(USERS, text).unwrap();
        assert_eq!((page.rows, page.ids), (3, vec!["1".to_owned(), "2".to_owned()]));
    }

    #[test]
    fn r46_a_field_that_serves_nothing_wanted_is_not_asked_for() {
        let wanted = Wanted::only([Canonical::WorkEmail.into(), Canonical::PayRate.into()]);
        assert_eq!(user_fields(&wanted), "id,mail,legalEntity.id,collection.count");
        assert!(user_fields(&Wanted::everything()).contains("extendedData"));
    }

    #[test]
    fn r34_what_may_never_be_read_is_not_asked_for() {
        let fields = user_fields(&Wanted::everything());
        for never in [
            "iban",
            "bic",
            "rib",
            "bankName",
            "insuranceNumber",
            "nationality",
            "gender",
            "personalCard",
        ] {
            assert!(!fields.contains(never), "{never}");
        }
    }
}
