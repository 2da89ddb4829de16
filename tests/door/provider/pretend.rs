//! A pretend HR system that is as unlike the others as the port allows: it is opened by name and password, at an address of
//! each customer's own, names no company, and has no login in the browser.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use rollcall::{
    allowance::SharedLimit,
    connection::{Credential, Identifier},
    employee::{Canonical, EmployeeBuilder, EmployeeId, Field},
    roster::{Proof, Reading},
    source::{
        Access, Availability, Class, Cost, Description, Error, FormField, Identity, Kind, Login, Method, Opening,
        Provider, Site, SiteForm, Source, Way,
    },
};
use secrecy::ExposeSecret as _;

/// What the pretend HR system can do.
const WAYS: [Way; 1] = [Way {
    method: Method::Basic,
    fields: &[
        FormField {
            name: "user",
            label: "User",
            help: "Pretend: Administration, API users.",
            secret: false,
        },
        FormField {
            name: "password",
            label: "Password",
            help: "Shown once, when the user is made.",
            secret: true,
        },
    ],
}];

/// Whose people are behind an address: by password, the people by id with their last names.
type Companies = BTreeMap<String, BTreeMap<u32, String>>;

/// The pretend HR system, and what it was asked.
#[derive(Clone, Default)]
pub(super) struct Pretend(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    companies: Companies,
    /// The addresses at which it was reached.
    hosts: Vec<String>,
    breaks_after: Option<usize>,
    ending: Ending,
}

/// How a read ends.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Ending {
    /// Everybody was shown, and it says so.
    #[default]
    Whole,
    /// The last answer fails.
    Fails(Class),
    /// Nothing says that this was the end.
    Unsaid,
    /// It announced so many people more than it shows.
    Announces(u64),
}

impl Pretend {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a password opens from now on.
    pub(super) fn opens(&self, password: &str, people: impl IntoIterator<Item = (u32, String)>) {
        let people = people.into_iter().collect();
        self.kept().companies.insert(password.to_owned(), people);
    }

    /// Refuses a password from now on.
    pub(super) fn refuse(&self, password: &str) {
        self.kept().companies.remove(password);
    }

    /// Breaks every read off after so many people.
    pub(super) fn break_after(&self, people: usize) {
        self.kept().breaks_after = Some(people);
    }

    /// Ends every read in this way from now on.
    pub(super) fn end_by(&self, ending: Ending) {
        self.kept().ending = ending;
    }

    /// Returns the address at which it was reached last.
    pub(super) fn last_host(&self) -> String {
        self.kept().hosts.last().cloned().unwrap_or_default()
    }
}

fn error(class: Class, detail: &str) -> Error {
    Error::new(class, "ask the pretend HR system", detail)
}

/// The pretend HR system stands in for one of the product: a kind of its own would be one more that people can connect.
impl Provider for Pretend {
    fn kind(&self) -> Kind {
        Kind::Factorial
    }

    fn description(&self) -> Description {
        Description {
            name: "Pretend",
            ways: WAYS.to_vec(),
            attributes: vec![
                (Canonical::FirstName, Availability::Yes),
                (Canonical::LastName, Availability::Yes),
                (Canonical::WorkEmail, Availability::Yes),
            ],
            identifiers: &[Identifier::WorkEmail],
            permissions: Vec::new(),
            cost: Cost::new(|people| people, None),
        }
    }

    fn site(&self) -> Option<Site> {
        Some(Site {
            label: "Domain",
            help: "What stands before .pretend.example in the browser.",
            form: SiteForm::Below(&[".pretend.example"]),
        })
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        None
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let host = opening.at.site.and_then(|site| self.site()?.host(site));
        let host = host.ok_or_else(|| error(Class::Misconfigured, "there is no site").about("site"))?;
        self.kept().hosts.push(host);
        Ok(Box::new(Opened {
            system: self.clone(),
            access: opening.access,
        }))
    }

    fn login(&self) -> Option<&dyn Login> {
        None
    }
}

struct Opened {
    system: Pretend,
    access: Arc<dyn Access>,
}

impl Opened {
    fn people_of(&self, credential: &Credential) -> Option<BTreeMap<u32, String>> {
        match credential {
            Credential::Basic { password, .. } => self.system.kept().companies.get(password.expose_secret()).cloned(),
            Credential::ApiKey { .. }
            | Credential::Client { .. }
            | Credential::Granted { .. }
            | Credential::Tokens(_) => None,
        }
    }

    /// Returns the people, with the credential renewed once where it is refused.
    async fn people(&self) -> Result<BTreeMap<u32, String>, Error> {
        let credential = self.access.credential().await?;
        if let Some(people) = self.people_of(&credential) {
            return Ok(people);
        }
        let renewed = self.access.renew(&credential).await?;
        let people = self.people_of(&renewed);
        people.ok_or_else(|| error(Class::Unauthorized, "the password is refused"))
    }
}

#[async_trait]
impl Source for Opened {
    async fn identify(&self) -> Result<Identity, Error> {
        self.people().await.map(|_| Identity::Unknown)
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let people = self.people().await?;
        let breaks_after = self.system.kept().breaks_after;
        for (number, (id, last_name)) in people.iter().enumerate() {
            if breaks_after == Some(number) {
                return Err(error(Class::Temporary, "a page was refused"));
            }
            let email = format!("p{id}@pretend.example");
            let mut person = EmployeeBuilder::new();
            for (attribute, value) in [
                (Canonical::FirstName, format!("First {last_name}")),
                (Canonical::LastName, last_name.clone()),
                (Canonical::WorkEmail, email),
                (Canonical::EmploymentStatus, "active".to_owned()),
            ] {
                person.set(attribute, Field::Value(&value));
            }
            let id = EmployeeId::parse(&id.to_string()).map_err(|_| error(Class::Malformed, "an id"))?;
            let pushed = reading.roster.push(&person.build(id));
            pushed.map_err(|_| error(Class::Malformed, "a row"))?;
        }
        match self.system.kept().ending {
            Ending::Whole => reading.roster.end_walk(Proof::LastPage),
            Ending::Fails(class) => return Err(error(class, "the last page was refused")),
            Ending::Unsaid => {}
            Ending::Announces(more) => {
                reading.roster.announce(people.len() as u64 + more);
                reading.roster.end_walk(Proof::LastPage);
            }
        }
        Ok(())
    }

    fn calls(&self) -> u64 {
        1
    }
}
