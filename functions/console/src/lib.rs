//! The function `console`: configuration, plans, runs, people, users, keys and the audit. A door: it decodes, calls one
//! use case or reader, encodes.
//!
//! It hangs on the HTTP API. Its routes are those of `rollcall::api` that name it, and it answers for every address that
//! nobody else has.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use jiff::Timestamp;
use rollcall::api::{Edge, Function};

/// Answers an event of the HTTP API. `deadline` is when Lambda stops the function.
pub async fn handle_http(edge: &Edge, event: ApiGatewayV2httpRequest, deadline: Timestamp) -> ApiGatewayV2httpResponse {
    edge.handle(Function::Console, event, deadline).await
}
