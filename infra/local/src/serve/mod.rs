//! `rollcall serve`: the whole product kept up on this machine, with an emulated HR system beside it.
//!
//! The door takes HTTP requests and hands them to the functions' handlers as the same events that API Gateway sends.
//! The stage delivers queue messages. The schedule fires when the stage's clock passes 04:00. All of it works in one
//! task, because the handlers' futures stay on one thread, as in a function.

mod door;
mod ready;

use std::{path::PathBuf, sync::Arc};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use rollcall::{
    api::{Allowance, Edge},
    source::Kind,
};

use crate::{
    Error,
    emulator::{self, Emulator},
    stage::{Stage, StageOptions},
};

pub use ready::Ready;

/// How the stage is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where state is kept; without it everything is gone at the end.
    pub state: Option<PathBuf>,
    /// The HR system that is emulated.
    pub provider: Kind,
    /// How many people of the emulated HR system ought to join.
    pub employees: u32,
    /// The same seed invents the same people.
    pub seed: u64,
    /// How many requests of each caller are answered.
    pub allowance: Allowance,
    /// The file for what a client needs to know, written after everything answers.
    pub ready_file: Option<PathBuf>,
}

/// Serves until `stop` is over. `announce` is called after everything answers.
///
/// # Errors
/// [`Error`] where a part cannot be started, or a message cannot be delivered.
pub async fn serve(
    options: &Options,
    stop: impl Future<Output = ()>,
    announce: impl FnOnce(&Ready) -> Result<(), Error>,
) -> Result<(), Error> {
    let hr = emulator::Options {
        employees: options.employees,
        seed: options.seed,
        ..emulator::Options::default()
    };
    let emulator = Emulator::start(options.provider, hr).await?;
    let stage = Stage::start(StageOptions {
        state: options.state.as_deref(),
        applications: emulator.applications(),
        is_real_time: true,
    })
    .await?;
    let mut door = door::Door::open(options.port, Arc::clone(&stage.ports.ids)).await?;
    let edge = stage.edge(&door.url(), options.allowance);
    let api_key = stage.load_first_key().await?;
    let ready = Ready::new(&door.url(), &api_key, &emulator);
    if let Some(path) = &options.ready_file {
        ready.write(path)?;
    }
    announce(&ready)?;
    let result = work(&stage, &edge, &emulator, &mut door, stop).await;
    if let Some(path) = &options.ready_file {
        // A client that waits for the file must not find the file of a stage that is gone.
        let _: std::io::Result<()> = std::fs::remove_file(path);
    }
    door.close().await;
    emulator.stop().await;
    result
}

/// Answers requests and delivers messages until `stop` is over; what was begun by then is finished.
async fn work(
    stage: &Stage,
    edge: &Edge,
    emulator: &Emulator,
    door: &mut door::Door,
    stop: impl Future<Output = ()>,
) -> Result<(), Error> {
    let mut requests = FuturesUnordered::new();
    let mut stop = std::pin::pin!(stop);
    let mut messages = std::pin::pin!(stage.deliver(|| emulator.running().now()));
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(call) = door.next() => {
                // A day that has passed at HR has passed before whatever is asked for afterwards: a request must not begin on
                // the day before, and see its deadline gone when the clock follows.
                stage.clock.advance_to(emulator.running().now());
                requests.push(call.answer(stage, edge));
            }
            Some(()) = requests.next(), if !requests.is_empty() => {}
            result = &mut messages => return result,
        }
    }
    while requests.next().await.is_some() {}
    Ok(())
}
