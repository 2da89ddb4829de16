//! Nights on servers that were seen, each a set of habits: a process dies in the night, writes fail, replies are lost and messages
//! come twice, and the night ends as it does undisturbed (R29, R30). `fault` tries every write on a server that keeps to the
//! RFCs; here each set is tried at some of them, each set at others.

use acceptance::journey::{Ground, Plot};
use emulators::scim::Habits;

use crate::{
    fault::{Ending, bury, weather},
    support::undisturbed_on,
};

/// Of so many writes a process dies at one.
const STEPS: usize = 11;

/// How many storms each night is lived in.
const STORMS: u64 = 3;

/// Returns the picture without versions: of a value that a server does not show a second process cannot know that it was sent, and
/// there are servers whose versions move at each reading.
fn unversioned(picture: Vec<String>) -> Vec<String> {
    let plain = |line: String| match line.split_once(" version Some(") {
        Some((head, rest)) => format!("{head}{}", rest.split_once("\") ").unwrap_or_default().1),
        None => line,
    };
    picture.into_iter().map(plain).collect()
}

/// Returns the accounts of a picture. How an account was linked depends on the night that found it.
fn accounts(picture: Vec<String>) -> Vec<String> {
    let accounts = unversioned(picture).into_iter();
    accounts.filter(|line| line.starts_with("account ")).collect()
}

/// Returns when journeys on a server are compared. Where a server keeps no references, nothing tells at once whose work an account
/// is that a dead process made: the next night finds it.
fn ending(set: &str) -> Ending {
    let habits = Habits::set(set).unwrap();
    let is_named = |names: &[String]| names.iter().any(|name| name == "externalId");
    if is_named(&habits.refuses_attributes) || !habits.keeps.is_empty() && !is_named(&habits.keeps) {
        return Ending {
            nights: 1,
            equal: accounts,
        };
    }
    Ending {
        nights: 0,
        equal: unversioned,
    }
}

async fn live(set: &str, plot: Plot, from: u64) {
    let ground = async || Ground::seen(set).await.unwrap();
    let undisturbed = undisturbed_on(ground().await, plot).await;
    let mut runs = undisturbed.iter().filter(|line| line.starts_with("run "));
    let ending = ending(set);
    // Servers that keep the least refuse some of what a rich night brings: addresses that change hands, accounts without a name.
    if ending.nights == 0 || plot == Plot::First {
        assert_eq!(runs.find(|run| !run.contains(" errors {} ")), None, "{set}");
    }
    for is_done in [false, true] {
        let writes = bury(ground, plot, is_done, (from, STEPS), ending).await;
        assert!(writes > 40, "{set}, {plot:?}: {writes}");
    }
    weather(ground, plot, from * STORMS..(from + 1) * STORMS, ending).await;
}

/// Both nights, on each set.
macro_rules! sets {
    ($($name:ident: $set:literal, $from:literal;)*) => {
        const SETS: &[&str] = &[$($set),*];

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
    canaille: "canaille", 2;
    django_scim: "django-scim", 3;
    leapsome: "leapsome", 4;
    scim_gateway: "scim-gateway", 5;
    scimmy: "scimmy", 6;
    scimmy_on_express_5: "scimmy-express-5", 7;
    small: "small", 8;
}

#[test]
fn every_set_of_the_emulated_service_is_tried() {
    assert_eq!(SETS, Habits::sets().collect::<Vec<_>>());
}
