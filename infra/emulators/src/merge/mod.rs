//! Emulated Merge: one API before the HR systems of many customers, each of them a linked account.
//!
//! Written from the vendor's Python client (4.2.1 and older), its guides and help pages, read in November 2026. Two headers open data: the
//! organisation's key, the same for all customers, and the token of one linked account. Each company is a linked account, and has a
//! token for each state in which a linked account can be: the name of its permission group is the state. Guesses, because nobody
//! says: an unknown parameter is a 400; the body of an error has `detail`; a cursor goes with the parameters of its first page, and else is a
//! 400; an address in place of a cursor comes from `sync-status` only; every person has every field of a mapping, `null` where there is no
//! value; rows come by ascending id; ids of people are digits here, and UUIDs there. Not emulated, and a 404: writing, passing through, time
//! off, payroll, dependents, webhooks, issues, the API of field mappings.
//!
//! `/link` stands for a page of the operator's with the vendor's Link on it: what happens there between the vendor's script and its servers
//! is not emulated, only what comes of it, a public token. `/magic-link` ends at the vendor, as the real one does.

mod account;
mod dialect;
mod employee;
mod employment;
mod field;
mod group;
mod link;
mod page;
mod place;

pub(crate) use dialect::Merge;

use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::kit::veil::Veil;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;

/// What rows depend on: which references come as whole objects, what is asked for beside, and what covers what stands inside a row.
pub(super) struct Context {
    expand: Vec<String>,
    has_sensitive_fields: bool,
    veils: BTreeMap<&'static str, Veil>,
}

/// What a caller sees of a company.
type View<'a> = crate::kit::view::View<'a, Context>;

/// A list with its own parameters.
type Listed = (&'static dyn Resource<Context>, &'static [&'static str]);

/// Every list of rows that carry `id`.
const ALL: [Listed; 7] = [
    (
        &employee::Employees,
        &[
            "company_id",
            "display_full_name",
            "employee_number",
            "employment_status",
            "employment_type",
            "first_name",
            "last_name",
            "groups",
            "home_location_id",
            "work_location_id",
            "job_title",
            "manager_id",
            "team_id",
            "pay_group_id",
            "personal_email",
            "work_email",
            "started_after",
            "started_before",
            "terminated_after",
            "terminated_before",
            "include_sensitive_fields",
            "expand",
        ],
    ),
    (&employment::Employments, &["employee_id", "expand", "order_by"]),
    (
        &employment::Accounts,
        &["employee_id", "bank_name", "account_type", "expand", "order_by"],
    ),
    (&place::Locations, &["location_type"]),
    (&place::Companies, &[]),
    (&group::Groups, &["types", "names", "is_commonly_used_as_team"]),
    (&group::Teams, &["parent_team_id", "expand"]),
];

/// Parameters of every list.
const COMMON: [&str; 12] = [
    "created_after",
    "created_before",
    "modified_after",
    "modified_before",
    "cursor",
    "page_size",
    "remote_id",
    "include_deleted_data",
    "include_remote_data",
    "include_shell_data",
    "show_enum_origins",
    "remote_fields",
];

impl Context {
    /// Whether a reference comes as the whole object.
    fn expands(&self, name: &str) -> bool {
        self.expand.iter().any(|own| own == name)
    }

    /// Writes an object that stands inside a row, under the veil of its own kind.
    fn inside(&self, kind: &str, write: impl FnOnce(&mut Row) -> Result<(), Refusal>) -> Result<Value, Refusal> {
        let none = Veil::default();
        let mut out = Vec::new();
        let mut row = Row::open(&mut out, self.veils.get(kind).unwrap_or(&none));
        write(&mut row)?;
        row.close()?;
        Ok(serde_json::from_slice(&out)?)
    }
}

/// A UUID that tells a number.
fn uuid(kind: u64, number: u64) -> String {
    format!("{kind:08x}-0000-4000-9000-{number:012x}")
}

/// The number of a UUID.
fn number_of(uuid: &str) -> Option<u64> {
    u64::from_str_radix(uuid.rsplit('-').next()?, 16).ok()
}

/// Days are instants here, of which only the date matters.
fn midnight(date: impl std::fmt::Display) -> String {
    format!("{date}T00:00:00Z")
}

/// The members that every row has.
fn write_common(row: &mut Row, remote_id: impl serde::Serialize, changed_on: Date) {
    row.put("remote_id", remote_id);
    row.put("created_at", midnight(changed_on))
        .put("modified_at", midnight(changed_on));
    row.put("remote_was_deleted", false).put_nulls(&["remote_data"]);
}
