//! `api_public/credentials`: who the caller is, and of which company.

use super::super::auth::{Caller, Means};
use super::super::refusal::Refusal;
use super::super::view::View;
use super::super::wire::Id;
use super::Out;
use crate::person::Person;
use serde::Serialize;

#[derive(Serialize)]
struct UserRow<'a> {
    id: String,
    company_id: Id,
    employee_id: Option<Id>,
    email: Option<&'a str>,
    login_email: Option<&'a str>,
    full_name: String,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    role: &'a str,
}

#[derive(Serialize)]
struct CompanyRow<'a> {
    id: String,
    company_id: Id,
    employee_id: Option<Id>,
    name: &'a str,
    legal_name: &'a str,
    locale: &'static str,
    logo: Option<&'a str>,
    onboarded_on: String,
    subscription_plan: &'static str,
    tin: Option<&'a str>,
    tos: bool,
    gdpr_tos: bool,
    to_be_deleted: Option<&'a str>,
}

/// The path of the list with its one row.
pub(in super::super) const PATH: &str = "api_public/credentials";

/// Writes the row of the caller's credential.
pub(in super::super) fn write(view: &View, caller: &Caller, out: &mut Out) -> Result<(), Refusal> {
    let company = view.company;
    let kind = match &caller.means {
        Means::Key => "api_key",
        Means::CompanyToken => "company",
        Means::UserToken { group, employee_id } => {
            let person: &Person = company.find_person(*employee_id).ok_or(Refusal::NotFound)?;
            let (email, first, last) = (
                person.work_email(&company.domain),
                person.first_name(),
                person.last_name(),
            );
            let row = UserRow {
                id: format!("access-{employee_id}"),
                company_id: view.company_id(),
                employee_id: Some(view.id(*employee_id)),
                email: email.as_deref(),
                login_email: email.as_deref(),
                full_name: person.full_name(),
                first_name: first.as_deref(),
                last_name: last.as_deref(),
                role: &group.name,
            };
            return Ok(serde_json::to_writer(out, &row)?);
        }
    };
    let name = view.company_name();
    let row = CompanyRow {
        id: format!("{kind}-{}", company.id),
        company_id: view.company_id(),
        employee_id: None,
        name: &name,
        legal_name: &name,
        locale: "en",
        logo: None,
        onboarded_on: company.founded_on.to_string(),
        subscription_plan: "business",
        tin: None,
        tos: true,
        gdpr_tos: true,
        to_be_deleted: None,
    };
    Ok(serde_json::to_writer(out, &row)?)
}
