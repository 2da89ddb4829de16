//! What every source does: whatever an HR system answers, what is read is the truth, and nothing that goes wrong makes a short
//! roster. Cases are written once, over [`Emulated`], which the emulators' side implements.
//!
//! [`each_source_case!`](crate::each_source_case) is the one list of cases: `tests/source` makes a test of each of them for each
//! provider. An emulated HR system that cannot show a case says why, in [`Emulated::offers`].

pub mod answer;
pub mod broken;
pub mod call;
pub mod credential;
mod outcome;
pub mod page;
pub mod permission;
pub mod person;
pub mod slice;
pub mod truth;
pub mod value;
pub mod wait;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

pub use outcome::{Held, Outcome, Renewing, company_of, open, open_with, read, read_under};

use crate::{
    connection::Credential,
    employee::{Attribute, Canonical, Field},
    source::Provider,
};

/// The day on which every company is invented.
pub const TODAY: &str = "2026-03-02";
/// An instant that falls on that day in almost every time zone.
pub const NOW: &str = "2026-03-02T10:00:00Z";

/// Returns [`NOW`].
pub fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Calls a macro with all cases, behind what else it is given in parentheses: the file of a case, its name, and how many people
/// work in the company that it takes, at least.
#[macro_export]
macro_rules! each_source_case {
    ($then:ident ($($given:tt)*)) => {
        $then! { ($($given)*)
            page::r05_a_page_minus_one(40);
            page::r05_a_page(40);
            page::r05_a_page_plus_one(40);
            page::r05_an_empty_last_page_ends_the_walk(40);
            page::r06_a_place_that_comes_again_never_makes_a_whole_read(520);
            page::r05_totals_that_disagree_get_no_certificate(150);
            page::r05_a_row_that_comes_twice_is_one_person(250);
            page::an_empty_company_is_read_to_its_end_and_left_to_the_guards(20);
            page::a_list_that_is_short_but_consistent_is_read_as_it_is(150);
            page::people_who_are_gone_from_everywhere_are_left_to_the_guards(150);
            page::r07_a_related_list_that_is_suddenly_empty_empties_nothing(60);
            answer::r31_a_refusal_for_a_moment_costs_one_call(20);
            answer::r06_503_on_page_2_breaks_the_walk_after_all_tries(250);
            answer::r06_a_truncated_body_is_never_a_short_roster(250);
            answer::r06_html_with_200_is_never_a_short_roster(20);
            answer::r06_xml_with_200_is_never_a_short_roster(20);
            answer::r06_an_empty_body_is_never_a_short_roster(20);
            answer::r31_a_page_for_people_in_place_of_any_answer_is_waited_for(20);
            answer::r06_200_with_an_error_inside_is_never_a_short_roster(20);
            answer::r06_a_related_list_that_cannot_be_read_breaks_the_walk(60);
            answer::r06_a_reply_that_is_lost_is_asked_for_again_and_then_given_up(20);
            answer::a_slow_server_is_waited_for(20);
            answer::r41_a_redirect_to_elsewhere_breaks_the_read(20);
            wait::r31_429_with_seconds_is_waited_for(20);
            wait::r31_429_with_a_fraction_is_waited_for(20);
            wait::r31_429_with_a_date_is_waited_for(20);
            wait::r31_429_with_nothing_is_asked_again(20);
            wait::r31_429_in_the_vendors_own_words_is_waited_for(20);
            wait::r31_429_with_twenty_minutes_is_left_to_the_caller(20);
            credential::r40_tokens_that_expire_in_the_middle_of_a_read_are_renewed(250);
            credential::a_dead_credential_is_unauthorized_and_the_read_is_partial(250);
            credential::r38_a_refused_credential_is_unauthorized_and_not_shown(20);
            credential::r40_a_renewal_that_is_refused_differs_from_one_that_has_to_wait(20);
            credential::r31_a_renewal_is_never_sent_twice(20);
            value::r07_an_unknown_word_is_unseen(60);
            value::r05_an_optional_member_that_nobody_has_any_more_hides_its_attribute(60);
            value::r07_an_optional_member_that_one_person_lacks_is_unseen(60);
            value::r07_a_required_member_that_one_person_lacks_is_unseen(60);
            value::r05_a_person_without_an_id_costs_the_certificate(60);
            value::numbers_as_text_and_the_reverse_are_read_alike(60);
            value::names_of_every_script_and_of_one_word_are_kept(150);
            value::ids_beyond_the_numbers_of_a_float_are_kept_digit_by_digit(40);
            broken::r07_a_broken_text_is_that_value_and_no_other(60);
            broken::r07_a_member_whose_name_is_broken_is_that_member_and_no_other(60);
            broken::r05_a_person_whose_id_is_broken_costs_the_certificate(60);
            broken::r07_a_row_whose_owner_is_broken_empties_nothing_for_any_person(60);
            broken::r07_a_row_whose_day_is_broken_gives_way_to_no_older_one(60);
            broken::r07_a_value_whose_field_is_broken_empties_no_field(60);
            person::r14_a_last_day_in_the_past_is_over(40);
            person::r14_a_last_day_of_today_ends_by_the_persons_own_zone(150);
            person::r14_a_last_day_in_the_future_is_not_over(40);
            person::r16_a_person_who_came_back_under_a_new_id_is_shown_under_both(60);
            person::r10_a_person_who_came_back_under_the_same_id_is_one_person(60);
            person::r10_two_employments_of_one_person_are_one_person(60);
            person::r10_a_shared_address_is_shown_on_both(40);
            person::r09_an_id_that_carries_another_person_is_left_to_the_plan(60);
            person::r01_another_companys_people_are_told_apart(60);
            permission::r05_a_role_that_is_narrowed_over_night_gets_no_certificate(80);
            permission::r07_what_is_null_for_one_person_and_may_be_hidden_is_unseen(60);
            permission::r06_a_related_list_that_may_not_be_read_hides_what_comes_from_it(60);
            permission::a_credential_that_may_not_list_people_is_told_so(20);
            slice::r45_cut_at_every_page_a_read_comes_to_what_one_read_comes_to(320);
            slice::r07_what_one_slice_was_not_shown_is_hidden_for_everybody(250);
            slice::a_place_that_is_not_known_any_more_is_named_as_such(250);
            slice::r44_a_place_that_another_version_noted_is_not_guessed_at(20);
            truth::r05_a_whole_read_is_the_truth_person_by_person(250);
            truth::r23_the_same_people_make_the_same_roster_and_a_day_later_another(60);
            truth::r34_no_canary_of_a_forbidden_category_is_in_the_roster(120);
            truth::r34_an_exception_opens_its_own_category_and_no_other(120);
            call::the_formula_holds_for_one_page(20);
            call::the_formula_holds_for_several_pages(300);
            call::a_read_of_so_many_people_takes_about_as_many_requests_as_the_provider_describes(300);
            call::r46_what_is_not_wanted_is_not_asked_for(120);
        }
    };
}

/// Names every case.
macro_rules! names {
    (() $($file:ident::$case:ident($people:literal);)*) => {
        /// The name of every case, as [`Emulated::offers`] is asked for it.
        pub const CASES: &[&str] = &[$(stringify!($case)),*];
    };
}

each_source_case!(names());

/// One HR system that is emulated, with one way to log in.
#[async_trait]
pub trait Emulated: Send + Sync {
    /// The provider that reads it.
    fn provider(&self) -> Arc<dyn Provider>;

    /// Where it is reached.
    fn url(&self) -> String;

    /// What opens it.
    fn credential(&self) -> Credential;

    /// Whether it can show a case.
    ///
    /// # Errors
    /// Why it cannot, as a sentence.
    fn offers(&self, case: &str) -> Result<(), &'static str>;

    /// How many people a page holds as the provider asks for them; nothing where everybody comes in one answer.
    fn page_rows(&self) -> Option<usize>;

    /// What the address of the list of people holds, and no other.
    fn people(&self) -> &'static str;

    /// What the address holds at which the number of people is told; nothing where it is told nowhere.
    fn number(&self) -> &'static str;

    /// Whether a company may have fields of its own.
    fn has_custom_fields(&self) -> bool {
        true
    }

    /// What the address of a list beside it holds, and an attribute that comes from there only.
    fn related(&self) -> (&'static str, Canonical);

    /// What the addresses of the lists hold of which each row belongs to one person.
    fn owned(&self) -> &'static [&'static str];

    /// An attribute that the HR system states in one of a few words.
    fn enumerated(&self) -> Canonical;

    /// The attributes that the HR system writes in digits, as numbers or as texts.
    fn digits(&self) -> &'static [Canonical];

    /// A text that stands in every value which no reader may keep.
    fn canary(&self) -> &'static str;

    /// What a roster says of an attribute where that does not follow from the truth about the person.
    fn shows(&self, attribute: &Attribute, person: &Value) -> Option<Field<String>>;

    /// How many calls a read of these people takes, by the provider's documentation. What the truth does not tell is counted in
    /// the requests.
    fn formula(&self, truth: &[Value], requests: &[Request]) -> usize;

    /// The lists that an attribute takes, by the ends of their addresses: of an employee's id those that every read asks for, of all
    /// others what comes on top.
    fn lists_for(&self, attribute: &Attribute) -> &'static [&'static str];

    /// Lets it fail from now on, beside what it fails in already: a break mode with its members.
    async fn arm(&self, fault: Value);

    /// Ends all failures.
    async fn mend(&self);

    /// Returns all people as they really are.
    async fn truth(&self) -> Vec<Value>;

    /// Returns the requests so far, oldest first.
    async fn requests(&self) -> Vec<Request>;

    /// Changes who works there. Returns the person, or what the day brought.
    async fn change(&self, change: Change) -> Value;
}

/// A request that an HR system saw.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its path.
    pub path: String,
    /// The status of the answer; nothing where there was none.
    pub status: Option<u64>,
    /// When it was answered.
    pub at: Timestamp,
    /// How many values of the answer were made odd.
    pub odd_values: u64,
}

/// A change of who works in a company.
#[derive(Clone, Debug)]
pub enum Change {
    /// A person with these attributes begins.
    Hire(Value),
    /// The person of this id has these attributes from now on.
    Edit(String, Value),
    /// The person of this id, who left, is back, in the way that is described.
    Rehire(String, Value),
    /// A day passes.
    Day,
}
