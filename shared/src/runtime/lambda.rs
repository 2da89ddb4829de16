//! Between Lambda and the functions' handlers: events in, answers out, each with the time at which the function ends.

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    sqs::{SqsBatchResponse, SqsEvent},
};
use jiff::Timestamp;
use lambda_runtime::{Context, Diagnostic, LambdaEvent, service_fn};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned, de::Error as _};
use serde_json::value::RawValue;
use tracing::Level;

use super::{Environment, Error, assemble, telemetry};
use crate::api::{Edge, Route};

/// What a function is called with.
#[derive(Debug)]
pub enum Event {
    /// Messages of its queue.
    Queue(SqsEvent),
    /// A request of the HTTP API.
    Http(Box<ApiGatewayV2httpRequest>),
}

/// What a function answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To its queue.
    Queue(SqsBatchResponse),
    /// To the HTTP API.
    Http(Box<ApiGatewayV2httpResponse>),
}

#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(borrow, rename = "Records")]
    records: Option<&'a RawValue>,
    #[serde(borrow, rename = "requestContext")]
    request_context: Option<&'a RawValue>,
}

impl<'de> Deserialize<'de> for Event {
    /// Tells the two apart by what only one of them has. An error names what was expected and quotes nothing (R38).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let text = text.get();
        let shape = serde_json::from_str(text).unwrap_or(Shape {
            records: None,
            request_context: None,
        });
        let event = match (shape.records, shape.request_context) {
            (Some(_), None) => serde_json::from_str(text).ok().map(Self::Queue),
            (None, Some(_)) => serde_json::from_str(text).ok().map(|event| Self::Http(Box::new(event))),
            (Some(_), Some(_)) | (None, None) => None,
        };
        event.ok_or_else(|| {
            D::Error::custom("expected an event of SQS with `Records`, or of an HTTP API (2.0) with `requestContext`")
        })
    }
}

/// Reads the environment, starts logging and builds every client. `build` names the code; Cargo hands it over.
/// `routes` are the ones that this function answers: what others answer is then no part of it.
///
/// # Errors
/// [`Error`], which is logged as well: Lambda only tells that the process ended.
pub async fn begin(build: Option<&str>, routes: Vec<Route>) -> Result<Edge, Error> {
    let environment = Environment::load();
    // What is wrong with the environment is logged as well, so logging cannot wait for it.
    let level = environment
        .as_ref()
        .map_or(Level::INFO, |environment| environment.log_level);
    telemetry::start(level, telemetry::Output::StandardError)?;
    let edge = match environment {
        Ok(environment) => assemble(environment, build.unwrap_or_default(), routes).await,
        Err(error) => Err(error),
    };
    edge.inspect_err(|error| {
        tracing::error!(error = error as &dyn std::error::Error, "the function cannot begin");
    })
}

/// Answers events until Lambda ends the process.
///
/// # Errors
/// [`Error::Lambda`] where the Runtime API is gone.
pub async fn serve<A, R, E>(handler: impl AsyncFn(A, Timestamp) -> Result<R, E>) -> Result<(), Error>
where
    A: DeserializeOwned,
    R: Serialize,
    E: Into<lambda_runtime::Error>,
{
    let service = service_fn(|event: LambdaEvent<A>| {
        let deadline = deadline(&event.context);
        let answer = handler(event.payload, deadline);
        async { answer.await.map_err(|error| Diagnostic::from(error.into())) }
    });
    lambda_runtime::run(service).await.map_err(Error::Lambda)
}

/// When Lambda stops the function.
fn deadline(context: &Context) -> Timestamp {
    let milliseconds = i64::try_from(context.deadline).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_told_by_what_only_one_kind_has() {
        let queue = r#"{"Records": [{"messageId": "m-1", "body": "x"}]}"#;
        assert!(matches!(serde_json::from_str(queue), Ok(Event::Queue(event)) if event.records.len() == 1));
        let http = r#"{"version": "2.0", "rawPath": "/healthz", "headers": {}, "requestContext": {"http": {"method": "GET"}}}"#;
        assert!(matches!(serde_json::from_str(http), Ok(Event::Http(_))));
    }

    #[test]
    fn r38_an_event_of_no_known_kind_is_refused_without_being_quoted() {
        for bad in [
            "{}",
            "[]",
            "7",
            r#"{"name": "Ana Pujol"}"#,
            r#"{"Records": "Ana Pujol"}"#,
            r#"{"Records": [], "requestContext": {}}"#,
        ] {
            let said = serde_json::from_str::<Event>(bad).unwrap_err().to_string();
            assert!(said.contains("expected an event of SQS"), "{said}");
            assert!(!said.contains("Ana"), "{said}");
        }
    }
}
