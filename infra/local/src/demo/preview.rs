//! A plan as a person sees it before approving: counts, examples, what is not done and why, and what holds it.

use std::collections::BTreeMap;

use rollcall::{
    account::Account,
    employee::{Attributes, Canonical, EmployeeId},
    plan::{Action, Change, Class, Finding, LeaveBy, LeaverReason, Plan, Reference, State},
};

/// How many examples are shown.
const EXAMPLES: usize = 5;
/// How many characters of a value are shown.
const LONGEST: usize = 40;
/// How many characters of a name are shown.
const LONGEST_NAME: usize = 20;
/// How many characters of a job title are shown.
const LONGEST_TITLE: usize = 28;

/// Returns rows of counts: a word, a number, what it means.
pub(super) fn standing(plan: &Plan, findings: &[Finding]) -> Vec<Vec<String>> {
    let counts = plan.counts;
    let mut rows: Vec<Vec<String>> = [
        ("joiners", counts.joiners, "get an account"),
        ("movers", counts.movers, "change in their account"),
        ("leavers", counts.leavers, "have left: their accounts are deactivated"),
        ("rehires", counts.rehires, "come back to their account"),
        ("links", counts.links, "are tied to an account that was there"),
        ("unchanged", counts.unchanged, "need nothing"),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .map(|(word, count, meaning)| vec![word.to_owned(), count.to_string(), meaning.to_owned()])
    .collect();
    let mut reasons = BTreeMap::new();
    for finding in findings {
        *reasons.entry((finding.state, finding.code)).or_insert(0_u32) += 1;
    }
    rows.extend(
        reasons
            .into_iter()
            .map(|((state, code), count)| vec![word(state).to_owned(), count.to_string(), code.sentence().to_owned()]),
    );
    rows
}

const fn word(state: State) -> &'static str {
    match state {
        State::Conflict => "conflict",
        State::Filtered => "filtered",
        State::Skipped => "skipped",
        State::Todo => "to do",
        State::Unmanaged => "unmanaged",
        State::Waiting => "waiting",
    }
}

/// Names of people, by account and by employee.
#[derive(Debug, Default)]
pub(super) struct Names {
    accounts: BTreeMap<String, String>,
    employees: BTreeMap<String, String>,
}

impl Names {
    /// Returns the names of accounts, and of people who are about to get one.
    pub(super) fn new(accounts: &[Account], changes: &[Change]) -> Self {
        let mut names = Self::default();
        for account in accounts {
            names.accounts.insert(account.id.to_string(), name(&account.attributes));
        }
        for change in changes {
            if let Action::Create { attributes, .. } = &change.action {
                names.employees.insert(change.employee_id.to_string(), name(attributes));
            }
        }
        names
    }

    fn account(&self, id: &str) -> String {
        self.accounts.get(id).cloned().unwrap_or_default()
    }

    fn employee(&self, id: &EmployeeId) -> String {
        self.employees.get(id.as_str()).cloned().unwrap_or_default()
    }

    fn reference(&self, reference: Option<&Reference>) -> String {
        match reference {
            None => "-".to_owned(),
            Some(Reference::Account(id)) => self.account(id.as_str()),
            Some(Reference::Employee(id)) => self.employee(id),
        }
    }
}

fn name(attributes: &Attributes) -> String {
    let shown = attributes.value(Canonical::DisplayName).unwrap_or("-");
    cut(shown, LONGEST_NAME)
}

fn short(value: Option<&str>) -> String {
    cut(value.unwrap_or("-"), LONGEST)
}

fn cut(value: &str, longest: usize) -> String {
    if value.chars().count() <= longest {
        return value.to_owned();
    }
    let kept: String = value.chars().take(longest - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The header of [`newcomers`].
pub(super) const NEWCOMER: [&str; 4] = ["name", "e-mail", "job title", "manager"];

/// Returns examples of people who get an account, from all over the plan.
pub(super) fn newcomers(changes: &[Change], names: &Names) -> Vec<Vec<String>> {
    let creates: Vec<(&Attributes, Option<&Reference>)> = changes
        .iter()
        .filter_map(|change| match &change.action {
            Action::Create {
                attributes, manager, ..
            } => Some((attributes, manager.as_ref())),
            Action::Leave { .. }
            | Action::Link { .. }
            | Action::Reactivate { .. }
            | Action::Relink { .. }
            | Action::Update { .. } => None,
        })
        .collect();
    let step = creates.len().div_ceil(EXAMPLES).max(1);
    let examples = creates.iter().step_by(step);
    examples
        .map(|(attributes, manager)| {
            vec![
                name(attributes),
                short(attributes.value(Canonical::Email)),
                cut(attributes.value(Canonical::JobTitle).unwrap_or("-"), LONGEST_TITLE),
                names.reference(*manager),
            ]
        })
        .collect()
}

/// The header of [`examples`].
pub(super) const EXAMPLE: [&str; 4] = ["who", "what", "before", "after"];

/// Returns some changes of each class, attribute by attribute.
pub(super) fn examples(changes: &[Change], names: &Names) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for class in [Class::Joiner, Class::Mover, Class::Leaver, Class::Rehire, Class::Link] {
        let of_class = changes.iter().filter(|change| change.class() == class);
        for change in of_class.take(EXAMPLES - 2) {
            rows.extend(example(change, names));
        }
    }
    rows
}

fn example(change: &Change, names: &Names) -> Vec<Vec<String>> {
    let who = match change.account_id() {
        Some(id) => names.account(id.as_str()),
        None => names.employee(&change.employee_id),
    };
    let row = |what: &str, before: String, after: String| vec![who.clone(), what.to_owned(), before, after];
    let mut rows = Vec::new();
    match &change.action {
        Action::Create { attributes, .. } => {
            rows.push(row("joins", "-".to_owned(), short(attributes.value(Canonical::Email))));
        }
        Action::Leave { reason, by, .. } => {
            let after = match by {
                LeaveBy::Deactivate => format!("deactivated ({})", reason_word(*reason)),
                LeaveBy::Group { name, .. } => format!("moved to {name} ({})", reason_word(*reason)),
            };
            rows.push(row("leaves", "active".to_owned(), after));
        }
        Action::Reactivate { .. } | Action::Relink { .. } => {
            rows.push(row("comes back", "deactivated".to_owned(), "active".to_owned()));
        }
        Action::Link { reference, .. } => {
            rows.push(row("is linked", "-".to_owned(), "by identifier".to_owned()));
            let replaced = reference.iter();
            rows.extend(replaced.map(|edit| row("reference", edit.before.to_string(), edit.after.to_string())));
        }
        Action::Update { .. } => {}
    }
    if let Some(edits) = change.edits() {
        for edit in &edits.attributes {
            let (before, after) = (short(edit.before.as_deref()), short(edit.after.as_deref()));
            rows.push(row(&edit.attribute.to_string(), before, after));
        }
        if let Some(manager) = &edits.manager {
            let before = manager
                .before
                .as_ref()
                .map_or("-".to_owned(), |id| names.account(id.as_str()));
            rows.push(row("manager", before, names.reference(manager.after.as_ref())));
        }
    }
    rows
}

const fn reason_word(reason: LeaverReason) -> &'static str {
    match reason {
        LeaverReason::Decision => "a person said so",
        LeaverReason::Missing => "missing in HR",
        LeaverReason::OutOfScope => "out of scope",
        LeaverReason::Terminated => "last day is over",
    }
}
