//! Undo (R32): the inverse of an applied plan, as a plan like any other. It is approved and applied like one.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Error, Ports,
    actor::{Actor, Subject},
    delivery,
    diff::{Shown, list_accounts, past},
    ended::clear_if_ended,
    learning::open_target,
    load::{load_configuration, load_fingerprints, load_secret},
    news::News,
    record::new_run,
};
use crate::{
    connection::Connection,
    mapping::Mapper,
    plan::{Basis, Change, Lines, Links, PlanId, Purpose, Status, assemble, inverse},
    roster::judge,
    source::Kind,
    store::{Lease, NewPlan, PlanRecord, RunKind, RunRecord, RunStatus, Write},
};

/// Why there is no plan to take one back.
#[derive(Debug, thiserror::Error)]
pub enum UndoRefused {
    /// The store has no such plan, or the plan's values are not kept any more (R36).
    #[error("there is no such plan")]
    NotFound,
    /// The plan was not applied.
    #[error("the plan is {0}; only what was applied can be taken back")]
    NotApplied(&'static str),
    /// Another run works on the connection, or another plan is being applied.
    #[error("another run works on the connection; try again when it has ended")]
    Busy,
    /// What is needed to compare is gone.
    #[error("{0}")]
    Impossible(&'static str),
    /// The target cannot be read.
    #[error("the target cannot be read now; try again later")]
    Target,
    /// Nothing is left as the plan wrote it.
    #[error("nothing of the plan is left to be taken back")]
    Nothing,
    /// Something of ours failed.
    #[error("the plan could not be made")]
    Internal(#[from] Error),
}

impl From<crate::store::Error> for UndoRefused {
    fn from(error: crate::store::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<crate::plan::Error> for UndoRefused {
    fn from(error: crate::plan::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Makes the plan that takes an applied one back, and makes it the connection's open one. Applying it pauses the
/// connection, because the next morning would do it all again.
///
/// # Errors
/// [`UndoRefused`]; then there is no such plan.
pub async fn undo(ports: &Ports, actor: &Actor, id: &PlanId) -> Result<PlanRecord, UndoRefused> {
    let now = ports.clock.now();
    if let Some(done) = actor.done() {
        let made = PlanId::parse(done).map_err(|_| Error::Missing("the plan that was made"))?;
        return ports.store.find_plan(&made, now).await?.ok_or(UndoRefused::NotFound);
    }
    let record = ports.store.find_plan(id, now).await?.ok_or(UndoRefused::NotFound)?;
    if !matches!(record.status, Status::Applied | Status::AppliedWithErrors) {
        return Err(UndoRefused::NotApplied(record.status.as_str()));
    }
    let connection = ports.store.find_connection(&record.connection).await?;
    let connection = connection.ok_or(UndoRefused::NotFound)?.record;
    if connection.belongs_to(&ports.home).is_err() {
        return Err(UndoRefused::Impossible(
            "the connection belongs to another copy of this system",
        ));
    }
    let lease = delivery::hold(ports, &connection.id, delivery::OF_A_REQUEST).await?;
    let lease = lease.ok_or(UndoRefused::Busy)?;
    let made = make(ports, actor, &connection, &record, &lease).await;
    let ended = clear_if_ended(ports, &connection.id).await;
    delivery::end(ports, &lease).await;
    if ended? {
        return Err(UndoRefused::Impossible("the connection was ended meanwhile"));
    }
    let (made, news) = made?;
    news.tell(ports, &connection.id).await;
    Ok(made)
}

async fn make(
    ports: &Ports,
    actor: &Actor,
    connection: &Connection,
    applied: &PlanRecord,
    lease: &Lease,
) -> Result<(PlanRecord, News), UndoRefused> {
    let (store, now) = (&ports.store, ports.clock.now());
    let open = store.find_open_plan(&connection.id, now).await?;
    if open.as_ref().is_some_and(|open| open.status == Status::Applying) {
        return Err(UndoRefused::Busy);
    }
    let configuration = load_configuration(ports, connection).await?;
    let state = store.load_state(&connection.id).await?;
    let current = state.roster.as_ref();
    let current = current.ok_or(UndoRefused::Impossible("no roster is kept; run a preview first"))?;
    let roster = store.find_roster(&connection.id, &current.id, now).await?;
    let roster = roster.ok_or(UndoRefused::Impossible("no roster is kept; run a preview first"))?;
    let company = connection.company.as_ref().ok_or(Error::Missing("the company"))?;
    let completeness = judge(&roster.header, company, &state.baseline, now);
    let secret = load_secret(ports, &connection.id).await?;
    let secret = secret.map_err(|_| UndoRefused::Impossible("the credential is gone; connect again"))?;
    let opened = open_target(ports, connection, &secret).await?;
    let opened = opened.map_err(|_| UndoRefused::Impossible("the target cannot be opened"))?;
    let target = opened.target;
    if target.identity() != applied.plan.header.target {
        return Err(UndoRefused::Impossible("the plan was applied to another target"));
    }
    let accounts = list_accounts(ports, &connection.id, target.as_ref()).await;
    let Shown { accounts, unseen } = accounts.map_err(|_| UndoRefused::Target)?;
    let links = Links::new(store.list_links(&connection.id).await?);
    let fingerprints = load_fingerprints(ports, connection).await?;
    let mapper = Mapper::new(&configuration)
        .map_err(|_| UndoRefused::Impossible("the configuration in force cannot be used"))?;
    let identity = target.identity();
    let (decisions, protected, erased) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    let basis = Basis {
        provider: connection.provider.as_str(),
        is_provider: Kind::is_word,
        header: &roster.header,
        completeness: &completeness,
        baseline: &state.baseline,
        accounts: &accounts,
        links: &links,
        configuration: &configuration,
        mapper: &mapper,
        decisions: &decisions,
        protected: &protected,
        erased: &erased,
        elsewhere: &BTreeSet::new(),
        fingerprints: &fingerprints,
        target: &identity,
        abilities: target.abilities(),
        past: past(ports, &state, now),
        read_from: now,
        now,
    };
    let outcome = inverse(&basis, &load_changes(ports, applied).await?, &unseen);
    if outcome.changes.is_empty() {
        return Err(UndoRefused::Nothing);
    }
    let id = PlanId::parse(&ports.ids.next("plan")).map_err(|_| Error::Missing("a plan id"))?;
    let (mut plan, document) = assemble(&basis, &outcome, id, now)?;
    plan.purpose = Purpose::Undo {
        plan: applied.plan.id.clone(),
    };
    let run = RunRecord {
        status: RunStatus::Succeeded,
        counts: plan.counts,
        ended_at: Some(now),
        ..new_run(ports, &connection.id, RunKind::Diff, Some(plan.id.clone()))?
    };
    let details = [("plan", applied.plan.id.as_str()), ("inverse", plan.id.as_str())];
    let subject = Subject::connection(connection);
    let note = actor.note(ports, subject, "plan.undo", &details, plan.id.as_str());
    let mut also = note.writes();
    also.extend([Write::NotErased(&connection.tenant), Write::Run(&run)]);
    let new = NewPlan {
        connection: &connection.id,
        plan: &plan,
        lines: &document,
        findings: &outcome.findings,
        run: &run.id,
        fence: lease.fence,
        roster: &current.id,
        kept_until: now.checked_add(ports.settings.keep).unwrap_or(jiff::Timestamp::MAX),
        also: &also,
    };
    let replaces = open.map(|open| open.plan.id);
    if !store.put_plan(&new, replaces.as_ref()).await? {
        return Err(UndoRefused::Busy);
    }
    tracing::info!(plan.id = %plan.id, undoes = %applied.plan.id, connection.id = %connection.id, "undo planned");
    let mut news = News::default();
    if let Some(replaced) = &replaces {
        news.superseded(replaced);
    }
    news.plan(&plan.id, plan.status(), false, &run.id);
    let record = store.find_plan(&plan.id, now).await?;
    Ok((record.ok_or(UndoRefused::NotFound)?, news))
}

/// Everything that a plan did, in order.
async fn load_changes(ports: &Ports, record: &PlanRecord) -> Result<Vec<Change>, UndoRefused> {
    let mut changes = Vec::new();
    for chunk in 0..record.chunks {
        let lines = ports.store.find_lines(record, chunk).await?;
        changes.extend(Lines::read_chunk(&lines.ok_or(UndoRefused::NotFound)?)?);
    }
    Ok(changes)
}
