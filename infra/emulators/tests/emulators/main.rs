//! The emulators, over real HTTP: what each vendor documents, what the controls do, and how every break mode shows.

#[cfg(test)]
mod support;

#[cfg(test)]
mod break_connections;
#[cfg(test)]
mod break_words;
#[cfg(test)]
mod breaks;
#[cfg(test)]
mod controls;
#[cfg(test)]
mod days;
#[cfg(test)]
mod factorial_api;
#[cfg(test)]
mod factorial_filters;
#[cfg(test)]
mod factorial_lists;
#[cfg(test)]
mod factorial_oauth;
#[cfg(test)]
mod factorial_paging;
#[cfg(test)]
mod factorial_versions;
#[cfg(test)]
mod people;
#[cfg(test)]
mod scim;
