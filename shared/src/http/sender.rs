//! The same wire for a library that writes, paces and repeats its requests itself: the AWS SDK. One HTTP library and one
//! list of roots in a function, not two.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::{Error, Settings, Trouble, transport::Wire};

/// Sends each request once, as it is written. Clones share their connections.
#[derive(Clone)]
pub struct Sender(Arc<Wire>);

impl Sender {
    /// Opens nothing yet. Of `settings`, the time-outs, the cap and the name count.
    ///
    /// # Errors
    /// [`Error::Setup`] where TLS cannot be set up.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self(Arc::new(Wire::new(settings)?)))
    }

    /// Sends a request once and reads the whole answer.
    ///
    /// # Errors
    /// [`Trouble`] where there is no answer.
    pub async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Trouble> {
        let answer = self.0.send_written(request).await?;
        let mut response = http::Response::new(answer.body);
        *response.status_mut() = http::StatusCode::from_u16(answer.status).map_err(|_| Trouble::Request)?;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sender")
    }
}
