//! Queue messages and requests in the form in which Lambda gets them (AWS: "Using Lambda with Amazon SQS", example
//! event; the checksum of the body is left out).

use aws_lambda_events::sqs::SqsEvent;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use rollcall::queue::{QueueName, memory::Message};
use serde_json::{Value, json};

use crate::Error;

/// Returns the event that brings one message to the function behind its queue. It is written as JSON and read back, as
/// on the way through Lambda.
///
/// # Errors
/// [`Error::Event`] where the JSON is not such an event.
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

/// Returns the event that brings a request to a function (AWS: "Create AWS Lambda proxy integrations for HTTP APIs in
/// API Gateway", payload format version 2.0). `headers` is an object of texts; a `body` that is not text is sent as
/// base64.
pub(crate) fn http_event(
    method: &str,
    path: &str,
    query: &str,
    headers: &Value,
    body: &[u8],
    request_id: &str,
    cookies: Vec<String>,
) -> Value {
    let (text, is_base64) = match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (STANDARD.encode(body), true),
    };
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "127.0.0.1",
            "domainPrefix": "local",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "",
            },
            "requestId": request_id,
            "routeKey": "$default",
            "stage": "$default",
        },
        "cookies": Some(cookies).filter(|cookies| !cookies.is_empty()),
        "body": Some(text).filter(|text| !text.is_empty()),
        "isBase64Encoded": is_base64,
    })
}

/// Returns the identifier by which a function names a message that failed.
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
