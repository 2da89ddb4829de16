//! The HTTP contract through the door of the local stage: every request goes over the network, becomes the event that
//! API Gateway sends, and is answered by the deployed handlers.

#[cfg(test)]
mod again;
#[cfg(test)]
mod alias;
#[cfg(test)]
mod allowance;
#[cfg(test)]
mod bound;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod connect;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod erasure;
#[cfg(test)]
mod event;
#[cfg(test)]
mod fat;
#[cfg(test)]
mod form;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod key;
#[cfg(test)]
mod limit;
#[cfg(test)]
mod login;
#[cfg(test)]
mod mailbox;
#[cfg(test)]
mod network;
#[cfg(test)]
mod once;
#[cfg(test)]
mod pasted;
#[cfg(test)]
mod person;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod repeat;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod role;
#[cfg(test)]
mod room;
#[cfg(test)]
mod stop;
#[cfg(test)]
mod support;
#[cfg(test)]
mod survey;
#[cfg(test)]
mod target;
#[cfg(test)]
mod walk;
#[cfg(test)]
mod whose;
