//! `collaborators`: what stands in a person's own row.

use super::{Contract, View, with_progress};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::{Row, add};
use crate::person::{CANARY, Person};
use serde_json::{Value, json};

/// People.
pub(super) struct Collaborators;

impl Resource<()> for Collaborators {
    fn path(&self) -> &'static str {
        "collaborators"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let company = view.company;
        let with_progress = with_progress(query)?;
        let wanted = query.one("email");
        let fits = |person: &&Person| {
            let contracts = Contract::all(person);
            let mut listed = contracts.iter();
            let shown = view.shown(person);
            let email = shown.work_email(&company.domain);
            (contracts.is_empty() || listed.any(|one| one.is_shown(person, company.today, with_progress)))
                && wanted.is_none_or(|wanted| !contracts.is_empty() && email.as_deref() == Some(wanted))
        };
        Ok(view.everybody().filter(fits).map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let company = view.company;
        let person = company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        let (own, personal) = (shown.work_email(&company.domain), shown.personal_email());
        let phone = shown.mobile_phone();
        let team = person.team.and_then(|team| company.team(team));
        row.put("id", id.to_string());
        row.put("matricule", shown.employee_number());
        row.put("firstName", shown.first_name())
            .put("lastName", shown.last_name());
        row.put("birthName", shown.last_name()).put_nulls(&["secondLastName"]);
        row.put("birthDate", shown.birth_date());
        row.put("countryOfBirth", format!("{CANARY} country"));
        row.put("nationality", format!("{CANARY} nationality"));
        let gender = shown
            .gender()
            .map(|gender| if gender == "female" { "woman" } else { "man" });
        row.put("gender", gender);
        row.put("socialSecurityNumber", shown.social_security_number());
        row.put("iban", shown.bank_number()).put("bic", format!("{CANARY}FRPP"));
        row.put("managerId", person.manager.map(|manager| manager.to_string()));
        row.put("teamName", team.map(|team| team.name.as_str()));
        row.put("terminationDate", person.ends_on);
        let emails = [
            typed(row, "emails.professional", "professional", "email", own.as_deref())?,
            typed(row, "emails.personal", "personal", "email", personal.as_deref())?,
        ];
        row.put("emails", entries(emails));
        let is_own = person.number.is_multiple_of(3);
        let (place, kind) = if is_own {
            ("phoneNumbers.personal", "personal")
        } else {
            ("phoneNumbers.professional", "professional")
        };
        let phones = [typed(row, place, kind, "phoneNumber", phone.as_deref())?];
        row.put("phoneNumbers", entries(phones));
        let members = [
            ("address", "addresses.address", shown.address_line_1()),
            ("postcode", "addresses.postcode", shown.zip_code()),
            ("city", "addresses.city", shown.city()),
            ("country", "addresses.country", shown.country()),
        ];
        let mut address = json!({"type": "personal"});
        for (name, place, value) in members {
            put(row, &mut address, (name, place), &json!(value))?;
        }
        row.put("addresses", [address]);
        let mut contracts = Vec::new();
        for one in Contract::all(person) {
            let mut contract = json!({"id": one.id(person)});
            put(
                row,
                &mut contract,
                ("startDate", "contracts.startDate"),
                &json!(one.starts_on),
            )?;
            put(
                row,
                &mut contract,
                ("endDate", "contracts.endDate"),
                &json!(one.ends_on),
            )?;
            let status = one.status(person, company.today);
            put(row, &mut contract, ("status", "contracts.status"), &json!(status))?;
            contracts.push(contract);
        }
        row.put("contracts", contracts);
        Ok(())
    }
}

/// Adds what is shown of a value inside of a member: under its name, of which a place knows.
fn put(row: &Row, object: &mut Value, (name, place): (&str, &str), value: &Value) -> Result<(), Refusal> {
    if let Some(shown) = row.show(place, value)? {
        add(object, name, shown);
    }
    Ok(())
}

/// An entry of a list of addresses: its type, and what it says; none where there is nothing, or nothing to be shown.
fn typed(row: &Row, place: &str, kind: &str, name: &str, value: Option<&str>) -> Result<Option<Value>, Refusal> {
    let Some(value) = value else {
        return Ok(None);
    };
    let shown = row.show(place, &json!(value))?;
    Ok(shown.map(|shown| {
        let mut entry = json!({"type": kind});
        add(&mut entry, name, shown);
        entry
    }))
}

fn entries<const N: usize>(all: [Option<Value>; N]) -> Vec<Value> {
    all.into_iter().flatten().collect()
}
