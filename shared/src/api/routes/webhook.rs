//! Where events go, for the operator.

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        form::PASTED,
        pasted,
        problem::{Code, Problem},
        repeat,
        request::Method,
        response::Response,
        route::{Access, Function},
    },
    event::Receiver,
    run::{self, ReceiverRefused},
};

/// Where events are to go.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReceiverBody {
    /// The address; https, except on the local stage.
    #[schemars(length(min = 1, max = 2000), regex(pattern = PASTED))]
    #[serde(deserialize_with = "pasted::line")]
    url: String,
}

/// Where events go.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Receiver")]
struct ReceiverView {
    /// The address; null where none is set.
    url: Option<String>,
    /// What signs, newest first (`whsec_…`, Standard Webhooks). Two while they are being changed over.
    secrets: Vec<String>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/webhooks",
            "load_receiver",
            "Where events go, and what signs them.",
            handler!(load),
        )
        .access(Access::Operator)
        .answers::<ReceiverView>(200, "The receiver."),
        Route::new(
            Function::Console,
            Method::Put,
            "/v1/webhooks",
            "put_receiver",
            "Sets where events go. The signing secret stays; the first time one is made.",
            handler!(put),
        )
        .access(Access::Operator)
        .body::<ReceiverBody>()
        .answers::<ReceiverView>(200, "The receiver."),
        Route::new(
            Function::Console,
            Method::Delete,
            "/v1/webhooks",
            "remove_receiver",
            "Sends no events any more.",
            handler!(remove),
        )
        .access(Access::Operator)
        .answers_empty(204, "No events are sent."),
        Route::new(
            Function::Console,
            Method::Post,
            "/v1/webhooks/rotate",
            "rotate_receiver",
            "Makes a new signing secret; the one before signs too, until the next.",
            handler!(rotate),
        )
        .access(Access::Operator)
        .answers::<ReceiverView>(200, "The receiver.")
        .refuses(&[Code::NotFound, Code::Gone]),
    ]
}

fn answer(receiver: Option<&Receiver>) -> Response {
    let view = ReceiverView {
        url: receiver.map(|receiver| receiver.url.clone()),
        secrets: receiver
            .iter()
            .flat_map(|receiver| &receiver.secrets)
            .map(exposed)
            .collect(),
    };
    Response::json(200, &view).secret()
}

fn exposed(secret: &SecretString) -> String {
    secret.expose_secret().to_owned()
}

fn refuse(refused: ReceiverRefused) -> Problem {
    match refused {
        ReceiverRefused::Address(error) => Problem::invalid("/url", error.to_string()),
        ReceiverRefused::NotFound => Problem::not_found("receiver; set one first"),
        ReceiverRefused::Shown => repeat::shown(),
        ReceiverRefused::Busy => Problem {
            retry_after: Some(5),
            ..Problem::new(Code::Unavailable, refused.to_string())
        },
        ReceiverRefused::Internal(error) => error.into(),
    }
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let receiver = run::find_receiver(context.ports()).await?;
    Ok(answer(receiver.as_ref()))
}

async fn put(context: &Context<'_>) -> Result<Response, Problem> {
    let body: ReceiverBody = context.json()?;
    let receiver = run::put_receiver(context.ports(), &context.actor(), &body.url).await;
    Ok(answer(Some(&receiver.map_err(refuse)?)))
}

async fn remove(context: &Context<'_>) -> Result<Response, Problem> {
    let removed = run::remove_receiver(context.ports(), &context.actor()).await;
    removed.map_err(refuse)?;
    Ok(Response::empty(204))
}

async fn rotate(context: &Context<'_>) -> Result<Response, Problem> {
    let receiver = run::rotate_receiver(context.ports(), &context.actor()).await;
    Ok(answer(Some(&receiver.map_err(refuse)?)))
}
