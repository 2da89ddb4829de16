//! The morning: the function `daily-sync`, called with the same event that a schedule would call it with.

use rollcall::run::Clock as _;
use serde_json::json;

use super::{Stage, TIME_OUT, schedule};
use crate::Error;

impl Stage {
    /// Begins the morning's runs and carries them out, with whatever follows from them.
    ///
    /// # Errors
    /// [`Error::Morning`] where a connection could not be asked for.
    pub async fn morning(&self) -> Result<daily_sync::Answer, Error> {
        let answer = self.begin_morning().await?;
        self.pump().await?;
        Ok(answer)
    }

    /// Begins the morning's runs; their messages wait in the queue.
    ///
    /// # Errors
    /// [`Error::Morning`] where a connection could not be asked for.
    pub(super) async fn begin_morning(&self) -> Result<daily_sync::Answer, Error> {
        let now = self.clock.now();
        let event = json!({
            "version": "0",
            "id": "00000000-0000-4000-8000-000000000000",
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": "000000000000",
            "time": now,
            "region": "eu-west-1",
            "resources": ["arn:aws:scheduler:eu-west-1:000000000000:schedule/default/rollcall-daily"],
            "detail": {},
        });
        let event = serde_json::from_str(&event.to_string()).map_err(Error::Event)?;
        let deadline = now.saturating_add(TIME_OUT).unwrap_or(jiff::Timestamp::MAX);
        Ok(daily_sync::handle(&self.ports, &schedule(), event, deadline).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_morning_without_connections_begins_nothing() {
        let stage = Stage::start(super::super::StageOptions::default()).await.unwrap();
        let answer = stage.morning().await.unwrap();
        assert_eq!((answer.connections, answer.due, answer.started), (0, 0, 0));
    }
}
