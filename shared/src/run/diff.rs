//! The use case `diff`: read HR, judge the read, compare, guard, store the plan. It writes nothing to the target.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use secrecy::{ExposeSecret, SecretString};

use super::{
    Done, Error, Invocation, Message, Ports, Task, approve::start_apply, connect::open_source, fingerprint_key_name,
    secret_name,
};
use crate::{
    account::Accounts,
    connection::{
        ApplyMode, Configuration, Connection, ConnectionId, ConnectionSecret, Decision, Status as ConnectionStatus,
        Transition,
    },
    employee::EmployeeId,
    mapping::Mapper,
    plan::{Basis, Fingerprints, LinkState, Links, Outcome, Past, Plan, PlanId, Status, assemble, diff as compare},
    queue::QueueName,
    roster::{Builder, Completeness, Roster, judge},
    source,
    store::{
        CurrentRoster, Lease, NewPlan, PlanRecord, Progress, RosterId, RunError, RunId, RunKind, RunRecord, RunStatus,
        SyncState,
    },
    target::{self, Target},
};

/// A current roster that expires within this time is kept for longer, so that most nights need not write it.
const EXTEND_WITHIN: SignedDuration = SignedDuration::from_hours(10 * 24);

/// Asks for a diff: makes its run and sends its message.
///
/// # Errors
/// [`Error`] of store or queue; then nothing runs.
pub async fn request_diff(ports: &Ports, connection: &ConnectionId) -> Result<RunId, Error> {
    let run = new_run(ports, connection, RunKind::Diff, None)?;
    ports.store.create_run(&run).await?;
    let message = Message::new(run.id.clone(), connection.clone(), Task::Diff);
    ports
        .queue
        .send(QueueName::Diff, &message.to_text(), std::time::Duration::ZERO)
        .await?;
    Ok(run.id)
}

/// A run that was asked for.
pub(super) fn new_run(
    ports: &Ports,
    connection: &ConnectionId,
    kind: RunKind,
    plan: Option<PlanId>,
) -> Result<RunRecord, Error> {
    Ok(RunRecord {
        id: RunId::parse(&ports.ids.next("run")).map_err(|_| Error::Missing("a run id"))?,
        kind,
        status: RunStatus::Queued,
        connection: connection.clone(),
        plan,
        next_run: None,
        slice: 0,
        progress: Progress::default(),
        counts: crate::plan::Counts::default(),
        completeness: None,
        errors: Vec::new(),
        calls: 0,
        started_at: ports.clock.now(),
        ended_at: None,
    })
}

/// Carries a diff message out.
///
/// # Errors
/// [`Error`]: deliver the message again.
pub async fn diff(ports: &Ports, message: &Message, invocation: &Invocation) -> Result<Done, Error> {
    let mut run = ports
        .store
        .find_run(&message.run)
        .await?
        .ok_or(Error::Missing("the run of a message"))?;
    if run.status.is_final() {
        return Ok(Done::Repeated);
    }
    let Some(lease) = take_lease(ports, &message.connection, invocation).await? else {
        return defer(ports, &mut run, message).await;
    };
    run.status = RunStatus::Running;
    let result = Diff {
        ports,
        lease: &lease,
        run: &mut run,
    }
    .execute(&message.connection)
    .await;
    let end = match result {
        Ok(()) => end_run(ports, &mut run).await.map(|()| Done::Finished),
        Err(Stop::Busy) => defer(ports, &mut run, message).await,
        Err(Stop::Fault(error)) => Err(error),
        Err(Stop::Failed(failure)) => {
            fail(&mut run, failure);
            end_run(ports, &mut run).await.map(|()| Done::Finished)
        }
    };
    ports.store.release_lease(&lease).await?;
    end
}

/// Takes a connection's lease for one delivery of a message. Two deliveries are two holders.
pub(super) async fn take_lease(
    ports: &Ports,
    connection: &ConnectionId,
    invocation: &Invocation,
) -> Result<Option<Lease>, Error> {
    let holder = RunId::parse(&invocation.id).map_err(|_| Error::Missing("an invocation id"))?;
    let now = ports.clock.now();
    let until = now.checked_add(ports.settings.lease).unwrap_or(Timestamp::MAX);
    Ok(ports.store.acquire_lease(connection, &holder, now, until).await?)
}

/// Sends a message again with a delay, because another run holds the connection (R30).
pub(super) async fn defer(ports: &Ports, run: &mut RunRecord, message: &Message) -> Result<Done, Error> {
    let queue = match message.task {
        Task::Apply { .. } => QueueName::Apply,
        Task::Diff => QueueName::Diff,
    };
    ports
        .queue
        .send(queue, &message.to_text(), ports.settings.retry_after)
        .await?;
    if run.status == RunStatus::Queued {
        run.status = RunStatus::Deferred;
        ports.store.put_run(run).await?;
    }
    Ok(Done::Deferred)
}

/// Notes the end of a run and says so in the log.
pub(super) async fn end_run(ports: &Ports, run: &mut RunRecord) -> Result<(), Error> {
    if !run.status.is_final() {
        run.status = if run.errors.is_empty() {
            RunStatus::Succeeded
        } else {
            RunStatus::SucceededWithErrors
        };
    }
    let now = ports.clock.now();
    run.ended_at = Some(now);
    ports.store.put_run(run).await?;
    let plan = run.plan.as_ref().map_or("", PlanId::as_str);
    let duration_ms = now.duration_since(run.started_at).as_millis();
    let codes: Vec<&str> = run.errors.iter().map(|error| error.code.as_str()).take(5).collect();
    tracing::info!(
        run.id = %run.id, run.kind = ?run.kind, run.status = ?run.status, connection.id = %run.connection,
        plan.id = plan, duration_ms, calls = run.calls, errors = run.errors.len(), codes = %codes.join(","),
        "run ended"
    );
    Ok(())
}

/// Why a run came to no plan, for people.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    code: &'static str,
    detail: String,
    cancelled: bool,
}

impl Failure {
    pub(super) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            cancelled: false,
        }
    }

    pub(super) fn cancelled(detail: &str) -> Self {
        Self {
            code: "stopped",
            detail: detail.to_owned(),
            cancelled: true,
        }
    }
}

pub(super) fn fail(run: &mut RunRecord, failure: Failure) {
    run.status = if failure.cancelled {
        RunStatus::Cancelled
    } else {
        RunStatus::Failed
    };
    run.errors.push(RunError {
        code: failure.code.to_owned(),
        employee_id: None,
        detail: failure.detail,
    });
}

/// What ends a diff before its time.
enum Stop {
    Busy,
    Failed(Failure),
    Fault(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// A connection that may be worked on.
pub(super) async fn load_connection(ports: &Ports, id: &ConnectionId) -> Result<Result<Connection, Failure>, Error> {
    let connection = ports
        .store
        .find_connection(id)
        .await?
        .ok_or(Error::Missing("the connection"))?
        .record;
    if let Err(error) = connection.belongs_to(&ports.home) {
        return Ok(Err(Failure::new(
            "another-home",
            format!("{error}; it runs only where it was made"),
        )));
    }
    if ports.store.is_stopped(&connection.tenant).await? {
        return Ok(Err(Failure::cancelled(
            "an operator has stopped this tenant; lift the stop and run again",
        )));
    }
    if connection.status != ConnectionStatus::Connected {
        return Ok(Err(Failure::new(
            "not-connected",
            "the connection is not connected; connect it again",
        )));
    }
    Ok(Ok(connection))
}

/// The credentials of a connection.
pub(super) async fn load_secret(ports: &Ports, id: &ConnectionId) -> Result<Option<ConnectionSecret>, Error> {
    let text = ports.secrets.find_secret(&secret_name(id)).await?;
    Ok(text.and_then(|text| ConnectionSecret::from_secret_text(&text).ok()))
}

/// The tenant's key for fingerprints; made at first use.
pub(super) async fn load_fingerprints(ports: &Ports, connection: &Connection) -> Result<Fingerprints, Error> {
    let name = fingerprint_key_name(&connection.tenant);
    let stored = ports.secrets.find_secret(&name).await?;
    let key = stored.and_then(|text| <[u8; 32]>::try_from(hex::decode(text.expose_secret()).ok()?).ok());
    if let Some(key) = key {
        return Ok(Fingerprints::new(&key));
    }
    let key = ports.ids.key();
    ports
        .secrets
        .put_secret(&name, &SecretString::from(hex::encode(key)))
        .await?;
    Ok(Fingerprints::new(&key))
}

/// All accounts of a target; a list that cannot be read to its end is an error.
pub(super) async fn list_accounts(target: &dyn Target) -> Result<Accounts, target::Error> {
    let mut accounts = Vec::new();
    let mut from: Option<String> = None;
    loop {
        let page = target.list_accounts(from.as_deref()).await?;
        accounts.extend(page.accounts);
        if page.next.is_none() {
            return Ok(Accounts::new(accounts));
        }
        if page.next == from {
            return Err(target::Error::new(
                target::Class::Temporary,
                "list accounts",
                "the list does not advance",
            ));
        }
        from = page.next;
    }
}

struct Diff<'a> {
    ports: &'a Ports,
    lease: &'a Lease,
    run: &'a mut RunRecord,
}

impl Diff<'_> {
    async fn execute(&mut self, id: &ConnectionId) -> Result<(), Stop> {
        let ports = self.ports;
        let connection = load_connection(ports, id).await?.map_err(Stop::Failed)?;
        let now = ports.clock.now();
        let open = ports.store.find_open_plan(id, now).await?;
        if let Some(open) = &open
            && open.status == Status::Applying
        {
            resume(ports, open).await?;
            return Err(Stop::Busy);
        }
        let version = connection.configuration_version;
        let configuration = ports.store.find_configuration(id, version).await?;
        let configuration = configuration.ok_or(Error::Missing("the configuration"))?;
        let secret = load_secret(ports, id).await?;
        let secret = secret.ok_or_else(|| Stop::Failed(Failure::new("no-credential", "connect it again")))?;
        let target = ports.targets.open(&connection, &secret)?;
        self.run.status = RunStatus::Running;
        ports.store.put_run(self.run).await?;
        let roster = self.read(&connection, &configuration, secret).await?;
        let mut state = ports.store.load_state(id).await?;
        let company = connection.company.clone().ok_or(Error::Missing("the company"))?;
        let completeness = judge(&roster.header, &company, &state.baseline, now);
        self.run.completeness = Some(completeness.as_str().to_owned());
        if matches!(completeness, Completeness::Foreign) {
            return Err(Stop::Failed(different_company()));
        }
        let roster_id = self
            .keep_roster(&connection, &mut state, &roster, &completeness, now)
            .await?;
        let (outcome, plan, lines) = self
            .compare(
                &connection,
                &configuration,
                &state,
                &roster,
                &completeness,
                target.as_ref(),
                now,
            )
            .await?;
        self.run.counts = plan.counts;
        let open = open.map(|open| (open.plan, open.status));
        let plan = self
            .publish(&connection, open, plan, &lines, &outcome, &roster_id, now)
            .await?;
        self.run.plan = Some(plan.id.clone());
        if plan.status() == Status::Empty && completeness.is_whole() {
            settle(&mut state, &roster, &configuration, now);
        }
        if completeness.is_whole() {
            state.complete_at = Some(now);
        }
        if !ports.store.put_state(id, &state, self.lease.fence).await? {
            return Err(Error::LeaseLost.into());
        }
        if plan.status() == Status::Ready && configuration.apply == ApplyMode::Automatic && !connection.paused {
            self.run.next_run = start_apply(ports, id, &plan, &[], "automatic").await?;
        }
        Ok(())
    }

    /// Reads HR. What broke the read off is part of the roster, not an error; only a refused login is.
    async fn read(
        &mut self,
        connection: &Connection,
        configuration: &Configuration,
        secret: ConnectionSecret,
    ) -> Result<Roster, Stop> {
        let source = open_source(self.ports, connection, configuration, secret)
            .await
            .map_err(|error| source_failure(&error))?;
        let company = match source.identify().await {
            Ok(company) => company,
            Err(error) => return Err(self.refused(connection, &error).await?),
        };
        if connection.compare_company(&company).is_err() {
            return Err(Stop::Failed(different_company()));
        }
        let mut builder = Builder::new(company);
        let read = source.read(&mut builder).await;
        self.run.calls += source.calls();
        let broken = match &read {
            Ok(()) => None,
            Err(error) if error.class == source::Class::Unauthorized => {
                return Err(self.refused(connection, error).await?);
            }
            Err(error) => {
                tracing::warn!(run.id = %self.run.id, connection.id = %connection.id, error = %error, "read broke off");
                Some(error.class.as_str())
            }
        };
        Ok(builder.finish(broken)?)
    }

    /// A failure at the HR system before anybody was read. A refused credential freezes the connection, by name.
    async fn refused(&mut self, connection: &Connection, error: &source::Error) -> Result<Stop, Error> {
        if error.class == source::Class::Unauthorized
            && let Some(stored) = self.ports.store.find_connection(&connection.id).await?
            && let Ok(lost) = stored.record.change(Transition::LoseAuthorization)
        {
            self.ports.store.put_connection(&lost, Some(stored.revision)).await?;
        }
        Ok(source_failure(error))
    }

    /// Stores the roster, unless it is the current one word for word: a quiet night writes none of it.
    async fn keep_roster(
        &self,
        connection: &Connection,
        state: &mut SyncState,
        roster: &Roster,
        completeness: &Completeness,
        now: Timestamp,
    ) -> Result<RosterId, Stop> {
        let store = &self.ports.store;
        let until = now.checked_add(self.ports.settings.keep).unwrap_or(Timestamp::MAX);
        if let Some(current) = &mut state.roster
            && current.header.content_hash == roster.header.content_hash
            && current.expires_at > now
            && completeness.is_whole()
        {
            if current.expires_at.duration_since(now) < EXTEND_WITHIN {
                store.extend_roster(&connection.id, &current.id, until).await?;
                current.expires_at = until;
            }
            current.header = roster.header.clone();
            return Ok(current.id.clone());
        }
        let id = format!("{}-{}", self.run.id, self.lease.fence);
        let id = RosterId::parse(&id).map_err(|_| Error::Missing("a roster id"))?;
        store.put_roster(&connection.id, &id, roster, until).await?;
        if completeness.is_whole() {
            state.roster = Some(CurrentRoster {
                id: id.clone(),
                header: roster.header.clone(),
                expires_at: until,
            });
        }
        Ok(id)
    }

    /// Compares HR with the target, and notes on links who is missing since when.
    #[expect(clippy::too_many_arguments, reason = "the basis of a plan, gathered in one place")]
    async fn compare(
        &self,
        connection: &Connection,
        configuration: &Configuration,
        state: &SyncState,
        roster: &Roster,
        completeness: &Completeness,
        target: &dyn Target,
        now: Timestamp,
    ) -> Result<(Outcome, Plan, crate::plan::Lines), Stop> {
        let ports = self.ports;
        let accounts = list_accounts(target).await?;
        let links = Links::new(ports.store.list_links(&connection.id).await?);
        let decisions = ports.store.list_decisions(&connection.id).await?;
        let decisions: BTreeMap<EmployeeId, Decision> = decisions
            .into_iter()
            .map(|record| (record.employee_id, record.decision))
            .collect();
        let fingerprints = load_fingerprints(ports, connection).await?;
        let mapper = Mapper::new(configuration)
            .map_err(|error| Stop::Failed(Failure::new("configuration", error.to_string())))?;
        let identity = target.identity();
        let authorised_by = connection.authorised_by.iter();
        let protected = authorised_by.flat_map(|by| [by.clone(), by.to_lowercase()]).collect();
        let basis = Basis {
            provider: connection.provider.as_str(),
            roster,
            completeness,
            baseline: &state.baseline,
            accounts: &accounts,
            links: &links,
            configuration,
            mapper: &mapper,
            decisions: &decisions,
            protected: &protected,
            fingerprints: &fingerprints,
            target: &identity,
            abilities: target.abilities(),
            past: past(state, now),
            now,
        };
        let outcome = compare(&basis)?;
        let id = PlanId::parse(&ports.ids.next("plan")).map_err(|_| Error::Missing("a plan id"))?;
        let (plan, document) = assemble(&basis, &outcome, id, now)?;
        let absent: Vec<_> = outcome
            .absences
            .iter()
            .filter_map(|absence| {
                let link = links.find(&absence.employee_id)?;
                Some(crate::plan::Link {
                    absent_since: absence.absent_since,
                    ..link.clone()
                })
            })
            .filter(|link| !matches!(link.state, LinkState::Pending))
            .collect();
        if !absent.is_empty() {
            ports.store.put_links(&connection.id, &absent).await?;
        }
        Ok((outcome, plan, document))
    }

    /// Makes a plan the open one. The same content keeps the old plan, its hash and its notice (R22).
    #[expect(
        clippy::too_many_arguments,
        reason = "a plan with everything that is stored beside it"
    )]
    async fn publish(
        &self,
        connection: &Connection,
        open: Option<(Plan, Status)>,
        plan: Plan,
        lines: &crate::plan::Lines,
        outcome: &Outcome,
        roster: &RosterId,
        now: Timestamp,
    ) -> Result<Plan, Stop> {
        if let Some((open, _)) = &open
            && open.hash == plan.hash
            && open.holds == plan.holds
            && open.expires_at > now
        {
            return Ok(open.clone());
        }
        let new = NewPlan {
            connection: &connection.id,
            plan: &plan,
            lines,
            findings: &outcome.findings,
            run: &self.run.id,
            roster,
            fence: self.lease.fence,
            kept_until: now.checked_add(self.ports.settings.keep).unwrap_or(Timestamp::MAX),
        };
        let replaces = open.as_ref().map(|(open, _)| &open.id);
        // A plan that was approved in the meantime is being applied: this run waits until that is over.
        if self.ports.store.put_plan(&new, replaces).await? {
            Ok(plan)
        } else {
            Err(Stop::Busy)
        }
    }
}

/// A plan is being applied and nobody holds the lease: its run was killed, or is between two slices. Its message is sent
/// again, which does no harm where it was not lost.
async fn resume(ports: &Ports, record: &PlanRecord) -> Result<(), Error> {
    let Some(approval) = &record.approval else {
        return Ok(());
    };
    let Some(run) = ports.store.find_run(&approval.run).await? else {
        return Ok(());
    };
    let task = Task::Apply {
        plan: record.plan.id.clone(),
        slice: run.slice,
    };
    let message = Message::new(run.id, record.connection.clone(), task);
    ports
        .queue
        .send(QueueName::Apply, &message.to_text(), std::time::Duration::ZERO)
        .await?;
    Ok(())
}

fn different_company() -> Failure {
    Failure::new(
        "different-company",
        "the credential opens another company; connect with the first one's credential",
    )
}

/// A failure at the HR system, for people: which class, and what to do next.
fn source_failure(error: &source::Error) -> Stop {
    let (code, advice) = match error.class {
        source::Class::Forbidden => ("forbidden", "ask for the missing permissions at the HR system"),
        source::Class::Malformed => ("malformed", "the HR system's answer was not in its documented form"),
        source::Class::Misconfigured => ("misconfigured", "check the settings of the connection"),
        source::Class::Temporary => ("unavailable", "the HR system did not answer; the next run tries again"),
        source::Class::Unauthorized => ("needs-reauthorization", "connect it again"),
    };
    Stop::Failed(Failure::new(code, format!("{error}; {advice}")))
}

/// What the guards ask of the past.
fn past(state: &SyncState, now: Timestamp) -> Past {
    let today = now.to_zoned(TimeZone::UTC).date();
    let oldest = today.checked_sub(7.days()).unwrap_or(today);
    let recent_leavers = state
        .leavers
        .iter()
        .filter(|(on, _)| *on > oldest)
        .map(|(_, count)| count)
        .sum();
    Past {
        applied_once: state.applied_once,
        applied_configuration: state.applied_configuration,
        recent_leavers,
    }
}

/// There was nothing to apply: the roster counts as applied (R08).
fn settle(state: &mut SyncState, roster: &Roster, configuration: &Configuration, now: Timestamp) {
    let today = now.to_zoned(TimeZone::UTC).date();
    state.baseline = std::mem::take(&mut state.baseline).moved(&roster.header, today);
    if state.applied_once {
        state.applied_configuration = configuration.version;
    }
}
