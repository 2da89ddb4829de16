//! Every message is delivered twice, and in any order: the end is as if each had come once.

use std::sync::Arc;

use acceptance::journey::{Nobody, Plot, Unruly, picture, play};

use crate::support::{assert_same_end, prepared, undisturbed};

#[tokio::test]
async fn r30_every_message_may_be_delivered_twice_and_in_any_order() {
    for plot in [Plot::First, Plot::Rich] {
        let expected = undisturbed(plot).await;
        for seed in 0..200 {
            let stage = prepared(plot, Arc::new(Nobody), Some(Arc::new(Unruly::new(seed)))).await;
            play(&stage).await.unwrap();
            assert_same_end(
                &picture(&stage).await.unwrap(),
                &expected,
                &format!("{plot:?}, seed {seed}"),
            );
        }
    }
}
