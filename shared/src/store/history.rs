//! What an account's history says about a write, the same in every adapter.

use jiff::{Timestamp, ToSpan};

use super::{AccountWrite, HistoryChange, HistoryEntry};
use crate::{
    account::{Account, Origin},
    employee::{AttributeRef, Iter, View},
};

/// For how many hours an entry of history is kept (R36): 90 days.
const KEPT_HOURS: i64 = 90 * 24;

/// How much of a value history shows, in characters: as much as may be typed by hand. Where an entry would outgrow its item,
/// it shows less of each, from one step to the next, until it fits.
const MOST_CHARACTERS: [usize; 5] = [1_000, 250, 60, 15, 0];

/// The most bytes of an entry's values, as they are written (R47).
const MOST_BYTES: usize = 256 * 1024;

impl AccountWrite {
    /// Returns whether the account carries another person's reference than before: what was kept of the one before must not
    /// stay with the one after (R37).
    pub fn gives_to_another(&self) -> bool {
        let before = self.before.as_ref().and_then(|before| before.external_id.as_ref());
        before.is_some_and(|before| self.account.external_id.as_ref().is_some_and(|after| after != before))
    }
}

impl HistoryEntry {
    /// The entry for a write.
    ///
    /// An account that was made has no changes in its entry: what it began with is in the account, or is the `before` of
    /// what changed since. Sensitive values are left out (R36), and so is what the account held of another person (R37).
    pub fn of(write: &AccountWrite) -> Self {
        let (origin, run) = match &write.origin {
            Origin::Plan { plan, run } => (format!("plan:{plan}"), Some(run.clone())),
            Origin::Person { by } => (format!("person:{by}"), None),
        };
        Self {
            at: write.at,
            origin,
            run,
            action: action(write.before.as_ref(), &write.account).to_owned(),
            changes: changes_of(write),
        }
    }

    /// When the entry is not to be shown any more.
    pub fn expires_at(&self) -> Timestamp {
        self.at.checked_add(KEPT_HOURS.hours()).unwrap_or(Timestamp::MAX)
    }
}

fn changes_of(write: &AccountWrite) -> Vec<HistoryChange> {
    let Some(before) = &write.before else {
        return Vec::new();
    };
    let mut changes = within_bounds(before.attributes.view(), write.account.attributes.view());
    if write.gives_to_another() {
        for change in &mut changes {
            change.before = None;
        }
    }
    changes
}

const fn action(before: Option<&Account>, after: &Account) -> &'static str {
    match before {
        None => "created",
        Some(before) if before.active && !after.active => "deactivated",
        Some(before) if !before.active && after.active => "reactivated",
        Some(_) => "updated",
    }
}

/// The attributes that differ, with as much of their values as an item holds.
fn within_bounds(before: View<'_>, after: View<'_>) -> Vec<HistoryChange> {
    let mut fitting = Vec::new();
    for most in MOST_CHARACTERS {
        fitting = changes(before, after, most);
        let values = fitting.iter().flat_map(|change| [&change.before, &change.after]);
        let bytes: usize = values.flatten().map(|value| written_bytes(value)).sum();
        if bytes <= MOST_BYTES {
            break;
        }
    }
    fitting
}

/// How many bytes a text takes in JSON.
fn written_bytes(text: &str) -> usize {
    let bytes = |character| match character {
        '"' | '\\' => 2,
        character if character.is_control() => 6,
        character => character.len_utf8(),
    };
    text.chars().map(bytes).sum()
}

/// Returns the attributes that differ, in order, with at most `most` characters of each value: a merge over two ordered
/// sets.
fn changes(before: View<'_>, after: View<'_>, most: usize) -> Vec<HistoryChange> {
    let mut changes = Vec::new();
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    loop {
        let attribute = match (old.peek(), new.peek()) {
            (None, None) => return changes,
            (Some(entry), None) | (None, Some(entry)) => entry.attribute,
            (Some(left), Some(right)) => left.attribute.min(right.attribute),
        };
        let (was, is) = (take(&mut old, attribute), take(&mut new, attribute));
        if was != is {
            changes.extend(change(attribute, was, is, most));
        }
    }
}

fn take<'a>(entries: &mut std::iter::Peekable<Iter<'a>>, attribute: AttributeRef<'_>) -> Option<&'a str> {
    entries
        .next_if(|entry| entry.attribute == attribute)
        .and_then(|entry| entry.field.value())
}

fn change(attribute: AttributeRef<'_>, was: Option<&str>, is: Option<&str>, most: usize) -> Option<HistoryChange> {
    let attribute = attribute.to_owned()?;
    let sensitive = attribute.is_sensitive();
    let shown = |value: Option<&str>| {
        let shown = value.filter(|_| !sensitive);
        shown.map(|value| value.chars().take(most).collect())
    };
    Some(HistoryChange {
        attribute,
        before: shown(was),
        after: shown(is),
        sensitive,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::AccountId,
        employee::{AttributesBuilder, Canonical, Field},
        testing::builder::at,
    };

    fn account(value: &str) -> Account {
        let mut attributes = AttributesBuilder::new();
        for attribute in Canonical::ALL {
            attributes.set((*attribute).into(), Field::Value(value));
        }
        Account {
            id: AccountId::parse("a-1").unwrap(),
            external_id: None,
            active: true,
            attributes: attributes.build(),
            login: None,
            addresses: Box::default(),
            version: None,
        }
    }

    #[test]
    fn r47_an_entry_of_history_fits_its_item_whatever_its_values_are_made_of() {
        for (letter, shown) in [("x", 1_000), ("\"", 1_000), ("\u{1f511}", 1_000), ("\u{1}", 250)] {
            let (before, after) = (account(&letter.repeat(1_200)), account(&letter.repeat(1_100)));
            let entry = HistoryEntry::of(&AccountWrite {
                account: after,
                before: Some(before),
                origin: Origin::Person { by: "ana".to_owned() },
                at: at("2026-03-01T04:00:00Z"),
            });
            let bytes = serde_json::to_string(&entry).unwrap().len();
            assert!(bytes < 320_000, "{letter:?}: {bytes}");
            assert_eq!(entry.changes.len(), Canonical::ALL.len(), "each is named");
            for change in entry.changes.iter().filter(|change| !change.sensitive) {
                assert_eq!(change.after.as_ref().unwrap().chars().count(), shown, "{letter:?}");
            }
        }
    }
}
