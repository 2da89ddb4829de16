//! Delivering in real time: messages as they come, and the schedule when its hour comes.

use std::{sync::PoisonError, time::Duration};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use jiff::Timestamp;
use rollcall::{
    queue::{QueueName, memory::Message},
    run::Clock as _,
};

use super::{INVISIBLE, Stage, event, queue::QUEUES, schedule};
use crate::Error;

/// How long it waits for messages before it looks again.
const REST: Duration = Duration::from_millis(20);

/// Returns the next time that the schedule fires.
fn next_morning(now: Timestamp) -> Timestamp {
    schedule().next_after(now).unwrap_or(Timestamp::MAX)
}

impl Stage {
    /// Delivers messages for ever. Of each queue it delivers as many at once as its function has places, so that a slow
    /// one keeps no other waiting. `hr_now` tells the time at HR, which people may move on: the stage's clock follows.
    ///
    /// # Errors
    /// [`Error::Event`] only: what a function could not do is delivered again and at last set aside.
    pub async fn deliver(&self, hr_now: impl Fn() -> Timestamp) -> Result<(), Error> {
        let mut due_at = next_morning(self.clock.now());
        let places = usize::try_from(self.ports.settings.places).unwrap_or(usize::MAX);
        let mut under_way = QUEUES.map(|queue| (queue, FuturesUnordered::new()));
        loop {
            self.clock.advance_to(hr_now());
            if self.clock.now() >= due_at {
                // A schedule tries again; a connection that was asked for already is not asked for twice.
                match self.begin_morning().await {
                    Ok(_) => due_at = next_morning(self.clock.now()),
                    Err(error) => tracing::error!(error = %error, "the morning is begun again"),
                }
                // The morning takes its time, and people may have moved HR's on.
                self.clock.advance_to(hr_now());
            }
            for (queue, under_way) in &mut under_way {
                while under_way.len() < places
                    && let Some(message) = self.queue.receive(*queue, INVISIBLE)
                {
                    let queue = *queue;
                    under_way.push(async move { self.carry_out(queue, &message).await });
                }
            }
            let [(_, first), (_, second)] = &mut under_way;
            tokio::select! {
                Some(done) = first.next(), if !first.is_empty() => done?,
                Some(done) = second.next(), if !second.is_empty() => done?,
                () = tokio::time::sleep(REST) => {}
            }
        }
    }

    /// Hands one message to the function behind its queue.
    pub(super) async fn carry_out(&self, queue: QueueName, message: &Message) -> Result<(), Error> {
        let event = event::sqs_event(queue, message, self.clock.now())?;
        let answer = Box::pin(self.call(queue, event)).await;
        if answer.batch_item_failures.is_empty() {
            self.queue.delete(queue, message.id);
        } else {
            *self.repeats.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        }
        Ok(())
    }
}
