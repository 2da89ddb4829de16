//! The fields of a person: ids, names, types, and what stands in them.

use super::View;
use crate::company::custom::{FIELDS as CUSTOM, Kind};
use crate::company::truth::Truth;
use crate::kit::dialect::Place;
use crate::person::{CANARY, Person, Status};
use serde_json::{Value, json};

/// A field of every company: its id, its name, its type, and the name of what it holds.
pub(super) struct Field {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    holds: &'static str,
}

const fn field(id: &'static str, name: &'static str, kind: &'static str, holds: &'static str) -> Field {
    Field { id, name, kind, holds }
}

/// All fields but those of the company's own.
pub(super) const FIELDS: [Field; 38] = [
    field("root.id", "Employee ID", "text", "employee_id"),
    field("root.companyId", "Company ID", "number", "group"),
    field("root.email", "Email", "text", "work_email"),
    field("root.firstName", "First name", "text", "first_name"),
    field("root.surname", "Last name", "text", "last_name"),
    field("root.displayName", "Display name", "text", "display_name"),
    field("root.fullName", "Full name", "text", "full_name"),
    field("personal.birthDate", "Birth date", "date", "birth_date"),
    field("personal.nationality", "Nationality", "multi-list", "nationality"),
    field("home.privateEmail", "Private email", "text", "personal_email"),
    field("home.mobilePhone", "Mobile phone", "text", "mobile_phone"),
    field("home.privatePhone", "Private phone", "text", "none"),
    field("home.legalGender", "Legal gender", "list", "gender"),
    field("home.familyStatus", "Family status", "list", "family_status"),
    field("address.line1", "Address line 1", "text", "address_line_1"),
    field("address.line2", "Address line 2", "text", "address_line_2"),
    field("address.city", "City", "text", "city"),
    field("address.postCode", "Post code", "text", "zip_code"),
    field("address.country", "Country", "list", "country"),
    field("work.title", "Job title", "list", "job_title"),
    field("work.department", "Department", "list", "department"),
    field("work.site", "Site", "text", "work_location"),
    field("work.startDate", "Start date", "date", "start_date"),
    field("work.manager", "Manager", "employee-reference", "manager"),
    field("work.reportsTo", "Reports to", "employee-reference", "reports_to"),
    field(
        "work.employeeIdInCompany",
        "Employee ID in company",
        "text",
        "employee_number",
    ),
    field("work.workPhone", "Work phone", "text", "none"),
    field("work.isManager", "Is manager", "text", "is_manager"),
    field("internal.status", "Status", "text", "employment_status"),
    field("internal.lifecycleStatus", "Lifecycle status", "list", "lifecycle"),
    field(
        "internal.terminationDate",
        "Termination date",
        "date",
        "termination_date",
    ),
    field("payroll.employment.type", "Employment type", "list", "employment_type"),
    field("payroll.salary.payment", "Base salary", "currency", "pay_rate"),
    field("payroll.salary.payPeriod", "Pay period", "list", "pay_period"),
    field(
        "identification.ssn",
        "Social security number",
        "text",
        "social_security_number",
    ),
    field("financial.iban", "IBAN", "text", "bank_details"),
    field("employee.lastDayOfWork", "Last day of work", "date", "termination_date"),
    field("employee.orgLevel", "Organisation level", "text", "none"),
];

/// The number of the first custom field.
const FIRST: u64 = 1_600_000;

/// The id of the custom field at a position.
pub(super) fn custom_id(position: usize) -> String {
    format!("work.custom.field_{}", FIRST + position as u64)
}

/// The name of the custom field at a position; there is no other one for programs.
pub(super) fn custom_name(position: usize) -> Option<&'static str> {
    CUSTOM.get(position).map(|own| match own.slug {
        "review_on" => "Review on",
        "t_shirt_size" => "T shirt size",
        _ => own.label,
    })
}

/// The type of the custom field at a position.
pub(super) fn custom_kind(position: usize) -> &'static str {
    match CUSTOM.get(position).map(|own| own.kind) {
        Some(Kind::SingleChoice) => "list",
        Some(Kind::MultipleChoice) => "multi-list",
        Some(Kind::Date) => "date",
        Some(Kind::LongText) => "text-area",
        Some(Kind::Rating) => "number",
        Some(Kind::Checkbox | Kind::Text | Kind::Money | Kind::Cents) | None => "text",
    }
}

/// What a person has in a field: the value, and what ids of a list in it are called.
pub(super) struct Held {
    pub(super) value: Value,
    pub(super) name: Option<Value>,
}

/// The id that a text has in a list: a number that is the same every day.
fn list_id(text: &str) -> String {
    let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (200_000_000 + digest % 700_000_000).to_string()
}

fn listed(text: Option<&str>) -> Held {
    Held {
        value: json!(text.map(list_id)),
        name: text.map(|text| json!(text)),
    }
}

fn plain(value: Value) -> Held {
    Held { value, name: None }
}

/// Returns what a person has in the custom field at a position.
pub(super) fn custom_value(view: &View, person: &Person, position: usize) -> Held {
    let text = view.company.custom_value(person, position);
    match (custom_kind(position), text.as_deref()) {
        ("list", text) => listed(text),
        ("multi-list", Some(text)) => Held {
            value: text.split(", ").map(list_id).collect(),
            name: Some(text.split(", ").collect()),
        },
        ("number", Some(text)) => plain(json!(text.parse::<i64>().ok())),
        (_, text) => plain(json!(text)),
    }
}

impl Field {
    /// Returns what a person has in it.
    pub(super) fn value(&self, view: &View, person: &Person) -> Held {
        let company = view.company;
        let shown = view.shown(person);
        let truth = Truth {
            company,
            person: &shown,
        };
        let text = truth.value(self.holds);
        let text = text.as_deref();
        match self.holds {
            "employee_id" => plain(json!(person.id.to_string())),
            "group" => plain(json!(company_id(view))),
            "full_name" => plain(json!(shown.full_name())),
            "is_manager" => plain(json!(
                company.people.iter().any(|other| other.manager == Some(person.id))
            )),
            "employment_status" => plain(json!(match person.status(company.today) {
                Status::Terminated => "Inactive",
                Status::Active | Status::Upcoming => "Active",
            })),
            "lifecycle" => listed(Some(match person.status(company.today) {
                Status::Active => "Employed",
                Status::Upcoming => "Hired",
                Status::Terminated => "Terminated",
            })),
            "manager" | "start_date" | "termination_date" => {
                let own = Truth { company, person };
                plain(json!(own.value(self.holds)))
            }
            "reports_to" => plain(person.manager.map_or(Value::Null, |id| json!({"id": id.to_string()}))),
            "pay_rate" => plain(amount(&Truth { company, person })),
            "pay_period" => listed(match text {
                Some("yearly") => Some("Annual"),
                Some("monthly") => Some("Monthly"),
                Some("weekly") => Some("Weekly"),
                Some("daily") => Some("Daily"),
                Some("hourly") => Some("Hourly"),
                other => other,
            }),
            "employment_type" => listed(match text {
                Some("full_time") => Some("Full time"),
                _ => Some("Part time"),
            }),
            "social_security_number" => plain(json!(shown.social_security_number())),
            "bank_details" => plain(json!(shown.bank_number())),
            "gender" => listed(shown.gender()),
            "nationality" | "family_status" => listed(Some(CANARY)),
            _ if self.kind == "list" => listed(text),
            _ => plain(json!(text)),
        }
    }
}

/// An amount with its currency, written out so that no cent is lost.
fn amount(truth: &Truth) -> Value {
    let rate = truth.value("pay_rate");
    let rate = rate.and_then(|text| text.parse::<serde_json::Number>().ok());
    rate.map_or(
        Value::Null,
        |rate| json!({"value": rate, "currency": truth.value("pay_currency")}),
    )
}

/// The id of the company, another one where the credential belongs to another company.
pub(super) fn company_id(view: &View) -> u64 {
    view.company.id + if view.is_other_company { 5_000 } else { 0 }
}

/// Returns where a canonical attribute or a field's id lives: all are members of people.
pub(super) fn places(name: &str) -> Vec<Place> {
    let pay = ["pay_rate", "pay_currency"].contains(&name);
    let found = FIELDS.iter().filter(|field| {
        let holds = field.holds == name || (pay && field.holds == "pay_rate");
        (holds && name != "none") || field.id == name
    });
    found.map(|field| ("people", field.id)).collect()
}
