//! The function `daily-sync`: begins the morning's runs. A door: it decodes, calls one use case, encodes.
//!
//! It hangs on a schedule, which calls it again where it fails; that does no harm, since a day's run of a connection is
//! made once.

use jiff::{SignedDuration, Timestamp};
use rollcall::run::{self, DailyReport, Ports, Schedule, Swept};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// How much earlier than the function's end it ends by itself, so that it can still say why.
const MARGIN: SignedDuration = SignedDuration::from_secs(5);

/// How far an event's time may be ahead of this function's clock: further on, it is no event that has happened.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// What is read of a schedule's event (AWS: "Scheduled events"); a hand-made call may leave all of it out.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Event {
    /// The event's id.
    #[serde(default)]
    pub id: Option<String>,
    /// When the morning was due. An event that comes late, or again, still means its own day. A placeholder that nobody
    /// filled in, as in an input that was copied by hand, says nothing: then the last morning that has begun is meant.
    #[serde(default, deserialize_with = "time")]
    pub time: Option<Timestamp>,
}

/// The placeholder that a schedule fills in (AWS: "Adding context attributes", Amazon `EventBridge` Scheduler).
const UNFILLED: &str = "<aws.scheduler.scheduled-time>";

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let text = text.filter(|text| text != UNFILLED);
    let expected = |_| D::Error::custom("`time` expects an instant such as 2026-11-26T04:00:00Z");
    text.map(|text| text.parse().map_err(expected)).transpose()
}

/// What the function answers, for an operator who calls it by hand.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub struct Answer {
    /// How many connections there are.
    pub connections: u32,
    /// How many are due.
    pub due: u32,
    /// How many runs were made.
    pub started: u32,
    /// How many credentials were refreshed.
    pub refreshed: u32,
    /// How many were not read completely for too long.
    pub overdue: usize,
    /// What a death had left, and was ended.
    pub swept: Swept,
}

/// Why the schedule is to call again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A connection could not be asked for.
    #[error("the morning could not be begun for every connection")]
    Run(#[from] run::Error),
    /// The event is of a day to come: begun now, that day's morning would find its work done and read nobody.
    #[error("`time` is later than now; leave it out, or name the instant at which a morning was due")]
    Early,
    /// The function had not enough time.
    #[error("the function's time ended before every connection was looked at")]
    TooLate,
}

/// Begins the morning of `schedule` that the event is of. `deadline` is when Lambda stops the function.
///
/// # Errors
/// [`Error`]: call again; what was asked for already is not asked for twice.
pub async fn handle(ports: &Ports, schedule: &Schedule, event: Event, deadline: Timestamp) -> Result<Answer, Error> {
    let now = ports.clock.now();
    let due_at = event.time.unwrap_or(now);
    let until = deadline.saturating_sub(MARGIN).unwrap_or(now);
    let answer = if due_at.duration_since(now) > AHEAD {
        Err(Error::Early)
    } else if until <= now {
        Err(Error::TooLate)
    } else {
        let day = schedule.day_of(due_at);
        match run::daily(ports, day, ports.settings.spread, until).await {
            Ok(report) => Ok(answer(&report)),
            Err(run::Error::Late) => Err(Error::TooLate),
            Err(error) => Err(error.into()),
        }
    };
    if let Err(error) = &answer {
        tracing::error!(event.id = event.id.as_deref(), error = %error, "the schedule is to call again");
    }
    answer
}

fn answer(report: &DailyReport) -> Answer {
    Answer {
        connections: report.connections,
        due: report.due,
        started: report.started,
        refreshed: report.refreshed,
        overdue: report.overdue.len(),
        swept: report.swept,
    }
}

#[cfg(test)]
mod tests;
