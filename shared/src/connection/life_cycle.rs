//! The life cycle of a connection as a state machine. Pausing is no state but a flag: a connection is paused and
//! connected, or paused and in need of a new login.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The status of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Made; no person has signed in at the provider yet.
    AwaitingAuthorization,
    /// Signed in; the login sees several companies and one has to be chosen.
    ChoosingCompany,
    /// The credential works and the company is known.
    Connected,
    /// The credential does not work any more; an admin has to sign in again.
    NeedsReauthorization,
    /// Ended; the credential is deleted (R42).
    Disconnected,
}

impl Status {
    /// All statuses.
    pub const ALL: &[Self] = &[
        Self::AwaitingAuthorization,
        Self::ChoosingCompany,
        Self::Connected,
        Self::NeedsReauthorization,
        Self::Disconnected,
    ];

    /// Returns the word in documents and in the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingAuthorization => "awaiting_authorization",
            Self::ChoosingCompany => "choosing_company",
            Self::Connected => "connected",
            Self::NeedsReauthorization => "needs_reauthorization",
            Self::Disconnected => "disconnected",
        }
    }

    /// Returns the status after a transition.
    ///
    /// # Errors
    /// [`InvalidTransition`] where it is not possible from here.
    pub const fn after(self, transition: Transition) -> Result<Self, InvalidTransition> {
        match (self, transition) {
            (
                Self::AwaitingAuthorization | Self::ChoosingCompany | Self::NeedsReauthorization,
                Transition::AskForCompany,
            ) => Ok(Self::ChoosingCompany),
            (
                Self::AwaitingAuthorization | Self::ChoosingCompany | Self::NeedsReauthorization | Self::Connected,
                Transition::Connect,
            ) => Ok(Self::Connected),
            (Self::ChoosingCompany | Self::Connected | Self::NeedsReauthorization, Transition::LoseAuthorization) => {
                Ok(Self::NeedsReauthorization)
            }
            (
                Self::AwaitingAuthorization | Self::ChoosingCompany | Self::Connected | Self::NeedsReauthorization,
                Transition::Disconnect,
            ) => Ok(Self::Disconnected),
            (from, transition) => Err(InvalidTransition {
                from,
                to: transition.target(),
            }),
        }
    }

    /// Returns whether runs may read from the source.
    pub const fn may_run(self) -> bool {
        matches!(self, Self::Connected)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What may happen to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// A person signed in, and the login sees several companies.
    AskForCompany,
    /// A credential works for one company: at the first connect, at a reconnect, after a company was chosen.
    Connect,
    /// The provider refused the credential, and will not accept it again.
    LoseAuthorization,
    /// An admin ended the connection.
    Disconnect,
}

impl Transition {
    /// All transitions.
    pub const ALL: &[Self] = &[
        Self::AskForCompany,
        Self::Connect,
        Self::LoseAuthorization,
        Self::Disconnect,
    ];

    /// Returns the status that the transition leads to, where it is possible.
    pub const fn target(self) -> Status {
        match self {
            Self::AskForCompany => Status::ChoosingCompany,
            Self::Connect => Status::Connected,
            Self::LoseAuthorization => Status::NeedsReauthorization,
            Self::Disconnect => Status::Disconnected,
        }
    }
}

/// A connection cannot go from the one status to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a connection that is {from} cannot become {to}")]
pub struct InvalidTransition {
    /// The status that it has.
    pub from: Status,
    /// The status that it should have got.
    pub to: Status,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_goes_only_where_it_may() {
        let table: Vec<String> = Status::ALL
            .iter()
            .map(|from| {
                let reachable = Transition::ALL
                    .iter()
                    .filter_map(|transition| from.after(*transition).ok())
                    .map(Status::as_str);
                format!("{from} -> {}", reachable.collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(
            table,
            [
                "awaiting_authorization -> choosing_company connected disconnected",
                "choosing_company -> choosing_company connected needs_reauthorization disconnected",
                "connected -> connected needs_reauthorization disconnected",
                "needs_reauthorization -> choosing_company connected needs_reauthorization disconnected",
                "disconnected -> ",
            ]
        );
    }

    #[test]
    fn a_refused_transition_names_both_states() {
        let error = Status::Disconnected.after(Transition::Connect).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a connection that is disconnected cannot become connected"
        );
    }

    #[test]
    fn r42_what_is_disconnected_stays_so() {
        for transition in Transition::ALL {
            assert!(Status::Disconnected.after(*transition).is_err(), "{transition:?}");
        }
    }

    #[test]
    fn only_what_is_connected_may_run() {
        let running: Vec<_> = Status::ALL.iter().filter(|status| status.may_run()).collect();
        assert_eq!(running, [&Status::Connected]);
    }
}
