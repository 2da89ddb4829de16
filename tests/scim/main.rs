//! The contract of targets, and the work of a whole connection with the rules that it keeps, on the emulated service and on a
//! real server: `scim2-server` of `PyPI`, a process of its own per test. tests/run installs it.

#[cfg(test)]
mod by_hand;
#[cfg(test)]
mod changed;
#[cfg(test)]
mod hand;
#[cfg(test)]
mod in_part;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod linked;
#[cfg(test)]
mod order;
#[cfg(test)]
mod partial;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod server;
#[cfg(test)]
mod sets;
#[cfg(test)]
mod support;
#[cfg(test)]
mod taken;
#[cfg(test)]
mod taken_back;

#[cfg(test)]
use rollcall::testing::contract;
#[cfg(test)]
use server::Server;

/// One test per case, each with a server of its own.
#[cfg(test)]
macro_rules! cases {
    ($($case:ident)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let server = Server::start().await;
                contract::target::$case(&server.target()).await;
            }
        )*
    };
}

#[cfg(test)]
cases! {
    r29_a_repeated_create_finds_its_own_work
    a_create_that_takes_from_another_account_is_a_conflict
    r07_a_patch_touches_only_what_it_names
    a_repeated_deactivation_writes_nothing
    r28_a_patch_says_why_it_was_refused
    a_target_without_invitations_refuses_to_invite
}
