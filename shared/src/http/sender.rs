//! The same wire for the AWS SDK, which writes, paces and repeats its requests itself. So a function holds one HTTP
//! library and one list of roots, not two.

use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::{Error, Settings, Trouble, transport::Wire};

/// Sends each request once, as it is written. Clones share their connections.
#[derive(Clone)]
pub struct Sender(Arc<Wire>);

impl Sender {
    /// Returns a new sender. It opens no connection yet. Of `settings`, it uses the time-outs, the cap and the names.
    ///
    /// # Errors
    /// [`Error::Setup`] where TLS cannot be set up.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        Ok(Self(Arc::new(Wire::new(settings)?)))
    }

    /// Sends a request once and returns the whole answer.
    ///
    /// # Errors
    /// [`Trouble`] where no answer arrives.
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
