//! The habits of servers that were seen, as sets of switches. They were recorded in November 2026 between Rollcall and each
//! server, with 60 people; Leapsome's are those of its own description.

use serde_json::{Map, Value};

use super::Habits;
use crate::Error;

/// A set: its name, and its switches as they are written on a command line.
type Set = (&'static str, &'static [&'static str]);

/// All sets, in the order of their names.
const SETS: [Set; 8] = [
    ("better-auth", &["formatted=stale"]),
    (
        "canaille",
        &[
            "fails_counted",
            "needs=name.formatted+name.familyName",
            "refuses_attributes=emails.type+emails.primary+externalId",
            "fails_patches=manager",
        ],
    ),
    (
        "django-scim",
        &[
            "endpoint=/scim/v2/Users",
            "fails_patches=manager",
            "refuses_attributes=division",
            "drops=phoneNumbers",
        ],
    ),
    (
        "leapsome",
        &[
            "changes=merge",
            "filters=user_name_only",
            "created=empty_also_for_existing",
            "refuses_with_403",
            "manager_as_object",
            "discovery=no_schemas",
        ],
    ),
    ("scim-gateway", &["misplaces=manager"]),
    ("scimmy", &["page_cap=7", "filters=refused", "changes=put_only"]),
    ("scimmy-express-5", &["pages=first_only", "page_cap=20"]),
    (
        "small",
        &[
            "keeps=userName+name+emails+active",
            "user_names=refused",
            "moving_versions",
            "limit_every=25",
            "limit_wait=unsaid",
        ],
    ),
];

/// Returns the names of all sets.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SETS.iter().map(|(name, _)| *name)
}

/// Returns the switches of a set by name.
pub(super) fn switches(name: &str) -> Result<Map<String, Value>, Error> {
    let found = SETS.iter().find(|(known, _)| *known == name);
    let (_, switches) = found.ok_or_else(|| Error::BadHabit {
        member: "set".to_owned(),
        expected: format!("one of {}", names().collect::<Vec<_>>().join(", ")),
    })?;
    switches.iter().map(|switch| Habits::parse(switch)).collect()
}
