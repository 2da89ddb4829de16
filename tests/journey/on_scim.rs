//! The journeys about the target once more, with a SCIM server that is written to over HTTP instead of the directory. The rules
//! that hold for the directory hold for the server (R15, R20, R27 to R31).

#[cfg(test)]
mod bad_record;
#[cfg(test)]
mod changed;
#[cfg(test)]
mod doubled;
#[cfg(test)]
mod fault;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod lease;
#[cfg(test)]
mod night;
#[cfg(test)]
mod one_person;
#[cfg(test)]
mod seen;
#[cfg(test)]
mod server;
#[cfg(test)]
mod support;
#[cfg(test)]
mod two_at_once;
#[cfg(test)]
mod undo;

#[cfg(test)]
use acceptance::journey::Ground;

/// Returns what the journeys are made on: everything in memory, and an emulated SCIM server.
#[cfg(test)]
async fn ground() -> Ground {
    Ground::server().await.unwrap()
}
