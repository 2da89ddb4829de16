//! `contracts/contract_versions`, and `contracts/reference_contracts`: of each person the version that applies today,
//! else the nearest upcoming one, else the latest past one.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::version::Version;
use super::super::view::View;
use super::super::wire::{Id, Stamp, lower};
use super::{Out, Resource, catalog, contract};
use crate::company::contract::{SLOTS, Version as Terms};
use crate::person::{CANARY, Person, Status};
use jiff::civil::Date;
use serde::Serialize;
use std::borrow::Cow;

/// Ids from here on: four per person.
const FIRST: u64 = 10_000_000;

/// The id of one version of a person's contract.
pub(super) fn id_of(person: &Person, terms: &Terms) -> u64 {
    FIRST + u64::from(person.number) * SLOTS + terms.slot
}

#[derive(Serialize)]
struct VersionRow<'a> {
    id: Id,
    company_id: Id,
    employee_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    contracts_contract_id: Option<Id>,
    country: Option<String>,
    effective_on: Date,
    starts_on: Date,
    ends_on: Option<Date>,
    job_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_catalog_level_id: Option<Id>,
    job_catalog_tree_node_uuid: String,
    has_payroll: bool,
    has_trial_period: bool,
    trial_period_ends_on: Option<Date>,
    salary_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    salary_currency: Option<Cow<'a, str>>,
    salary_frequency: Option<Cow<'a, str>>,
    working_week_days: &'static str,
    working_hours: i64,
    working_hours_frequency: &'static str,
    working_time_percentage_in_cents: i64,
    max_legal_yearly_hours: Option<i64>,
    maximum_weekly_hours: Option<i64>,
    annual_working_time_distribution: Option<&'static str>,
    bank_holiday_treatment: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_data: Option<()>,
    min_rest_minutes_between_days: Option<i64>,
    max_work_minutes_per_day: Option<i64>,
    max_work_days_in_row: Option<i64>,
    min_rest_hours_in_row: Option<i64>,
    es_has_teleworking_contract: Option<bool>,
    es_cotization_group: Option<i64>,
    contracts_es_tariff_group_id: Option<Id>,
    es_contract_observations: Option<String>,
    es_job_description: Option<String>,
    es_contract_type_id: Option<Id>,
    es_working_day_type_id: Option<Id>,
    es_education_level_id: Option<Id>,
    es_professional_category_id: Option<Id>,
    fr_employee_type: Option<&'static str>,
    fr_forfait_jours: bool,
    fr_jours_par_an: Option<i64>,
    fr_coefficient: Option<&'static str>,
    fr_contract_type_id: Option<Id>,
    fr_level_id: Option<Id>,
    fr_step_id: Option<Id>,
    fr_mutual_id: Option<Id>,
    fr_professional_category_id: Option<Id>,
    fr_work_type_id: Option<Id>,
    de_contract_type_id: Option<Id>,
    de_base_salary_type_id: Option<Id>,
    pt_contract_type_id: Option<Id>,
    created_at: Stamp,
    updated_at: Stamp,
}

fn row<'a>(view: &View<'a>, person: &'a Person, terms: Terms) -> VersionRow<'a> {
    let entity = view.company.entity_of(person);
    let country = entity.map_or("", |entity| entity.place.country);
    let kind = |asked: &str, kinds: catalog::ContractTypes| (country == asked).then(|| view.id(kinds.id_of(person)));
    let with_contract = view.version >= Version::Y2026M10;
    VersionRow {
        id: view.id(id_of(person, &terms)),
        company_id: view.company_id(),
        employee_id: view.id(person.id),
        contracts_contract_id: with_contract.then(|| view.id(contract::id_of(person))),
        country: Some(lower(country)),
        effective_on: terms.effective_on,
        starts_on: person.starts_on,
        ends_on: person.ends_on,
        job_title: terms.job_title,
        job_catalog_level_id: (view.version != Version::Y2026M04).then(|| view.id(catalog::level_of(person))),
        job_catalog_tree_node_uuid: catalog::uuid(catalog::level_of(person)),
        has_payroll: true,
        has_trial_period: false,
        trial_period_ends_on: None,
        salary_amount: terms.pay_cents,
        salary_currency: with_contract
            .then(|| person.text("pay_currency", || entity.map(|entity| entity.place.currency.into())))
            .flatten(),
        salary_frequency: person.pay_period(),
        working_week_days: "monday,tuesday,wednesday,thursday,friday",
        working_hours: 40 * person.working_time() / 10_000,
        working_hours_frequency: "week",
        working_time_percentage_in_cents: person.working_time(),
        max_legal_yearly_hours: None,
        maximum_weekly_hours: None,
        annual_working_time_distribution: None,
        bank_holiday_treatment: "non_workable",
        version_data: (view.version >= Version::Y2026M07).then_some(()),
        min_rest_minutes_between_days: None,
        max_work_minutes_per_day: None,
        max_work_days_in_row: None,
        min_rest_hours_in_row: None,
        es_has_teleworking_contract: (country == "ES").then_some(false),
        es_cotization_group: None,
        contracts_es_tariff_group_id: None,
        es_contract_observations: (country == "ES").then(|| format!("{CANARY} remark")),
        es_job_description: None,
        es_contract_type_id: kind("ES", catalog::ContractTypes::Spanish),
        es_working_day_type_id: None,
        es_education_level_id: None,
        es_professional_category_id: None,
        fr_employee_type: None,
        fr_forfait_jours: false,
        fr_jours_par_an: None,
        fr_coefficient: None,
        fr_contract_type_id: kind("FR", catalog::ContractTypes::French),
        fr_level_id: None,
        fr_step_id: None,
        fr_mutual_id: None,
        fr_professional_category_id: None,
        fr_work_type_id: None,
        de_contract_type_id: kind("DE", catalog::ContractTypes::German),
        de_base_salary_type_id: None,
        pt_contract_type_id: kind("PT", catalog::ContractTypes::Portuguese),
        created_at: Stamp(terms.effective_on.min(view.company.founded_on)),
        updated_at: Stamp(person.changed_on),
    }
}

fn write(view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
    let position = id.checked_sub(FIRST).ok_or(Refusal::NotFound)?;
    let person = view.numbered(position / SLOTS).ok_or(Refusal::NotFound)?;
    let terms = view
        .company
        .versions(person)
        .into_iter()
        .find(|terms| terms.slot == position % SLOTS);
    Ok(serde_json::to_writer(
        out,
        &row(view, person, terms.ok_or(Refusal::NotFound)?),
    )?)
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

impl Resource for ContractVersions {
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
        let effective = |terms: &Terms| on.is_none_or(|on| terms.effective_on <= on);
        let versions = people.iter().flat_map(|person| {
            view.company
                .versions(person)
                .into_iter()
                .filter(effective)
                .map(|terms| id_of(person, &terms))
        });
        Ok(versions.collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        write(view, id, out)
    }
}

pub(super) struct ReferenceContracts;

impl Resource for ReferenceContracts {
    fn path(&self) -> &'static str {
        "contracts/reference_contracts"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let current = |person: &&Person| view.company.current_version(person).map(|terms| id_of(person, &terms));
        Ok(people(view, query).iter().filter_map(current).collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        write(view, id, out)
    }
}

/// `expired`, `ongoing` or `upcoming`.
pub(super) const fn schedule(status: Status) -> &'static str {
    match status {
        Status::Upcoming => "upcoming",
        Status::Active => "ongoing",
        Status::Terminated => "expired",
    }
}
