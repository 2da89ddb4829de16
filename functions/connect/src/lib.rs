//! The function `connect`: OAuth start and callback, connecting with a key, reconnecting, disconnecting. A door: it
//! decodes, calls one use case, encodes.
//!
//! It hangs on the HTTP API. Its routes are those of `rollcall::api` that name it.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use jiff::Timestamp;
use rollcall::api::{Edge, Function};

/// Answers an event of the HTTP API. `deadline` is when Lambda stops the function.
pub async fn handle_http(edge: &Edge, event: ApiGatewayV2httpRequest, deadline: Timestamp) -> ApiGatewayV2httpResponse {
    edge.handle(Function::Connect, event, deadline).await
}
