//! Lucca's JSON, of both its APIs: only the members that are read, all of them optional, borrowed from the page. No logic
//! beyond what a value is on the wire.
//!
//! What may never be read (bank details, insurance number, nationality, gender …) is not named here, and the older API is
//! not even asked for it (R34). Values of custom fields stay raw until it is known that their field may be read.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::connector::{Said, row};

/// Where the rows of a page of users stand.
pub(super) const DATA_ITEMS: &[&str] = &["data", "items"];

/// Where the rows of every other page stand.
pub(super) const ITEMS: &[&str] = &["items"];

/// What stands around the rows of `/api/v3`: `{"header": {…}, "data": {"items": […], "count": 1}}`.
#[derive(Debug, Deserialize)]
pub(super) struct OffsetFrame {
    #[serde(default)]
    pub(super) data: Option<Counted>,
}

/// How many rows a list has.
#[derive(Debug, Deserialize)]
pub(super) struct Counted {
    #[serde(default)]
    pub(super) count: Option<u64>,
}

/// What stands around the rows of `/lucca-api`: `{"type": …, "items": […], "totalCount": 1, "links": {…}}`.
#[derive(Debug, Deserialize)]
pub(super) struct LinkFrame {
    #[serde(default, rename = "totalCount")]
    pub(super) total: Option<u64>,
    #[serde(default)]
    pub(super) links: Option<Links>,
}

/// Where a page stands in its list.
#[derive(Debug, Deserialize)]
pub(super) struct Links {
    #[serde(default)]
    pub(super) next: Option<Link>,
}

/// A link.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    pub(super) href: Said,
}

/// What the rows of a page of employees refer to, by id.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Referred<'a> {
    #[serde(borrow, default)]
    pub(super) embedded: Option<Embedded<'a>>,
}

/// What is embedded in a page, by type.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Embedded<'a> {
    #[serde(borrow, default, rename = "employment")]
    pub(super) employments: BTreeMap<String, Employment<'a>>,
    #[serde(borrow, default, rename = "job-position")]
    pub(super) positions: BTreeMap<String, JobPosition<'a>>,
}

row! {
    /// `api/v3/users`, with the fields that are asked for.
    User {
        texts: [id, first_name = "firstName", last_name = "lastName", name, mail, personal_email = "personalEmail", professional_mobile = "professionalMobile", address, birth_date = "birthDate", number = "employeeNumber", job_title = "jobTitle", contract_start = "dtContractStart", contract_end = "dtContractEnd"],
        nested: [legal_entity = "legalEntity", department, manager, extended_data = "extendedData"],
    }
}

row! {
    /// `remuneration/api/fixed-items`: an amount, for some time, of some nature.
    FixedItem {
        texts: [starts_on = "startsOn", ends_on = "endsOn", nature_id = "natureId"],
        nested: [amount, nature, work_contract = "workContract"],
    }
}

row! {
    /// `organization/structure/api/establishments`. The time zone has been seen under two names.
    Establishment {
        texts: [id, name, timezone_id = "timezoneId", time_zone_id = "timeZoneId"],
        nested: [address, legal_unit = "legalUnit"],
    }
}

row! {
    /// `api/v3/extensionuserdefinitions`: a custom field, with its choices where it is a choice.
    Extension {
        texts: [id, name],
        nested: [entries = "extensionUserPropertyListEntries"],
    }
}

row! {
    /// `lucca-api/employees`: a person's public face.
    Employee {
        texts: [id, given_name = "givenName", family_name = "familyName", number = "employeeNumber", status, email, phone_number = "phoneNumber"],
        nested: [employment = "applicableEmployment", position = "applicableJobPosition"],
    }
}

row! {
    /// `lucca-api/employments`: a time with the company.
    Employment {
        texts: [],
        nested: [legal_entity = "legalEntity", start, end],
    }
}

row! {
    /// `lucca-api/job-positions`: a time on the same terms.
    JobPosition {
        texts: [job_title = "jobTitle"],
        nested: [establishment = "businessEstablishment", department, manager],
    }
}

row! {
    /// `lucca-api/employee-personal-records`: what few may see.
    PersonalRecord {
        texts: [email, birth_date = "birthDate"],
        nested: [employee],
    }
}

row! {
    /// What is called by a name: `lucca-api/departments`, `lucca-api/legal-entities`.
    Named {
        texts: [id, name],
    }
}

row! {
    /// `lucca-api/employee-attribute-definitions`: a field, and how several values of it are put in order, where there may be
    /// several.
    Definition {
        texts: [id, name],
        nested: [several = "multipleValueHandling"],
    }
}

row! {
    /// `lucca-api/business-establishments`.
    Workplace {
        texts: [id, name, timezone_id = "timezoneId"],
        nested: [address],
    }
}

row! {
    /// `lucca-api/employee-attributes`: the value of a custom field, still raw (R34).
    AttributeValue {
        texts: [id],
        nested: [definition, employee, value],
    }
}
