//! Where events go: set, rotated and shown by the operator.

use super::{Error, Ports};
use crate::event::{InvalidReceiver, RECEIVER_SECRET, Receiver};

/// Why a receiver was not set.
#[derive(Debug, thiserror::Error)]
pub enum ReceiverRefused {
    /// The address is not allowed.
    #[error("the address is not allowed")]
    Address(#[source] InvalidReceiver),
    /// There is no receiver yet.
    #[error("no receiver is set")]
    NotFound,
    /// Something of ours failed.
    #[error("the receiver could not be kept")]
    Internal(#[from] Error),
}

impl From<crate::secret::Error> for ReceiverRefused {
    fn from(error: crate::secret::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Where events go; `None`: nowhere yet, or what is kept cannot be read.
///
/// # Errors
/// [`Error`] of the store of secrets.
pub async fn find_receiver(ports: &Ports) -> Result<Option<Receiver>, Error> {
    let text = ports.secrets.find_secret(RECEIVER_SECRET).await?;
    Ok(text.and_then(|text| Receiver::from_secret_text(&text).ok()))
}

/// Sets where events go. The signing secrets stay; the first time one is made.
///
/// # Errors
/// [`ReceiverRefused::Address`] where events may not be sent there.
pub async fn put_receiver(ports: &Ports, url: &str) -> Result<Receiver, ReceiverRefused> {
    ports.events.check(url).map_err(ReceiverRefused::Address)?;
    let secrets = match find_receiver(ports).await? {
        Some(known) => known.secrets,
        None => vec![Receiver::secret(&ports.ids.key())],
    };
    let url = url.to_owned();
    keep(ports, Receiver { url, secrets }).await
}

/// Makes a new signing secret. The one before signs too, until the next change, so that a receiver can change over.
///
/// # Errors
/// [`ReceiverRefused::NotFound`] where no receiver is set.
pub async fn rotate_receiver(ports: &Ports) -> Result<Receiver, ReceiverRefused> {
    let known = find_receiver(ports).await?.ok_or(ReceiverRefused::NotFound)?;
    let secret = Receiver::secret(&ports.ids.key());
    keep(ports, known.rotated(secret)).await
}

/// Sends no events any more.
///
/// # Errors
/// [`Error`] of the store of secrets.
pub async fn remove_receiver(ports: &Ports) -> Result<(), Error> {
    Ok(ports.secrets.delete_secret(RECEIVER_SECRET).await?)
}

async fn keep(ports: &Ports, receiver: Receiver) -> Result<Receiver, ReceiverRefused> {
    let text = receiver.to_secret_text();
    let text = text.map_err(|_| Error::Missing("a receiver's text"))?;
    ports.secrets.put_secret(RECEIVER_SECRET, &text).await?;
    Ok(receiver)
}
