//! Readers that several routes share: changes of a plan page by page, the names of people, the last plan.

use std::collections::BTreeMap;

use super::{
    context::Context,
    cursor,
    page::Page,
    problem::Problem,
    view::{
        Listed,
        plan::{ChangeView, KINDS, MOST_LABEL, kind},
    },
};
use crate::{
    connection::Connection,
    employee::{Canonical, EmployeeId, View, fold},
    plan::{Change, Finding, Lines, State},
    store::{PlanRecord, RosterId, RunKind, RunRecord},
};

/// How many of a connection's last runs are looked at for its last plan.
const LOOKED_AT: u32 = 50;

/// What people are called, by employee id, as far as their values are kept.
pub(super) type Labels = BTreeMap<String, String>;

/// Returns the name that people call an employee by.
fn label_of(attributes: View<'_>) -> Option<String> {
    if let Some(name) = attributes.value(Canonical::DisplayName) {
        return Some(shortened(name));
    }
    let first = attributes
        .value(Canonical::KnownAs)
        .or_else(|| attributes.value(Canonical::FirstName));
    let parts: Vec<_> = [first, attributes.value(Canonical::LastName)]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| shortened(&parts.join(" ")))
}

/// A name at a length at which people are called by it.
fn shortened(name: &str) -> String {
    name.chars().take(MOST_LABEL).collect()
}

/// The names of the people of a roster; of one that has ended, nobody's.
pub(super) async fn load_labels(
    context: &Context<'_>,
    connection: &Connection,
    roster: &RosterId,
) -> Result<Labels, Problem> {
    let found = context
        .ports()
        .store
        .find_roster(&connection.id, roster, context.now())
        .await?;
    let mut labels = Labels::new();
    if let Some(roster) = found {
        roster.each(|row| {
            if let Some(label) = label_of(row.attributes) {
                labels.insert(row.id.to_owned(), label);
            }
        })?;
    }
    Ok(labels)
}

/// The changes that a caller wants to see, by kind and by a text.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    kinds: Vec<&'static str>,
    text: Option<String>,
}

impl Wanted {
    /// What the query asks for.
    pub(super) fn of(context: &Context<'_>) -> Self {
        let kinds = context.text("kind").unwrap_or_default();
        Self {
            kinds: KINDS
                .into_iter()
                .filter(|word| kinds.split(',').any(|kind| kind == *word))
                .collect(),
            text: context.text("q").map(fold),
        }
    }

    fn has(&self, change: &Change) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind(change.class()))
    }

    fn finds(&self, view: &ChangeView) -> bool {
        self.text.as_ref().is_none_or(|text| {
            let own = [Some(&view.label), Some(&view.employee_id), view.account_id.as_ref()];
            let values = view
                .attributes
                .iter()
                .flat_map(|edit| [edit.before.as_ref(), edit.after.as_ref()]);
            own.into_iter()
                .chain(values)
                .flatten()
                .any(|value| fold(value).contains(text.as_str()))
        })
    }
}

/// A page of a plan's changes, with where the next begins.
pub(super) async fn list_changes(
    context: &Context<'_>,
    record: &PlanRecord,
    connection: &Connection,
    wanted: &Wanted,
    mut page: Page<ChangeView>,
    weigh: impl Fn(&ChangeView) -> usize,
) -> Result<Listed<ChangeView>, Problem> {
    let (mut chunk, mut line) = match context.cursor()? {
        None => (0, 0),
        Some(place) => read_place(&place)?,
    };
    let labels = load_labels(context, connection, &record.roster).await?;
    let mask = context.mask(std::slice::from_ref(connection)).await?;
    let warnings = load_warnings(context, record).await?;
    while let Some(lines) = context.ports().store.find_lines(record, chunk).await? {
        for change in Lines::read_chunk(&lines)?.iter().skip(line) {
            let id = change.employee_id.as_str();
            let warned = || warnings.get(id).cloned().unwrap_or_default();
            let view = || ChangeView::new(change, labels.get(id).map(String::as_str), warned()).masked(&mask);
            let found = wanted.has(change).then(view).filter(|view| wanted.finds(view));
            if let Some(view) = found {
                let bytes = weigh(&view);
                if !page.add_weighing(view, bytes) {
                    return Ok(page.finish(Some(&format!("{chunk}.{line}"))));
                }
            }
            line += 1;
        }
        (chunk, line) = (chunk + 1, 0);
    }
    Ok(page.finish(None))
}

/// A place in a plan: a chunk, and how many of its lines were shown.
pub(super) fn read_place(place: &str) -> Result<(u32, usize), Problem> {
    let parts = place.split_once('.').ok_or_else(cursor::invalid)?;
    match (parts.0.parse(), parts.1.parse()) {
        (Ok(chunk), Ok(line)) => Ok((chunk, line)),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => Err(cursor::invalid()),
    }
}

/// What there is to know about people who are changed all the same, as words.
async fn load_warnings(context: &Context<'_>, record: &PlanRecord) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let mut warnings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    each_finding(context, record, |finding| {
        if finding.state == State::Todo
            && let Some(id) = &finding.employee_id
        {
            let code = super::view::word(&finding.code);
            warnings.entry(id.as_str().to_owned()).or_default().push(code);
        }
    })
    .await?;
    Ok(warnings)
}

/// Visits what a plan does not do, chunk by chunk: all of it may be more than a function has room for (R47).
pub(super) async fn each_finding(
    context: &Context<'_>,
    record: &PlanRecord,
    mut visit: impl FnMut(Finding),
) -> Result<(), Problem> {
    let mut chunk = 0;
    while let Some(findings) = context.ports().store.find_findings(record, chunk).await? {
        findings.into_iter().for_each(&mut visit);
        chunk += 1;
    }
    Ok(())
}

/// The change of one person in a plan.
pub(super) async fn find_change(
    context: &Context<'_>,
    record: &PlanRecord,
    employee_id: &EmployeeId,
) -> Result<Option<Change>, Problem> {
    for chunk in 0..record.chunks {
        let lines = context.ports().store.find_lines(record, chunk).await?;
        let changes = Lines::read_chunk(&lines.unwrap_or_default())?;
        let found = changes.into_iter().find(|change| change.employee_id == *employee_id);
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The plan of a connection's last diff that made one.
pub(super) async fn find_last_plan(
    context: &Context<'_>,
    connection: &Connection,
) -> Result<Option<PlanRecord>, Problem> {
    let store = &context.ports().store;
    let runs = store.list_runs(&connection.id, None, LOOKED_AT).await?;
    let made = |run: &&RunRecord| run.kind == RunKind::Diff && run.plan.is_some();
    let Some(plan) = runs.iter().find(made).and_then(|run| run.plan.as_ref()) else {
        return Ok(None);
    };
    Ok(store.find_plan(plan, context.now()).await?)
}
