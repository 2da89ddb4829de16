//! Journeys: whole nights over the use cases, the stores and the built-in directory, with everything that goes wrong on
//! the way. Each file is about one promise.

mod kept;
mod night;
