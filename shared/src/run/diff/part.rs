//! A read in slices: what one slice read is kept as a part, and the next slice goes on from there. Parts of HR's people are
//! stored as rosters, so that whatever erases, exports or sweeps rosters finds them; those of the target's list stand beside
//! them, and are erased with them. Both go when their run ends.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Diff, Stop};
use crate::{
    connection::{Configuration, Connection},
    plan::PlanId,
    queue::{LONGEST_DELAY, QueueName},
    roster::{Builder, Position, Roster, Whole},
    run::{
        Done, Error, Message, Ports,
        erasure::ErasedPeople,
        gathered::{Gathered, Part},
        load::load_connection,
        record::{Failure, end_run, fail, write_run},
        spread::later,
    },
    store::{Lease, Progress, ReadBasis, ReadSoFar, RosterId, RunKind, RunRecord, RunStatus},
};

/// The next slice waits until this one has given its lease back.
const PASS_ON_AFTER: Duration = Duration::from_secs(1);

/// How long parts are kept. Where a read waits for longer than this, it begins anew.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The words in the ids of parts: of HR's people, and of the target's list.
const PART: &str = "part";
pub(super) const LISTED: &str = "list";

/// How often a read is begun anew because its place or its parts are gone.
pub(super) const MOST_RESTARTS: u32 = 2;

/// Sends the rest of a read on as another slice; where the HR system takes no more requests for now, one that begins when it
/// does. The message goes first: if it were lost, nobody would go on; sent twice, it does no harm.
pub(super) async fn pass_on(
    ports: &Ports,
    run: &mut RunRecord,
    message: &Message,
    lease: &Lease,
    until: Option<Timestamp>,
) -> Result<Done, Error> {
    let slice = run.slice + 1;
    let now = ports.clock.now();
    let begun_at = run.reading.as_ref().map_or(now, |reading| reading.first_begun_at);
    let is_too_long = now.duration_since(begun_at) > ports.settings.longest_read;
    if is_too_long || slice >= ports.settings.most_slices {
        let detail = format!(
            "HR system and target were read for {} minutes in {slice} slices, and not to the end, with {} people so far; ask why they are slow",
            now.duration_since(begun_at).as_mins(),
            run.progress.done
        );
        fail(run, Failure::new("deadline", detail));
        end_run(ports, run, lease).await?;
        return Ok(Done::Finished);
    }
    let next = Message::new(run.id.clone(), run.connection.clone(), message.task.at_slice(slice));
    let left = until.and_then(|until| Duration::try_from(until.duration_since(now)).ok());
    let delay = left.unwrap_or_default().max(PASS_ON_AFTER);
    ports
        .queue
        .send(QueueName::Diff, &next.to_text(), delay.min(LONGEST_DELAY))
        .await?;
    run.attempts = 0;
    run.slice = slice;
    run.status = until.map_or(RunStatus::Running, |_| RunStatus::Deferred);
    run.due_at = Some(later(now, delay));
    run.waits_until = until;
    write_run(ports, run, lease).await?;
    Ok(Done::Continued)
}

/// Deletes the parts of a run that has ended. A run of one slice that was delivered once has none, unless it knew of some.
pub(in crate::run) async fn forget_parts(ports: &Ports, run: &RunRecord, had_parts: bool) -> Result<(), Error> {
    if run.kind != RunKind::Diff || (run.slice == 0 && run.attempts <= 1 && !had_parts) {
        return Ok(());
    }
    let (store, connection) = (&ports.store, &run.connection);
    let part = prefix_of(run, PART);
    for id in store.list_rosters(connection).await? {
        if id.as_str().starts_with(&part) {
            store.delete_roster(connection, &id).await?;
        }
    }
    let listed = prefix_of(run, LISTED);
    for id in store.list_listings(connection).await? {
        if id.as_str().starts_with(&listed) {
            store.delete_listing(connection, &id).await?;
        }
    }
    Ok(())
}

/// Deletes what a delivery left that died between the end of its run and the deletion of the run's parts.
pub(super) async fn forget_left_parts(ports: &Ports, message: &Message) -> Result<(), Error> {
    match ports.store.find_run(&message.run).await? {
        Some(run) if run.status.is_final() => forget_parts(ports, &run, true).await,
        Some(_) | None => Ok(()),
    }
}

/// How the ids of what a run keeps between its slices begin: parts of HR's people, or of the target's list.
fn prefix_of(run: &RunRecord, kind: &str) -> String {
    format!("{}-{kind}-", run.id)
}

impl Diff<'_> {
    /// Returns what earlier slices have read, where it is of use to this connection as it is now: its parts are there, it was read
    /// by the same login under the same configuration, and no other run has read or applied anything since.
    pub(super) async fn resume(
        &mut self,
        connection: &Connection,
        configuration: &Configuration,
    ) -> Result<ReadSoFar, Error> {
        let everything = self.reads_everything(connection).await?;
        let fresh = |basis| ReadSoFar {
            basis,
            first_begun_at: self.began_at,
            begun_at: self.began_at,
            parts: Vec::new(),
            position: None,
            restarts: 0,
            list: None,
        };
        let basis = |applied| ReadBasis {
            connects: connection.connects,
            configuration: configuration.version,
            everything,
            applied,
        };
        let store = &self.ports.store;
        let Some(reading) = self.run.reading.take() else {
            if self.run.slice == 0 {
                self.run.calls = 0;
            }
            self.run.progress = Progress::default();
            // What was applied last counts once there is a second slice.
            return Ok(fresh(basis(None)));
        };
        let state = store.load_state(&self.run.connection).await?;
        let is_newest = state.complete_at.is_none_or(|at| at <= reading.begun_at);
        let basis = basis(state.applied_plan);
        if reading.basis == basis && is_newest && !reading.parts.is_empty() {
            let kept = store.list_rosters(&self.run.connection).await?;
            if reading.parts.iter().all(|part| kept.contains(part)) {
                return Ok(*reading);
            }
        }
        self.run.progress = Progress::default();
        Ok(ReadSoFar {
            first_begun_at: reading.first_begun_at,
            restarts: reading.restarts,
            ..fresh(basis)
        })
    }

    /// Keeps what was read since the last part, and where to go on. Returns what is kept by now.
    pub(super) async fn keep_part(
        &mut self,
        mut reading: ReadSoFar,
        connection: &Connection,
        mut part: Roster,
        position: Position,
    ) -> Result<ReadSoFar, Error> {
        let people = part.header.employees.saturating_sub(part.header.again);
        let announced = part.header.announced;
        let store = &self.ports.store;
        if reading.parts.is_empty() {
            reading.basis.applied = store.load_state(&connection.id).await?.applied_plan;
        }
        // Of people who were erased no value is stored (R37).
        let erased = ErasedPeople::load(self.ports, connection).await?;
        part.withhold(&erased.in_roster(&part)?)?;
        let (id, until) = (self.part_id(PART, reading.parts.len())?, self.kept_until());
        store.put_roster(&connection.id, &id, &part, until).await?;
        reading.parts.push(id);
        reading.position = Some(position);
        self.note_progress(self.run.progress.done.saturating_add(people), announced);
        self.run.reading = Some(Box::new(reading.clone()));
        Ok(reading)
    }

    /// Keeps what was read, because memory has no more room for it; the same slice goes on behind it. A process that dies behind
    /// this goes on from here, too. A connection that has ended meanwhile is read no further (R42).
    pub(super) async fn make_room(
        &mut self,
        reading: ReadSoFar,
        connection: &Connection,
        part: Roster,
        position: Position,
    ) -> Result<ReadSoFar, Stop> {
        load_connection(self.ports, &connection.id)
            .await?
            .map_err(Stop::Failed)?;
        let reading = self.keep_part(reading, connection, part, position).await?;
        write_run(self.ports, self.run, self.lease).await?;
        Ok(reading)
    }

    /// Keeps a read of HR that has ended, because nothing but the target is left to be read; one that an earlier slice kept
    /// stays.
    pub(super) async fn keep_whole(
        &mut self,
        connection: &Connection,
        applied: Option<PlanId>,
        people: &mut Gathered,
    ) -> Result<(), Error> {
        if self.has_whole() {
            return Ok(());
        }
        let erased = ErasedPeople::load(self.ports, connection).await?;
        people.withhold(self.ports, &erased).await?;
        let parts = self.run.reading.as_ref().map_or(0, |reading| reading.parts.len());
        let id = self.part_id(PART, parts)?;
        people.keep(self.ports, &id, self.kept_until(), &[]).await?;
        let basis = ReadBasis {
            connects: connection.connects,
            configuration: connection.configuration_version,
            everything: false,
            applied,
        };
        let earlier = self.run.reading.take();
        let restarts = earlier.as_ref().map_or(0, |earlier| earlier.restarts);
        let first_begun_at = earlier.as_ref().map_or(self.began_at, |earlier| earlier.first_begun_at);
        self.run.reading = Some(Box::new(ReadSoFar {
            basis,
            first_begun_at,
            begun_at: earlier.map_or(self.began_at, |earlier| earlier.begun_at),
            parts: vec![id],
            position: None,
            restarts,
            list: None,
        }));
        Ok(())
    }

    /// Returns whether an earlier slice has read HR to its end, so that only the target was left.
    pub(super) fn has_whole(&self) -> bool {
        let reading = self.run.reading.as_ref();
        reading.is_some_and(|reading| reading.position.is_none() && !reading.parts.is_empty())
    }

    /// Returns the id of what this delivery of this slice keeps; of several parts, the one with a number.
    pub(super) fn part_id(&self, kind: &str, number: usize) -> Result<RosterId, Error> {
        let number = if number > 0 {
            format!("-{number}")
        } else {
            String::new()
        };
        let prefix = prefix_of(self.run, kind);
        let id = format!("{prefix}{}-{}{number}", self.run.slice, self.lease.fence);
        RosterId::parse(&id).map_err(|_| Error::Missing("the id of a part"))
    }

    /// Returns until when what this slice keeps is there.
    pub(super) fn kept_until(&self) -> Timestamp {
        let until = self.ports.clock.now().saturating_add(KEPT_FOR);
        until.unwrap_or(Timestamp::MAX)
    }

    /// Whether this slice has read for so long, or the read has taken so many slices, that its result is kept.
    pub(super) fn is_worth_keeping(&self, read_until: Timestamp) -> bool {
        let took = read_until.duration_since(self.began_at);
        let is_read_by_this_slice = self
            .run
            .reading
            .as_ref()
            .is_none_or(|reading| reading.position.is_some() || reading.parts.is_empty());
        let is_half = took.saturating_mul(2) >= self.until.duration_since(self.began_at);
        is_read_by_this_slice && (self.run.reading.is_some() || is_half)
    }

    /// The parts that were read before, without their rows.
    ///
    /// # Errors
    /// [`Error::PartGone`] where one is gone.
    pub(super) async fn find_parts(&mut self, reading: &ReadSoFar) -> Result<Vec<Part>, Error> {
        self.so_far = Some(reading.clone());
        let now = self.ports.clock.now();
        let mut parts = Vec::with_capacity(reading.parts.len() + 1);
        for id in &reading.parts {
            let (store, connection) = (&self.ports.store, &self.run.connection);
            let head = store.find_roster_head(connection, id, now).await?;
            let (id, head) = (id.clone(), head.ok_or(Error::PartGone)?);
            parts.push(Part::Kept { id, head });
        }
        Ok(parts)
    }

    /// Returns everybody who was read, in this slice and before. What is in no part is in memory.
    pub(super) async fn put_together(
        &mut self,
        connection: &Connection,
        reading: ReadSoFar,
        last: Builder,
        broken: Option<&str>,
    ) -> Result<Gathered, Error> {
        let erased = ErasedPeople::load(self.ports, connection).await?;
        let mut parts = self.find_parts(&reading).await?;
        let people = if parts.is_empty() && erased.is_empty() {
            let part = Part::Held(last.finish(broken)?);
            Gathered::whole(self.ports, connection, part, &erased).await?
        } else {
            let (whole, last) = Whole::of(parts.iter().map(Part::header), last, broken)?;
            parts.push(Part::Held(last));
            Gathered::sum_up(self.ports, connection, parts, whole, &erased).await?
        };
        self.note_progress(people.header.employees, people.header.announced);
        // What earlier slices noted counts on, also where they have read nothing.
        if self.run.slice > 0 || !reading.parts.is_empty() {
            self.run.reading = Some(Box::new(reading));
        }
        Ok(people)
    }

    /// Returns what ends a slice in the middle of which a part was deleted.
    pub(super) fn part_gone(&mut self) -> Stop {
        match self.so_far.take() {
            Some(reading) => self.begin_anew(&reading),
            None => Stop::Fault(Error::PartGone),
        }
    }

    /// Begins the read anew, in another slice. Returns what ends this one.
    pub(super) fn begin_anew(&mut self, reading: &ReadSoFar) -> Stop {
        if !may_begin_anew(reading) {
            let detail = "what was read was gone before the read ended, several times; the next run reads it again";
            return Stop::Failed(Failure::new("read-lost", detail));
        }
        tracing::warn!(run.id = %self.run.id, connection.id = %self.run.connection, restarts = reading.restarts + 1, "a read begins anew");
        self.run.reading = Some(Box::new(ReadSoFar {
            parts: Vec::new(),
            position: None,
            restarts: reading.restarts + 1,
            list: None,
            ..reading.clone()
        }));
        Stop::Paused
    }

    fn note_progress(&mut self, done: u32, announced: Option<u64>) {
        let total = announced.and_then(|total| u32::try_from(total).ok());
        self.run.progress = Progress {
            done,
            total: total.unwrap_or_default(),
        };
    }
}

/// Whether a read may be begun anew once more.
pub(super) const fn may_begin_anew(reading: &ReadSoFar) -> bool {
    reading.restarts < MOST_RESTARTS
}
