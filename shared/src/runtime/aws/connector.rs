//! The AWS SDK's requests on our own wire, in its words.

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use crate::http::{Error, Failure, Sender, Settings, Trouble};

/// The HTTP client for the SDK's services. Opens nothing yet.
///
/// # Errors
/// [`Error::Setup`] where TLS cannot be set up.
pub fn sdk_client(settings: &Settings) -> Result<SharedHttpClient, Error> {
    let connector = SharedHttpConnector::new(Connector(Sender::new(settings)?));
    Ok(http_client_fn(move |_, _| connector.clone()))
}

#[derive(Debug)]
struct Connector(Sender);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sender = self.0.clone();
        HttpConnectorFuture::new(async move { exchange(&sender, request).await })
    }
}

async fn exchange(sender: &Sender, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    // The services that we use take and give whole bodies.
    let body = body.bytes().map(Bytes::copy_from_slice);
    let body = body.ok_or_else(|| ConnectorError::user("a body in parts".into()))?;
    let answer = sender
        .send(http::Request::from_parts(parts, body))
        .await
        .map_err(failed)?;
    HttpResponse::try_from(answer.map(SdkBody::from)).map_err(|error| ConnectorError::user(error.into()))
}

/// In the SDK's words, by which it decides about another try.
fn failed(trouble: Trouble) -> ConnectorError {
    match trouble {
        Trouble::Failed(failure, source) => {
            let source = source.unwrap_or_else(|| failure.into());
            match failure {
                Failure::TimedOut => ConnectorError::timeout(source),
                Failure::Connect => ConnectorError::io(source).never_connected(),
                Failure::Broken | Failure::Status(_) => ConnectorError::io(source),
            }
        }
        Trouble::Request => ConnectorError::user("the request cannot be written".into()),
        Trouble::NotPublic => ConnectorError::user("the host is not on the public internet".into()),
        Trouble::TooLarge => ConnectorError::user("the answer is too large".into()),
    }
}
