//! The suite of sources (`testing/contract/source`): every case is a test of its own, for each HR system in the ways to be read
//! that [`ways`] names. An HR system has its adapter in the file of its name.

/// A test for each case of the suite, in one way to be read.
macro_rules! tests {
    (($own:path) $($file:ident::$case:ident($people:literal);)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                use rollcall::testing::contract::source::{Emulated as _, $file};

                let people = $own.people_of(stringify!($case), $people);
                let stand = crate::suite::Stand::of(&$own, people).await;
                if stand.offers(stringify!($case)).is_ok() {
                    $file::$case(&stand).await;
                }
            }
        )*
    };
}

pub(crate) mod bamboohr;
mod count;
mod factorial;
pub(crate) mod hibob;
pub(crate) mod humaans;
pub(crate) mod lucca;
pub(crate) mod merge;
pub(crate) mod payfit;
pub(crate) mod personio;
pub(crate) mod staffology;
mod stand;

use std::sync::Arc;

use rollcall::{
    http::Client,
    source::{Kind, Provider},
};
use serde_json::json;

use self::stand::Own;
pub(crate) use self::stand::Stand;
use crate::support::{PACE, factorial_with};

/// A case that an HR system cannot show, and why.
type Excuse = (&'static str, &'static str);

/// Why nothing of a key is renewed.
const A_KEY_STAYS: &str = "a key has no tokens, and is not renewed";

/// The cases that no key can show.
const NO_TOKENS: &[Excuse] = &[
    (
        "r40_tokens_that_expire_in_the_middle_of_a_read_are_renewed",
        A_KEY_STAYS,
    ),
    (
        "r40_a_renewal_that_is_refused_differs_from_one_that_has_to_wait",
        A_KEY_STAYS,
    ),
    ("r31_a_renewal_is_never_sent_twice", A_KEY_STAYS),
];

/// Why there is no case about pages.
const NO_PAGE: &str = "there are no pages: everybody comes in one answer";
/// Why there is no case about rows that belong to people.
const ONE_ROW: &str = "all that is told of a person stands in their one row, so that no row belongs to them beside it";

/// The cases that no HR system can show that answers with everybody at once.
const AT_ONCE: &[Excuse] = &[
    ("r05_a_page_minus_one", NO_PAGE),
    ("r05_a_page", NO_PAGE),
    ("r05_a_page_plus_one", NO_PAGE),
    ("r05_an_empty_last_page_ends_the_walk", NO_PAGE),
    ("r06_a_place_that_comes_again_never_makes_a_whole_read", NO_PAGE),
    ("r07_what_one_slice_was_not_shown_is_hidden_for_everybody", NO_PAGE),
    ("a_place_that_is_not_known_any_more_is_named_as_such", NO_PAGE),
    (
        "r07_a_row_whose_owner_is_broken_empties_nothing_for_any_person",
        ONE_ROW,
    ),
    ("r07_a_row_whose_day_is_broken_gives_way_to_no_older_one", ONE_ROW),
    ("r07_a_value_whose_field_is_broken_empties_no_field", ONE_ROW),
];

/// The case that no HR system can show that leaves out what may not be seen.
const LEFT_OUT: Excuse = (
    "r07_what_is_null_for_one_person_and_may_be_hidden_is_unseen",
    "what may not be seen is left out, so that null says that there is no value",
);

/// Returns the excuses of all these lists, which are so many together.
const fn together<const N: usize>(lists: &[&[Excuse]]) -> [Excuse; N] {
    let mut all = [("", ""); N];
    let (mut list, mut of_list, mut next) = (0, 0, 0);
    while list < lists.len() {
        if of_list < lists[list].len() {
            all[next] = lists[list][of_list];
            (of_list, next) = (of_list + 1, next + 1);
        } else {
            (list, of_list) = (list + 1, 0);
        }
    }
    assert!(next == N, "there are fewer excuses");
    all
}

/// Returns the ways in which an HR system is read, by the names of the modules in which their tests are.
pub(crate) fn ways(kind: Kind) -> Vec<(&'static str, &'static Own)> {
    match kind {
        Kind::BambooHr => vec![
            ("bamboohr::by_login", &bamboohr::BY_LOGIN),
            ("bamboohr::by_key", &bamboohr::BY_KEY),
        ],
        Kind::Factorial => vec![
            ("factorial::by_login", &factorial::BY_LOGIN),
            ("factorial::by_key", &factorial::BY_KEY),
        ],
        Kind::HiBob => vec![
            ("hibob::by_service_user", &hibob::BY_SERVICE_USER),
            ("hibob::by_login", &hibob::BY_LOGIN),
        ],
        Kind::Humaans => vec![("humaans::by_token", &humaans::BY_TOKEN)],
        Kind::Lucca => vec![
            ("lucca::by_key", &lucca::BY_KEY),
            ("lucca::by_client", &lucca::BY_CLIENT),
        ],
        Kind::Personio => vec![("personio::by_client", &personio::BY_CLIENT)],
        Kind::Staffology => vec![("staffology::by_user", &staffology::BY_USER)],
        Kind::PayFit => vec![
            ("payfit::by_key", &payfit::BY_KEY),
            ("payfit::by_login", &payfit::BY_LOGIN),
        ],
        Kind::Merge => vec![
            ("merge::by_token", &merge::BY_TOKEN),
            ("merge::by_link", &merge::BY_LINK),
        ],
    }
}

/// Returns the provider of an HR system, which knows nothing of an emulator.
pub(crate) fn provider_of(kind: Kind, http: Client) -> Arc<dyn Provider> {
    let applications = json!({ "merge": { "key": "recorded" } });
    match kind {
        Kind::BambooHr => Arc::new(crate::bamboohr::support::provider_with(http, &applications)),
        Kind::Factorial => Arc::new(factorial_with(http, PACE, &applications)),
        Kind::HiBob => Arc::new(crate::hibob::support::provider_with(http, &applications)),
        Kind::Humaans => Arc::new(crate::humaans::support::provider_on(http)),
        Kind::Lucca => Arc::new(crate::lucca::support::provider_on(http)),
        Kind::Personio => Arc::new(crate::personio::support::provider_on(http)),
        Kind::Staffology => Arc::new(crate::staffology::support::provider_on(http)),
        Kind::PayFit => Arc::new(crate::payfit::support::provider_with(http, &applications)),
        Kind::Merge => Arc::new(crate::merge::support::provider_on(http, &applications)),
    }
}
