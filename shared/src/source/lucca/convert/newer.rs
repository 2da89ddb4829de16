//! Employees of the newer API, who are put together from what their row refers to, and where each attribute stands.

use super::{
    super::wire::{
        DEFINITIONS, DEPARTMENTS, EMPLOYEES, EMPLOYMENTS, LEGAL_ENTITIES, POSITIONS, RECORDS, VALUES, WORKPLACES,
    },
    custom,
};
use crate::{
    connector::{Custom, Given, Layout, Nested, Resource, Shown, Text, Values, custom::Definition, given, plain},
    employee::Wanted,
};

/// The word for a person who is there today.
const ACTIVE: &str = "active";
/// The words for where a person stands.
const STATUS: &[(&str, &str)] = &[
    (ACTIVE, "active"),
    ("upcoming", "upcoming"),
    ("deactivated", "terminated"),
];

given! {
    /// What the newer API gives, and so a client. It shows all that it has of a row unasked.
    pub(in super::super) GIVEN {
        BirthDate = NeedsPermission [; RECORDS "birthDate"];
        Department = NeedsPermission ["applicableJobPosition.id"; POSITIONS "department.id", DEPARTMENTS "name"];
        EmployeeId = Yes ["id"];
        EmployeeNumber = Yes ["employeeNumber"];
        EmploymentStatus = NeedsPermission ["status"], |one, given| plain(one, given).translate(STATUS);
        FirstName = Yes ["givenName"];
        Group = NeedsPermission
            ["applicableEmployment.id"; EMPLOYMENTS "legalEntity.id", LEGAL_ENTITIES "legalName" | "name"];
        JobTitle = NeedsPermission ["applicableJobPosition.id"; POSITIONS "jobTitle"];
        LastName = Yes ["familyName"];
        Manager = NeedsPermission ["applicableJobPosition.id"; POSITIONS "manager.id"];
        MobilePhone = NeedsPermission ["phoneNumber"];
        PersonalEmail = NeedsPermission [; RECORDS "email"];
        StartDate = NeedsPermission ["applicableEmployment.id"; EMPLOYMENTS "start.date"];
        TerminationDate = NeedsPermission ["applicableEmployment.id"; EMPLOYMENTS "end.date"];
        TimeZone = NeedsPermission
            ["applicableJobPosition.id"; POSITIONS "businessEstablishment.id", WORKPLACES "timezoneId"];
        WorkCity = NeedsPermission
            ["applicableJobPosition.id"; POSITIONS "businessEstablishment.id", WORKPLACES "address.locality"];
        WorkEmail = Yes ["email"];
        WorkLocation = NeedsPermission
            ["applicableJobPosition.id"; POSITIONS "businessEstablishment.id", WORKPLACES "name"];
    }
}

/// What several values of a custom field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Several {
    /// A person may have several.
    Meant,
    /// A later one takes the place of an earlier one.
    Replaced,
}

/// The layout of the newer API.
#[derive(Debug)]
pub(in super::super) struct Newer;

impl Layout for Newer {
    const FORM: u32 = 2;
    const PEOPLE: Resource = EMPLOYEES;
    const ONE: &'static [(&'static str, &'static str)] = &[("limit", "1")];
    const GIVEN: &'static [Given] = GIVEN;
    const CUSTOM: Custom = Custom {
        fields: DEFINITIONS,
        asked: &[],
        values: Values::Listed {
            of: VALUES,
            person: "employee.id",
            field: "definition.id",
            value: "value",
            day: "applicability.asOf",
            at_once: 50,
        },
    };
    type Kind = Several;

    /// Former and future people are among them.
    fn asked(_: &Wanted) -> Vec<(&'static str, String)> {
        let of_each_status = ("status", "active,upcoming,deactivated".to_owned());
        vec![of_each_status, ("sort", "id".to_owned())]
    }

    /// Everything else that it has of a person is listed as fields too. How several values are put in order is said where there may be
    /// several.
    fn define(row: Nested<'_>) -> Option<Definition<'_, Several>> {
        let may_be_several = row.member("multipleValueHandling").is_object();
        let several = if may_be_several {
            Several::Meant
        } else {
            Several::Replaced
        };
        custom::define(row, several).filter(|field| field.id.starts_with(custom::OWN))
    }

    fn read<'r>(_: &Several, value: Nested<'r>) -> Text<'r> {
        match value.list() {
            Some(choices) => Text::joined(choices.into_iter().map(name_of)),
            None if value.is_object() => name_of(value),
            None => custom::plain(value),
        }
    }

    /// Of several the last counts, where they are not all meant.
    fn together<'r>(kind: &Several, earlier: Text<'r>, later: Text<'r>) -> Text<'r> {
        match kind {
            Several::Meant => Text::joined([earlier, later]),
            Several::Replaced => later,
        }
    }

    /// The values that apply today are shown. Those of a person who left ended with them, and those of one who begins later begin with
    /// them: nothing is known of these.
    fn without_value(one: &Shown<'_>) -> Text<'static> {
        if one.own("status").value() == Some(ACTIVE) {
            Text::Null
        } else {
            Text::Absent
        }
    }
}

/// The name of a choice. By the vendor's description a choice is a reference that has none, and there is no list of names: nothing is
/// said then.
fn name_of(choice: Nested<'_>) -> Text<'_> {
    match choice.at("name") {
        _ if !choice.is_object() => choice.whole(),
        name @ Text::Value(_) => name,
        Text::Absent | Text::Null | Text::Odd => Text::Absent,
    }
}
