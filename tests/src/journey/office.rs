//! An HR system in memory: people as a provider would show them, and what may go wrong when they are read.

mod opened;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use rollcall::{
    allowance::SharedLimit,
    connection::{CodeVerifier, Credential},
    connector::grant::renewal_by_refresh,
    employee::{Canonical, CustomName},
    source::{
        Address, Authorization, Class, Cost, Description, Error, Exchange, Kind, Login, Method, Opening, Provider,
        Renewal, Site, Source, Way,
    },
    testing::FixedClock,
};
use secrecy::ExposeSecret as _;

use self::opened::{Opened, Pace};

/// The attributes that are shown of every person, empty or not.
const SHOWN: &[Canonical] = &[
    Canonical::FirstName,
    Canonical::LastName,
    Canonical::WorkEmail,
    Canonical::JobTitle,
    Canonical::Manager,
    Canonical::StartDate,
    Canonical::TerminationDate,
    Canonical::EmploymentStatus,
];

/// An HR system.
#[derive(Clone, Debug, Default)]
pub struct Office(Arc<Mutex<Shown>>);

#[derive(Clone, Debug, Default)]
struct Shown {
    company: String,
    people: BTreeMap<u64, BTreeMap<Canonical, String>>,
    /// Custom fields: shown of every person, empty or not.
    custom: BTreeMap<CustomName, BTreeMap<u64, String>>,
    hidden: BTreeSet<Canonical>,
    breaks_after: Option<usize>,
    refuses: Option<Class>,
    /// The challenge of the login that was begun last (RFC 7636).
    challenge: Option<String>,
    /// How many logins came to an end.
    logins: u32,
    /// The credentials that were revoked: of each the key or token that opens.
    revoked: Vec<String>,
    pace: Option<Pace>,
    /// Places of another edition are not known any more.
    edition: u32,
    /// How many pages may be asked for, by all processes together.
    limit: Option<SharedLimit>,
    /// How many pages were asked for.
    pages: u32,
}

impl Office {
    /// Returns an HR system of one company, without people.
    pub fn new(company: &str) -> Self {
        let office = Self::default();
        company.clone_into(&mut office.shown().company);
        office
    }

    /// Hires a person, with an address made of the id.
    pub fn hire(&self, id: u64, first_name: &str, last_name: &str) -> &Self {
        let values = [
            (Canonical::FirstName, first_name.to_owned()),
            (Canonical::LastName, last_name.to_owned()),
            (Canonical::WorkEmail, format!("p{id}@example.com")),
            (Canonical::JobTitle, "Clerk".to_owned()),
            (Canonical::StartDate, "2020-01-01".to_owned()),
            (Canonical::EmploymentStatus, "active".to_owned()),
        ];
        self.shown().people.insert(id, values.into());
        self
    }

    /// Hires people with made-up names under consecutive ids.
    pub fn hire_many(&self, ids: std::ops::RangeInclusive<u64>) -> &Self {
        for id in ids {
            self.hire(id, &format!("First{id}"), &format!("Last{id}"));
        }
        self
    }

    /// Sets one value of a person; blank clears it.
    pub fn set(&self, id: u64, attribute: Canonical, value: &str) -> &Self {
        if let Some(person) = self.shown().people.get_mut(&id) {
            person.insert(attribute, value.to_owned());
        }
        self
    }

    /// Sets one custom field of a person; from then on every person has that field.
    pub fn set_custom(&self, id: u64, name: &CustomName, value: &str) -> &Self {
        let mut shown = self.shown();
        shown
            .custom
            .entry(name.clone())
            .or_default()
            .insert(id, value.to_owned());
        drop(shown);
        self
    }

    /// Removes all people.
    pub fn close(&self) -> &Self {
        self.shown().people.clear();
        self
    }

    /// Ends a person's employment on a day.
    pub fn end(&self, id: u64, last_on: &str) -> &Self {
        self.set(id, Canonical::TerminationDate, last_on)
    }

    /// Does not show this person any more.
    pub fn vanish(&self, id: u64) -> &Self {
        self.shown().people.remove(&id);
        self
    }

    /// Hides an attribute of all people, or shows it again.
    pub fn hide(&self, attribute: Canonical, hidden: bool) -> &Self {
        if hidden {
            self.shown().hidden.insert(attribute);
        } else {
            self.shown().hidden.remove(&attribute);
        }
        self
    }

    /// Breaks every read off after so many people, or never.
    pub fn break_after(&self, people: Option<usize>) -> &Self {
        self.shown().breaks_after = people;
        self
    }

    /// Shows people in pages of so many, each of which takes so much time.
    pub fn page_by(&self, rows: usize, takes: SignedDuration, clock: &Arc<FixedClock>) -> &Self {
        self.shown().pace = Some(Pace {
            rows,
            takes,
            clock: Some(Arc::clone(clock)),
        });
        self
    }

    /// From now on limits the pages that may be asked for, by all processes together.
    pub fn limit(&self, limit: SharedLimit) -> &Self {
        self.shown().limit = Some(limit);
        self
    }

    /// Returns how many pages were asked for.
    pub fn pages(&self) -> u32 {
        self.shown().pages
    }

    /// Forgets all places at which reads have paused.
    pub fn expire_places(&self) -> &Self {
        self.shown().edition += 1;
        self
    }

    /// Refuses every login with an error of this class, or none.
    pub fn refuse(&self, class: Option<Class>) -> &Self {
        self.shown().refuses = class;
        self
    }

    /// From now on the credential opens another company; it opens several where ids are given with blanks between them.
    pub fn change_company(&self, company: &str) -> &Self {
        company.clone_into(&mut self.shown().company);
        self
    }

    /// Returns how many logins came to an end.
    pub fn logins(&self) -> u32 {
        self.shown().logins
    }

    /// Returns the credentials that were revoked: of each the key or token that opens.
    pub fn revoked(&self) -> Vec<String> {
        self.shown().revoked.clone()
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn error(class: Class, detail: &str) -> Error {
    Error::new(class, "read the office", detail)
}

/// The office stands in for an HR system of the product: what is said of it is the test's own.
impl Provider for Office {
    fn kind(&self) -> Kind {
        Kind::Factorial
    }

    fn description(&self) -> Description {
        describe("Office", &[Method::OAuth, Method::ApiKey])
    }

    fn site(&self) -> Option<Site> {
        None
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        self.shown().limit
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let chosen = opening.company.map(|company| company.id.clone());
        Ok(Box::new(Opened {
            office: self.clone(),
            chosen,
            allowance: opening.allowance,
        }))
    }

    fn login(&self) -> Option<&dyn Login> {
        Some(self)
    }
}

#[async_trait]
impl Login for Office {
    async fn is_registered(&self) -> Result<bool, Error> {
        Ok(true)
    }

    async fn authorize_url(&self, _at: Address<'_>, request: &Authorization<'_>) -> Result<String, Error> {
        self.shown().challenge = Some(request.code_challenge.to_owned());
        Ok(format!("https://office.example/authorize?state={}", request.state))
    }

    async fn exchange(&self, _at: Address<'_>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        let mut shown = self.shown();
        let proof = CodeVerifier::from_kept(exchange.code_verifier.to_owned()).challenge();
        if shown.challenge.as_ref() != Some(&proof) {
            return Err(error(Class::Unauthorized, "invalid_grant"));
        }
        shown.logins += 1;
        Ok(Credential::ApiKey {
            key: format!("login-{}", shown.logins).into(),
        })
    }

    async fn revoke(&self, _at: Address<'_>, credential: &Credential) -> Result<(), Error> {
        let opens = match credential {
            Credential::ApiKey { key } => key.expose_secret(),
            Credential::Tokens(tokens) => tokens.access_token.expose_secret(),
            Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => return Ok(()),
        };
        self.shown().revoked.push(opens.to_owned());
        Ok(())
    }

    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal {
        renewal_by_refresh(credential, now)
    }

    async fn renew(&self, _at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        Ok(credential.clone())
    }
}

/// Returns what a stand-in for an HR system says of itself: its name, and the ways in which it is connected.
pub fn describe(name: &'static str, methods: &[Method]) -> Description {
    let way = |method: &Method| Way {
        method: *method,
        fields: &[],
    };
    Description {
        name,
        ways: methods.iter().map(way).collect(),
        attributes: Vec::new(),
        identifiers: &[],
        permissions: Vec::new(),
        cost: Cost::new(|people| people, None),
    }
}
