//! `connect` on Lambda: events of the HTTP API to its handler.

use rollcall::{
    api::routes,
    runtime::{Error, lambda},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = lambda::begin(option_env!("ROLLCALL_BUILD"), routes::connect()).await?;
    lambda::serve(async |event, deadline| Ok::<_, Error>(connect::handle_http(&edge, event, deadline).await)).await
}
