//! What ends a diff before its time.

use jiff::Timestamp;

use crate::run::{Error, record::Failure};

/// The side that took too long, and how much was read of it until then.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slow {
    /// The HR system did not answer.
    Silent,
    Source {
        people: u32,
    },
    Target {
        accounts: usize,
    },
    /// The target did not answer.
    SilentTarget,
}

impl Slow {
    pub(super) fn failure(self, next: &str) -> Failure {
        let read = match self {
            Self::Silent => return Failure::new("unavailable", format!("the HR system did not answer; {next}")),
            Self::SilentTarget => {
                return Failure::new("target-unavailable", format!("the target did not answer; {next}"));
            }
            Self::Source { people } => format!("the HR system had answered with {people} people"),
            Self::Target { accounts } => format!("the target had answered with {accounts} accounts"),
        };
        let detail =
            format!("{read}, and not to the end, when the time that a run has (`FunctionTimeout`) was over; {next}");
        Failure::new("deadline", detail)
    }
}

/// What ends a diff before its time.
pub(super) enum Stop {
    /// The HR system or the target took so long that the function's time is nearly over.
    Late(Slow),
    /// A plan is being applied; the message comes again.
    Busy,
    /// The function's time is over, and what was read is kept: the next slice goes on.
    Paused,
    /// The HR system takes no more requests before this instant, and what was read is kept: the next slice goes on then.
    UsedUp(Timestamp),
    /// Something that a person or the next run mends.
    Failed(Failure),
    /// Something of ours.
    Fault(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// Says how a run ends that a diff could not carry out.
pub(super) fn failure(stop: Stop) -> Failure {
    match stop {
        Stop::Busy => Failure::new("busy", "a plan is being applied"),
        Stop::Paused | Stop::UsedUp(_) => Failure::new("paused", "the rest is read by the next slice"),
        Stop::Late(whom) => whom.failure("it was tried several times: raise that parameter, or ask why it is slow"),
        Stop::Failed(failure) => failure,
        Stop::Fault(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a diff failed for good");
            Failure::internal(&error)
        }
    }
}
