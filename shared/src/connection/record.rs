//! The record of a connection: its tenant, what it links, and its status.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    ConnectionId, Error, InvalidTransition, ProviderId, Status, TenantId, Transition, Undertaking, Unfinished,
};
use crate::{account::TargetIdentity, employee::CompanyId, roster::Company};

/// The version in which connections are stored (R44).
pub const SCHEMA_VERSION: u32 = 1;

/// One tenant's authorised link to one HR system, with one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Version of the stored form (R44).
    pub schema_version: u32,
    /// Rollcall's own id of it.
    pub id: ConnectionId,
    /// The tenant.
    pub tenant: TenantId,
    /// Which HR system it reads.
    pub provider: ProviderId,
    /// Where the HR system is reached, where that is not the provider's usual address. Only an operator or the local stage
    /// lets it be set.
    pub base_url: Option<String>,
    /// The customer's part of the HR system's address, where the provider has one; checked by it before it is kept (R41).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The connection's status; changed by [`Connection::change`] only.
    pub status: Status,
    /// Whether a person paused it.
    pub paused: bool,
    /// The provider's own identity of the tenant, stored at the first connect and compared at each later one (R01).
    pub company: Option<Company>,
    /// What it writes to.
    pub target: TargetChoice,
    /// The copy of this system that the connection belongs to (R03).
    pub home: Home,
    /// How often it was connected: what was begun with an earlier credential is begun anew.
    #[serde(default, skip_serializing_if = "is_never")]
    pub connects: u32,
    /// The employee or account of the person who authorised it, never switched off automatically (R19).
    pub authorised_by: Option<String>,
    /// When the credential ends, where it cannot be renewed and its end is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential_expires_at: Option<Timestamp>,
    /// When the target first refused its credential; `None` while the target accepts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_refused_at: Option<Timestamp>,
    /// The instant until which the links of a disconnected connection are kept (R42); `None` before it is disconnected,
    /// and after they are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links_until: Option<Timestamp>,
    /// What was begun with it and is not finished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Unfinished>,
    /// The configuration in force.
    pub configuration_version: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_never(count: &u32) -> bool {
    *count == 0
}

/// What a connection writes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TargetChoice {
    /// The directory that is built in.
    Directory,
    /// A server of SCIM 2.0.
    Scim(ScimServer),
}

/// A SCIM server that a connection writes to. The credential that opens it is in the connection's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimServer {
    /// Where its endpoints are.
    pub base_url: String,
    /// One text for all spellings of that address: it tells servers apart. Records from before this member leave it
    /// out; then the address itself counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// The name of the profile that describes how the server differs from others.
    pub profile: String,
    /// The URN of an extension that holds the attributes for which there is no other place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<String>,
    /// Whether the operator said that other tenants write to it too (R04).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
}

impl TargetChoice {
    /// Returns the word in documents and in the HTTP contract.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::Scim(_) => "scim",
        }
    }

    /// Returns the server, where the target is one.
    pub const fn server(&self) -> Option<&ScimServer> {
        match self {
            Self::Directory => None,
            Self::Scim(server) => Some(server),
        }
    }
}

/// Which copy of this system something belongs to: a table restored elsewhere must not write to live targets (R03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The stage, such as `local` or `production`.
    pub stage: String,
    /// The cloud account.
    pub account: String,
    /// The table.
    pub table: String,
}

/// The error that the credential opens another company than the one that was connected first (R01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the credential opens another company than the one that was connected first")]
pub struct DifferentCompany;

/// The error that the connection was made in another copy of this system (R03). It names what differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection belongs to another copy of this system: its {0} differs")]
pub struct DifferentHome(pub &'static str);

impl Connection {
    /// Returns a new connection that waits for a person to sign in.
    pub const fn new(
        id: ConnectionId,
        tenant: TenantId,
        provider: ProviderId,
        target: TargetChoice,
        home: Home,
        created_at: Timestamp,
    ) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            id,
            tenant,
            provider,
            base_url: None,
            site: None,
            status: Status::AwaitingAuthorization,
            paused: false,
            company: None,
            target,
            home,
            connects: 0,
            authorised_by: None,
            credential_expires_at: None,
            target_refused_at: None,
            links_until: None,
            unfinished: None,
            configuration_version: 1,
            created_at,
        }
    }

    /// Returns the connection after a transition. Where that is not possible, the connection is dropped.
    ///
    /// # Errors
    /// [`InvalidTransition`] names both states.
    pub fn change(self, transition: Transition) -> Result<Self, InvalidTransition> {
        let status = self.status.after(transition)?;
        Ok(Self { status, ..self })
    }

    /// Returns the connection as connected: the company is stored the first time, and compared every other time.
    ///
    /// # Errors
    /// [`ConnectError`] where it is another company, or the state does not allow it.
    pub fn connect(self, company: &Company) -> Result<Self, ConnectError> {
        self.compare_company(company)?;
        let connected = self.change(Transition::Connect)?;
        Ok(Self {
            company: Some(company.clone()),
            connects: connected.connects.saturating_add(1),
            ..connected
        })
    }

    /// Compares the company that a credential opens with the one stored (R01). Only ids count: companies change names.
    ///
    /// # Errors
    /// [`DifferentCompany`] where another one is stored.
    pub fn compare_company(&self, company: &Company) -> Result<(), DifferentCompany> {
        match &self.company {
            Some(stored) if stored.id != company.id => Err(DifferentCompany),
            Some(_) | None => Ok(()),
        }
    }

    /// Returns the company that stands for the one that the HR system does not name: the one that was connected first, or
    /// one of the connection's own. It follows from the site, so that two connections to one site read one company, and
    /// from the connection itself where there is no site, so that no other connection can claim it by accident. An address
    /// that is not the vendor's is another server, and its sites are others.
    ///
    /// # Errors
    /// [`Error::Company`] where the site is longer than any that is kept.
    pub fn own_company(&self) -> Result<Company, Error> {
        if let Some(company) = &self.company {
            return Ok(company.clone());
        }
        let id = match (&self.site, &self.base_url) {
            (Some(site), None) => format!("site-{site}"),
            (Some(site), Some(base_url)) => {
                let digest = hex::encode(Sha256::digest(base_url.as_bytes()));
                format!("site-{site}-{digest:.12}")
            }
            (None, _) => format!("connection-{}", self.id),
        };
        let name = self.site.clone().unwrap_or_else(|| self.tenant.to_string());
        let id = CompanyId::parse(&id).map_err(|_| Error::Company)?;
        Ok(Company { id, name })
    }

    /// Compares where the connection was made with where this code runs (R03).
    ///
    /// # Errors
    /// [`DifferentHome`] names what differs.
    pub fn belongs_to(&self, home: &Home) -> Result<(), DifferentHome> {
        let differs = if self.home.stage != home.stage {
            "stage"
        } else if self.home.account != home.account {
            "account"
        } else if self.home.table != home.table {
            "table"
        } else {
            return Ok(());
        };
        Err(DifferentHome(differs))
    }

    /// Returns the connection with a note of what is begun with it.
    #[must_use]
    pub fn begin(self, what: Undertaking, company: Option<&Company>, since: Timestamp) -> Self {
        let company = company.cloned();
        Self {
            unfinished: Some(Unfinished { what, company, since }),
            ..self
        }
    }

    /// Returns the connection with a note that what was begun with it has ended.
    #[must_use]
    pub fn finish(self) -> Self {
        Self {
            unfinished: None,
            ..self
        }
    }

    /// Returns whether this is what is being done with the connection now.
    pub fn is_at(&self, what: Undertaking) -> bool {
        self.unfinished
            .as_ref()
            .is_some_and(|unfinished| unfinished.what == what)
    }

    /// Returns whether the connection has ended, and nothing is left to be done for that.
    pub fn is_over(&self) -> bool {
        self.status == Status::Disconnected && self.unfinished.is_none()
    }

    /// Returns the companies that the connection claims for its tenant: the one that it reads, and one that it is about
    /// to read (R01).
    pub fn companies(&self) -> impl Iterator<Item = &CompanyId> {
        let own = self
            .company
            .as_ref()
            .filter(|_| !self.is_over())
            .map(|company| &company.id);
        let begun = self
            .unfinished
            .as_ref()
            .and_then(|unfinished| unfinished.company.as_ref());
        let begun = begun
            .map(|company| &company.id)
            .filter(move |begun| own != Some(*begun));
        own.into_iter().chain(begun)
    }

    /// Returns whether the connection claims the server that it writes to for its tenant (R04). The built-in directory
    /// is each tenant's own.
    pub fn claims_target(&self) -> bool {
        self.target != TargetChoice::Directory && !self.is_over()
    }

    /// Returns the target that it writes to, as plans and claims name it. The target itself says the same.
    pub fn target_identity(&self) -> TargetIdentity {
        let address = match &self.target {
            TargetChoice::Directory => self.tenant.as_str(),
            TargetChoice::Scim(server) => server.identity.as_ref().unwrap_or(&server.base_url),
        };
        TargetIdentity::new(self.target.kind(), address)
    }

    /// Returns whether the morning's run is due for the connection, as far as its own record says.
    pub const fn may_run(&self) -> bool {
        self.status.may_run() && !self.paused
    }
}

/// Why a connection was not connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The credential opens another company (R01).
    #[error(transparent)]
    Company(#[from] DifferentCompany),
    /// The status does not allow it.
    #[error(transparent)]
    Transition(#[from] InvalidTransition),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::CompanyId;

    fn home(stage: &str, account: &str, table: &str) -> Home {
        Home {
            stage: stage.to_owned(),
            account: account.to_owned(),
            table: table.to_owned(),
        }
    }

    fn company(id: &str, name: &str) -> Company {
        Company {
            id: CompanyId::parse(id).unwrap(),
            name: name.to_owned(),
        }
    }

    fn connection() -> Connection {
        Connection::new(
            ConnectionId::parse("c-1").unwrap(),
            TenantId::parse("acme").unwrap(),
            ProviderId::parse("factorial").unwrap(),
            TargetChoice::Directory,
            home("local", "000000000000", "rollcall"),
            "2026-03-01T08:00:00Z".parse().unwrap(),
        )
    }

    #[test]
    fn r01_the_company_is_stored_at_the_first_connect_and_compared_ever_after() {
        let connected = connection().connect(&company("7", "Acme SL")).unwrap();
        assert_eq!(connected.company, Some(company("7", "Acme SL")));
        assert_eq!(connected.compare_company(&company("7", "Acme SA")), Ok(()));
        assert_eq!(
            connected.compare_company(&company("8", "Acme SL")),
            Err(DifferentCompany)
        );
        let lost = connected.change(Transition::LoseAuthorization).unwrap();
        let refused = lost.clone().connect(&company("8", "Acme SL")).unwrap_err();
        assert_eq!(refused, ConnectError::Company(DifferentCompany));
        assert_eq!(
            lost.connect(&company("7", "Acme SA")).unwrap().company.unwrap().name,
            "Acme SA"
        );
    }

    #[test]
    fn r01_a_disconnected_connection_does_not_take_another_company_either() {
        let ended = connection().change(Transition::Disconnect).unwrap();
        let refused = ended.connect(&company("7", "Acme SL")).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a connection that is disconnected cannot become connected"
        );
    }

    #[test]
    fn r03_a_copy_restored_elsewhere_is_not_at_home() {
        let connection = connection();
        assert_eq!(connection.belongs_to(&connection.home), Ok(()));
        for (elsewhere, differs) in [
            (home("production", "000000000000", "rollcall"), "stage"),
            (home("local", "111111111111", "rollcall"), "account"),
            (home("local", "000000000000", "rollcall-restored"), "table"),
        ] {
            assert_eq!(connection.belongs_to(&elsewhere), Err(DifferentHome(differs)));
        }
    }

    #[test]
    fn r44_a_server_that_was_stored_without_an_identity_keeps_the_one_it_had() {
        let stored = r#"{"kind":"scim","base_url":"http://localhost:1//scim","profile":"generic"}"#;
        let target: TargetChoice = serde_json::from_str(stored).unwrap();
        let old = Connection { target, ..connection() };
        assert_eq!(old.target_identity().as_str(), "scim:http://localhost:1//scim");
        assert_eq!(serde_json::to_string(&old.target).unwrap(), stored);
        let stored = r#"{"kind":"scim","base_url":"http://localhost:1//scim","identity":"http://127.0.0.1:1/scim","profile":"generic"}"#;
        let target: TargetChoice = serde_json::from_str(stored).unwrap();
        let new = Connection { target, ..connection() };
        assert_eq!(new.target_identity().as_str(), "scim:http://127.0.0.1:1/scim");
        assert_eq!(serde_json::to_string(&new.target).unwrap(), stored);
    }

    #[test]
    fn a_paused_connection_stays_connected_and_does_not_run() {
        let mut connection = connection().connect(&company("7", "Acme SL")).unwrap();
        assert!(connection.may_run());
        connection.paused = true;
        assert_eq!(connection.status, Status::Connected);
        assert!(!connection.may_run());
    }

    #[test]
    fn r01_a_connection_claims_what_it_reads_and_what_it_is_about_to_read_until_it_is_over() {
        let claimed = |connection: &Connection| connection.companies().map(ToString::to_string).collect::<Vec<_>>();
        let now = connection().created_at;
        let making = connection().begin(Undertaking::Making, Some(&company("7", "Acme SL")), now);
        assert_eq!(claimed(&making), ["7"]);
        let connected = making.connect(&company("7", "Acme SL")).unwrap();
        assert_eq!(claimed(&connected), ["7"], "once, and not twice");
        let ended = connected.finish().change(Transition::Disconnect).unwrap();
        assert!(ended.is_over() && claimed(&ended).is_empty());
        let ending = ended.begin(Undertaking::Ending, None, now);
        assert!(!ending.is_over());
        assert_eq!(claimed(&ending), ["7"], "until all of it has ended");
    }

    #[test]
    fn r49_a_connection_of_the_form_before_has_nothing_unfinished() {
        let text = serde_json::to_string(&connection()).unwrap();
        assert!(!text.contains("unfinished"));
        assert_eq!(serde_json::from_str::<Connection>(&text).unwrap().unfinished, None);
    }

    #[test]
    fn r44_a_connection_of_the_form_before_has_no_site() {
        let text = serde_json::to_string(&connection()).unwrap();
        assert!(!text.contains("site"));
        assert_eq!(serde_json::from_str::<Connection>(&text).unwrap().site, None);
    }

    #[test]
    fn r01_a_company_that_nobody_names_is_the_sites_or_the_connections_own() {
        let at = |id: &str, site: Option<&str>, base_url: Option<&str>| {
            let made = Connection {
                id: ConnectionId::parse(id).unwrap(),
                site: site.map(str::to_owned),
                base_url: base_url.map(str::to_owned),
                ..connection()
            };
            made.own_company().unwrap().id.as_str().to_owned()
        };
        let site = Some("acme.hr.example");
        assert_eq!(at("c-1", site, None), "site-acme.hr.example");
        assert_eq!(at("c-1", site, None), at("c-2", site, None), "one site is one company");
        assert_ne!(at("c-1", site, None), at("c-1", site, Some("http://127.0.0.1:1")));
        assert_ne!(
            at("c-1", None, None),
            at("c-2", None, None),
            "nothing is shared by accident"
        );
        let longest = ConnectionId::parse(&"c".repeat(128)).unwrap();
        let refused = Connection {
            id: longest,
            ..connection()
        }
        .own_company();
        assert_eq!(refused.unwrap_err(), Error::Company);
        let connected = connection().connect(&company("7", "Acme SL")).unwrap();
        let moved = Connection {
            site: Some("other.hr.example".to_owned()),
            ..connected
        };
        assert_eq!(
            moved.own_company().unwrap().id.as_str(),
            "7",
            "what was connected first stays"
        );
    }

    #[test]
    fn a_stored_connection_reads_back_the_same() {
        let connection = connection().connect(&company("7", "Acme SL")).unwrap();
        let text = serde_json::to_string(&connection).unwrap();
        assert_eq!(serde_json::from_str::<Connection>(&text).unwrap(), connection);
    }
}
