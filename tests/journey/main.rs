//! Journeys: whole nights over the use cases, the stores and the built-in directory, with everything that goes wrong on the
//! way. Each file is about one promise.

#[cfg(test)]
mod agreed;
#[cfg(test)]
mod allowance;
#[cfg(test)]
mod bad_record;
#[cfg(test)]
mod behind;
#[cfg(test)]
mod changed;
#[cfg(test)]
mod choice;
#[cfg(test)]
mod circle;
#[cfg(test)]
mod daily;
#[cfg(test)]
mod deadline;
#[cfg(test)]
mod death;
#[cfg(test)]
mod doubled;
#[cfg(test)]
mod erased;
#[cfg(test)]
mod fault;
#[cfg(test)]
mod former;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod lease;
#[cfg(test)]
mod list;
#[cfg(test)]
mod login;
#[cfg(test)]
mod lost;
#[cfg(test)]
mod night;
#[cfg(test)]
mod one_person;
#[cfg(test)]
mod outgrown;
#[cfg(test)]
mod outlook;
#[cfg(test)]
mod patience;
#[cfg(test)]
mod share;
#[cfg(test)]
mod size;
#[cfg(test)]
mod slices;
#[cfg(test)]
mod stop;
#[cfg(test)]
mod support;
#[cfg(test)]
mod together;
#[cfg(test)]
mod told;
#[cfg(test)]
mod two_at_once;
#[cfg(test)]
mod undo;

#[cfg(test)]
use acceptance::journey::Ground;

/// Returns what the journeys are made on: everything in memory, and the built-in directory.
#[cfg(test)]
fn ground() -> std::future::Ready<Ground> {
    std::future::ready(Ground::memory())
}
