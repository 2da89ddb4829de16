//! A user of the older API. Dates are midnights without a zone; a custom field is an object with its value.

use super::{
    super::wire::User,
    custom,
    pay::{self, Item},
    person::Person,
    reference::{References, Workplace, find},
};
use crate::connector::{Joined, Text};

/// Puts one person together.
pub(super) fn person<'r>(
    row: &'r User<'_>,
    pay: Option<&'r Joined<Item<'_>>>,
    references: &'r References,
    today: &str,
) -> Person<'r> {
    let place = row.legal_entity.text("id");
    let at = |member: fn(&Workplace) -> &Text<'static>| find(references.workplaces.as_ref(), &place, member);
    let pay = pay::applicable(pay, row.id.value(), &place, today);
    let held = row.extended_data.members();
    let custom = references.fields.iter().map(|field| match held.get(&field.kind.id) {
        Some(value) => custom::by_choice(&field.kind, value.member("value")),
        None if row.extended_data.is_object() => Text::Null,
        None => Text::Absent,
    });
    Person {
        address: row.address.lend(),
        birth_date: row.birth_date.lend(),
        custom: custom.collect(),
        department: row.department.text("name"),
        display_name: row.name.lend(),
        employer: at(|place| &place.employer),
        ends_on: row.contract_end.lend(),
        first_name: row.first_name.lend(),
        job_title: row.job_title.lend(),
        last_name: row.last_name.lend(),
        manager: row.manager.text("id"),
        mobile_phone: row.professional_mobile.lend(),
        number: row.number.lend(),
        pay_currency: pay.currency,
        pay_rate: pay.rate,
        personal_email: row.personal_email.lend(),
        starts_on: row.contract_start.lend(),
        status: Text::Absent,
        time_zone: at(|place| &place.time_zone),
        work_city: at(|place| &place.city),
        work_email: row.mail.lend(),
        work_location: row.legal_entity.text("name"),
    }
}
