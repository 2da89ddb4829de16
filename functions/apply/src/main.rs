//! `apply` on Lambda: events of its queue and of the HTTP API, each to its handler.

use rollcall::{
    api::routes,
    runtime::{
        Error,
        lambda::{self, Answer, Event},
    },
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let edge = lambda::begin(option_env!("ROLLCALL_BUILD"), routes::apply()).await?;
    lambda::serve(async |event, deadline| {
        Ok::<_, Error>(match event {
            Event::Queue(event) => Answer::Queue(apply::handle(&edge.ports, event, deadline).await),
            Event::Http(event) => Answer::Http(Box::new(apply::handle_http(&edge, *event, deadline).await)),
        })
    })
    .await
}
