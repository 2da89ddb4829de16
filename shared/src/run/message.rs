//! Messages between the functions: small, versioned, and safe to deliver twice.

use serde::{Deserialize, Serialize};

use crate::{connection::ConnectionId, employee::EmployeeId, plan::PlanId, queue::QueueName, store::RunId};

/// The version that this code writes; it reads this one and the one before, and names any other (R44).
const VERSION: u32 = 1;

/// What a message asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "task")]
pub enum Task {
    /// Carry on with an approved plan.
    Apply {
        /// The plan.
        plan: PlanId,
        /// The number of the slice, from 0.
        slice: u32,
    },
    /// Read HR and make a plan.
    Diff {
        /// Whether the plan waits for a person even where plans apply by themselves.
        #[serde(default, skip_serializing_if = "is_false")]
        preview: bool,
        /// The one person whom the diff is about; everybody where it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        employee_id: Option<EmployeeId>,
        /// The number of the slice, from 0.
        #[serde(default, skip_serializing_if = "is_zero")]
        slice: u32,
    },
    /// Read everything that the credential can see of HR, and keep counts of it.
    Survey {
        /// The number of the slice, from 0.
        #[serde(default, skip_serializing_if = "is_zero")]
        slice: u32,
    },
}

impl Task {
    /// A diff of everybody, applied by itself where the connection is configured so.
    pub const fn everybody() -> Self {
        Self::Diff {
            preview: false,
            employee_id: None,
            slice: 0,
        }
    }

    /// Returns the queue of the function that carries the task out.
    pub const fn queue(&self) -> QueueName {
        match self {
            Self::Apply { .. } => QueueName::Apply,
            Self::Diff { .. } | Self::Survey { .. } => QueueName::Diff,
        }
    }

    /// Returns the number of the slice, from 0.
    pub const fn slice(&self) -> u32 {
        match self {
            Self::Apply { slice, .. } | Self::Diff { slice, .. } | Self::Survey { slice } => *slice,
        }
    }

    /// Returns the same task for a later slice.
    #[must_use]
    pub fn at_slice(&self, later: u32) -> Self {
        let mut task = self.clone();
        match &mut task {
            Self::Apply { slice, .. } | Self::Diff { slice, .. } | Self::Survey { slice } => *slice = later,
        }
        task
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Version of the form.
    pub version: u32,
    /// The run that it belongs to.
    pub run: RunId,
    /// The connection.
    pub connection: ConnectionId,
    /// How often it was sent again because it had to wait.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub waits: u32,
    /// What is to be done.
    #[serde(flatten)]
    pub task: Task,
}

/// A text that is no message of ours. It goes to the dead-letter queue, where a person finds it.
#[derive(Debug, thiserror::Error)]
pub enum InvalidMessage {
    /// The text is not JSON of the expected members.
    #[error("a message expects version, run, connection and task")]
    Form(#[source] serde_json::Error),
    /// The message was written by another version.
    #[error("a message of version {0} is not read by this code, which reads {VERSION} and the one before")]
    Version(u32),
}

impl Message {
    /// A message of this version.
    pub const fn new(run: RunId, connection: ConnectionId, task: Task) -> Self {
        Self {
            version: VERSION,
            run,
            connection,
            waits: 0,
            task,
        }
    }

    /// Returns the same message, to be sent once more because it has to wait.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            waits: self.waits.saturating_add(1),
            ..self.clone()
        }
    }

    /// The text to send.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a text.
    ///
    /// # Errors
    /// [`InvalidMessage`] names what was expected.
    pub fn from_text(text: &str) -> Result<Self, InvalidMessage> {
        let message: Self = serde_json::from_str(text).map_err(InvalidMessage::Form)?;
        if (VERSION.saturating_sub(1)..=VERSION).contains(&message.version) {
            Ok(message)
        } else {
            Err(InvalidMessage::Version(message.version))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_reads_back_what_it_writes() {
        let task = Task::Apply {
            plan: PlanId::parse("plan-1").unwrap(),
            slice: 3,
        };
        let message = Message::new(RunId::parse("run-1").unwrap(), "con-1".parse().unwrap(), task);
        assert_eq!(Message::from_text(&message.to_text()).unwrap(), message);
        let again = message.again().again();
        assert_eq!(Message::from_text(&again.to_text()).unwrap().waits, 2);
        assert!(!message.to_text().contains("waits"), "{}", message.to_text());
    }

    #[test]
    fn r44_a_message_of_another_version_is_named_and_not_guessed_at() {
        let task = Task::Diff {
            preview: false,
            employee_id: None,
            slice: 0,
        };
        let message = Message::new(RunId::parse("run-1").unwrap(), "con-1".parse().unwrap(), task);
        assert!(
            message.to_text().ends_with(r#""task":"diff"}"#),
            "{}",
            message.to_text()
        );
        let newer = message.to_text().replace("\"version\":1", "\"version\":2");
        assert!(matches!(Message::from_text(&newer), Err(InvalidMessage::Version(2))));
        let older = message.to_text().replace("\"version\":1", "\"version\":0");
        assert_eq!(Message::from_text(&older).unwrap().task, message.task);
        assert!(matches!(Message::from_text("{}"), Err(InvalidMessage::Form(_))));
    }
}
