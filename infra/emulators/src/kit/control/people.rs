//! The people of a company, as the controls see and change them.

use super::super::stage::Stage;
use super::unprocessable;
use crate::company::edit::Refused;
use crate::company::truth::{Everybody, Truth};
use crate::company::{Company, Records};
use crate::server::reply::Reply;
use serde::Serialize;
use serde_json::{Map, Value};

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

fn not_found() -> Reply {
    Reply::json(404, br#"{"title":"Nobody has this id","status":404}"#.to_vec())
}

fn refused(refused: &Refused) -> Reply {
    unprocessable(&refused.member, format!("expected {}", refused.expected))
}

/// Returns the position of the asked company, the first where none is asked for.
fn find(companies: &[Company], asked: Option<u64>) -> Option<usize> {
    asked.map_or(Some(0), |id| companies.iter().position(|company| company.id == id))
}

/// Returns all people in canonical attributes.
pub(super) fn list(stage: &Stage, asked: Option<u64>) -> Reply {
    let companies = stage.companies();
    match find(&companies, asked).and_then(|position| companies.get(position)) {
        Some(company) => Reply::of(
            200,
            &Data {
                data: Everybody(company),
            },
        ),
        None => not_found(),
    }
}

/// Adds a person with the given attributes. Returns the person.
pub(super) fn create(stage: &Stage, asked: Option<u64>, members: &Map<String, Value>) -> Result<Reply, Reply> {
    let mut companies = stage.companies_mut();
    let position = find(&companies, asked).ok_or_else(not_found)?;
    let company = companies.get_mut(position).ok_or_else(not_found)?;
    let id = company.hire(members).map_err(|error| refused(&error))?;
    Ok(show(201, company, id))
}

/// Changes the given attributes of a person. Returns the person.
pub(super) fn change(
    stage: &Stage,
    asked: Option<u64>,
    id: &str,
    members: &Map<String, Value>,
) -> Result<Reply, Reply> {
    let id = id.parse().map_err(|_| not_found())?;
    let mut companies = stage.companies_mut();
    let position = find(&companies, asked).ok_or_else(not_found)?;
    let company = companies.get_mut(position).ok_or_else(not_found)?;
    if company.change(id, members).map_err(|error| refused(&error))? {
        Ok(show(200, company, id))
    } else {
        Err(not_found())
    }
}

/// A person who left works here again.
pub(super) fn rehire(
    stage: &Stage,
    asked: Option<u64>,
    id: &str,
    members: &Map<String, Value>,
) -> Result<Reply, Reply> {
    let id = id.parse().map_err(|_| not_found())?;
    let mut companies = stage.companies_mut();
    let position = find(&companies, asked).ok_or_else(not_found)?;
    let company = companies.get_mut(position).ok_or_else(not_found)?;
    let rehired = company.rehire(id, members).map_err(|error| refused(&error))?;
    let rehired = rehired.ok_or_else(not_found)?;
    Ok(show(if rehired == id { 200 } else { 201 }, company, rehired))
}

/// Everybody's record beyond attributes.
pub(super) fn list_records(stage: &Stage, asked: Option<u64>) -> Reply {
    let companies = stage.companies();
    match find(&companies, asked).and_then(|position| companies.get(position)) {
        Some(company) => Reply::of(200, &Data { data: Records(company) }),
        None => not_found(),
    }
}

fn show(status: u16, company: &Company, id: u64) -> Reply {
    company
        .find_person(id)
        .map_or_else(not_found, |person| Reply::of(status, &Truth { company, person }))
}

/// Lets a day pass in every company. The answer is about the asked one.
pub(super) fn pass_day(stage: &Stage, asked: Option<u64>, members: &Map<String, Value>) -> Result<Reply, Reply> {
    let known = |name: &&String| !["churn", "notice"].contains(&name.as_str());
    if let Some(stranger) = members.keys().find(known) {
        return Err(unprocessable(stranger, "expected churn, notice and nothing else"));
    }
    let flag = |name: &str, unsaid: bool| match members.get(name) {
        None => Ok(unsaid),
        Some(Value::Bool(said)) => Ok(*said),
        Some(_) => Err(unprocessable(name, "expected true or false")),
    };
    let (churn, notice) = (flag("churn", true)?, flag("notice", false)?);
    let mut companies = stage.companies_mut();
    let position = find(&companies, asked).ok_or_else(not_found)?;
    let days: Vec<_> = companies
        .iter_mut()
        .map(|company| company.pass_day(churn, notice))
        .collect();
    stage.clock.pass_day();
    days.get(position).map(|day| Reply::of(200, day)).ok_or_else(not_found)
}
