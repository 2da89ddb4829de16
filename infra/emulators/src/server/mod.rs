//! Listening on this machine, starting and stopping.

pub(crate) mod link;
pub(crate) mod reply;

use crate::Error;
use axum::Router;
use link::{CuttableListener, Link};
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long open requests may take when the server is stopped.
const STOP_WITHIN: Duration = Duration::from_secs(2);

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

/// Binds 127.0.0.1; port 0 takes any free one.
pub(crate) async fn bind(port: u16) -> Result<TcpListener, Error> {
    let bound = TcpListener::bind(("127.0.0.1", port)).await;
    bound.map_err(|source| Error::Bind { port, source })
}

/// Serves `routes` in a task of its own.
pub(crate) fn serve(listener: TcpListener, routes: Router) -> Result<Server, Error> {
    let address = listener
        .local_addr()
        .map_err(|source| Error::Bind { port: 0, source })?;
    let (stop, stopped) = oneshot::channel::<()>();
    let service = routes.into_make_service_with_connect_info::<Link>();
    let serving = axum::serve(CuttableListener::over(listener), service).with_graceful_shutdown(async {
        // A dropped sender means the same as a message: stop.
        let _: Result<(), _> = stopped.await;
    });
    let task = tokio::spawn(async move {
        // The accept loop of axum has no failure of its own to report.
        let _: Result<(), _> = serving.await;
    });
    Ok(Server {
        address,
        stop: Some(stop),
        task,
    })
}

impl Server {
    /// Returns `http://127.0.0.1:<port>`.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends the server; open requests get two seconds.
    pub(crate) async fn stop(mut self) {
        drop(self.stop.take());
        if tokio::time::timeout(STOP_WITHIN, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}

/// The lock; a panic elsewhere does not stop an emulator.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
