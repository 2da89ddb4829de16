//! Delivering in real time: messages as they come, and the schedule when its hour comes.

use std::{sync::PoisonError, time::Duration};

use jiff::Timestamp;
use rollcall::{
    queue::{QueueName, memory::Message},
    run::Clock as _,
};

use super::{INVISIBLE, Stage, event, queue::QUEUES, schedule};
use crate::Error;

/// How long it waits for messages before it looks again.
const REST: Duration = Duration::from_millis(20);

/// The next time that the schedule fires.
fn next_morning(now: Timestamp) -> Timestamp {
    schedule().next_after(now).unwrap_or(Timestamp::MAX)
}

impl Stage {
    /// Delivers messages for ever. `hr_now` tells the time at HR, which people may move on: the stage keeps up.
    ///
    /// # Errors
    /// [`Error::Event`] only: what a function could not do is delivered again and at last set aside.
    pub async fn deliver(&self, hr_now: impl Fn() -> Timestamp) -> Result<(), Error> {
        let mut due_at = next_morning(self.clock.now());
        loop {
            self.clock.advance_to(hr_now());
            if self.clock.now() >= due_at {
                // A schedule tries again; the connections that were asked for are not asked for twice.
                match self.begin_morning().await {
                    Ok(_) => due_at = next_morning(self.clock.now()),
                    Err(error) => tracing::error!(error = %error, "the morning is begun again"),
                }
            }
            let received = QUEUES
                .iter()
                .find_map(|queue| Some((*queue, self.queue.receive(*queue, INVISIBLE)?)));
            match received {
                Some((queue, message)) => self.carry_out(queue, &message).await?,
                None => tokio::time::sleep(REST).await,
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
