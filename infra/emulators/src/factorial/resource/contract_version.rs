//! `contracts/contract_versions`, and `contracts/reference_contracts`: of each person the version that applies today,
//! else the nearest upcoming one, else the latest past one.

use super::{Query, Refusal, Resource, Row, Stamp, Version, View, catalog, contract, currency, lower};
use crate::company::contract::{SLOTS, Version as Terms};
use crate::person::{CANARY, Person};

/// Ids from here on: four per person.
const FIRST: u64 = 10_000_000;

/// Members that this emulator leaves empty.
const EMPTY: [&str; 23] = [
    "trial_period_ends_on",
    "max_legal_yearly_hours",
    "maximum_weekly_hours",
    "annual_working_time_distribution",
    "min_rest_minutes_between_days",
    "max_work_minutes_per_day",
    "max_work_days_in_row",
    "min_rest_hours_in_row",
    "es_cotization_group",
    "contracts_es_tariff_group_id",
    "es_job_description",
    "es_working_day_type_id",
    "es_education_level_id",
    "es_professional_category_id",
    "fr_employee_type",
    "fr_jours_par_an",
    "fr_coefficient",
    "fr_level_id",
    "fr_step_id",
    "fr_mutual_id",
    "fr_professional_category_id",
    "fr_work_type_id",
    "de_base_salary_type_id",
];

/// The id of one version of a person's contract.
pub(super) fn id_of(person: &Person, terms: &Terms) -> u64 {
    FIRST + u64::from(person.number) * SLOTS + terms.slot
}

fn write(view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
    let position = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
    let person = view.numbered(position / SLOTS).ok_or(Refusal::NotFound)?;
    let mut versions = view.company.versions(person).into_iter();
    let terms = versions
        .find(|terms| terms.slot == position % SLOTS)
        .ok_or(Refusal::NotFound)?;
    let (starts_on, ends_on) = terms.spell;
    let entity = view.company.entity_of(person);
    let country = entity.map_or("", |entity| entity.place.country);
    let is_in = |asked: &str| country == asked;
    let is_newest = view.context >= Version::Y2026M10;
    row.put("id", view.id(id)).put("company_id", view.company_id());
    row.put("employee_id", view.id(person.id));
    row.put_some(
        "contracts_contract_id",
        is_newest.then(|| view.id(contract::id_of(person, starts_on))),
    );
    row.put("country", lower(country))
        .put("effective_on", terms.effective_on);
    row.put("starts_on", starts_on).put("ends_on", ends_on);
    let has_title = terms.job_title.is_some();
    row.put("job_title", terms.job_title);
    let level = catalog::level_of(person);
    row.put_some(
        "job_catalog_level_id",
        (view.context != Version::Y2026M04).then(|| view.id(level)),
    );
    row.put("job_catalog_tree_node_uuid", has_title.then(|| catalog::uuid(level)));
    row.put("has_payroll", true).put("has_trial_period", false);
    row.put("salary_amount", terms.pay_cents);
    if is_newest {
        row.put_some("salary_currency", currency(view.company, person));
    }
    row.put("salary_frequency", person.pay_period());
    row.put("working_week_days", "monday,tuesday,wednesday,thursday,friday");
    row.put("working_hours", 40 * person.working_time() / 10_000);
    row.put("working_hours_frequency", "week");
    row.put("working_time_percentage_in_cents", person.working_time());
    row.put("bank_holiday_treatment", "non_workable")
        .put("fr_forfait_jours", false);
    // `version_data` (from 2026-07-01 on) is an object or not there: the vendor's own client takes no null for it.
    row.put("es_has_teleworking_contract", is_in("ES").then_some(false));
    row.put(
        "es_contract_observations",
        is_in("ES").then(|| format!("{CANARY} remark")),
    );
    for (name, own, kinds) in [
        ("es_contract_type_id", "ES", catalog::ContractTypes::Spanish),
        ("fr_contract_type_id", "FR", catalog::ContractTypes::French),
        ("de_contract_type_id", "DE", catalog::ContractTypes::German),
        ("pt_contract_type_id", "PT", catalog::ContractTypes::Portuguese),
    ] {
        row.put(name, is_in(own).then(|| view.id(kinds.id_of(person))));
    }
    row.put_nulls(&EMPTY);
    row.put("created_at", Stamp(terms.effective_on.min(view.company.founded_on)));
    row.put("updated_at", Stamp(person.changed_on));
    Ok(())
}

/// Returns the people asked for by employee and by place in the job catalogue.
fn people<'a>(view: &View<'a>, query: &Query) -> Vec<&'a Person> {
    let mut people = view.people(query, "employee_ids[]");
    if let Some(uuids) = query.many("job_catalog_tree_node_uuids[]") {
        people.retain(|person| uuids.contains(&catalog::uuid(catalog::level_of(person)).as_str()));
    }
    people
}

pub(super) struct ContractVersions;

impl Resource<Version> for ContractVersions {
    fn path(&self) -> &'static str {
        "contracts/contract_versions"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut people = people(view, query);
        if let Some(since) = query.date("updated_at_gteq")? {
            people.retain(|person| person.changed_on >= since);
        }
        if let Some(until) = query.date("updated_at_lteq")? {
            people.retain(|person| person.changed_on <= until);
        }
        let on = query.date("date")?;
        let mut ids = Vec::new();
        for person in people {
            let versions = view.company.versions(person).into_iter();
            let effective = versions.filter(|terms| on.is_none_or(|on| terms.effective_on <= on));
            ids.extend(effective.map(|terms| id_of(person, &terms)));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        write(view, id, row)
    }
}

pub(super) struct ReferenceContracts;

impl Resource<Version> for ReferenceContracts {
    fn path(&self) -> &'static str {
        "contracts/reference_contracts"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let current = |person: &&Person| view.company.current_version(person).map(|terms| id_of(person, &terms));
        Ok(people(view, query).iter().filter_map(current).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        write(view, id, row)
    }
}
