//! An emulated HR system behind the suite's trait: what all of them have in common, and what each has of its own.

use std::sync::Arc;

use async_trait::async_trait;
use emulators::{Options, Running};
use rollcall::{
    connection::Credential,
    employee::{Attribute, Canonical, Field},
    http::Method as Verb,
    source::{Availability, Method, Provider, Renewal},
    testing::contract::source::{Change, Emulated, Request, TODAY},
};
use serde_json::{Value, json};

use crate::support::{Hr, at, now};

/// What an HR system has of its own, in one way to be read.
pub(crate) struct Own {
    /// Which emulator it is.
    pub(super) kind: emulators::Kind,
    /// The provider that reads it.
    pub(super) provider: fn(&Hr) -> Arc<dyn Provider>,
    /// The kind of the credential.
    pub(crate) method: Method,
    /// What opens it; a client, or a name with a password that is exchanged for tokens, gets them before the first case.
    pub(super) credential: fn(&Running) -> Credential,
    /// Cases that it cannot show, each with the reason.
    pub(super) excuses: &'static [(&'static str, &'static str)],
    /// See [`Emulated::page_rows`].
    pub(super) page_rows: Option<usize>,
    /// See [`Emulated::people`].
    pub(super) people: &'static str,
    /// See [`Emulated::number`].
    pub(super) number: &'static str,
    /// See [`Emulated::related`].
    pub(super) related: (&'static str, Canonical),
    /// See [`Emulated::owned`].
    pub(super) owned: &'static [&'static str],
    /// See [`Emulated::enumerated`].
    pub(super) enumerated: Canonical,
    /// See [`Emulated::digits`].
    pub(super) digits: &'static [Canonical],
    /// See [`Emulated::shows`].
    pub(super) shows: fn(&Attribute, &Value) -> Option<Field<String>>,
    /// See [`Emulated::formula`].
    pub(super) formula: fn(&[Value], &[Request]) -> usize,
    /// See [`Emulated::lists_for`].
    pub(super) lists_for: fn(&Attribute) -> &'static [&'static str],
}

impl Own {
    /// Returns how many people work there in a case that takes at least so many.
    pub(crate) fn people_of(&self, case: &str, least: u32) -> u32 {
        let has_room = self.page_rows.is_some_and(|rows| rows >= 100);
        if has_room && OF_ONE_PAGE.contains(&case) {
            MOST_OF_A_PAGE
        } else {
            least
        }
    }

    /// Returns why a case cannot be shown.
    pub(super) fn excuse(&self, case: &str) -> Option<&'static str> {
        let mut excuses = self.excuses.iter();
        excuses.find(|(excused, _)| *excused == case).map(|(_, reason)| *reason)
    }
}

/// The HR systems that answer `null` for what a user may not see of a person, with the way where not all of theirs do.
const HIDES_BY_NULL: [(emulators::Kind, Option<Method>); 3] = [
    (emulators::Kind::BambooHr, None),
    (emulators::Kind::Factorial, Some(Method::OAuth)),
    (emulators::Kind::Lucca, Some(Method::ApiKey)),
];

/// The HR systems that have no custom fields.
const WITHOUT_CUSTOM_FIELDS: [emulators::Kind; 1] = [emulators::Kind::PayFit];

/// The cases that fill one page.
const OF_ONE_PAGE: [&str; 4] = [
    "r05_a_page_minus_one",
    "r05_a_page",
    "r05_a_page_plus_one",
    "r05_an_empty_last_page_ends_the_walk",
];
/// How many people work there in these cases, where a page has room for them and all others whom the emulator invents: so that
/// every attribute is had by at least one of them.
const MOST_OF_A_PAGE: u32 = 75;

/// A running HR system in one way to be read.
pub(crate) struct Stand {
    own: &'static Own,
    hr: Hr,
    credential: Credential,
}

impl Stand {
    /// Starts an HR system with so many people.
    pub(crate) async fn of(own: &'static Own, employees: u32) -> Self {
        let options = Options {
            employees,
            today: Some(TODAY.parse().unwrap()),
            requests_per_minute: Some(0),
            ..Options::default()
        };
        let hr = Hr::of(emulators::start(own.kind, options).await.unwrap());
        let mut credential = (own.credential)(&hr.running);
        let provider = (own.provider)(&hr);
        let is_first = matches!(credential, Credential::Basic { .. } | Credential::Client { .. });
        if let Some(login) = provider.login()
            && is_first
            && login.renewal(&credential, now()) == Renewal::Due
        {
            credential = login.renew(at(&hr.running.url()), &credential).await.unwrap();
        }
        Self { own, hr, credential }
    }

    /// Returns whether nothing is known of an attribute of which a person has no value: because `null` may say that it is hidden.
    fn may_be_hidden(&self, attribute: &Attribute, person: &Value) -> bool {
        let has_value = !person[attribute.to_string()].is_null();
        if has_value || *attribute == Attribute::Canonical(Canonical::TerminationDate) {
            return false;
        }
        let is_own = |(kind, method): &(_, Option<Method>)| {
            *kind == self.own.kind && method.is_none_or(|method| method == self.own.method)
        };
        let hides_by_null = HIDES_BY_NULL.iter().any(is_own);
        let takes_permission = |attribute: &Canonical| {
            let attributes = self.provider().description().attributes;
            attributes.contains(&(*attribute, Availability::NeedsPermission))
        };
        hides_by_null
            && match attribute {
                Attribute::Canonical(canonical) => takes_permission(canonical),
                Attribute::Custom(_) => true,
            }
    }
}

#[async_trait]
impl Emulated for Stand {
    fn provider(&self) -> Arc<dyn Provider> {
        (self.own.provider)(&self.hr)
    }

    fn url(&self) -> String {
        self.hr.running.url()
    }

    fn credential(&self) -> Credential {
        self.credential.clone()
    }

    fn offers(&self, case: &str) -> Result<(), &'static str> {
        self.own.excuse(case).map_or(Ok(()), Err)
    }

    fn page_rows(&self) -> Option<usize> {
        self.own.page_rows
    }

    fn people(&self) -> &'static str {
        self.own.people
    }

    fn number(&self) -> &'static str {
        self.own.number
    }

    fn has_custom_fields(&self) -> bool {
        !WITHOUT_CUSTOM_FIELDS.contains(&self.own.kind)
    }

    fn related(&self) -> (&'static str, Canonical) {
        self.own.related
    }

    fn owned(&self) -> &'static [&'static str] {
        self.own.owned
    }

    fn enumerated(&self) -> Canonical {
        self.own.enumerated
    }

    fn digits(&self) -> &'static [Canonical] {
        self.own.digits
    }

    fn canary(&self) -> &'static str {
        emulators::CANARY
    }

    fn shows(&self, attribute: &Attribute, person: &Value) -> Option<Field<String>> {
        let own = (self.own.shows)(attribute, person);
        own.or_else(|| self.may_be_hidden(attribute, person).then_some(Field::Unseen))
    }

    fn formula(&self, truth: &[Value], requests: &[Request]) -> usize {
        (self.own.formula)(truth, requests)
    }

    fn lists_for(&self, attribute: &Attribute) -> &'static [&'static str] {
        (self.own.lists_for)(attribute)
    }

    async fn arm(&self, fault: Value) {
        self.hr.arm(fault).await;
    }

    async fn mend(&self) {
        self.hr.control(Verb::Delete, "/_emulator/break", &Value::Null).await;
    }

    async fn truth(&self) -> Vec<Value> {
        self.hr.truth().await
    }

    async fn requests(&self) -> Vec<Request> {
        let answer = self.hr.control(Verb::Get, "/_emulator/requests", &Value::Null).await;
        let seen = answer["data"].as_array().unwrap().iter();
        let request = |seen: &Value| Request {
            path: seen["path"].as_str().unwrap().to_owned(),
            status: seen["status"].as_u64(),
            at: seen["at"].as_str().unwrap().parse().unwrap(),
            odd_values: seen["odd_values"].as_u64().unwrap(),
        };
        let requests = seen.map(request);
        requests
            .filter(|request| !request.path.starts_with("/_emulator"))
            .collect()
    }

    async fn change(&self, change: Change) -> Value {
        let (method, path, body) = match change {
            Change::Hire(person) => (Verb::Post, "/_emulator/people".to_owned(), person),
            Change::Edit(id, attributes) => (Verb::Put, format!("/_emulator/people/{id}"), attributes),
            Change::Rehire(id, how) => (Verb::Post, format!("/_emulator/people/{id}/rehire"), how),
            Change::Day => (Verb::Post, "/_emulator/day".to_owned(), json!({})),
        };
        self.hr.control(method, path.leak(), &body).await
    }
}

/// Returns how many calls a walk over so many rows takes, at so many rows a page.
pub(super) fn walk(rows: usize, page: usize) -> usize {
    rows.div_ceil(page).max(1)
}

/// Returns how many requests went to lists whose address ends so.
pub(super) fn count(requests: &[Request], end: &str) -> usize {
    requests.iter().filter(|request| request.path.ends_with(end)).count()
}

/// Returns a person's custom fields that have a value.
pub(super) fn custom_values(person: &Value) -> impl Iterator<Item = &str> {
    let members = person.as_object().unwrap().iter();
    let custom = members.filter(|(_, value)| !value.is_null());
    custom.filter_map(|(name, _)| name.strip_prefix("custom."))
}
