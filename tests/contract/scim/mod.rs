//! The contract of targets on SCIM: on the emulated service with each habit of real servers, and on a real server.

mod access;
mod entries;
mod forms;
mod learning;
mod lists;
mod pace;
mod versions;
mod writes;

use std::sync::Arc;

use emulators::scim::{
    self, Changed, Changes, Conflicts, Created, Discovery, EXTENSION, Filters, Habits, Opener, Options, Pages, Running,
    TOKEN, Totals, Wait,
};
use rollcall::{
    http::{BaseUrl, Client, HostRule, Pace},
    runtime::outbound_settings,
    target::scim::{Access, Profile, ScimTarget},
    testing::{FixedClock, builder::at, contract},
};

/// Returns a target at `base`, as fast as the machine allows.
pub(crate) fn target(base: &str, profile: &'static Profile, access: Access) -> ScimTarget {
    target_with_clock(base, profile, access).0
}

/// Returns such a target with its clock.
pub(crate) fn target_with_clock(
    base: &str,
    profile: &'static Profile,
    access: Access,
) -> (ScimTarget, Arc<FixedClock>) {
    let mut settings = outbound_settings().unwrap();
    settings.retry.base = std::time::Duration::from_millis(5);
    let pace = Pace {
        per_second: 10_000,
        burst: 10_000,
        in_flight: 16,
    };
    let session = Client::new(settings).unwrap().open_session("scim", pace);
    let settings = rollcall::target::scim::Settings {
        base: BaseUrl::parse(base, HostRule::Any).unwrap(),
        profile,
        extension: Some(EXTENSION.into()),
        access,
    };
    let clock = Arc::new(FixedClock::new(at("2026-03-01T12:00:00Z")));
    (
        ScimTarget::new(session, settings, Arc::<FixedClock>::clone(&clock)),
        clock,
    )
}

pub(crate) async fn service(habits: Habits) -> Running {
    scim::start(Options { port: 0, habits }).await.unwrap()
}

pub(crate) fn bearer() -> Access {
    Access::Bearer(TOKEN.to_owned().into())
}

/// Every case of the contract on a service with these habits.
macro_rules! habits {
    ($($name:ident: $habits:expr, $profile:expr;)*) => {
        $(
            mod $name {
                use super::*;

                habits! { @case $habits, $profile;
                    r29_a_repeated_create_finds_its_own_work
                    a_create_that_takes_from_another_account_is_a_conflict
                    r07_a_patch_touches_only_what_it_names
                    a_repeated_deactivation_writes_nothing
                    r28_a_patch_says_why_it_was_refused
                    a_target_without_invitations_refuses_to_invite
                }
            }
        )*
    };
    (@case $habits:expr, $profile:expr; $case:ident $($rest:ident)*) => {
        #[tokio::test]
        async fn $case() {
            let service = service($habits).await;
            contract::target::$case(&target(&service.base(), &$profile, bearer())).await;
            service.stop().await;
        }
        habits! { @case $habits, $profile; $($rest)* }
    };
    (@case $habits:expr, $profile:expr;) => {};
}

habits! {
    as_the_rfcs_say: Habits::default(), Profile::GENERIC;
    pages_of_one: Habits { page_cap: Some(1), ..Habits::default() }, Profile::GENERIC;
    pages_that_shrink: Habits { shrinking_pages: true, ..Habits::default() }, Profile::GENERIC;
    pages_by_cursor: Habits { pages: Pages::ByCursor, page_cap: Some(1), totals: Totals::Absent, ..Habits::default() }, Profile::AWS_IDENTITY_CENTER;
    a_cursor_nobody_asked_for: Habits { pages: Pages::ByCursor, page_cap: Some(1), ..Habits::default() }, Profile::GENERIC;
    the_last_page_again: Habits { pages: Pages::LastAgain, ..Habits::default() }, Profile::GENERIC;
    totals_of_the_page: Habits { totals: Totals::OfPage, page_cap: Some(1), ..Habits::default() }, Profile::GENERIC;
    no_totals: Habits { totals: Totals::Absent, page_cap: Some(1), ..Habits::default() }, Profile::GENERIC;
    filters_ignored: Habits { filters: Filters::Ignored, ..Habits::default() }, Profile::GENERIC;
    filters_refused: Habits { filters: Filters::Refused, ..Habits::default() }, Profile::GENERIC;
    filters_that_find_nobody: Habits { filters: Filters::FindNobody, ..Habits::default() }, Profile::GENERIC;
    filters_not_implemented: Habits { filters: Filters::NotImplemented, ..Habits::default() }, Profile::GENERIC;
    filters_forbidden: Habits { filters: Filters::Forbidden, ..Habits::default() }, Profile::GENERIC;
    filters_wrong: Habits { filters: Filters::Wrong, ..Habits::default() }, Profile::GENERIC;
    filters_of_user_names_only: Habits { filters: Filters::UserNameOnly, ..Habits::default() }, Profile::GENERIC;
    an_empty_answer_to_a_create: Habits { created: Created::Empty, ..Habits::default() }, Profile::GENERIC;
    an_empty_answer_for_whoever_is_there: Habits { created: Created::EmptyAlsoForExisting, ..Habits::default() }, Profile::GENERIC;
    conflicts_without_a_kind: Habits { conflicts: Conflicts::Bare, ..Habits::default() }, Profile::GENERIC;
    conflicts_as_server_errors: Habits { conflicts: Conflicts::ServerError, ..Habits::default() }, Profile::GENERIC;
    no_content: Habits { changed: Changed::NoContent, ..Habits::default() }, Profile::GENERIC;
    stale_bodies: Habits { changed: Changed::Stale, ..Habits::default() }, Profile::GENERIC;
    patch_not_implemented: Habits { changes: Changes::PutNotImplemented, ..Habits::default() }, Profile::GENERIC;
    patch_not_allowed: Habits { changes: Changes::PutNotAllowed, ..Habits::default() }, Profile::GENERIC;
    a_lie_about_patch: Habits { changes: Changes::PatchOnly, ..Habits::default() }, Profile::GENERIC;
    no_discovery: Habits { discovery: Discovery::Absent, ..Habits::default() }, Profile::GENERIC;
    discovery_in_html: Habits { discovery: Discovery::Html, ..Habits::default() }, Profile::GENERIC;
    errors_in_html: Habits { html_errors: true, ..Habits::default() }, Profile::GENERIC;
    limits_in_seconds: Habits { limit_every: 4, limit_wait: Wait::Seconds, ..Habits::default() }, Profile::GENERIC;
    limits_with_a_date: Habits { limit_every: 4, limit_wait: Wait::Date, ..Habits::default() }, Profile::GENERIC;
    limits_without_a_word: Habits { limit_every: 3, limit_wait: Wait::Unsaid, ..Habits::default() }, Profile::GENERIC;
    active_as_a_text_and_patch_refused: Habits { active_as_text: true, changes: Changes::PutNotImplemented, ..Habits::default() }, Profile::GENERIC;
    without_versions: Habits { versionless: true, ..Habits::default() }, Profile::GENERIC;
    active_as_a_text: Habits { active_as_text: true, ..Habits::default() }, Profile::GENERIC;
    unchanged_values_refused: Habits { refuses_unchanged: true, ..Habits::default() }, Profile::GENERIC;
    user_names_that_differ_by_case: Habits { case_sensitive: true, ..Habits::default() }, Profile::GENERIC;
    lost_replies_to_changes: Habits { lost_changes: 2, ..Habits::default() }, Profile::GENERIC;
    slow: Habits { latency_ms: 5, ..Habits::default() }, Profile::GENERIC;
    lists_of_one_value: Habits { single_values: true, ..Habits::default() }, Profile::AWS_IDENTITY_CENTER;
    another_credential_refused: Habits { refuses: vec![Opener::Basic, Opener::Client], refuses_with_403: true, ..Habits::default() }, Profile::GENERIC;
    a_user_who_is_forbidden: Habits { forbids: vec!["nobody@acme.example".into()], ..Habits::default() }, Profile::GENERIC;
    a_dropped_attribute: Habits { drops: vec!["title".into()], ..Habits::default() }, Profile::GENERIC;
}
