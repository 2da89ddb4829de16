//! How a client shows who it is, and what is remembered of how it worked.

use std::sync::OnceLock;

use secrecy::ExposeSecret as _;

use super::Client;

/// Where a client shows who it is (section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// In the header, id and secret form-encoded.
    Basic,
    /// In the header, id and secret as they are: some servers do not decode them.
    RawBasic,
    /// In the body.
    Body,
}

impl Way {
    /// All ways, in the order in which they are tried.
    const ALL: [Self; 3] = [Self::Basic, Self::RawBasic, Self::Body];
}

/// The way that a server takes: the one that it documents, or the one that is found to work, which is remembered.
#[derive(Debug, Default)]
pub struct Manner {
    found: OnceLock<Way>,
    /// The way that is tried first.
    preferred: OnceLock<Way>,
}

impl Manner {
    /// The way that the server documents.
    pub fn documented(way: Way) -> Self {
        Self {
            found: OnceLock::from(way),
            preferred: OnceLock::new(),
        }
    }

    /// Tries a way first that worked before.
    pub fn prefer(&self, way: Way) {
        let _ = self.preferred.set(way);
    }

    /// Returns the way that works, once it is known.
    pub fn found(&self) -> Option<Way> {
        self.found.get().copied()
    }

    /// Notes the way that works.
    pub(super) fn note(&self, way: Way) {
        let _ = self.found.set(way);
    }

    /// The ways to try for a client.
    pub(super) fn ways(&self, client: Client<'_>) -> Vec<Way> {
        if let Some(way) = self.found() {
            return vec![way];
        }
        let is_plain = |text: &str| encoded(text) == text;
        let is_same = is_plain(client.id) && is_plain(client.secret.expose_secret());
        let first = self.preferred.get().copied();
        let others = Way::ALL.into_iter().filter(|way| Some(*way) != first);
        let ways = first.into_iter().chain(others);
        ways.filter(|way| !(is_same && *way == Way::RawBasic)).collect()
    }
}

/// Returns a text form-encoded, as it stands in the header (section 2.3.1).
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
