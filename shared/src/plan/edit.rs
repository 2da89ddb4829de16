//! What has to change inside an account: desired against actual, in the light of what the link remembers.

use super::{Edit, Fingerprints, PrintsView};
use crate::employee::{AttributeRef, Canonical, Field, View, fold};

/// Returns the edits that bring an account to what HR wants.
///
/// Nothing is edited where the values are equal, nor where HR still says what was sent and the account still shows what
/// was seen then: the target cannot hold the value, and asking it every night would not help. An attribute that the
/// account does not show is edited where HR says something else than what was sent; it is cleared only where a value
/// was sent. Attributes that the target cannot hold are told to `not_kept`.
pub(super) fn edits(
    desired: View<'_>,
    actual: View<'_>,
    prints: PrintsView<'_>,
    fingerprints: &Fingerprints,
    mut not_kept: impl FnMut(AttributeRef<'_>),
) -> Vec<Edit> {
    if desired == actual || is_same_but_for_manager(desired, actual) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut shown = actual.iter().peekable();
    for wanted in desired {
        while shown.peek().is_some_and(|entry| entry.attribute < wanted.attribute) {
            shown.next();
        }
        let field = match shown.peek() {
            Some(entry) if entry.attribute == wanted.attribute => entry.field,
            Some(_) | None => Field::Unseen,
        };
        let edit = edit(wanted.attribute, wanted.field, field, prints, fingerprints);
        if edit.is_none() && wanted.field.is_seen() && field.is_seen() && wanted.field.value() != field.value() {
            not_kept(wanted.attribute);
        }
        edits.extend(edit);
    }
    edits
}

/// Returns whether an account's login name goes with its address: it has none of its own beside the address that changes. `logins`
/// tells whether accounts of the target have login names.
pub(super) fn moves_login(edits: &[Edit], login: Option<&str>, logins: bool) -> bool {
    let moves =
        |edit: &Edit| edit.attribute == Canonical::Email.into() && edit.before.is_some() && edit.after.is_some();
    logins && login.is_none() && edits.iter().any(moves)
}

/// Returns whether an account shows what HR wants, and a manager beside it: what most people's accounts show on
/// nearly every night. Managers are compared apart.
fn is_same_but_for_manager(desired: View<'_>, actual: View<'_>) -> bool {
    let around = actual.around(AttributeRef::Canonical(Canonical::Manager));
    around.is_some_and(|(before, after)| desired.as_packed().strip_prefix(before) == Some(after))
}

fn edit(
    attribute: AttributeRef<'_>,
    wanted: Field<&str>,
    shown: Field<&str>,
    prints: PrintsView<'_>,
    fingerprints: &Fingerprints,
) -> Option<Edit> {
    let (after, before) = match (wanted, shown) {
        (Field::Unseen, _) => return None,
        (wanted, Field::Unseen) => (wanted.value(), None),
        (wanted, shown) => (wanted.value(), shown.value()),
    };
    if after == before && shown.is_seen() {
        return None;
    }
    let remembered = prints.find(attribute);
    let nothing_sent = || remembered.is_none_or(|(sent, _)| sent == fingerprints.print(attribute, None));
    if after.is_none() && !shown.is_seen() && nothing_sent() {
        return None;
    }
    if let Some((sent, seen)) = remembered {
        let same_as_sent = fingerprints.print(attribute, after) == sent;
        let same_as_seen = !shown.is_seen() || fingerprints.print(attribute, before) == seen;
        if same_as_sent && same_as_seen {
            return None;
        }
        let edit = Edit {
            attribute: attribute.to_owned()?,
            before: before.map(Into::into),
            after: after.map(Into::into),
            manual: !same_as_seen,
        };
        return Some(edit);
    }
    Some(Edit {
        attribute: attribute.to_owned()?,
        before: before.map(Into::into),
        after: after.map(Into::into),
        manual: false,
    })
}

/// Returns whether HR now describes another person under the same id (R09): both names and the e-mail are others than
/// were last sent, and the birth date too, where it is shown.
pub(super) fn is_another_person(
    desired: View<'_>,
    actual: View<'_>,
    prints: PrintsView<'_>,
    fingerprints: &Fingerprints,
) -> bool {
    // `None` where it cannot be said.
    let is_other = |canonical: Canonical| {
        let attribute = AttributeRef::Canonical(canonical);
        let wanted = desired.value(canonical)?;
        match (prints.find(attribute), actual.value(canonical)) {
            (Some((sent, _)), _) => Some(fingerprints.print(attribute, Some(wanted)) != sent),
            (None, Some(shown)) => Some(wanted != shown && fold(wanted) != fold(shown)),
            (None, None) => None,
        }
    };
    [Canonical::FirstName, Canonical::LastName, Canonical::Email]
        .into_iter()
        .all(|canonical| is_other(canonical) == Some(true))
        && is_other(Canonical::BirthDate) != Some(false)
}
