//! Amazon SQS: one standard queue per function. Receiving, repeating and setting aside are Lambda's and the queue's.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use aws_sdk_sqs::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
};

use super::{Error, Queue, QueueName};

/// The longest delay that a queue knows (AWS: "Amazon SQS delay queues").
const LONGEST_DELAY: i32 = 900;

/// Codes of refusals that no other try would change.
const LASTING: [&str; 4] = [
    "InvalidMessageContents",
    "InvalidParameterValue",
    "MissingParameter",
    "ValidationException",
];

/// Queues in SQS.
#[derive(Clone)]
pub struct SqsQueue {
    client: Client,
    diff: String,
    apply: String,
}

/// What the service refused, without anything that was sent.
#[derive(Debug, thiserror::Error)]
#[error("SQS answered {0}")]
struct Refusal(String);

impl SqsQueue {
    /// Returns queues by their addresses.
    pub fn new(client: Client, diff: impl Into<String>, apply: impl Into<String>) -> Self {
        Self {
            client,
            diff: diff.into(),
            apply: apply.into(),
        }
    }
}

impl fmt::Debug for SqsQueue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SqsQueue")
            .field("diff", &self.diff)
            .field("apply", &self.apply)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Queue for SqsQueue {
    /// Sends with a delay in whole seconds, rounded up so that no message comes too early, and of at most 15 minutes.
    async fn send(&self, queue: QueueName, body: &str, delay: Duration) -> Result<(), Error> {
        let url = match queue {
            QueueName::Diff => &self.diff,
            QueueName::Apply => &self.apply,
        };
        let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
        let seconds = i32::try_from(seconds).unwrap_or(LONGEST_DELAY).min(LONGEST_DELAY);
        let message = self.client.send_message().queue_url(url).message_body(body);
        let sent = message.delay_seconds(seconds).send().await;
        sent.map(|_| ()).map_err(|error| {
            let code = code(&error);
            Error {
                queue: queue.as_str(),
                is_lasting: LASTING.contains(&code.as_str()),
                source: Box::new(Refusal(code)),
            }
        })
    }
}

/// Returns the code of an error and nothing else of it.
fn code<E: ProvideErrorMetadata>(error: &SdkError<E>) -> String {
    let code = match error {
        SdkError::ServiceError(refused) => refused.err().code().unwrap_or("an error without a code"),
        SdkError::TimeoutError(_) => "too late",
        SdkError::DispatchFailure(_) => "nothing: it cannot be reached",
        SdkError::ConstructionFailure(_) | SdkError::ResponseError(_) | _ => "what cannot be understood",
    };
    code.to_owned()
}
