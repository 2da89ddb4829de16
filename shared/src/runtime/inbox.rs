//! What the functions behind a queue have in common: from an SQS record to a message, and from what became of it to a
//! partial batch answer.
//!
//! A record that fails is named in the answer, so that SQS delivers it again and, after its last receive, moves it to the
//! dead-letter queue. The log says why without the body, which is a caller's (R38).

use std::error::Error as _;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::Timestamp;

use crate::{
    queue::QueueName,
    run::{self, Done, InvalidMessage, Invocation, Message, Ports},
};

/// Why a record was not carried out.
#[derive(Debug, thiserror::Error)]
enum Error {
    /// The record has no body.
    #[error("the record has no body; expected a message with version, run, connection and task")]
    Bodiless,
    /// The body is no message of ours. What the parser saw stays out of logs.
    #[error("{0}")]
    Invalid(InvalidMessage),
    /// A good message in the wrong queue.
    #[error("the message is for another function; expected the task `{expected}`")]
    Misdirected {
        /// The task that this function carries out.
        expected: &'static str,
    },
    /// The use case asks for another delivery.
    #[error("the use case asks for another delivery")]
    Run(#[from] run::Error),
}

/// Carries out the messages of an event of a queue, one after another, each by `work`. `deadline` is when Lambda stops the
/// function. Returns the answer to Lambda.
pub async fn carry_out(
    ports: &Ports,
    queue: QueueName,
    event: SqsEvent,
    deadline: Timestamp,
    work: impl AsyncFn(&Ports, &Message, &Invocation) -> Result<Done, run::Error>,
) -> SqsBatchResponse {
    let mut answer = Answer::default();
    for record in &event.records {
        // Two deliveries of one message are two invocations, each with a right to the lease of its own.
        let invocation = Invocation {
            id: ports.ids.next("invocation"),
            deadline,
        };
        let done = match read(record, queue) {
            Ok(message) => Box::pin(work(ports, &message, &invocation)).await.map_err(Error::Run),
            Err(error) => Err(error),
        };
        answer.note(record, done);
    }
    answer.finish()
}

/// Returns a record's message, where it belongs into the queue.
fn read(record: &SqsMessage, queue: QueueName) -> Result<Message, Error> {
    let body = record.body.as_deref().ok_or(Error::Bodiless)?;
    let message = Message::from_text(body).map_err(Error::Invalid)?;
    if message.task.queue() == queue {
        Ok(message)
    } else {
        let expected = queue.as_str();
        Err(Error::Misdirected { expected })
    }
}

/// The answer to an event, record by record.
#[derive(Debug, Default)]
struct Answer(SqsBatchResponse);

impl Answer {
    /// Notes what became of a record: one that failed is to be delivered again.
    fn note(&mut self, record: &SqsMessage, result: Result<Done, Error>) {
        let message_id = record.message_id.as_deref().unwrap_or_default();
        match result {
            Ok(done) => tracing::debug!(message.id = message_id, done = ?done, "message carried out"),
            Err(error) => {
                tracing::error!(message.id = message_id, receives = receives(record), error = %reason(&error),
                    "message failed; it is delivered again, and after its last receive set aside");
                // Lambda takes an empty identifier as: all of the batch. That is right for a record without an id.
                let mut failure = BatchItemFailure::default();
                message_id.clone_into(&mut failure.item_identifier);
                self.0.batch_item_failures.push(failure);
            }
        }
    }

    /// The answer to Lambda (AWS: "Reporting batch item failures").
    fn finish(self) -> SqsBatchResponse {
        self.0
    }
}

fn receives(record: &SqsMessage) -> &str {
    let count = record.attributes.get("ApproximateReceiveCount");
    count.map(String::as_str).unwrap_or_default()
}

/// The error with the causes that our own rooms worded; what lies below may quote what it failed on.
fn reason(error: &Error) -> String {
    let mut text = error.to_string();
    if let Error::Run(run) = error {
        text.push_str(": ");
        text.push_str(&run.to_string());
        if let Some(cause) = run.source() {
            text.push_str(": ");
            text.push_str(&cause.to_string());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> SqsMessage {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn r38_a_body_that_is_no_message_is_answered_for_without_being_quoted() {
        let text = r#"{"messageId": "m-1", "body": "{\"run\": \"Ana Pujol\"}"}"#;
        let error = read(&record(text), QueueName::Diff).unwrap_err();
        let said = reason(&error);
        assert!(said.contains("expects version, run, connection and task"), "{said}");
        assert!(!said.contains("Ana"), "{said}");
        let error = read(&record(r#"{"messageId": "m-1"}"#), QueueName::Diff).unwrap_err();
        assert!(error.to_string().contains("has no body"));
    }

    #[test]
    fn a_message_for_another_function_is_named_as_such() {
        let text = r#"{"body": "{\"version\":1,\"run\":\"run_1\",\"connection\":\"con_1\",\"task\":\"diff\"}"}"#;
        assert!(read(&record(text), QueueName::Diff).is_ok());
        assert_eq!(
            read(&record(text), QueueName::Apply).unwrap_err().to_string(),
            "the message is for another function; expected the task `apply`"
        );
    }

    #[test]
    fn only_records_that_failed_are_named_in_the_answer() {
        let mut answer = Answer::default();
        answer.note(&record(r#"{"messageId": "m-1"}"#), Ok(Done::Finished));
        answer.note(&record(r#"{"messageId": "m-2"}"#), Err(Error::Bodiless));
        let text = serde_json::to_string(&answer.finish()).unwrap();
        assert_eq!(text, r#"{"batchItemFailures":[{"itemIdentifier":"m-2"}]}"#);
    }

    #[test]
    fn a_failure_of_a_use_case_is_told_down_to_our_own_words() {
        let cause = run::Error::Missing("the run of a message");
        assert_eq!(
            reason(&Error::Run(cause)),
            "the use case asks for another delivery: the run of a message is not there"
        );
    }
}
