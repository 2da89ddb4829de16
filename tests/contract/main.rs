//! Every adapter of a port against the port's contract: stores and the directory in memory and on the embedded
//! DynamoDB, secrets in memory and on the embedded Secrets Manager, the queue.

#[cfg(test)]
mod keys;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod scim;
#[cfg(test)]
mod secret;
#[cfg(test)]
mod size;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod table;

use std::sync::Arc;

use local::embedded::{Embedded, TABLE};
use rollcall::{
    store::{dynamodb::DynamoStore, memory::MemoryStore},
    target::directory::DirectoryTarget,
    testing::{
        FixedClock,
        builder::{at, tenant},
        contract,
    },
};

/// One test per case of a suite, each with a store of its own.
macro_rules! cases {
    ($suite:ident: $($case:ident)*) => {
        mod $suite {
            mod in_memory {
                $(
                    #[tokio::test]
                    async fn $case() {
                        crate::contract::$suite::$case(&crate::MemoryStore::new()).await;
                    }
                )*
            }

            mod on_dynamodb {
                $(
                    #[tokio::test]
                    async fn $case() {
                        let embedded = crate::Embedded::start(None).await.unwrap();
                        let store = crate::DynamoStore::new(embedded.dynamodb.clone(), crate::TABLE);
                        crate::contract::$suite::$case(&store).await;
                        crate::keys::assert_documented(&embedded).await;
                    }
                )*
            }
        }
    };
}

/// One test per case of acts, each with a store of its own. An act is about everything that a store keeps, so the store is
/// passed twice.
macro_rules! act_cases {
    ($($case:ident)*) => {
        mod act {
            mod in_memory {
                $(
                    #[tokio::test]
                    async fn $case() {
                        let store = crate::MemoryStore::new();
                        crate::contract::act::$case(&store, &store).await;
                    }
                )*
            }

            mod on_dynamodb {
                $(
                    #[tokio::test]
                    async fn $case() {
                        let embedded = crate::Embedded::start(None).await.unwrap();
                        let store = crate::DynamoStore::new(embedded.dynamodb.clone(), crate::TABLE);
                        crate::contract::act::$case(&store, &store).await;
                        crate::keys::assert_documented(&embedded).await;
                    }
                )*
            }
        }
    };
}

/// One test per case of targets, each with a built-in directory of its own.
macro_rules! target_cases {
    ($($case:ident)*) => {
        mod target {
            mod in_memory {
                $(
                    #[tokio::test]
                    async fn $case() {
                        let store = std::sync::Arc::new(crate::MemoryStore::new());
                        crate::contract::target::$case(&crate::directory(store)).await;
                    }
                )*
            }

            mod on_dynamodb {
                $(
                    #[tokio::test]
                    async fn $case() {
                        let embedded = crate::Embedded::start(None).await.unwrap();
                        let store = crate::DynamoStore::new(embedded.dynamodb.clone(), crate::TABLE);
                        crate::contract::target::$case(&crate::directory(std::sync::Arc::new(store))).await;
                        crate::keys::assert_documented(&embedded).await;
                    }
                )*
            }
        }
    };
}

fn directory(store: Arc<dyn rollcall::store::DirectoryStore>) -> DirectoryTarget {
    let clock = FixedClock::new(at("2026-03-01T12:00:00Z"));
    DirectoryTarget::new(tenant("acme"), store, Arc::new(clock))
}

cases! { connection:
    a_connection_is_written_only_at_the_revision_it_was_read
    of_writers_at_once_one_succeeds
    connections_of_a_tenant_are_listed_in_the_order_of_their_ids
    all_connections_are_listed_page_by_page
    a_version_of_a_configuration_is_written_once
    a_decision_takes_the_place_of_an_earlier_one
    r33_stops_stand_side_by_side_and_each_is_lifted_by_itself
    r37_a_decision_is_deleted
    r37_a_connection_is_erased_with_all_that_is_kept_under_it
    r37_tombstones_are_a_tenants_own_and_its_peoples
}

cases! { lease:
    r30_runs_that_ask_at_once_never_hold_a_lease_together
    r30_a_lease_passes_on_at_its_end_under_a_higher_fence
    r30_the_run_that_holds_a_lease_takes_it_again
    r30_a_lost_lease_is_neither_renewed_nor_given_back
    r30_an_earlier_fence_does_not_overwrite_a_later_ones_state
}

cases! { roster:
    a_roster_of_twenty_thousand_people_comes_back_as_it_was
    r29_a_roster_that_is_stored_chunk_by_chunk_shows_once_it_is_ended
    chunks_of_a_roster_are_found_by_their_numbers_until_it_is_deleted
    r37_a_roster_that_was_begun_is_erased_with_the_others
    r36_parts_of_a_list_come_back_as_they_were_until_their_end
    parts_of_a_list_are_deleted_one_by_one
    r37_parts_of_a_list_go_with_the_rosters_of_their_connection
    rosters_of_one_connection_stand_side_by_side
    the_last_survey_of_a_connection_is_kept
    r37_a_survey_goes_with_the_rosters_of_its_connection
    r36_a_roster_is_absent_after_its_end_unless_it_was_extended
    r37_rosters_of_a_connection_are_erased_and_no_others
}

cases! { plan:
    r21_a_plan_comes_back_as_the_document_it_was
    r22_of_plans_made_at_once_one_is_open
    r22_a_plan_replaces_only_the_open_one
    r22_an_empty_plan_closes_the_open_one
    r22_a_plan_that_is_being_applied_cannot_be_superseded
    r22_an_approval_is_one_change_of_state
    r30_a_plan_is_published_only_under_the_latest_fence
    r36_a_plan_is_absent_after_its_end
    r37_plans_of_a_connection_are_erased_whatever_became_of_them
}

cases! { link:
    r35_a_link_comes_back_as_it_was
    links_are_listed_in_the_order_of_employee_ids
    r04_an_account_is_claimed_once_across_all_connections
    r29_a_repeated_claim_finds_its_own_work
    r16_a_claim_passes_on_from_a_former_employee_id
    r16_a_former_id_with_another_account_keeps_its_link
    r49_a_link_does_not_move_to_where_the_person_has_another_account
    r49_a_link_moves_with_its_claim_or_not_at_all
    a_deleted_link_sets_its_account_free
    r37_links_of_a_connection_are_erased_with_their_claims
}

cases! { run:
    r30_a_run_is_created_once
    r30_a_run_is_changed_only_as_it_was_read
    r30_a_run_that_has_ended_is_not_written_as_if_it_had_not
    r30_an_earlier_fence_does_not_overwrite_a_later_ones_run
    a_run_comes_back_as_it_was_written_last
    runs_are_listed_newest_first
    r37_runs_of_a_connection_are_erased_and_no_others
    r37_an_erased_run_is_not_written_again
    runs_that_have_not_ended_are_found_among_any_number
    r47_runs_that_have_not_ended_are_listed_page_by_page
    r37_runs_that_name_people_are_found_without_looking_at_the_others
}

cases! { slot:
    r48_slots_come_back_as_they_were_written
    r48_slots_are_written_only_as_they_were_read
}

cases! { bucket:
    a_bucket_comes_back_as_it_was_written
    a_bucket_is_written_only_as_it_was_read
    r37_a_bucket_is_deleted
}

cases! { ticket:
    r40_a_ticket_is_taken_once
    r40_a_ticket_ends
    r49_tickets_that_have_ended_are_swept
}

cases! { holder:
    r01_a_company_belongs_to_one_tenant
    r01_a_company_that_is_shared_is_left_by_each_for_itself
    r04_a_target_is_left_with_the_last_connection
    r04_a_target_is_one_tenants_unless_it_is_shared
    r49_a_claim_without_a_record_is_swept_and_in_nobodys_way
}

act_cases! {
    r40_a_ticket_is_taken_within_an_act_once
    r43_an_audit_is_listed_newest_first_page_by_page
    r43_a_key_is_made_and_revoked_together_with_its_entry
    r43_decisions_stops_and_plans_are_part_of_an_act
    r47_an_item_ends_where_an_item_of_the_table_does
    r49_an_act_is_done_whole_or_not_at_all
    r37_what_is_about_an_erased_person_is_refused
    r49_of_acts_at_once_one_is_done
    r49_what_was_done_is_not_done_again
}

cases! { door:
    r39_a_key_is_made_once_and_stays_revoked
    an_answer_is_given_again_until_it_ends
    who_carries_a_request_on_knows_since_when_it_was_asked_for
    of_requests_at_once_with_one_key_one_is_carried_out
}

cases! { allowance:
    requests_are_counted_by_key_and_window
    requests_that_come_at_once_are_all_counted
}

cases! { mailbox:
    all_spellings_of_a_mailbox_are_one
}

cases! { directory:
    an_account_is_found_by_id_reference_and_email
    accounts_are_listed_page_by_page_in_the_order_of_ids
    an_account_is_written_only_at_the_version_it_was_read
    an_email_belongs_to_one_account
    r20_addresses_pass_around_a_circle_in_one_transaction
    too_many_accounts_together_are_refused
    r36_history_leaves_out_sensitive_values
    r36_history_ends_after_ninety_days
    history_goes_on_behind_a_place
    r47_an_account_takes_no_more_than_it_may_hold
    r47_a_page_of_the_largest_accounts_has_at_most_sixteen_megabytes
}

cases! { erasure:
    r37_an_account_is_erased_with_its_history
    r37_a_history_is_erased_and_its_account_stays
    r37_a_directory_is_erased_whole_and_no_other
}

target_cases! {
    r29_a_repeated_create_finds_its_own_work
    a_create_under_another_accounts_id_is_a_conflict
    a_create_that_takes_from_another_account_is_a_conflict
    r07_a_patch_touches_only_what_it_names
    a_repeated_deactivation_writes_nothing
    r28_a_patch_says_why_it_was_refused
    r20_a_swap_of_addresses_is_one_transaction
    a_target_without_invitations_refuses_to_invite
}
