//! `api_public/credentials`: who the caller is, and of which company.

use super::{Refusal, Row, View};
use crate::kit::caller::{Caller, Means};

/// The path of the list with its one row.
pub(in super::super) const PATH: &str = "api_public/credentials";

/// Writes the row of the caller's credential.
pub(in super::super) fn write(view: &View, caller: &Caller, row: &mut Row) -> Result<(), Refusal> {
    let company = view.company;
    if let Some(user) = &caller.user {
        let id = user.employee_id;
        let person = company.find_person(id).ok_or(Refusal::NotFound)?;
        let email = person.work_email(&company.domain);
        row.put("id", format!("access-{id}"))
            .put("company_id", view.company_id());
        row.put("employee_id", view.id(id));
        row.put("email", &email).put("login_email", &email);
        row.put("full_name", person.full_name());
        row.put("first_name", person.first_name())
            .put("last_name", person.last_name());
        row.put("role", &user.group.name);
        return Ok(());
    }
    let kind = if caller.means == Means::CompanyToken {
        "company"
    } else {
        "api_key"
    };
    let name = view.company_name();
    row.put("id", format!("{kind}-{}", company.id))
        .put("company_id", view.company_id());
    row.put("name", &name).put("legal_name", &name);
    row.put("locale", "en").put("onboarded_on", company.founded_on);
    row.put("subscription_plan", "business")
        .put("tos", true)
        .put("gdpr_tos", true);
    row.put_nulls(&["employee_id", "logo", "tin", "to_be_deleted"]);
    Ok(())
}
