//! The emulators, over real HTTP: what each vendor documents, what the controls do, and how every break mode shows.

#[cfg(test)]
mod support;

#[cfg(test)]
mod people;
