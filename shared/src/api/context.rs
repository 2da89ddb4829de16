//! What a handler is given: the request in parts, the caller, and readers that see no other tenant's data (R39).

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::{
    cursor,
    json::read_json,
    key::Caller,
    problem::{Code, Problem},
    request::Request,
    setting::Settings,
    view::mask::Mask,
};
use crate::{
    connection::{Configuration, Connection, ConnectionId, Role, TenantId},
    run::{Actor, KeyedRequest, Ports},
    store::{DirectoryStore, DoorStore, PlanRecord, Reach, RunRecord, Versioned},
};

/// How many entries a page has where the caller does not say.
const USUAL_ENTRIES: u32 = 50;

/// How many versions of a configuration are looked through for what is sensitive. Where there are more, all that may be is hidden.
const MOST_VERSIONS: u64 = 20;

/// One request while it is carried out: what it says, who sent it, and what use cases need.
pub struct Context<'a> {
    /// The built-in directory.
    pub directory: &'a Arc<dyn DirectoryStore>,
    /// Keys, audit, answers.
    pub door: &'a Arc<dyn DoorStore>,
    /// What the stack decided.
    pub settings: &'a Settings,
    /// The request.
    pub request: &'a Request,
    /// What stands at the places of the address.
    pub places: Vec<(&'static str, String)>,
    /// The members of the query, checked.
    pub query: BTreeMap<&'static str, String>,
    /// The caller, by their API key; `None` on open routes.
    pub caller: Option<Caller>,
    /// The person behind the call, as the application named them.
    pub person: Option<String>,
    /// What use cases are given; of a request that may come again, with ids that follow from it.
    pub ports: Cow<'a, Ports>,
    /// The request by its `Idempotency-Key`, if it has one.
    pub repeatable: Option<KeyedRequest>,
}

impl Context<'_> {
    /// The ports.
    pub fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Returns the present instant.
    pub fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }

    /// Returns the actor for the audit: the person and the key behind this request.
    pub fn actor(&self) -> Actor {
        Actor {
            person: self.person.clone(),
            key: self.caller.as_ref().map(|caller| caller.key.clone()),
            is_operator: self.check_operator().is_ok(),
            request: self.repeatable.clone(),
        }
    }

    /// What stands at a place of the address.
    pub fn place(&self, name: &str) -> &str {
        let found = self.places.iter().find(|(found, _)| *found == name);
        found.map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// An id at a place of the address; a text that is no id names nothing.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn id<T: std::str::FromStr>(&self, place: &str, what: &str) -> Result<T, Problem> {
        self.place(place).parse().map_err(|_| Problem::not_found(what))
    }

    /// A member of the query.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A number of the query.
    pub fn count(&self, name: &str) -> Option<u32> {
        self.text(name).and_then(|text| text.parse().ok())
    }

    /// Whether a member of the query says `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// How many entries a page has.
    pub fn limit(&self) -> u32 {
        self.count("limit").unwrap_or(USUAL_ENTRIES)
    }

    /// The place where the page begins.
    ///
    /// # Errors
    /// [`Problem`] where the cursor is none of ours.
    pub fn cursor(&self) -> Result<Option<String>, Problem> {
        self.text("cursor").map(cursor::decode).transpose()
    }

    /// Whether a sheet is asked for instead of JSON.
    pub fn wants_sheet(&self) -> bool {
        let accepted = self.request.header("accept").unwrap_or_default();
        accepted
            .split(',')
            .any(|media| media.split(';').next().unwrap_or_default().trim() == "text/csv")
    }

    /// The body as JSON. Unknown members are named.
    ///
    /// # Errors
    /// [`Code::Invalid`] with a pointer.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        read_json(&self.request.body)
    }

    /// Returns the body as JSON; where the body is left out, the type's default value. Unknown members are named.
    ///
    /// # Errors
    /// [`Code::Invalid`] with a pointer.
    pub fn json_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, Problem> {
        if self.request.body.is_empty() {
            Ok(T::default())
        } else {
            self.json()
        }
    }

    /// Whether the caller reaches a tenant.
    pub fn reaches(&self, tenant: &TenantId) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.reach.includes(tenant))
    }

    /// Returns what the caller's role hides of the people of these connections (R39). What was sensitive under an earlier configuration
    /// stays hidden: plans and history show values from before.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn mask(&self, connections: &[Connection]) -> Result<Mask, Problem> {
        let mut mask = Mask::of(self.role());
        if mask.is_none() {
            return Ok(mask);
        }
        for connection in connections {
            let newest = connection.configuration_version;
            if newest > MOST_VERSIONS {
                mask.hide(Configuration::MAY_BE_SENSITIVE);
                continue;
            }
            for version in 1..=newest {
                let found = self.ports().store.find_configuration(&connection.id, version).await?;
                mask.hide(found.iter().flat_map(Configuration::derived_sensitive));
            }
        }
        Ok(mask)
    }

    /// Returns what the caller's role hides of a tenant's users, whichever connection fills them (R39).
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn mask_of(&self, tenant: &TenantId) -> Result<Mask, Problem> {
        if self.role().sees_sensitive() {
            return Ok(Mask::none());
        }
        self.mask(&self.ports().store.list_connections(tenant).await?).await
    }

    /// Returns the caller's role. A browser's token shows nothing sensitive.
    fn role(&self) -> Role {
        self.caller.as_ref().map_or(Role::Viewer, |caller| caller.role)
    }

    /// The caller reaches every tenant.
    ///
    /// # Errors
    /// [`Code::OperatorOnly`].
    pub fn check_operator(&self) -> Result<(), Problem> {
        check_operator(self.caller.as_ref())
    }

    /// The tenant in the address, if the caller reaches it.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub fn tenant(&self) -> Result<TenantId, Problem> {
        let tenant: TenantId = self.id("tenant", "tenant")?;
        if self.reaches(&tenant) {
            Ok(tenant)
        } else {
            Err(Problem::not_found("tenant"))
        }
    }

    /// A tenant named in query or body, if the caller reaches it.
    ///
    /// # Errors
    /// [`Code::Invalid`] where it is no id, [`Code::NotFound`] where it is out of reach.
    pub fn named_tenant(&self, text: &str, pointer: &str) -> Result<TenantId, Problem> {
        let tenant = TenantId::parse(text)
            .map_err(|_| Problem::invalid(pointer, "a tenant id: 1 to 64 of `A-Z a-z 0-9 . _ -`"))?;
        if self.reaches(&tenant) {
            Ok(tenant)
        } else {
            Err(Problem::not_found("tenant"))
        }
    }

    /// A connection, if the caller reaches its tenant.
    ///
    /// # Errors
    /// [`Code::NotFound`], or what the store says.
    pub async fn find_connection(&self, id: &ConnectionId) -> Result<Versioned<Connection>, Problem> {
        let found = self.ports().store.find_connection(id).await?;
        found
            .filter(|found| self.reaches(&found.record.tenant))
            .ok_or_else(|| Problem::not_found("connection"))
    }

    /// Returns the connection in the address.
    ///
    /// # Errors
    /// [`Code::NotFound`], also where the caller does not reach its tenant, or what the store says.
    pub async fn connection(&self) -> Result<Versioned<Connection>, Problem> {
        let id = self.id("id", "connection")?;
        self.find_connection(&id).await
    }

    /// Returns the plan in the address, with its connection.
    ///
    /// # Errors
    /// [`Code::NotFound`], also where the caller does not reach its tenant, or what the store says.
    pub async fn plan(&self) -> Result<(PlanRecord, Connection), Problem> {
        let id = self.id("id", "plan")?;
        let found = self.ports().store.find_plan(&id, self.now()).await?;
        let record = found.ok_or_else(|| Problem::not_found("plan"))?;
        let connection = self.find_connection(&record.connection).await;
        let connection = connection.map_err(|problem| rename(problem, "plan"))?.record;
        Ok((record, connection))
    }

    /// Returns the run in the address, with its connection.
    ///
    /// # Errors
    /// [`Code::NotFound`], also where the caller does not reach its tenant, or what the store says.
    pub async fn run(&self) -> Result<(RunRecord, Connection), Problem> {
        let id = self.id("id", "run")?;
        let found = self.ports().store.find_run(&id).await?;
        let record = found.ok_or_else(|| Problem::not_found("run"))?;
        let connection = self.find_connection(&record.connection).await;
        let connection = connection.map_err(|problem| rename(problem, "run"))?.record;
        Ok((record, connection))
    }
}

/// The caller reaches every tenant.
///
/// # Errors
/// [`Code::OperatorOnly`].
pub(super) fn check_operator(caller: Option<&Caller>) -> Result<(), Problem> {
    if caller.is_some_and(|caller| caller.reach == Reach::All) {
        Ok(())
    } else {
        Err(Problem::new(Code::OperatorOnly, "use a key whose `tenants` is `*`"))
    }
}

/// A foreign object is called by the name that was asked for.
fn rename(problem: Problem, what: &str) -> Problem {
    if problem.code == Code::NotFound {
        Problem::not_found(what)
    } else {
        problem
    }
}
