//! `daily-sync` on Lambda: the schedule's event to its handler.

use rollcall::runtime::{Error, lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = lambda::begin(option_env!("ROLLCALL_BUILD"), Vec::new()).await?;
    lambda::serve(async |event, deadline| {
        daily_sync::handle(&edge.ports, &edge.settings.schedule, event, deadline).await
    })
    .await
}
