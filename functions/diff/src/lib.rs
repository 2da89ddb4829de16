//! The function `diff`: reads an HR system and makes the plan. A door: it decodes, calls one use case, encodes.
//!
//! It hangs on the diff queue with batch size 1 and partial batch answers. A record that fails is delivered again and,
//! after its last receive, set aside in the dead-letter queue.

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    sqs::{SqsBatchResponse, SqsEvent, SqsMessage},
};
use jiff::Timestamp;
use rollcall::{
    api::{Edge, Function},
    run::{self, Done, Invocation, Ports, Task},
    runtime::inbox::{self, Answer, Error},
};

/// Carries out the messages of an event. `deadline` is when Lambda stops the function.
pub async fn handle(ports: &Ports, event: SqsEvent, deadline: Timestamp) -> SqsBatchResponse {
    let mut answer = Answer::default();
    for record in &event.records {
        answer.note(record, carry_out(ports, record, deadline).await);
    }
    answer.finish()
}

/// Answers an event of the HTTP API. `deadline` is when Lambda stops the function.
pub async fn handle_http(edge: &Edge, event: ApiGatewayV2httpRequest, deadline: Timestamp) -> ApiGatewayV2httpResponse {
    edge.handle(Function::Diff, event, deadline).await
}

async fn carry_out(ports: &Ports, record: &SqsMessage, deadline: Timestamp) -> Result<Done, Error> {
    let message = inbox::read(record)?;
    if !matches!(message.task, Task::Diff { .. }) {
        return Err(Error::Misdirected { expected: "diff" });
    }
    // Two deliveries of one message are two invocations, each with a right to the lease of its own.
    let invocation = Invocation {
        id: ports.ids.next("invocation"),
        deadline,
    };
    Ok(run::diff(ports, &message, &invocation).await?)
}

#[cfg(test)]
mod tests;
