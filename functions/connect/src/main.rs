//! `connect` on Lambda: events of the HTTP API to its handler.

use rollcall::runtime::{
    Error,
    lambda::{self, http_deadline},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = lambda::begin(option_env!("ROLLCALL_BUILD"))?;
    lambda::serve(async |event, deadline| {
        let deadline = http_deadline(edge.ports.clock.now(), deadline);
        Ok::<_, Error>(connect::handle_http(&edge, event, deadline).await)
    })
    .await
}
