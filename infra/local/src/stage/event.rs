//! Queue messages in the form in which Lambda gets them (AWS: "Using Lambda with Amazon SQS", example event; the checksum
//! of the body is left out).

use aws_lambda_events::sqs::SqsEvent;
use jiff::Timestamp;
use rollcall::queue::{QueueName, memory::Message};
use serde_json::json;

use crate::Error;

/// The event that brings one message to the function behind its queue. It is written as JSON and read back, as on the
/// way through Lambda.
///
/// # Errors
/// [`Error::Event`] where it is none.
pub(super) fn sqs_event(queue: QueueName, message: &Message, now: Timestamp) -> Result<SqsEvent, Error> {
    let at = now.as_millisecond().to_string();
    let event = json!({
        "Records": [{
            "messageId": message_id(message),
            "receiptHandle": format!("{}-{}", message.id, message.receives),
            "body": message.body,
            "attributes": {
                "ApproximateReceiveCount": message.receives.to_string(),
                "SentTimestamp": at,
                "SenderId": "rollcall",
                "ApproximateFirstReceiveTimestamp": at,
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": format!("arn:aws:sqs:eu-west-1:000000000000:rollcall-{}", queue.as_str()),
            "awsRegion": "eu-west-1",
        }]
    });
    serde_json::from_str(&event.to_string()).map_err(Error::Event)
}

/// The identifier under which a message is answered for.
pub(super) fn message_id(message: &Message) -> String {
    format!("00000000-0000-4000-8000-{:012}", message.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_holds_one_record_with_the_body_as_it_was_sent() {
        let message = Message {
            id: 7,
            body: r#"{"a": "é"}"#.to_owned(),
            receives: 2,
        };
        let event = sqs_event(QueueName::Diff, &message, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(event.records.len(), 1);
        let record = &event.records[0];
        assert_eq!(record.body.as_deref(), Some(message.body.as_str()));
        assert_eq!(record.attributes["ApproximateReceiveCount"], "2");
        assert_eq!(
            record.message_id.as_deref(),
            Some("00000000-0000-4000-8000-000000000007")
        );
    }
}
