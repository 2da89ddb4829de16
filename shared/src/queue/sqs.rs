//! Amazon SQS: one standard queue per function. Receiving, repeating and setting aside are Lambda's and the queue's.

use std::{
    fmt,
    sync::{Arc, LazyLock},
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_sqs::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
};

use super::{Error, LONGEST_DELAY, Queue, QueueName, check_size};

/// Codes of refusals that no other try would change.
const LASTING: [&str; 4] = [
    "InvalidMessageContents",
    "InvalidParameterValue",
    "MissingParameter",
    "ValidationException",
];

/// A client that is made when it is first used: making one reads the SDK's table of partitions, a quarter of a function's start.
type LateClient = LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>;

/// Queues in SQS.
#[derive(Clone)]
pub struct SqsQueue {
    client: Arc<LateClient>,
    diff: String,
    apply: String,
}

/// What the service refused, without anything that was sent.
#[derive(Debug, thiserror::Error)]
#[error("SQS answered {0}")]
struct Refusal(String);

impl SqsQueue {
    /// Returns queues by their addresses. `client` is called when the first message is sent.
    pub fn new(
        client: impl FnOnce() -> Client + Send + 'static,
        diff: impl Into<String>,
        apply: impl Into<String>,
    ) -> Self {
        Self {
            client: Arc::new(LazyLock::new(Box::new(client))),
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
        check_size(queue, body)?;
        let url = match queue {
            QueueName::Diff => &self.diff,
            QueueName::Apply => &self.apply,
        };
        let delay = delay.min(LONGEST_DELAY);
        let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
        let seconds = i32::try_from(seconds).unwrap_or(i32::MAX);
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

#[cfg(test)]
mod tests {
    use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};

    use super::*;
    use crate::queue::MOST_BYTES;

    /// A queue under an address where nothing answers.
    fn unreachable() -> SqsQueue {
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("id", "key", None, None, "test"))
            .endpoint_url("http://127.0.0.1:1")
            .retry_config(RetryConfig::disabled());
        let client = Client::from_conf(config.build());
        SqsQueue::new(|| client, "http://127.0.0.1:1/diff", "http://127.0.0.1:1/apply")
    }

    #[tokio::test]
    async fn r47_a_message_that_no_queue_takes_is_refused_for_good_before_it_is_sent() {
        for (bytes, is_lasting) in [(MOST_BYTES, false), (MOST_BYTES + 1, true)] {
            let sent = unreachable()
                .send(QueueName::Diff, &"x".repeat(bytes), Duration::ZERO)
                .await;
            assert_eq!(sent.unwrap_err().is_lasting, is_lasting, "{bytes} bytes");
        }
    }
}
