//! What an account's history says about a write, the same in every adapter.

use jiff::{Timestamp, ToSpan};

use super::{AccountWrite, HistoryChange, HistoryEntry};
use crate::{
    account::{Account, Origin},
    employee::{AttributeRef, Iter, View},
};

/// For how many hours an entry of history is kept (R36): 90 days.
const KEPT_HOURS: i64 = 90 * 24;

/// How much of a value history shows, in characters: as much as may be typed by hand.
const MOST_CHARACTERS: usize = 1_000;

impl HistoryEntry {
    /// The entry for a write.
    ///
    /// An account that was made has no changes in its entry: what it began with is in the account, or is the `before` of
    /// what changed since. Sensitive values are left out (R36).
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
            changes: write
                .before
                .as_ref()
                .map(|before| changes(before.attributes.view(), write.account.attributes.view()))
                .unwrap_or_default(),
        }
    }

    /// When the entry is not to be shown any more.
    pub fn expires_at(&self) -> Timestamp {
        self.at.checked_add(KEPT_HOURS.hours()).unwrap_or(Timestamp::MAX)
    }
}

const fn action(before: Option<&Account>, after: &Account) -> &'static str {
    match before {
        None => "created",
        Some(before) if before.active && !after.active => "deactivated",
        Some(before) if !before.active && after.active => "reactivated",
        Some(_) => "updated",
    }
}

/// The attributes that differ, in order: a merge over two ordered sets.
fn changes(before: View<'_>, after: View<'_>) -> Vec<HistoryChange> {
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
            changes.extend(change(attribute, was, is));
        }
    }
}

fn take<'a>(entries: &mut std::iter::Peekable<Iter<'a>>, attribute: AttributeRef<'_>) -> Option<&'a str> {
    entries
        .next_if(|entry| entry.attribute == attribute)
        .and_then(|entry| entry.field.value())
}

fn change(attribute: AttributeRef<'_>, was: Option<&str>, is: Option<&str>) -> Option<HistoryChange> {
    let attribute = attribute.to_owned()?;
    let sensitive = attribute.is_sensitive();
    let shown = |value: Option<&str>| {
        let shown = value.filter(|_| !sensitive);
        shown.map(|value| value.chars().take(MOST_CHARACTERS).collect())
    };
    Some(HistoryChange {
        attribute,
        before: shown(was),
        after: shown(is),
        sensitive,
    })
}
