//! Where events go: set, rotated and shown by the operator.

use jiff::{SignedDuration, Timestamp};

use super::{
    Error, Ports,
    actor::{Actor, Subject, act},
    delivery,
};
use crate::{
    connection::ConnectionId,
    event::{InvalidReceiver, RECEIVER_SECRET, Receiver},
    store::RunId,
};

/// Why a receiver was not set.
#[derive(Debug, thiserror::Error)]
pub enum ReceiverRefused {
    /// The address is not allowed.
    #[error("the address is not allowed")]
    Address(#[source] InvalidReceiver),
    /// No receiver is set yet.
    #[error("no receiver is set")]
    NotFound,
    /// The same request made its secret before.
    #[error("the secret was made; see the receiver")]
    Shown,
    /// Another request changes the receiver at this moment.
    #[error("the receiver is being changed; try again in a minute")]
    Busy,
    /// Something of ours failed.
    #[error("the receiver could not be kept")]
    Internal(#[from] Error),
}

impl From<crate::store::Error> for ReceiverRefused {
    fn from(error: crate::store::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<crate::secret::Error> for ReceiverRefused {
    fn from(error: crate::secret::Error) -> Self {
        Self::Internal(error.into())
    }
}

/// Returns where events go; `None`: nowhere yet, or what is kept cannot be read.
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
/// [`ReceiverRefused::Address`] where events may not be sent there, [`ReceiverRefused::Busy`].
pub async fn put_receiver(ports: &Ports, actor: &Actor, url: &str) -> Result<Receiver, ReceiverRefused> {
    ports.events.check(url).map_err(ReceiverRefused::Address)?;
    let url = url.to_owned();
    alone(ports, async {
        let receiver = match find_receiver(ports).await? {
            Some(known) => Receiver { url, ..known },
            None => Receiver {
                url,
                secrets: vec![Receiver::secret(&ports.ids.key())],
                requests: Vec::new(),
            },
        };
        begin(ports, actor, "webhooks.put").await?;
        keep(ports, receiver).await
    })
    .await
}

/// Makes a new signing secret. The one before signs too, until the next change, so that a receiver can change over.
///
/// # Errors
/// [`ReceiverRefused::NotFound`] where no receiver is set, [`ReceiverRefused::Busy`].
pub async fn rotate_receiver(ports: &Ports, actor: &Actor) -> Result<Receiver, ReceiverRefused> {
    alone(ports, async {
        let known = find_receiver(ports).await?.ok_or(ReceiverRefused::NotFound)?;
        let request = actor.request.as_ref().map(|request| request.id.as_str());
        if request.is_some_and(|request| known.was_rotated_for(request)) {
            return Err(ReceiverRefused::Shown);
        }
        if actor.done().is_none() {
            begin(ports, actor, "webhooks.rotate").await?;
        }
        let secret = Receiver::secret(&ports.ids.key());
        keep(ports, known.rotated(secret, request)).await
    })
    .await
}

/// Sends no events any more.
///
/// # Errors
/// [`ReceiverRefused::Busy`], or what failed.
pub async fn remove_receiver(ports: &Ports, actor: &Actor) -> Result<(), ReceiverRefused> {
    alone(ports, async {
        begin(ports, actor, "webhooks.remove").await?;
        Ok(ports.secrets.delete_secret(RECEIVER_SECRET).await?)
    })
    .await
}

/// For how long a change of the receiver keeps others out, where its process dies: longer than a request takes.
const HELD: SignedDuration = SignedDuration::from_secs(45);

/// The name of the lease that a change of the receiver holds. It stands beside the leases of connections, and is none's.
const LEASE: &str = "webhooks";

/// Changes the receiver while no other request does. The receiver is read, changed and written: of two requests that
/// read the same one, one would be given a secret that never signs.
async fn alone<T>(
    ports: &Ports,
    change: impl Future<Output = Result<T, ReceiverRefused>>,
) -> Result<T, ReceiverRefused> {
    let name = ConnectionId::parse(LEASE).map_err(|_| Error::Missing("the name of a lease"))?;
    let holder = RunId::parse(&ports.ids.next("invocation")).map_err(|_| Error::Missing("an invocation id"))?;
    let now = ports.clock.now();
    let until = now.saturating_add(HELD).unwrap_or(Timestamp::MAX);
    let lease = ports.store.acquire_lease(&name, &holder, now, until).await?;
    let lease = lease.ok_or(ReceiverRefused::Busy)?;
    let changed = change.await;
    delivery::end(ports, &lease).await;
    changed
}

/// Notes what is about to be done: a secret is no part of a transaction of the table.
async fn begin(ports: &Ports, actor: &Actor, action: &str) -> Result<(), Error> {
    let note = actor.note(ports, Subject::OPERATOR, action, &[], RECEIVER_SECRET);
    act(ports, &note, &[]).await.map(drop)
}

async fn keep(ports: &Ports, receiver: Receiver) -> Result<Receiver, ReceiverRefused> {
    let text = receiver.to_secret_text();
    let text = text.map_err(|_| Error::Missing("a receiver's text"))?;
    ports.secrets.put_secret(RECEIVER_SECRET, &text).await?;
    Ok(receiver)
}
