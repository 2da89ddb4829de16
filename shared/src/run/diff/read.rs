//! Reading: HR's people into a roster; and what a failure at HR or at the target means for people.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Diff, Failure, Slow, Stop, part::may_begin_anew};
use crate::{
    connection::{Configuration, Connection, ConnectionSecret},
    employee::{CustomName, Wanted},
    plan::Recognition,
    roster::{self, Before, Builder, Company, Reading},
    run::{Error, access::open_source, erasure::ErasedPeople, gathered::Gathered, spread::later, upkeep::lose},
    source::{self, Identity, Source},
    store::ReadSoFar,
    target,
};

/// The time that a page gets which is under way when no other one is begun.
const PAGE: SignedDuration = SignedDuration::from_secs(10);

/// What was read of HR.
pub(super) struct Read {
    /// The people.
    pub(super) people: Gathered,
    /// Whether the HR system says which company the people belong to.
    pub(super) is_named: bool,
}

/// The pages that are read.
struct Pages<'a> {
    source: &'a dyn Source,
    connection: &'a Connection,
    company: Company,
    wanted: Wanted,
    /// The tenant's own attributes that the configuration names.
    named: Vec<CustomName>,
}

/// How a walk over pages ended.
#[derive(Clone, Copy, Debug, Default)]
struct Ended {
    /// Whether it was called off before its end: another slice goes on.
    is_cut: bool,
    /// The side that took too long, where it was called off for that.
    slow: Option<Slow>,
    /// From when on the HR system takes requests again.
    back_at: Option<Timestamp>,
    /// Why it broke off, as a code.
    broken: Option<&'static str>,
}

impl Ended {
    fn cut(slow: Slow) -> Self {
        Self {
            is_cut: true,
            slow: Some(slow),
            ..Self::default()
        }
    }
}

impl Diff<'_> {
    /// Reads HR. What broke the read off is part of the roster, not an error; only a refused login is.
    pub(super) async fn read(
        &mut self,
        connection: &Connection,
        configuration: &Configuration,
        secret: ConnectionSecret,
    ) -> Result<Read, Stop> {
        let unread = |_reached| Stop::Late(Slow::Source { people: 0 });
        let opened = open_source(self.ports, connection, configuration, secret, self.pauses_at());
        let opened = self.in_time(opened).await.map_err(unread)?;
        match opened {
            Ok(opened) => {
                let read = self.read_from(opened.source.as_ref(), connection, configuration).await;
                opened.close(matches!(read, Err(Stop::UsedUp(_)))).await;
                read
            }
            Err(error) => Err(self.put_off(&error).unwrap_or_else(|| source_failure(&error))),
        }
    }

    /// Reads HR from a source that is open.
    async fn read_from(
        &mut self,
        source: &dyn Source,
        connection: &Connection,
        configuration: &Configuration,
    ) -> Result<Read, Stop> {
        let unread = |_reached| Stop::Late(Slow::Source { people: 0 });
        let (company, is_named) = match self.in_time(source.identify()).await.map_err(unread)? {
            Ok(Identity::Known(company)) => (company, true),
            Ok(Identity::Unknown) => {
                let own = connection.company.clone();
                (own.ok_or(Error::Missing("the company"))?, false)
            }
            Err(error) => {
                self.run.calls += source.calls();
                let so_far = self.run.reading.as_ref();
                let begun_at = so_far.map_or(self.began_at, |so_far| so_far.first_begun_at);
                if let Some(until) = self.back_at(&error, begun_at) {
                    let so_far = self.resume(connection, configuration).await?;
                    self.run.reading = Some(Box::new(so_far));
                    return Err(Stop::UsedUp(until));
                }
                return Err(match self.put_off(&error) {
                    Some(put_off) => put_off,
                    None => self.refused(connection, &error).await?,
                });
            }
        };
        if connection.compare_company(&company).is_err() {
            self.run.calls += source.calls();
            return Err(Stop::Failed(different_company()));
        }
        let so_far = self.resume(connection, configuration).await?;
        if !so_far.parts.is_empty() && so_far.position.is_none() {
            // Only the target was left to be read.
            let part = self.find_parts(&so_far).await?.pop().ok_or(Error::PartGone)?;
            let erased = ErasedPeople::load(self.ports, connection).await?;
            let people = Gathered::whole(self.ports, connection, part, &erased).await?;
            self.run.reading = Some(Box::new(so_far));
            return Ok(Read { people, is_named });
        }
        let is_wide = so_far.basis.everything;
        let wanted = if is_wide {
            Wanted::everything()
        } else {
            configuration.wanted()
        };
        let pages = Pages {
            source,
            connection,
            company,
            wanted,
            named: configuration.wanted().custom().to_vec(),
        };
        let (so_far, last, broken) = self.read_pages(&pages, so_far).await?;
        let mut people = self.put_together(connection, so_far, last, broken).await?;
        if is_wide {
            self.keep_survey(connection, &people).await?;
            people = people.narrowed(self.ports, configuration.wanted()).await?;
        }
        Ok(Read { people, is_named })
    }

    /// Reads pages to the end of the walk, or to where it breaks off. Where memory has no more room, what was read is kept as a
    /// part. Returns what is kept by then, what is in memory, and why the walk broke off, as a code; or what ends the slice.
    async fn read_pages(
        &mut self,
        pages: &Pages<'_>,
        mut so_far: ReadSoFar,
    ) -> Result<(ReadSoFar, Builder, Option<&'static str>), Stop> {
        let (ports, pauses_at, calls) = (self.ports, self.pauses_at(), self.run.calls);
        let is_time_over = || ports.clock.now() >= pauses_at;
        let mut before = Before::slices(self.run.progress.done);
        let mut has_kept = false;
        loop {
            let (wanted, company) = (pages.wanted.clone(), pages.company.clone());
            let mut reading = Reading::wanting(wanted, company, so_far.position.clone(), &is_time_over)
                .naming(pages.named.clone())
                .within(ports.settings.part_bytes)
                .after(before);
            let read = self.in_time(pages.source.read(&mut reading)).await;
            self.run.calls = calls + pages.source.calls();
            let late = Slow::Source {
                people: reading.people_by_now(),
            };
            let ended = match read {
                Err(_reached) => Ended::cut(late),
                Ok(Ok(())) => Ended::default(),
                Ok(Err(error)) => self.judge_failure(pages.connection, &so_far, &error, late).await?,
            };
            match reading.finish(ended.is_cut)? {
                roster::Read::Over(last) => return Ok((so_far, *last, ended.broken)),
                roster::Read::Full {
                    part,
                    position,
                    before: read,
                } => {
                    so_far = self.make_room(so_far, pages.connection, *part, position).await?;
                    before = read;
                    has_kept = true;
                }
                roster::Read::Paused { part, position } => {
                    self.keep_part(so_far, pages.connection, *part, position).await?;
                    return Err(ended.back_at.map_or(Stop::Paused, Stop::UsedUp));
                }
                roster::Read::Nothing => {
                    let is_kept = ended.back_at.is_some() || !so_far.parts.is_empty() || so_far.restarts > 0;
                    self.run.reading = is_kept.then(|| Box::new(so_far));
                    return Err(match ended.back_at {
                        Some(until) => Stop::UsedUp(until),
                        None if has_kept => Stop::Paused,
                        None => Stop::Late(ended.slow.unwrap_or(late)),
                    });
                }
            }
        }
    }

    /// Says how a read ends that the HR system broke off.
    async fn judge_failure(
        &mut self,
        connection: &Connection,
        so_far: &ReadSoFar,
        error: &source::Error,
        late: Slow,
    ) -> Result<Ended, Stop> {
        if error.class == source::Class::Unauthorized {
            return Err(self.refused(connection, error).await?);
        }
        if error.class == source::Class::Expired && may_begin_anew(so_far) {
            return Err(self.begin_anew(so_far));
        }
        if let Some(until) = self.back_at(error, so_far.first_begun_at) {
            return Ok(Ended {
                back_at: Some(until),
                ..Ended::cut(late)
            });
        }
        // What took several parts is not given up for an answer that did not come.
        if !so_far.parts.is_empty() && self.may_put_off(error) {
            return Ok(Ended::cut(Slow::Silent));
        }
        tracing::warn!(run.id = %self.run.id, connection.id = %connection.id, error = %error, "read broke off");
        Ok(Ended {
            broken: Some(error.class.as_str()),
            ..Ended::default()
        })
    }

    /// Returns when the HR system takes requests again, where it takes none for now and the read may wait for so long.
    fn back_at(&self, error: &source::Error, begun_at: Timestamp) -> Option<Timestamp> {
        let now = self.ports.clock.now();
        // A part of a second would be cut off where instants are shown, and come too early.
        let until = later(now, error.wait?.saturating_add(Duration::from_secs(1)));
        let is_in_time = until.duration_since(begun_at) <= self.ports.settings.longest_read;
        is_in_time.then_some(until)
    }

    /// Returns whether a failure is one that passes, and another try of this slice is left.
    fn may_put_off(&self, error: &source::Error) -> bool {
        error.class == source::Class::Temporary && self.run.attempts < self.ports.settings.most_attempts
    }

    /// Returns how a slice ends whose HR system does not answer, where earlier slices have read something.
    fn put_off(&self, error: &source::Error) -> Option<Stop> {
        let has_read = self.run.reading.is_some();
        (has_read && self.may_put_off(error)).then_some(Stop::Late(Slow::Silent))
    }

    /// Returns from when on no other page is begun: early enough that a page which is under way comes to its end.
    pub(super) fn pauses_at(&self) -> Timestamp {
        let part = self.until.duration_since(self.began_at) / 10;
        self.until.saturating_sub(part.min(PAGE)).unwrap_or(Timestamp::MIN)
    }

    /// Returns how the diff ends where the HR system failed before it showed any person. A refused credential freezes
    /// the connection, by name.
    async fn refused(&mut self, connection: &Connection, error: &source::Error) -> Result<Stop, Error> {
        if error.class == source::Class::Unauthorized && lose(self.ports, &connection.id).await? {
            self.news.authorization_lost(&self.run.id);
        }
        Ok(source_failure(error))
    }
}

pub(super) fn different_company() -> Failure {
    Failure::new(
        "different-company",
        "the credential opens another company; connect with the first one's credential",
    )
}

/// Too few of the people who are linked were found again, and the HR system does not say whose people it shows.
pub(super) fn other_people(recognition: Recognition) -> Failure {
    let Recognition { linked, found } = recognition;
    Failure::new(
        "different-company",
        format!(
            "of {linked} people who are linked, {found} were found again under their names, fewer than {} %: the credential opens another company, or does not see everybody; connect with the first one's credential",
            Recognition::PERCENT
        ),
    )
}

pub(super) fn foreign_target() -> Failure {
    Failure::new(
        "foreign-target",
        "the target holds users of another company, which another product or connection writes to it; where both are meant to, connect again with `\"shared\": true` in `target`",
    )
}

/// A failure at the HR system, for people: which class, and what to do next.
fn source_failure(error: &source::Error) -> Stop {
    let (code, advice) = told(error.class);
    Stop::Failed(Failure::new(code, format!("{error}; {advice}")))
}

/// Returns the code of a failure at the HR system, and what happened or what to do next.
pub(super) const fn told(class: source::Class) -> (&'static str, &'static str) {
    match class {
        source::Class::Forbidden => ("forbidden", "ask for the missing permissions at the HR system"),
        source::Class::Malformed => ("malformed", "the HR system's answer was not in its documented form"),
        source::Class::Misconfigured => ("misconfigured", "check the settings of the connection"),
        source::Class::Expired | source::Class::Temporary => {
            ("unavailable", "the HR system did not answer; the next run tries again")
        }
        source::Class::Unauthorized => ("needs-reauthorization", "connect it again"),
    }
}

/// A failure at the target while nothing was written, for people.
pub(super) fn target_failure(error: &target::Error) -> Stop {
    let (code, advice) = match error.class {
        target::Class::Temporary | target::Class::Unknown => (
            "target-unavailable",
            "the target did not answer; the next run tries again",
        ),
        target::Class::Unauthorized => (
            "target-unauthorized",
            "give the connection a new credential of the target: `POST /v1/connections/{id}/reconnect` with `target_credential`",
        ),
        target::Class::Incomplete => (
            "target-incomplete",
            "no plan is made from a part of the users, because those who are left out would count as missing, and users are not found by id and by user name either: ask the people who run the server to let its list be read to the end",
        ),
        target::Class::Misconfigured => ("target-misconfigured", "check the settings of the target"),
        target::Class::Changed
        | target::Class::Conflict
        | target::Class::Gone
        | target::Class::Refused
        | target::Class::Unsupported => ("target-failed", "check the settings of the target"),
    };
    Stop::Failed(Failure::new(code, format!("{error}; {advice}")))
}
