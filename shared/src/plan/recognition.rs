//! Whether the people of a read are those of the company that was connected first, where the HR system names no company (R01).

use jiff::Timestamp;

use super::{Fingerprints, LinkState, LinkView, Links, MISSING_FOR};
use crate::{
    account::Accounts,
    employee::{AttributeRef, Canonical, View, fold},
    roster::{self, Roster, Row},
};

/// How many of the people who are linked a read shows again under their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recognition {
    /// Linked people of whom the read can tell whether they were found.
    pub linked: u32,
    /// Those among them who were found again.
    pub found: u32,
}

impl Recognition {
    /// How many percent of the linked people have to be found again.
    pub const PERCENT: u32 = 80;

    /// Returns whether the read shows the same company, as far as can be told. Where nobody is linked nothing speaks against
    /// it.
    pub fn is_same_company(self) -> bool {
        u64::from(self.found) * 100 >= u64::from(self.linked) * u64::from(Self::PERCENT)
    }
}

/// Looks for the linked people in a read whose rows pass. A person is found again where a row has their id and one of their names:
/// people change the one or the other, and seldom both. A person without a row counts as not found where the read came to its end.
/// People who were missing for so long that the policy for leavers decides are not looked for. A name is known by what was
/// sent to the account, or by what the account shows, where `accounts` are at hand; where neither says it, nothing can be
/// told of the person.
#[derive(Debug)]
pub struct Recogniser<'a> {
    links: &'a Links,
    accounts: Option<&'a Accounts>,
    fingerprints: &'a Fingerprints,
    now: Timestamp,
    recognition: Recognition,
    present: usize,
}

impl<'a> Recogniser<'a> {
    /// Begins to look for the people who are linked.
    pub fn new(
        links: &'a Links,
        accounts: Option<&'a Accounts>,
        fingerprints: &'a Fingerprints,
        now: Timestamp,
    ) -> Self {
        Self {
            links,
            accounts,
            fingerprints,
            now,
            recognition: Recognition::default(),
            present: 0,
        }
    }

    /// Looks at a person of the read.
    pub fn look(&mut self, row: Row<'_>) {
        let link = self.links.find(row.id);
        let Some(link) = link.filter(|link| is_looked_for(*link, self.now)) else {
            return;
        };
        self.present += 1;
        if let Some(is_same) = is_same_person(link, row.attributes, self.accounts, self.fingerprints) {
            self.recognition.linked += 1;
            self.recognition.found += u32::from(is_same);
        }
    }

    /// Passes over a person of the read of whom no name is shown because they were erased: nothing can be told of them.
    pub fn pass(&mut self, id: &str) {
        let link = self.links.find(id).filter(|link| is_looked_for(*link, self.now));
        self.present += usize::from(link.is_some());
    }

    /// Returns what was found, once everybody was looked at; `walk_ended` says whether that is everybody.
    pub fn finish(self, walk_ended: bool) -> Recognition {
        let mut recognition = self.recognition;
        if walk_ended {
            let looked_for = self.links.iter().filter(|link| is_looked_for(*link, self.now));
            let absent = looked_for.count().saturating_sub(self.present);
            recognition.linked = recognition
                .linked
                .saturating_add(u32::try_from(absent).unwrap_or(u32::MAX));
        }
        recognition
    }
}

/// Looks for the linked people in a read that is in memory, as [`Recogniser`] does.
///
/// # Errors
/// [`roster::Error`] where a chunk of the roster is damaged.
pub fn recognise(
    roster: &Roster,
    links: &Links,
    accounts: Option<&Accounts>,
    fingerprints: &Fingerprints,
    now: Timestamp,
) -> Result<Recognition, roster::Error> {
    let mut recogniser = Recogniser::new(links, accounts, fingerprints, now);
    roster.each(|row| recogniser.look(row))?;
    Ok(recogniser.finish(roster.header.walk_ended))
}

/// Returns whether a linked person is looked for: those with an active account of ours, but for those who have been missing
/// for long (R13).
fn is_looked_for(link: LinkView<'_>, now: Timestamp) -> bool {
    let is_gone = |since: Timestamp| now.duration_since(since) >= MISSING_FOR;
    matches!(link.state, LinkState::Active) && !link.absent_since.is_some_and(is_gone)
}

/// Returns whether a row is of the person who is linked; `None` where no name of the person is known.
fn is_same_person(
    link: LinkView<'_>,
    shown: View<'_>,
    accounts: Option<&Accounts>,
    fingerprints: &Fingerprints,
) -> Option<bool> {
    let account = accounts.and_then(|accounts| accounts.find(link.account_id));
    // An account's first name may be what the person is called.
    let names: [(Canonical, &[Canonical]); 2] = [
        (Canonical::LastName, &[Canonical::LastName]),
        (Canonical::FirstName, &[Canonical::FirstName, Canonical::KnownAs]),
    ];
    let verdicts = names.into_iter().filter_map(|(name, sources)| {
        let attribute = AttributeRef::Canonical(name);
        let sent = link.prints().find(attribute).map(|(sent, _)| sent);
        let kept = account.and_then(|account| account.value(name));
        if sent.is_none() && kept.is_none() {
            return None;
        }
        let mut values = sources.iter().filter_map(|source| shown.value(*source));
        Some(values.any(|value| match sent {
            Some(sent) => fingerprints.print(attribute, Some(value)) == sent,
            None => kept.is_some_and(|kept| kept == value || fold(kept) == fold(value)),
        }))
    });
    verdicts.reduce(|one, other| one || other)
}
