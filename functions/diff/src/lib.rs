//! The function `diff`: reads an HR system and makes the plan. A door: it decodes, calls one use case, encodes.
//!
//! It hangs on the diff queue with batch size 1 and partial batch answers. A record that fails is delivered again and,
//! after its last receive, set aside in the dead-letter queue.

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    sqs::{SqsBatchResponse, SqsEvent},
};
use jiff::Timestamp;
use rollcall::{
    api::{Edge, Function},
    queue::QueueName,
    run::{self, Ports},
    runtime::inbox,
};

/// Carries out the messages of an event. `deadline` is when Lambda stops the function.
pub async fn handle(ports: &Ports, event: SqsEvent, deadline: Timestamp) -> SqsBatchResponse {
    inbox::carry_out(ports, QueueName::Diff, event, deadline, run::diff).await
}

/// Answers an event of the HTTP API. `deadline` is when Lambda stops the function.
pub async fn handle_http(edge: &Edge, event: ApiGatewayV2httpRequest, deadline: Timestamp) -> ApiGatewayV2httpResponse {
    edge.handle(Function::Diff, event, deadline).await
}

#[cfg(test)]
mod tests;
