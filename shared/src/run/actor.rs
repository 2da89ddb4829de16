//! Who acts, and what each act leaves behind: an entry in the audit (R43), and a note that the act was done, so that a
//! request that comes again does nothing twice.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Error, Ports};
use crate::{
    connection::{Connection, ConnectionId, TenantId},
    store::{Acted, AuditEntry, Refusal, Write},
};

/// How long a text of an entry may be, in characters. What is longer is cut, so that no entry is too large to be written.
const MOST_CHARACTERS: usize = 1_000;

/// How many details an entry may have.
const MOST_DETAILS: usize = 8;

/// The person, key or browser that does something.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    /// The person, as the application named them.
    pub person: Option<String>,
    /// The key through which they come; `None`: a browser.
    pub key: Option<String>,
    /// Whether the actor acts for the operator: the key reaches every tenant.
    pub is_operator: bool,
    /// The request that asks for it, where it may come again.
    pub request: Option<KeyedRequest>,
}

/// A request that came with an `Idempotency-Key`.
#[derive(Clone, Debug)]
pub struct KeyedRequest {
    /// The id that tells this request from all other requests.
    pub id: String,
    /// Until when it may come again.
    pub expires_at: Timestamp,
    /// The id of what the request made, where it was carried out before.
    pub done: Option<String>,
}

/// Whose data an act concerns, and which connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Subject<'a> {
    tenant: Option<&'a TenantId>,
    connection: Option<&'a ConnectionId>,
}

impl<'a> Subject<'a> {
    /// What belongs to the operator.
    pub(super) const OPERATOR: Self = Self {
        tenant: None,
        connection: None,
    };

    /// A connection.
    pub(super) const fn connection(connection: &'a Connection) -> Self {
        Self {
            tenant: Some(&connection.tenant),
            connection: Some(&connection.id),
        }
    }

    /// A tenant; `None`: what belongs to the operator.
    pub(super) const fn tenant(tenant: Option<&'a TenantId>) -> Self {
        Self {
            tenant,
            connection: None,
        }
    }
}

/// What an act says of itself: an entry in the audit and a note that it was done. Both are written with the act, or
/// before it where the act has several steps.
#[derive(Clone, Debug)]
pub(super) struct Note {
    entry: AuditEntry,
    once: Option<Once>,
}

/// The note that an act was done, and what came of it.
#[derive(Clone, Debug)]
struct Once {
    id: String,
    what: String,
    expires_at: Timestamp,
}

impl Actor {
    /// A person of this name.
    pub fn named(person: &str) -> Self {
        Self {
            person: Some(person.to_owned()),
            ..Self::default()
        }
    }

    /// Nobody: the configuration says that what is not held needs no approval.
    pub(super) fn automatic() -> Self {
        Self::named("automatic")
    }

    /// Returns the name of the doer for records: the person, or else the key, or else the browser.
    pub fn name(&self) -> String {
        match (&self.person, &self.key) {
            (Some(person), _) => person.clone(),
            (None, Some(key)) => format!("key:{key}"),
            (None, None) => "browser".to_owned(),
        }
    }

    /// The id of what came of the request, where it was carried out before.
    pub(super) fn done(&self) -> Option<&str> {
        self.request.as_ref()?.done.as_deref()
    }

    /// What an act says of itself. `what` is the id of what comes of it; details are ids and words, no values of people.
    pub(super) fn note(
        &self,
        ports: &Ports,
        of: Subject<'_>,
        action: &str,
        details: &[(&str, &str)],
        what: &str,
    ) -> Note {
        let entry = AuditEntry {
            id: ports.ids.next("audit"),
            at: ports.clock.now(),
            tenant: of.tenant.cloned(),
            by: self.person.as_deref().map(cut),
            key: self.key.as_deref().map(cut),
            action: cut(action),
            connection: of.connection.cloned(),
            details: bounded(details),
        };
        let once = self.request.as_ref().map(|request| Once {
            id: request.id.clone(),
            what: what.to_owned(),
            expires_at: request.expires_at,
        });
        Note { entry, once }
    }
}

impl Note {
    /// Returns the act's entry in the audit.
    pub(super) const fn entry(&self) -> &AuditEntry {
        &self.entry
    }

    /// The writes that an act begins with.
    pub(super) fn writes(&self) -> Vec<Write<'_>> {
        let once = self.once.as_ref().map(|once| Write::Once {
            id: &once.id,
            what: &once.what,
            now: self.entry.at,
            expires_at: once.expires_at,
        });
        once.into_iter().chain([Write::Audit(&self.entry)]).collect()
    }
}

/// Does an act together with what it says of itself.
///
/// # Errors
/// [`Error::Repeated`] where the same request was carried out at the same moment, [`Error::Gone`] where the tenant must not
/// be erased and was.
pub(super) async fn act(ports: &Ports, note: &Note, writes: &[Write<'_>]) -> Result<Acted, Error> {
    let mut all = note.writes();
    all.extend_from_slice(writes);
    match ports.store.act(&all).await? {
        Acted::Refused(Refusal::DoneBefore) => Err(Error::Repeated),
        Acted::Refused(Refusal::Erased) => Err(Error::Gone("tenant")),
        acted @ (Acted::Done | Acted::Refused(_)) => Ok(acted),
    }
}

fn bounded(details: &[(&str, &str)]) -> BTreeMap<String, String> {
    let details = details.iter().take(MOST_DETAILS);
    details.map(|(name, text)| (cut(name), cut(text))).collect()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How many bytes the details of an entry take at most: far less than an item of the table.
    const MOST_BYTES: usize = MOST_DETAILS * 2 * (MOST_CHARACTERS * 4 + '…'.len_utf8());

    proptest! {
        #[test]
        fn r43_no_entry_is_too_large_to_be_written(
            sizes in prop::collection::vec((0_usize..20_000, 0_usize..20_000), 0..20),
            letter in prop::sample::select(vec!["a", "é", "€", "😀"]),
        ) {
            let texts: Vec<_> = sizes
                .iter()
                .map(|(name, text)| (letter.repeat(*name), letter.repeat(*text)))
                .collect();
            let details: Vec<_> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            let bytes: usize = bounded(&details).iter().map(|(name, text)| name.len() + text.len()).sum();
            prop_assert!(bytes <= MOST_BYTES, "{bytes}");
        }
    }

    #[test]
    fn r43_what_is_short_is_kept_as_it_is() {
        let longest = "é".repeat(MOST_CHARACTERS);
        let kept = bounded(&[("plan", "plan_1"), ("holds", &longest)]);
        assert_eq!(kept["plan"], "plan_1");
        assert_eq!(kept["holds"], longest);
    }
}
