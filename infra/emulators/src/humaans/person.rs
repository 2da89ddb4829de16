//! `people`: what stands in a person's own row.

use super::structure::{company_id, location_id};
use super::{View, names, stamp};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::{CANARY, Person, Status};
use serde_json::{Value, json};

/// The word for where a person stands.
const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Upcoming => "newHire",
        Status::Terminated => "offboarded",
    }
}

/// People.
pub(super) struct People;

impl Resource<()> for People {
    fn path(&self) -> &'static str {
        "people"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let company = view.company;
        let fits = |person: &&Person| {
            names(query, "id", Some(&person.id.to_string()))
                && names(query, "status", Some(status_name(person.status(company.today))))
                && names(
                    query,
                    "email",
                    view.shown(person).work_email(&company.domain).as_deref(),
                )
        };
        Ok(view.everybody().filter(fits).map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let company = view.company;
        let person = company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        let teams = [person.team, person.second_team].into_iter().flatten();
        let teams: Vec<Value> = teams
            .filter_map(|team| company.team(team))
            .map(|team| json!({"name": team.name}))
            .collect();
        let zone = company.location_of(person).map(|location| location.place.time_zone);
        let phone = shown.mobile_phone();
        row.put("id", id.to_string()).put("companyId", company_id(view));
        row.put("firstName", shown.first_name())
            .put("lastName", shown.last_name());
        row.put("preferredName", shown.known_as());
        row.put("email", shown.work_email(&company.domain))
            .put("isWorkEmailHidden", false);
        row.put("employeeId", shown.employee_number());
        row.put("phoneNumber", &phone).put("formattedPhoneNumber", &phone);
        row.put("locationId", location_id(person)).put("timezone", zone);
        row.put_nulls(&[
            "middleName",
            "remoteCity",
            "remoteRegionCode",
            "remoteCountryCode",
            "remoteTimezone",
        ]);
        row.put("teams", teams).put("role", "user");
        row.put("status", status_name(person.status(company.today)));
        let is_full = person.employment_type() == "full_time";
        row.put("contractType", if is_full { "Full time" } else { "Part time" });
        let days = ["mon", "tue", "wed", "thu", "fri"];
        row.put("workingDays", days.map(|day| json!({"day": day})));
        row.put("employmentStartDate", person.starts_on);
        // As in the vendor's example: filled on people who are there.
        row.put("firstWorkingDay", person.starts_on)
            .put("lastWorkingDay", person.starts_on);
        row.put("employmentEndDate", person.ends_on);
        row.put_nulls(&["probationEndDate", "leavingNote", "leavingFileId", "turnoverImpact"]);
        row.put("leavingReason", person.ends_on.map(|_| "Resigned"));
        row.put("birthday", shown.birth_date())
            .put("personalEmail", shown.personal_email());
        row.put_nulls(&["personalPhoneNumber", "formattedPersonalPhoneNumber"]);
        row.put("gender", shown.gender())
            .put("nationality", format!("{CANARY} nationality"));
        row.put("address", shown.address_line_1()).put("city", shown.city());
        row.put("postcode", shown.zip_code()).put_nulls(&["state"]);
        row.put("countryCode", shown.country()).put("country", shown.country());
        row.put("taxId", shown.social_security_number());
        row.put("dietaryPreference", format!("{CANARY} diet"));
        row.put("calendarFeedToken", format!("{CANARY}-feed-{id}"));
        row.put("createdAt", stamp(person.first_day().min(company.founded_on)));
        row.put("updatedAt", stamp(person.changed_on));
        Ok(())
    }
}
