//! The collections there are.

use super::{Base, attribute, employee, employment, structure};
use crate::kit::resource::Resource;

/// A collection.
pub(super) struct Collection {
    /// The word in paths, in `type` of the collection, and in scopes.
    pub(super) plural: &'static str,
    pub(super) resource: &'static dyn Resource<Base>,
    /// Parameters of its own.
    pub(super) filters: &'static [&'static str],
    pub(super) sorts: &'static [&'static str],
    /// What a row refers to and `include=embedded` brings along: the member, and the collection it refers to.
    pub(super) embeds: &'static [(&'static str, &'static str)],
}

pub(super) const COLLECTIONS: [Collection; 9] = [
    Collection {
        plural: "employees",
        resource: &employee::Employees,
        filters: employee::FILTERS,
        sorts: &["id", "familyName", "createdAt"],
        embeds: &[
            ("applicableEmployment", "employments"),
            ("applicableJobPosition", "job-positions"),
        ],
    },
    Collection {
        plural: "employee-personal-records",
        resource: &employee::PersonalRecords,
        filters: &["employee.id", "legalGender", "nationalitiesCountryCodes"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "employments",
        resource: &employment::Employments,
        filters: employment::FILTERS,
        sorts: &["id", "start.date", "end.date"],
        embeds: &[("employee", "employees"), ("legalEntity", "legal-entities")],
    },
    Collection {
        plural: "job-positions",
        resource: &employment::JobPositions,
        filters: employment::POSITION_FILTERS,
        sorts: &["id", "startsOn", "endsOn"],
        embeds: &[
            ("employment", "employments"),
            ("businessEstablishment", "business-establishments"),
            ("department", "departments"),
        ],
    },
    Collection {
        plural: "departments",
        resource: &structure::Departments,
        filters: &["isArchived"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "business-establishments",
        resource: &structure::Establishments,
        filters: &["isArchived", "legalEntity.id", "search"],
        sorts: &["id"],
        embeds: &[("legalEntity", "legal-entities")],
    },
    Collection {
        plural: "legal-entities",
        resource: &structure::LegalEntities,
        filters: &["isArchived", "countryCode"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "employee-attributes",
        resource: &attribute::Attributes,
        filters: &["definition.id", "employee.id", "applicability.asOf"],
        sorts: &["id"],
        embeds: &[],
    },
    Collection {
        plural: "employee-attribute-definitions",
        resource: &attribute::Definitions,
        filters: &[],
        sorts: &["id"],
        embeds: &[],
    },
];

/// The collection of a path, and the id below it.
pub(super) fn find(path: &str) -> Option<(&'static Collection, Option<&str>)> {
    let path = path.strip_prefix("/lucca-api/")?.trim_end_matches('/');
    let (plural, id) = path
        .split_once('/')
        .map_or((path, None), |(plural, id)| (plural, Some(id)));
    let found = COLLECTIONS.iter().find(|collection| collection.plural == plural);
    found.map(|collection| (collection, id))
}

impl Collection {
    /// The scopes of which a token needs one: those of the attributes open their definitions too. The vendor's pages and its
    /// description call the scope of custom fields differently; either is taken.
    pub(super) fn scopes(&self) -> &'static [&'static str] {
        match self.plural {
            "employees" => &["employees.readonly", "employees.readwrite"],
            "employee-personal-records" => &[
                "employee-personal-records.readonly",
                "employee-personal-records.readwrite",
            ],
            "employments" => &["employments.readonly", "employments.readwrite"],
            "job-positions" => &["job-positions.readonly", "job-positions.readwrite"],
            "departments" => &["departments.readonly", "departments.readwrite"],
            "business-establishments" => &["business-establishments.readonly", "business-establishments.readwrite"],
            "legal-entities" => &["legal-entities.readonly", "legal-entities.readwrite"],
            _ => &[
                "employee-attributes.readonly",
                "employee-attributes.readwrite",
                "employee-extensions.readonly",
                "employee-extensions.readwrite",
            ],
        }
    }
}
