//! Lucca's lists and their JSON, of both its APIs: where each stands, how its pages come, and the members that are read, all of
//! them optional, borrowed from the page. No logic beyond what a value is on the wire.
//!
//! What may never be read (bank details, insurance number, nationality, gender …) is not named here, and the older API is
//! not even asked for it (R34). Values of custom fields stay raw until it is known that their field may be read.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::connector::{Form, Resource, Sequel, Written, row};

/// Lists of `/api/v3`: `{"header": {…}, "data": {"items": […], "count": 1}}`. The vendor allows a thousand users at once, and gives
/// an answer five seconds.
const OLDER: Form = Form {
    query: &[],
    place: Written::Range {
        name: "paging",
        rows: 200,
    },
    rows: &["data", "items"],
    total: &["data", "count"],
    is_counted: true,
    next: Sequel::Total,
    nothing: None,
};

/// Lists that stand beside it (`/organization`, `/remuneration`): `{"items": […], "count": 1}`.
const BESIDE: Form = Form {
    query: &[("limit", "100"), ("fields.root", "count")],
    place: Written::Number { name: "page", first: 1 },
    rows: &["items"],
    total: &["count"],
    ..OLDER
};

/// Lists of `/lucca-api`: `{"type": …, "items": […], "totalCount": 1, "links": {…}}`. Links and total come where they are asked for.
const NEWER: Form = Form {
    query: &[("limit", "100"), ("include", "links,totalCount")],
    place: Written::Token("page"),
    total: &["totalCount"],
    next: Sequel::Link {
        links: &["links"],
        parameter: "page",
    },
    ..BESIDE
};

/// The same, with what the rows refer to.
const EMBEDDED: Form = Form {
    query: &[("limit", "100"), ("include", "links,totalCount,embedded")],
    ..NEWER
};

pub(super) const USERS: Resource = Resource::new("list users", "/api/v3/users", &OLDER);
pub(super) const EXTENSIONS: Resource =
    Resource::new("list custom fields", "/api/v3/extensionuserdefinitions", &OLDER).of_module();
pub(super) const ESTABLISHMENTS: Resource = Resource::new(
    "list establishments",
    "/organization/structure/api/establishments",
    &BESIDE,
)
.of_module();
pub(super) const FIXED_ITEMS: Resource =
    Resource::new("list pay", "/remuneration/api/fixed-items", &BESIDE).of_module();

pub(super) const EMPLOYEES: Resource = Resource::new("list employees", "/lucca-api/employees", &EMBEDDED);
pub(super) const RECORDS: Resource =
    Resource::new("list personal records", "/lucca-api/employee-personal-records", &NEWER).of_module();
pub(super) const VALUES: Resource =
    Resource::new("list custom values", "/lucca-api/employee-attributes", &NEWER).of_module();
pub(super) const DEFINITIONS: Resource = Resource::new(
    "list custom fields",
    "/lucca-api/employee-attribute-definitions",
    &NEWER,
)
.of_module();
pub(super) const DEPARTMENTS: Resource = Resource::new("list departments", "/lucca-api/departments", &NEWER);
pub(super) const WORKPLACES: Resource = Resource::new("list workplaces", "/lucca-api/business-establishments", &NEWER);
pub(super) const LEGAL_ENTITIES: Resource = Resource::new("list legal entities", "/lucca-api/legal-entities", &NEWER);

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
    pub(super) employments: Option<BTreeMap<String, Employment<'a>>>,
    #[serde(borrow, default, rename = "job-position")]
    pub(super) positions: Option<BTreeMap<String, JobPosition<'a>>>,
}

row! {
    /// [`USERS`], with the fields that are asked for.
    User {
        texts: [
            id, first_name = "firstName", last_name = "lastName", name, mail, personal_email = "personalEmail",
            mobile = "professionalMobile", address, birth_date = "birthDate", number = "employeeNumber",
            job_title = "jobTitle", contract_start = "dtContractStart", contract_end = "dtContractEnd",
        ],
        nested: [legal_entity = "legalEntity", department, manager, extended_data = "extendedData"],
    }
    /// [`FIXED_ITEMS`]: an amount, for some time, of some nature.
    FixedItem {
        texts: [starts_on = "startsOn", ends_on = "endsOn", nature_id = "natureId"],
        nested: [amount, nature, work_contract = "workContract"],
    }
    /// [`ESTABLISHMENTS`]. The time zone has been seen under two names.
    Establishment {
        texts: [id, name, timezone_id = "timezoneId", time_zone_id = "timeZoneId"],
        nested: [address, legal_unit = "legalUnit"],
    }
    /// [`EXTENSIONS`]: a custom field, with its choices where it is a choice.
    Extension {
        texts: [id, name],
        nested: [entries = "extensionUserPropertyListEntries"],
    }
    /// [`EMPLOYEES`]: a person's public face.
    Employee {
        texts: [
            id, given_name = "givenName", family_name = "familyName", number = "employeeNumber", status, email,
            phone_number = "phoneNumber",
        ],
        nested: [employment = "applicableEmployment", position = "applicableJobPosition"],
    }
    /// `lucca-api/employments`: a time with the company.
    Employment {
        texts: [],
        nested: [legal_entity = "legalEntity", start, end],
    }
    /// `lucca-api/job-positions`: a time on the same terms.
    JobPosition {
        texts: [job_title = "jobTitle"],
        nested: [establishment = "businessEstablishment", department, manager],
    }
    /// [`RECORDS`]: what few may see.
    PersonalRecord {
        texts: [email, birth_date = "birthDate"],
        nested: [employee],
    }
    /// What is called by a name: [`DEPARTMENTS`]; or by a legal one: [`LEGAL_ENTITIES`].
    Named {
        texts: [id, name, legal_name = "legalName"],
    }
    /// [`DEFINITIONS`]: a field, and how several values of it are put in order, where there may be several.
    Definition {
        texts: [id, name],
        nested: [several = "multipleValueHandling"],
    }
    /// [`WORKPLACES`].
    Place {
        texts: [id, name, timezone_id = "timezoneId"],
        nested: [address],
    }
    /// [`VALUES`]: the value of a custom field, still raw (R34).
    AttributeValue {
        texts: [id],
        nested: [definition, employee, value],
    }
}
