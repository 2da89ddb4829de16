//! Comparing: everything that the decision is made from, gathered in one place, and the document of what it came to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan};

use super::{Diff, Failure, Stop, read, unjudged::Unjudged};
use crate::{
    account::Accounts,
    connection::{Configuration, Connection, ConnectionId, DecisionRecord},
    employee::{Email, EmployeeId},
    mapping::Mapper,
    plan::{Basis, Lines, Link, LinkState, Links, Outcome, Past, Plan, PlanId, Purpose, Recogniser, assemble},
    roster::{Completeness, Row},
    run::{
        Error, Ports,
        adopt::adopt,
        elsewhere::{Beside, diff_beside_others},
        gathered::Gathered,
        load::load_fingerprints,
        stranger::has_strangers,
    },
    source::Kind,
    store::SyncState,
    target::Target,
};

/// What a comparison came to.
pub(super) struct Compared {
    pub(super) plan: Plan,
    pub(super) document: Lines,
    pub(super) outcome: Outcome,
    /// Links whose note of an absence changes, whatever becomes of the plan.
    absences: Vec<Link>,
    /// Whether other connections are linked to accounts that this one would take.
    is_elsewhere: bool,
}

/// What is compared.
pub(super) struct Sides<'a> {
    /// When the read of HR began.
    pub(super) read_from: Timestamp,
    pub(super) connection: &'a Connection,
    pub(super) configuration: &'a Configuration,
    pub(super) state: &'a SyncState,
    pub(super) people: &'a Gathered,
    pub(super) accounts: &'a Accounts,
    /// Whether the HR system says which company the people belong to.
    pub(super) is_named: bool,
    pub(super) completeness: &'a Completeness,
    pub(super) target: &'a dyn Target,
    /// People about whom nothing is decided.
    pub(super) unjudged: &'a Unjudged,
    pub(super) now: Timestamp,
}

impl Diff<'_> {
    /// Compares HR with the target. Links of a connection that has ended are taken up first, before anything was applied and
    /// whenever accounts turn out to be another connection's that this one would take (R02).
    pub(super) async fn compare(&mut self, sides: &Sides<'_>) -> Result<Compared, Stop> {
        let identity = sides.target.identity();
        if !sides.state.applied_once {
            adopt(self.ports, sides.connection, &identity).await?;
        }
        let compared = self.compare_once(sides).await?;
        if compared.is_elsewhere && adopt(self.ports, sides.connection, &identity).await? > 0 {
            return self.compare_once(sides).await;
        }
        Ok(compared)
    }

    /// Compares HR with the target once, with the links as they are. Nothing is written.
    async fn compare_once(&mut self, sides: &Sides<'_>) -> Result<Compared, Stop> {
        let ports = self.ports;
        let Sides {
            read_from,
            connection,
            configuration,
            state,
            people,
            accounts,
            is_named,
            completeness,
            target,
            unjudged,
            now,
        } = *sides;
        if !state.applied_once {
            let company = connection.company.as_ref().map(|company| &company.id);
            let references = accounts.iter().filter_map(|account| account.external_id);
            if has_strangers(ports, connection, company, references).await? {
                return Err(Stop::Failed(read::foreign_target()));
            }
        }
        let links = Links::new(ports.store.list_links(&connection.id).await?);
        let decisions = decisions(ports, sides).await?;
        let fingerprints = load_fingerprints(ports, connection).await?;
        if !is_named {
            let erased = people.erased();
            let is_erased = |id: &str| !erased.is_empty() && EmployeeId::parse(id).is_ok_and(|id| erased.contains(&id));
            let mut recogniser = Recogniser::new(&links, Some(accounts), &fingerprints, now);
            let look = |row: Row<'_>| {
                if is_erased(row.id) {
                    recogniser.pass(row.id);
                } else {
                    recogniser.look(row);
                }
                Ok(())
            };
            people.each(ports, look).await?;
            let recognition = recogniser.finish(people.header.walk_ended);
            if !recognition.is_same_company() {
                self.run.completeness = Some(Completeness::Foreign.as_str().to_owned());
                return Err(Stop::Failed(read::other_people(recognition)));
            }
        }
        let mapper = Mapper::new(configuration)
            .map_err(|error| Stop::Failed(Failure::new("configuration", error.to_string())))?;
        let identity = target.identity();
        let protected = protected(connection);
        let basis = Basis {
            provider: connection.provider.as_str(),
            is_provider: Kind::is_word,
            header: &people.header,
            completeness,
            baseline: &state.baseline,
            accounts,
            links: &links,
            configuration,
            mapper: &mapper,
            decisions: &decisions,
            protected: &protected,
            erased: people.erased(),
            elsewhere: &BTreeSet::new(),
            fingerprints: &fingerprints,
            target: &identity,
            abilities: target.abilities(),
            past: past(ports, state, now),
            read_from,
            now,
        };
        let Beside {
            mut outcome,
            is_elsewhere,
        } = diff_beside_others(ports, &connection.id, &basis, people).await?;
        unjudged.name_in(&mut outcome);
        if let Some(only) = self.only {
            outcome = outcome.only(only, &links);
        }
        let id = PlanId::parse(&ports.ids.next("plan")).map_err(|_| Error::Missing("a plan id"))?;
        let (mut plan, document) = assemble(&basis, &outcome, id, now)?;
        if self.only.is_some() {
            plan.purpose = Purpose::OnePerson { instead_of: None };
        }
        let absences = outcome.absences.iter().filter_map(|absence| {
            let link = links.find(absence.employee_id.as_str())?;
            let absent_since = absence.absent_since;
            (link.state != LinkState::Pending).then(|| Link {
                absent_since,
                ..link.to_link()
            })
        });
        let absences = absences.collect();
        Ok(Compared {
            plan,
            document,
            outcome,
            absences,
            is_elsewhere,
        })
    }

    /// Notes on links since when people are missing (R13). Once: a night that finds nothing new writes none.
    pub(super) async fn note_absences(&self, connection: &ConnectionId, compared: &Compared) -> Result<(), Stop> {
        if !compared.absences.is_empty() {
            self.ports.store.put_links(connection, &compared.absences).await?;
        }
        Ok(())
    }
}

/// Returns what people have decided, and that those stay as they are about whom nothing is decided in this run.
async fn decisions(ports: &Ports, sides: &Sides<'_>) -> Result<BTreeMap<EmployeeId, DecisionRecord>, Error> {
    let decisions = ports.store.list_decisions(&sides.connection.id).await?.into_iter();
    let mut decisions = decisions.map(|record| (record.employee_id.clone(), record)).collect();
    sides.unjudged.keep_all(&mut decisions, sides.now);
    Ok(decisions)
}

/// Returns who is never switched off automatically: the person who authorised the connection (R19).
pub(in crate::run) fn protected(connection: &Connection) -> BTreeSet<String> {
    let authorised_by = connection.authorised_by.iter();
    let spellings = authorised_by.flat_map(|by| {
        let address = Email::parse(by).map(Email::into_text);
        [Some(by.clone()), Some(by.to_lowercase()), address]
    });
    spellings.flatten().collect()
}

/// What the guards ask of the past.
pub(in crate::run) fn past(ports: &Ports, state: &SyncState, now: Timestamp) -> Past {
    let today = ports.settings.date_of(now);
    let oldest = today.checked_sub(7.days()).unwrap_or(today);
    let recent = state.leavers.iter().filter(|(on, _)| *on > oldest);
    Past {
        applied_once: state.applied_once,
        applied_configuration: state.applied_configuration,
        recent_leavers: recent.map(|(_, count)| count).sum(),
    }
}
