//! Nights on servers that were seen, each a set of habits: a process dies in the night, writes fail, replies are lost and messages
//! come twice, and the night ends as it does undisturbed (R29, R30). `fault` tries every write on a server that keeps to the
//! RFCs; here each set is tried at some of them, each set at others.

use acceptance::journey::{Ground, Plot};

use crate::{
    fault::{bury, weather},
    support::undisturbed_on,
};

/// Of so many writes a process dies at one.
const STEPS: usize = 11;

/// How many storms each night is lived in.
const STORMS: u64 = 3;

async fn live(set: &str, plot: Plot, from: u64) {
    let ground = async || Ground::seen(set).await.unwrap();
    let undisturbed = undisturbed_on(ground().await, plot).await;
    let failed = undisturbed
        .iter()
        .find(|line| line.starts_with("run ") && !line.contains(" errors {} "));
    assert_eq!(failed, None, "{set}");
    for is_done in [false, true] {
        let writes = bury(ground, plot, is_done, (from, STEPS)).await;
        assert!(writes > 40, "{set}, {plot:?}: {writes}");
    }
    weather(ground, plot, from * STORMS..(from + 1) * STORMS).await;
}

/// Both nights, on each set.
macro_rules! sets {
    ($($name:ident: $set:literal, $from:literal;)*) => {
        $(
            mod $name {
                #[tokio::test]
                async fn r29_a_first_night_ends_the_same_whatever_fails_in_it() {
                    super::live($set, super::Plot::First, $from).await;
                }

                #[tokio::test]
                async fn r29_a_rich_night_ends_the_same_whatever_fails_in_it() {
                    super::live($set, super::Plot::Rich, $from).await;
                }
            }
        )*
    };
}

sets! {
    better_auth: "better-auth", 1;
    scimmy: "scimmy", 6;
    scimmy_on_express_5: "scimmy-express-5", 7;
}
