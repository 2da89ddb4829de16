//! A response whose body is read piece by piece, for answers that are too large to be kept whole.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{Call, Error, Failure, Response, transport::Trouble};

/// What is still to come of a body.
#[async_trait]
pub(super) trait Pieces: Send {
    /// Returns the next piece; `None` behind the last one, where the body is as long as the server said.
    async fn next(&mut self) -> Result<Option<Bytes>, Trouble>;
}

/// A response of which the head is there.
pub struct Incoming {
    head: Response,
    rest: Option<Rest>,
    /// The place among the requests that are under way: given back once the body is read.
    permit: Option<OwnedSemaphorePermit>,
}

/// The body behind a head, and what it is held to.
pub(super) struct Rest {
    pub(super) pieces: Box<dyn Pieces>,
    pub(super) call: Call,
    /// How long the next piece may take.
    pub(super) patience: Duration,
    /// The most bytes that all pieces have together.
    pub(super) most: usize,
    pub(super) read: usize,
}

impl Incoming {
    /// A response that is there as a whole.
    pub(super) const fn whole(head: Response) -> Self {
        Self {
            head,
            rest: None,
            permit: None,
        }
    }

    /// A response whose body is still to come.
    pub(super) const fn arriving(head: Response, rest: Rest) -> Self {
        Self {
            head,
            rest: Some(rest),
            permit: None,
        }
    }

    /// Returns the same response, which holds a place among the requests under way as long as its body is to come.
    pub(super) fn holding(mut self, permit: Option<OwnedSemaphorePermit>) -> Self {
        self.permit = permit.filter(|_| self.rest.is_some());
        self
    }

    /// Returns the head, and the body where it came with it.
    pub(super) const fn head(&self) -> &Response {
        &self.head
    }

    /// Returns the status code (RFC 9110, section 15).
    pub const fn status(&self) -> u16 {
        self.head.status()
    }

    /// Returns whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        self.head.is_success()
    }

    /// Returns the response as it is there: with its body, where that was not asked for in pieces.
    pub fn into_response(self) -> Response {
        self.head
    }

    /// Returns the next piece of the body; `None` behind the last one. Each piece comes once.
    ///
    /// # Errors
    /// [`Error::Failed`] where the body breaks off or does not go on, [`Error::TooLarge`] where it outgrows the cap.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(rest) = &mut self.rest else {
            let body = std::mem::take(&mut self.head.body);
            return Ok(Some(body).filter(|body| !body.is_empty()));
        };
        let piece = rest.next().await;
        if !matches!(piece, Ok(Some(_))) {
            self.rest = None;
            self.permit = None;
        }
        piece
    }
}

impl Rest {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let call = self.call.clone();
        let piece = match timeout(self.patience, self.pieces.next()).await {
            Ok(Ok(piece)) => piece,
            Ok(Err(Trouble::Failed(failure, source))) => return Err(Error::Failed { call, failure, source }),
            Ok(Err(Trouble::NotPublic)) => return Err(Error::NotPublic { call }),
            Ok(Err(Trouble::Request)) => return Err(Error::Request { call }),
            Ok(Err(Trouble::TooLarge)) => return Err(self.too_large()),
            Err(_) => {
                let failure = Failure::TimedOut;
                let source = None;
                return Err(Error::Failed { call, failure, source });
            }
        };
        self.read += piece.as_ref().map_or(0, Bytes::len);
        if self.read > self.most {
            return Err(self.too_large());
        }
        Ok(piece)
    }

    fn too_large(&self) -> Error {
        Error::TooLarge {
            call: self.call.clone(),
            most: self.most,
        }
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Incoming({})", self.status())
    }
}
