//! Scopes: each opens some members of people and contracts, or a list; what no scope opens is not there.

use crate::kit::PermissionGroup;
use crate::kit::caller::{Caller, User};
use std::collections::BTreeSet;

/// The scope of people, without which none are shown.
pub(super) const PEOPLE: &str = "collaborators:read";
/// The scope of the list of contracts.
pub(super) const CONTRACTS: &str = "contracts:read";
/// The scope of the days of contracts in a person's own row.
const OWN_CONTRACTS: &str = "collaborators:contracts:read";

/// Every scope for reading.
pub(super) const ALL: &[&str] = &[
    PEOPLE,
    OWN_CONTRACTS,
    "collaborators:management:read",
    "collaborators:personal:read",
    "collaborators:social-security:read",
    "collaborators:legal-identity:read",
    "collaborators:bank-info:read",
    "collaborators:meal-vouchers:read",
    CONTRACTS,
    "contracts:time-information:read",
    "contracts:payslips:read",
    "accounting:read",
    "time:read",
];

/// What a login is given that asks for nothing.
pub(super) const USUAL: &str = PEOPLE;

/// The names that a scope opens: canonical attributes, or the API's own members.
const OPENS: [(&str, &[&str]); 7] = [
    (OWN_CONTRACTS, &["contracts"]),
    ("collaborators:management:read", &["managerId", "teamName"]),
    (
        "collaborators:personal:read",
        &[
            "birthDate",
            "addresses",
            "emails.personal",
            "phoneNumbers.personal",
            "gender",
        ],
    ),
    ("collaborators:social-security:read", &["socialSecurityNumber"]),
    ("collaborators:legal-identity:read", &["nationality", "countryOfBirth"]),
    ("collaborators:bank-info:read", &["iban", "bic"]),
    (
        "contracts:time-information:read",
        &["standardWeeklyHours", "fullTimeEquivalent", "isFullTime"],
    ),
];

/// The keys of a company: by name, and the scopes that were ticked when each was made.
const KEYS: [(&str, &[&str]); 5] = [
    ("Everything", ALL),
    (
        "Without management",
        &[
            PEOPLE,
            OWN_CONTRACTS,
            "collaborators:personal:read",
            CONTRACTS,
            "contracts:time-information:read",
        ],
    ),
    (
        "Without the list of contracts",
        &[
            PEOPLE,
            OWN_CONTRACTS,
            "collaborators:management:read",
            "collaborators:personal:read",
        ],
    ),
    (
        "Without contracts of people",
        &[
            PEOPLE,
            "collaborators:management:read",
            "collaborators:personal:read",
            CONTRACTS,
            "contracts:time-information:read",
        ],
    ),
    ("People alone", &[PEOPLE]),
];

/// The permission groups of keys.
pub(super) fn groups() -> Vec<Option<PermissionGroup>> {
    let named = |(name, _): (&str, _)| PermissionGroup {
        name: name.to_owned(),
        ..PermissionGroup::administrator()
    };
    KEYS.map(named).map(Some).to_vec()
}

/// The scopes of a caller, with a space between them.
pub(super) fn of(caller: &Caller) -> String {
    if let Some(scope) = &caller.scope {
        return scope.clone();
    }
    let name = caller.user.as_ref().map(|user| user.group.name.as_str());
    let ticked = KEYS.iter().find(|(own, _)| Some(*own) == name);
    ticked.map_or(ALL, |(_, scopes)| scopes).join(" ")
}

/// The name of a key, as introspection tells it.
pub(super) fn name_of(caller: &Caller) -> Option<&str> {
    caller.user.as_ref().map(|user| user.group.name.as_str())
}

/// The caller as one who sees what their scopes open, and nothing else.
pub(super) fn narrow(caller: Caller) -> Caller {
    let scopes = of(&caller);
    let has: BTreeSet<&str> = scopes.split_ascii_whitespace().collect();
    let closed = OPENS.iter().filter(|(scope, _)| !has.contains(scope));
    let hidden = closed.flat_map(|(_, names)| names.iter());
    let (group, employee_id) = caller.user.map_or_else(
        || (PermissionGroup::administrator(), 0),
        |user| (user.group, user.employee_id),
    );
    let group = PermissionGroup {
        hidden_fields: hidden.map(|name| (*name).to_owned()).collect(),
        ..group
    };
    Caller {
        user: Some(User { group, employee_id }),
        scope: Some(scopes),
        ..caller
    }
}
