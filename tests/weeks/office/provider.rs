//! The HR systems as the product reads them: page by page, with good reads and bad ones.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use acceptance::journey::describe;
use async_trait::async_trait;
use rollcall::{
    allowance::SharedLimit,
    connection::Credential,
    connector::grant::renewal_by_refresh,
    employee::CompanyId,
    source::{
        Address, Authorization, Class, Description, Error, Exchange, Kind, Login, Method, Opening, Provider, Renewal,
        Site, Source,
    },
};

use super::{
    Grants, Office,
    seen::{Paused, Seen, Shown},
};
use crate::fate::Fate;

/// The slug of every HR system here.
pub(crate) const PROVIDER: &str = Kind::Factorial.as_str();

/// All HR systems, and what opens them.
pub(crate) struct Hr {
    pub(super) fate: Arc<Fate>,
    /// Whether a read that breaks off says that it has ended: a planted bug.
    pub(crate) pretends: AtomicBool,
    kept: Mutex<Kept>,
}

#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) offices: BTreeMap<CompanyId, Office>,
    pub(crate) grants: Grants,
    /// What HR showed to each process.
    pub(crate) shown: BTreeMap<u64, Shown>,
    /// Reads that have paused, by process and by how many people were shown.
    pub(super) paused: BTreeMap<(u64, usize), Paused>,
}

impl Hr {
    pub(crate) fn new(fate: Arc<Fate>, offices: Vec<Office>) -> Self {
        let offices = offices.into_iter().map(|office| (office.company.id.clone(), office));
        let kept = Kept {
            offices: offices.collect(),
            ..Kept::default()
        };
        Self {
            fate,
            pretends: AtomicBool::new(false),
            kept: Mutex::new(kept),
        }
    }

    pub(crate) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> jiff::Timestamp {
        self.fate.state().now
    }
}

pub(super) fn error(class: Class, detail: &str) -> Error {
    Error::new(class, "ask the office", detail)
}

/// The HR systems as one provider.
pub(crate) struct Door(pub(crate) Arc<Hr>);

/// They stand in for an HR system of the product.
impl Provider for Door {
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
        None
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        Ok(Box::new(Seen {
            hr: Arc::clone(&self.0),
            access: opening.access,
            chosen: opening.company.map(|company| company.id.clone()),
        }))
    }

    fn login(&self) -> Option<&dyn Login> {
        Some(self)
    }
}

#[async_trait]
impl Login for Door {
    async fn is_registered(&self) -> Result<bool, Error> {
        Ok(true)
    }

    async fn authorize_url(&self, _at: Address<'_>, request: &Authorization<'_>) -> Result<String, Error> {
        Ok(format!("https://office.example/authorize?state={}", request.state))
    }

    async fn exchange(&self, _at: Address<'_>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        let now = self.0.now();
        let given = self.0.kept().grants.exchange(exchange.code, now);
        given.ok_or_else(|| error(Class::Unauthorized, "invalid_grant"))
    }

    async fn revoke(&self, _at: Address<'_>, credential: &Credential) -> Result<(), Error> {
        self.0.kept().grants.revoke(credential);
        Ok(())
    }

    fn renewal(&self, credential: &Credential, now: jiff::Timestamp) -> Renewal {
        renewal_by_refresh(credential, now)
    }

    async fn renew(&self, _at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        let now = self.0.now();
        let given = self.0.kept().grants.refresh(credential, now);
        given.ok_or_else(|| error(Class::Unauthorized, "invalid_grant"))
    }
}
