//! The AWS SDK's way through the same wire: one HTTP library and one set of roots in a function, not two.
//!
//! It sends a request once. Pacing, retries and the time of a whole operation are the SDK's own.

use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use super::{
    Error, Failure, Settings,
    transport::{Trouble, Wire},
};

/// The HTTP client for the SDK's services, of which only the time-outs, the cap and the name of `settings` count. Opens
/// nothing yet.
///
/// # Errors
/// [`Error::Setup`] where TLS cannot be set up.
pub fn sdk_client(settings: &Settings) -> Result<SharedHttpClient, Error> {
    let connector = SharedHttpConnector::new(Connector(Arc::new(Wire::new(settings)?)));
    Ok(http_client_fn(move |_, _| connector.clone()))
}

struct Connector(Arc<Wire>);

impl fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let wire = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move { exchange(&wire, request).await })
    }
}

async fn exchange(wire: &Wire, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(Box::new(error)))?;
    let (parts, body) = request.into_parts();
    // The services that we use take and give whole bodies.
    let body = body.bytes().map(Bytes::copy_from_slice);
    let body = body.ok_or_else(|| ConnectorError::user("a body in parts".into()))?;
    let request = http::Request::from_parts(parts, body);
    let answer = wire.send_written(request).await.map_err(failed)?;
    let mut response = http::Response::new(SdkBody::from(answer.body));
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).map_err(|error| ConnectorError::user(Box::new(error)))?;
    *response.headers_mut() = answer.headers;
    HttpResponse::try_from(response).map_err(|error| ConnectorError::user(Box::new(error)))
}

/// In the SDK's words, by which it decides about another try.
fn failed(trouble: Trouble) -> ConnectorError {
    match trouble {
        Trouble::Failed(failure, source) => {
            let source = source.unwrap_or_else(|| Box::new(failure));
            match failure {
                Failure::TimedOut => ConnectorError::timeout(source),
                Failure::Connect => ConnectorError::io(source).never_connected(),
                Failure::Broken | Failure::Status(_) => ConnectorError::io(source),
            }
        }
        Trouble::Request => ConnectorError::user("the request cannot be written".into()),
        Trouble::TooLarge => ConnectorError::user("the answer is too large".into()),
    }
}
