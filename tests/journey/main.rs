//! Journeys: whole nights over the use cases, the stores and the built-in directory, with everything that goes wrong on
//! the way. Each file is about one promise.

mod bad_record;
mod changed;
mod doubled;
mod fault;
mod journal;
mod kept;
mod kill;
mod lease;
mod night;
mod stop;
mod support;
mod two_at_once;
