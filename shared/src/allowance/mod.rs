//! The `allowance` room (layer 0): how many requests an HR system takes in a window of time from all who are counted
//! together there, and the bucket from which all processes take them.
//!
//! What a server says of its allowance ([`Said`]) corrects the bucket. Nothing here knows a clock, a store or a provider.

mod bucket;
mod hand;

use std::{fmt, time::Duration};

pub use bucket::{Bucket, Lot, Spent};
pub use hand::{Hand, Token};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

/// How many requests are taken within a window of time, whenever it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The most requests of a window.
    pub requests: u32,
    /// How long the window is.
    pub window: SignedDuration,
}

impl Limit {
    /// For how long a request counts: a little longer than the window, because no two clocks are the same, and because a request
    /// takes its time to the server.
    fn counts_for(self) -> SignedDuration {
        self.window.saturating_add(self.grace())
    }

    /// How long a request may take to the server, where its process does not live to see the answer.
    fn grace(self) -> SignedDuration {
        self.window / 30
    }

    /// How long a lot may be used: what is left of it then is lost, and what was used of it counts from then on at the latest.
    fn lot_lasts(self) -> SignedDuration {
        self.window / 4
    }

    /// The most tokens of a lot. Two processes that take at once find one each.
    fn most_of_lot(self) -> u32 {
        self.requests.div_ceil(2).max(1)
    }

    /// The fewest tokens that are worth a write.
    pub fn least_of_lot(self) -> u32 {
        (self.requests / 10).max(1)
    }
}

/// Whose requests an HR system counts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those of the operator's application, whichever customer they are about.
    Application,
    /// Those about one customer's connection.
    Connection,
    /// Those of the operator's application, for all customers who signed in with it; those about one connection, where it has a
    /// credential of its own.
    Login,
    /// Those to one customer's address, whichever program sends them.
    Site,
}

/// A limit that binds all processes, and maybe other programs beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedLimit {
    /// How many requests.
    pub limit: Limit,
    /// Whose.
    pub scope: Scope,
}

impl SharedLimit {
    /// So many requests in any minute.
    pub const fn per_minute(requests: u32, scope: Scope) -> Self {
        let window = SignedDuration::from_mins(1);
        Self {
            limit: Limit { requests, window },
            scope,
        }
    }

    /// The same limit as it holds for a connection, for which a person signed in with the operator's application, or not.
    #[must_use]
    pub fn for_login(self, signed_in: bool) -> Self {
        let scope = match self.scope {
            Scope::Login if signed_in => Scope::Application,
            Scope::Login => Scope::Connection,
            other @ (Scope::Application | Scope::Connection | Scope::Site) => other,
        };
        Self { scope, ..self }
    }

    /// Returns the key under which requests to a provider are counted. It is a hash: whose address it is made of does not show.
    pub fn key(&self, provider: &str, site: &str, connection: &str) -> ScopeKey {
        let of = match self.scope {
            Scope::Application => ["application", ""],
            Scope::Connection | Scope::Login => ["connection", connection],
            Scope::Site => ["site", site],
        };
        let [kind, whose] = of;
        ScopeKey(hex::encode(Sha256::digest(format!("{provider}\n{kind}\n{whose}"))))
    }
}

/// The key of what is counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScopeKey(String);

impl ScopeKey {
    /// Returns the key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScopeKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What an answer says of the allowance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// How long to wait, where a request was refused because there were too many.
    pub wait: Option<Duration>,
    /// How many requests are left.
    pub remaining: Option<u32>,
    /// In how long there are as many as at the beginning.
    pub reset: Option<Duration>,
}

impl Said {
    /// Returns whether the answer says nothing.
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }

    /// Returns for how long nothing more is taken; `None` where something is left.
    pub fn closes_for(&self) -> Option<Duration> {
        let is_empty = self.remaining == Some(0);
        self.wait.or(self.reset.filter(|_| is_empty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIFTY: Limit = Limit {
        requests: 50,
        window: SignedDuration::from_secs(60),
    };

    fn key(scope: Scope, site: &str, connection: &str) -> ScopeKey {
        let shared = SharedLimit { limit: FIFTY, scope };
        shared.key("kind", site, connection)
    }

    #[test]
    fn what_is_counted_together_has_one_key_and_the_key_names_nobody() {
        assert_eq!(key(Scope::Site, "acme", "c-1"), key(Scope::Site, "acme", "c-2"));
        assert_ne!(key(Scope::Site, "acme", "c-1"), key(Scope::Site, "other", "c-1"));
        assert_ne!(
            key(Scope::Connection, "acme", "c-1"),
            key(Scope::Connection, "acme", "c-2")
        );
        assert_eq!(
            key(Scope::Application, "acme", "c-1"),
            key(Scope::Application, "x", "c-2")
        );
        assert_ne!(key(Scope::Connection, "", "a"), key(Scope::Site, "a", ""));
        let login = |signed_in| {
            let shared = SharedLimit {
                limit: FIFTY,
                scope: Scope::Login,
            };
            shared.for_login(signed_in).key("kind", "acme", "c-1")
        };
        assert_eq!(login(true), key(Scope::Application, "x", "c-2"));
        assert_eq!(login(false), key(Scope::Connection, "acme", "c-1"));
        let text = key(Scope::Site, "acme", "c-1").to_string();
        assert_eq!(text.len(), 64);
        assert!(!text.contains("acme"));
    }

    #[test]
    fn an_answer_closes_where_it_refuses_or_says_that_nothing_is_left() {
        let seconds = |count| Some(Duration::from_secs(count));
        let said = |wait, remaining, reset| Said { wait, remaining, reset }.closes_for();
        assert_eq!(said(seconds(7), Some(0), seconds(9)), seconds(7));
        assert_eq!(said(None, Some(0), seconds(9)), seconds(9));
        assert_eq!(said(None, Some(0), None), None);
        assert_eq!(said(None, Some(1), seconds(9)), None);
        assert!(Said::default().is_silent());
    }
}
