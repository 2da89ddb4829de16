//! What another configuration would come to, beside the one in force: on the roster that is kept and the target's accounts
//! of now. HR is not asked and nothing is stored.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    Error, Ports,
    diff::{Shown, Unjudged, list_accounts, past, protected},
    elsewhere::{Beside, diff_beside_others},
    erasure::ErasedPeople,
    gathered::{Gathered, Part},
    learning::open_target,
    load::{load_fingerprints, load_secret},
};
use crate::{
    connection::{Configuration, Connection, ConnectionSecret},
    employee::Attribute,
    mapping::Mapper,
    plan::{Basis, Counts, Hold, Links, PlanId, assemble},
    roster::judge,
    source::Kind,
    store::SyncState,
};

/// What a plan would come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// How many people would be counted under each heading of the plan.
    pub counts: Counts,
    /// What the guards would find.
    pub holds: Vec<Hold>,
}

/// Two configurations side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Under the configuration in force.
    pub present: Outlook,
    /// Under the other one.
    pub proposed: Outlook,
    /// When HR was last read to the end; what both speak of.
    pub read_at: Option<Timestamp>,
    /// People of whom no values are kept because they are outside the present scope (R35). The other configuration's
    /// scope filter can judge them only after the next read, so that its counts may grow by as many.
    pub withheld: u32,
}

/// Why two configurations cannot be compared now.
#[derive(Debug, thiserror::Error)]
pub enum NoOutlook {
    /// HR was never read to the end, or too long ago.
    #[error("no roster is kept; run a preview first")]
    NoRoster,
    /// The other configuration uses attributes that were not read under the one in force.
    #[error("not everything was read that the configuration uses")]
    Unread(Vec<Attribute>),
    /// The configuration cannot be used.
    #[error("the configuration cannot be used: {0}")]
    Configuration(String),
    /// The target cannot be read.
    #[error("the target cannot be read now; try again later")]
    Target,
    /// Something of ours failed.
    #[error("the configurations could not be compared")]
    Internal(#[from] Error),
}

impl From<crate::store::Error> for NoOutlook {
    fn from(error: crate::store::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<crate::roster::Error> for NoOutlook {
    fn from(error: crate::roster::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Works out what a configuration would come to, beside the one in force. A plan that it leads to would be made from the
/// next read of HR, and would be held as the first under a changed configuration.
///
/// # Errors
/// [`NoOutlook`]; nothing is stored in any case.
pub async fn compare_configuration(
    ports: &Ports,
    connection: &Connection,
    proposed: &Configuration,
) -> Result<Comparison, NoOutlook> {
    let (store, id, now) = (&ports.store, &connection.id, ports.clock.now());
    let version = connection.configuration_version;
    let present = store.find_configuration(id, version).await?;
    let present = present.ok_or(Error::Gone("connection"))?;
    let state = store.load_state(id).await?;
    let current = state.roster.as_ref().ok_or(NoOutlook::NoRoster)?;
    let roster = store.find_roster(id, &current.id, now).await?;
    let mut roster = roster.ok_or(NoOutlook::NoRoster)?;
    let unread = roster.header.wanted.lacks(&proposed.wanted());
    if !unread.is_empty() {
        return Err(NoOutlook::Unread(unread));
    }
    let links = Links::new(store.list_links(id).await?);
    let withheld = roster.leave_out_withheld(|id| links.find(id.as_str()).is_some())?;
    let erased = ErasedPeople::load(ports, connection).await?;
    let people = Gathered::whole(ports, connection, Part::Held(roster), &erased).await?;
    let look = Look {
        ports,
        connection,
        state: &state,
        people: &people,
        links: &links,
        now,
    };
    Ok(Comparison {
        present: look.ahead(&present).await?,
        proposed: look.ahead(proposed).await?,
        read_at: state.complete_at,
        withheld,
    })
}

struct Look<'a> {
    ports: &'a Ports,
    connection: &'a Connection,
    state: &'a SyncState,
    people: &'a Gathered,
    links: &'a Links,
    now: Timestamp,
}

impl Look<'_> {
    /// What a plan under a configuration would come to.
    async fn ahead(&self, configuration: &Configuration) -> Result<Outlook, NoOutlook> {
        let (ports, connection, now) = (self.ports, self.connection, self.now);
        let secret = load_secret(ports, &connection.id).await?;
        let secret = secret.unwrap_or_else(|_| ConnectionSecret::default());
        let opened = open_target(ports, connection, &secret).await?;
        let target = opened.map_err(|_| NoOutlook::Target)?.target;
        let accounts = list_accounts(ports, &connection.id, target.as_ref()).await;
        let Shown { accounts, unseen } = accounts.map_err(|_| NoOutlook::Target)?;
        let unjudged = Unjudged::unseen(&unseen);
        let decisions = ports.store.list_decisions(&connection.id).await?.into_iter();
        let mut decisions = decisions.map(|record| (record.employee_id.clone(), record)).collect();
        unjudged.keep_all(&mut decisions, now);
        let company = connection.company.as_ref().ok_or(Error::Missing("the company"))?;
        let mapper = Mapper::new(configuration).map_err(|error| NoOutlook::Configuration(error.to_string()))?;
        let basis = Basis {
            provider: connection.provider.as_str(),
            is_provider: Kind::is_word,
            header: &self.people.header,
            completeness: &judge(&self.people.header, company, &self.state.baseline, now),
            baseline: &self.state.baseline,
            accounts: &accounts,
            links: self.links,
            configuration,
            mapper: &mapper,
            decisions: &decisions,
            protected: &protected(connection),
            erased: self.people.erased(),
            elsewhere: &BTreeSet::new(),
            fingerprints: &load_fingerprints(ports, connection).await?,
            target: &target.identity(),
            abilities: target.abilities(),
            past: past(ports, self.state, now),
            read_from: now,
            now,
        };
        let Beside { mut outcome, .. } = diff_beside_others(ports, &connection.id, &basis, self.people).await?;
        unjudged.name_in(&mut outcome);
        let id = PlanId::parse("outlook").map_err(|_| Error::Missing("a plan id"))?;
        let (plan, _) = assemble(&basis, &outcome, id, now).map_err(Error::from)?;
        Ok(Outlook {
            counts: plan.counts,
            holds: plan.holds,
        })
    }
}
