//! People: who needs a person's decision, what was decided about them, how one of them is explained.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Route, handler};
use crate::{
    account::AccountId,
    api::{
        context::Context,
        form::{Form, ONE_LINE},
        page::Page,
        problem::{Code, Problem},
        reader::{Labels, each_finding, find_change, find_last_plan, load_labels, read_place},
        request::Method,
        response::Response,
        route::{DECIDING, Function, PAGES, Parameter},
        view::{
            Listed,
            mask::Mask,
            person::{AttributeView, DecisionView, ExplanationView, FindingView, LinkView, STATES, ScopeView, state},
            plan::ChangeView,
        },
    },
    connection::{Configuration, Connection, Decision, TargetChoice},
    employee::{Attribute, Canonical, Employee, EmployeeId, Field},
    mapping::{Mapped, Mapper},
    plan::{Finding, Status},
    run::{self, DecideRefused},
    store::{CurrentRoster, HistoryEntry},
};

/// A decision about one person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decide {
    /// What is to be done.
    decision: Word,
    /// The account that is theirs, for `link`.
    #[schemars(length(min = 1, max = 128))]
    account_id: Option<String>,
    /// Why.
    #[schemars(length(min = 1, max = 500), regex(pattern = ONE_LINE))]
    reason: String,
}

/// What can be decided.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Word {
    /// The account is theirs.
    Link,
    /// They left.
    Left,
    /// Their account stays as it is.
    Keep,
    /// They get a new account.
    NewAccount,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/connections/{id}/people",
            "list_people",
            "Whom the last plan leaves out, and why.",
            handler!(list),
        )
        .query(&[Parameter::new(
            "state",
            Form::Words(&STATES),
            "Only people in these states.",
        )])
        .query(&PAGES)
        .answers::<Listed<FindingView>>(200, "A page of people."),
        Route::new(
            Function::Console,
            Method::Put,
            "/v1/connections/{id}/decisions/{employee_id}",
            "decide",
            "Decides about a person whom the rules leave to people. The next plan heeds it.",
            handler!(decide),
        )
        .roles(DECIDING)
        .by_person()
        .body::<Decide>()
        .answers::<DecisionView>(200, "It is recorded.")
        .refuses(&[Code::Conflict]),
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/connections/{id}/employees/{employee_id}",
            "explain_employee",
            "Explains a person: in scope or not, linked to whom and why, what the next run does.",
            handler!(explain),
        )
        .answers::<ExplanationView>(200, "What is known."),
    ]
}

async fn list(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let (mut chunk, mut line) = match context.cursor()? {
        None => (0, 0),
        Some(place) => read_place(&place)?,
    };
    let Some(plan) = find_last_plan(context, &connection).await? else {
        return Ok(Response::json(200, &Listed::<FindingView>::whole(Vec::new())));
    };
    let states: Vec<&str> = context
        .text("state")
        .map(|states| states.split(',').collect())
        .unwrap_or_default();
    let is_wanted = |finding: &Finding| states.is_empty() || states.contains(&state(finding.state));
    let labels = load_labels(context, &connection, &plan.roster).await?;
    let mut page = Page::asked_for(context);
    while let Some(findings) = context.ports().store.find_findings(&plan, chunk).await? {
        for finding in findings.iter().skip(line) {
            if is_wanted(finding) && !page.add(named(finding, &labels)) {
                return Ok(Response::json(200, &page.finish(Some(&format!("{chunk}.{line}")))));
            }
            line += 1;
        }
        (chunk, line) = (chunk + 1, 0);
    }
    Ok(Response::json(200, &page.finish(None)))
}

fn named(finding: &Finding, labels: &Labels) -> FindingView {
    let label = finding
        .employee_id
        .as_ref()
        .and_then(|id| labels.get(id.as_str()).cloned());
    FindingView::new(finding, label)
}

async fn decide(context: &Context<'_>) -> Result<Response, Problem> {
    let decide: Decide = context.json()?;
    let decision = match (decide.decision, &decide.account_id) {
        (Word::Link, Some(id)) => Decision::Link {
            account_id: AccountId::parse(id)
                .map_err(|_| Problem::invalid("/account_id", "the target's id of an account"))?,
        },
        (Word::Link, None) => return Err(Problem::invalid("/account_id", "the account that is theirs")),
        (Word::Left | Word::Keep | Word::NewAccount, Some(_)) => {
            return Err(Problem::invalid(
                "/account_id",
                "no account, unless the decision is `link`",
            ));
        }
        (Word::Left, None) => Decision::Left,
        (Word::Keep, None) => Decision::Keep,
        (Word::NewAccount, None) => Decision::NewAccount,
    };
    let connection = context.connection().await?.record;
    let employee_id: EmployeeId = context.id("employee_id", "employee")?;
    let actor = context.actor();
    let record = run::decide(
        context.ports(),
        &actor,
        &connection,
        employee_id,
        decision,
        decide.reason,
    )
    .await
    .map_err(|refused| match refused {
        DecideRefused::Erased => Problem::new(Code::Conflict, refused.to_string()),
        DecideRefused::Internal(error) => error.into(),
    })?;
    Ok(Response::json(200, &DecisionView::from(&record)))
}

async fn explain(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let id: EmployeeId = context.id("employee_id", "employee")?;
    let store = &context.ports().store;
    let state = store.load_state(&connection.id).await?;
    let link = store.find_link(&connection.id, &id).await?;
    let decisions = store.list_decisions(&connection.id).await?;
    let decision = decisions.iter().find(|decision| decision.employee_id == id);
    let employee = match &state.roster {
        Some(current) => find_employee(context, &connection, current, &id).await?,
        None => None,
    };
    let plan = find_last_plan(context, &connection).await?;
    let (mut change, mut findings, mut labels) = (None, Vec::new(), Labels::new());
    if let Some(plan) = &plan {
        if plan.status.is_open() || plan.status == Status::Applying {
            change = find_change(context, plan, &id).await?;
        }
        each_finding(context, plan, |finding| {
            if finding.employee_id.as_ref() == Some(&id) {
                findings.push(finding);
            }
        })
        .await?;
        labels = load_labels(context, &connection, &plan.roster).await?;
    }
    if employee.is_none() && link.is_none() && decision.is_none() && findings.is_empty() {
        return Err(Problem::not_found("employee"));
    }
    let version = connection.configuration_version;
    let configuration = store.find_configuration(&connection.id, version).await?;
    let mapped = match (&employee, &configuration) {
        (Some(employee), Some(configuration)) => map(configuration, employee, context.now()),
        (Some(_) | None, Some(_) | None) => None,
    };
    let history = match &link {
        Some(link) if connection.target == TargetChoice::Directory => {
            let directory = context.directory;
            let listed = directory.list_history(&connection.tenant, &link.account_id, context.now(), None, 200);
            listed.await?.into_iter().map(|entry| entry.record).collect()
        }
        Some(_) | None => Vec::new(),
    };
    let label = labels.get(id.as_str()).map(String::as_str);
    let mask = context.mask(std::slice::from_ref(&connection)).await?;
    let view = ExplanationView {
        employee_id: id.as_str().to_owned(),
        in_hr: employee.is_some(),
        seen_at: state.complete_at,
        scope: mapped.as_ref().map(scope),
        link: link.as_ref().map(LinkView::from),
        attributes: match (&mapped, &configuration) {
            (Some(mapped), Some(configuration)) => attributes(mapped, configuration, &history, &mask),
            (Some(_) | None, Some(_) | None) => Vec::new(),
        },
        decision: decision.map(DecisionView::from),
        next: change.map(|change| ChangeView::new(&change, label, Vec::new()).masked(&mask)),
        findings: findings.iter().map(|finding| named(finding, &labels)).collect(),
    };
    Ok(Response::json(200, &view))
}

async fn find_employee(
    context: &Context<'_>,
    connection: &Connection,
    current: &CurrentRoster,
    id: &EmployeeId,
) -> Result<Option<Employee>, Problem> {
    let roster = context
        .ports()
        .store
        .find_roster(&connection.id, &current.id, context.now())
        .await?;
    let mut found = None;
    if let Some(roster) = roster {
        roster.each(|row| {
            if row.id == id.as_str() {
                found = Some(row.to_employee());
            }
        })?;
    }
    Ok(found.transpose()?)
}

fn map(configuration: &Configuration, employee: &Employee, now: Timestamp) -> Option<Mapped> {
    let mut mapper = Mapper::new(configuration).ok()?;
    Some(mapper.map_employee(employee, now))
}

fn scope(mapped: &Mapped) -> ScopeView {
    let names = |names: &[Canonical]| names.iter().map(|name| name.name().to_owned()).collect();
    match mapped {
        Mapped::Desired(_) => ScopeView {
            state: "in_scope",
            condition: None,
            fields: Vec::new(),
        },
        Mapped::Filtered { condition, field } => ScopeView {
            state: "filtered",
            condition: Some(*condition),
            fields: vec![field.name().into_owned()],
        },
        Mapped::Skipped { missing } => ScopeView {
            state: "skipped",
            condition: None,
            fields: names(missing),
        },
        Mapped::Unreadable { invalid, .. } => ScopeView {
            state: "unreadable",
            condition: None,
            fields: names(invalid),
        },
        Mapped::Unjudged { field } => ScopeView {
            state: "unjudged",
            condition: None,
            fields: vec![field.name().into_owned()],
        },
    }
}

/// Returns each managed attribute with what HR wants there and when it was changed last.
fn attributes(
    mapped: &Mapped,
    configuration: &Configuration,
    history: &[HistoryEntry],
    mask: &Mask,
) -> Vec<AttributeView> {
    let (Mapped::Desired(desired) | Mapped::Unreadable { desired, .. }) = mapped else {
        return Vec::new();
    };
    let view = |attribute: Attribute| {
        let warning = desired
            .warnings
            .iter()
            .find(|warning| *warning.attribute() == attribute);
        let is_manager = attribute == Attribute::Canonical(Canonical::Manager);
        let (value, rule) = if is_manager {
            match &desired.manager {
                Field::Value(id) => (Some(format!("employee {id}")), "managed"),
                Field::Empty => (None, "cleared"),
                Field::Unseen => (None, "not_managed"),
            }
        } else {
            match desired.attributes.field(attribute.clone()) {
                Field::Value(value) => (Some(value.to_owned()), "managed"),
                Field::Empty => (None, "cleared"),
                Field::Unseen => (None, warning.map_or("not_managed", |warning| warning.code())),
            }
        };
        let changed = |entry: &&HistoryEntry| entry.changes.iter().any(|change| change.attribute == attribute);
        // What an account was made with is not listed change by change.
        let made = || history.iter().find(|entry| entry.action == "created");
        let last = history.iter().find(changed).or_else(made);
        AttributeView {
            name: attribute.name().into_owned(),
            value: value.filter(|_| !mask.hides(&attribute)),
            hidden: mask.hides(&attribute),
            rule,
            changed_at: last.map(|entry| entry.at),
            changed_by: last.map(|entry| entry.origin.clone()),
        }
    };
    configuration.managed().into_iter().map(view).collect()
}
