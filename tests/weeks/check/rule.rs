//! What holds of every single change, judged by what HR showed to its process and nothing else.

use jiff::civil::Date;
use rollcall::{
    connection::{Decision, RehirePolicy},
    employee::{Attribute, Canonical, Employee},
    plan::{Action, Change, Edit, LinkState},
};

use super::judge::Night;
use crate::{
    office::{Read, is_over},
    view::View,
};

/// Returns a day that HR showed.
fn day(shown: &Employee, canonical: Canonical) -> Option<Date> {
    shown.value(canonical).map(|text| text.parse().unwrap())
}

/// Returns today's date where the person works, as far as HR showed that place.
fn today(view: &View, shown: &Employee) -> Date {
    let zone = shown.value(Canonical::TimeZone);
    let zone = zone.unwrap_or(&view.configuration.fallback_time_zone);
    view.now.in_tz(zone).unwrap().date()
}

/// Returns whether HR showed that the person's last day is over.
pub(super) fn has_left(view: &View, shown: &Employee) -> bool {
    let [first_on, last_on] = [Canonical::StartDate, Canonical::TerminationDate].map(|canonical| day(shown, canonical));
    is_over(first_on, last_on, today(view, shown))
}

/// The attributes that are derived from more than the attribute of that name.
const DERIVED: [Canonical; 5] = [
    Canonical::DisplayName,
    Canonical::Email,
    Canonical::EmploymentStatus,
    Canonical::FirstName,
    Canonical::Group,
];

pub(super) fn check(night: &Night<'_>, change: &Change) {
    let (people, view) = (&night.shown.people, &night.view);
    let shown = people.iter().find(|person| person.id == change.employee_id);
    if !night.shown.has_ended || night.shown.read == Read::Miscounted {
        check_partial(view, change);
    }
    match &change.action {
        Action::Create { .. } => check_create(view, change, shown.unwrap()),
        Action::Leave { .. } | Action::Link { .. } | Action::Update { .. } => {}
        Action::Reactivate { .. } => check_return(night, change, shown.unwrap()),
        Action::Relink { former_id, .. } => {
            assert!(night.may_prove, "a link moves on a certificate (R16)");
            let former = people.iter().find(|person| person.id == *former_id);
            assert!(
                former.is_none_or(|former| has_left(view, former)),
                "{former_id} is gone (R16)"
            );
            assert!(!has_left(view, shown.unwrap()), "whoever takes over is active (R16)");
        }
    }
    let edits = change
        .edits()
        .map(|edits| edits.attributes.as_slice())
        .unwrap_or_default();
    for edit in edits {
        check_edit(night, change, edit, shown.unwrap());
    }
}

/// After a walk that did not end, linked people are only updated, and their identifier and addresses stay (R06).
fn check_partial(view: &View, change: &Change) {
    let Action::Update { edits, .. } = &change.action else {
        panic!("a partial read only updates: {change:?}")
    };
    let fixed = [
        Canonical::Email,
        Canonical::WorkEmail,
        Canonical::PersonalEmail,
        view.configuration.identifier.attribute(),
    ];
    let is_fixed = |edit: &Edit| fixed.iter().any(|fixed| edit.attribute == Attribute::Canonical(*fixed));
    assert!(
        !edits.attributes.iter().any(is_fixed),
        "identifier and address stay: {change:?}"
    );
}

/// No account is made for a person who has left, or whose first day is still to come (R17).
fn check_create(view: &View, change: &Change, shown: &Employee) {
    let id = &change.employee_id;
    let left = has_left(view, shown);
    assert!(
        !left || view.configuration.create_former,
        "{id} left before they were linked"
    );
    let first_on = day(shown, Canonical::StartDate);
    let is_there = first_on.is_none_or(|first_on| first_on <= today(view, shown));
    assert!(left || is_there, "{id} has not started");
}

/// Only a person whom Rollcall let go comes back, when HR and the policy say so (R15).
fn check_return(night: &Night<'_>, change: &Change, shown: &Employee) {
    let view = &night.view;
    let id = &change.employee_id;
    let state = view.links[id].state;
    assert!(
        matches!(state, LinkState::Deactivated { .. } | LinkState::Moved { .. }),
        "we let {id} go"
    );
    assert!(!has_left(view, shown), "HR has {id} back");
    let account_id = &view.links[id].account_id;
    let decided = matches!(view.decisions.get(id), Some(Decision::Link { account_id: theirs }) if theirs == account_id);
    let is_on = night.account(account_id).unwrap().active && !matches!(state, LinkState::Moved { .. });
    let policy = view.configuration.rehires;
    assert!(
        policy == RehirePolicy::Reactivate || decided || is_on,
        "the policy takes {id} back"
    );
}

/// Only values that HR showed are written, and only values that HR showed as empty are cleared (R07).
fn check_edit(night: &Night<'_>, change: &Change, edit: &Edit, shown: &Employee) {
    let Attribute::Canonical(canonical) = &edit.attribute else {
        panic!("no custom attribute is carried over: {change:?}")
    };
    let said = |canonical: Canonical| shown.attributes.field(canonical);
    let source = if *canonical == Canonical::Email {
        night.view.configuration.email
    } else if *canonical == Canonical::Group {
        Canonical::Department
    } else {
        *canonical
    };
    if !DERIVED.contains(canonical) || source != *canonical {
        let alumni = edit.after.as_deref() == Some("Alumni") && *canonical == Canonical::Group;
        let expected = said(source);
        assert!(expected.is_seen(), "{change:?} writes what was not shown");
        assert!(
            alumni || expected.value() == edit.after.as_deref(),
            "{change:?} writes what HR said"
        );
    }
    let account_id = change.account_id().unwrap();
    let before = night
        .account(account_id)
        .unwrap()
        .attributes
        .field(edit.attribute.clone());
    assert_eq!(before.value(), edit.before.as_deref(), "{change:?} says what was there");
}
