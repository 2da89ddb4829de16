//! Plans and their changes as callers see them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Instant, mask::Mask};
use crate::{
    employee::{Attribute, Attributes, Canonical, Field},
    plan::{
        Action, Change, Class, Counts, Edits, Evidence, Hold, LeaveBy, LeaverReason, ManagerEdit, Purpose, Reference,
        ReferenceEdit, Status,
    },
    store::PlanRecord,
};

/// A plan: what would change, or what was changed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Plan")]
pub(in crate::api) struct PlanView {
    /// Its id.
    id: String,
    /// SHA-256 over everything that it does; approving names it.
    hash: String,
    /// The connection.
    connection: String,
    /// Where it stands: `ready`, `held`, `applying`, `applied`, `applied_with_errors`, `superseded`, `cancelled`,
    /// `stale`, `expired` or `empty`.
    status: &'static str,
    /// What it is for: `sync`, `one_person` or `undo`.
    purpose: &'static str,
    /// Who stands where.
    counts: CountsView,
    /// Why it is held.
    holds: Vec<HoldView>,
    /// Calls that were made to the HR system for it.
    calls: u64,
    /// When it was made.
    #[schemars(with = "Instant")]
    created_at: Timestamp,
    /// When it gets too old to be applied.
    #[schemars(with = "Instant")]
    expires_at: Timestamp,
    /// Until when it can be undone; null where it was not applied.
    #[schemars(with = "Option<Instant>")]
    undo_until: Option<Timestamp>,
    /// Who approved it, once it is approved.
    approved_by: Option<String>,
    /// The run that carries it out.
    run: Option<String>,
}

/// How many people stand where, each person once.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Counts")]
pub(in crate::api) struct CountsView {
    joiners: u32,
    movers: u32,
    leavers: u32,
    rehires: u32,
    links: u32,
    unchanged: u32,
    unmanaged: u32,
    filtered: u32,
    waiting: u32,
    skipped: u32,
    conflicts: u32,
}

impl From<&Counts> for CountsView {
    fn from(counts: &Counts) -> Self {
        Self {
            joiners: counts.joiners,
            movers: counts.movers,
            leavers: counts.leavers,
            rehires: counts.rehires,
            links: counts.links,
            unchanged: counts.unchanged,
            unmanaged: counts.unmanaged,
            filtered: counts.filtered,
            waiting: counts.waiting,
            skipped: counts.skipped,
            conflicts: counts.conflicts,
        }
    }
}

/// Why a plan is held.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Hold")]
pub(in crate::api) struct HoldView {
    /// The word that approving names.
    code: String,
    /// What it is, in a few words.
    title: String,
    /// What was found and what the limit is.
    detail: String,
}

impl From<&Hold> for HoldView {
    fn from(hold: &Hold) -> Self {
        Self {
            code: super::word(&hold.code),
            title: hold.title.clone(),
            detail: hold.detail.clone(),
        }
    }
}

impl PlanView {
    /// A plan as it stands at `now`.
    pub(in crate::api) fn new(record: &PlanRecord, calls: u64, now: Timestamp) -> Self {
        let plan = &record.plan;
        let is_applied = matches!(record.status, Status::Applied | Status::AppliedWithErrors);
        let is_expired = record.status.is_open() && plan.expires_at <= now;
        Self {
            id: plan.id.as_str().to_owned(),
            hash: plan.hash.clone(),
            connection: record.connection.as_str().to_owned(),
            status: if is_expired { Status::Expired } else { record.status }.as_str(),
            purpose: match plan.purpose {
                Purpose::Sync => "sync",
                Purpose::OnePerson { .. } => "one_person",
                Purpose::Undo { .. } => "undo",
            },
            counts: CountsView::from(&plan.counts),
            holds: plan.holds.iter().map(HoldView::from).collect(),
            calls,
            created_at: plan.created_at,
            expires_at: plan.expires_at,
            undo_until: is_applied.then_some(record.kept_until),
            approved_by: record.approval.as_ref().map(|approval| approval.by.clone()),
            run: record
                .approval
                .as_ref()
                .map(|approval| approval.run.as_str().to_owned()),
        }
    }
}

/// One change of a plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Change")]
pub(in crate::api) struct ChangeView {
    /// About whom.
    pub(in crate::api) employee_id: String,
    /// `joiner`, `mover`, `leaver`, `rehire` or `link`.
    pub(in crate::api) kind: &'static str,
    /// The account; null where it is made.
    pub(in crate::api) account_id: Option<String>,
    /// What people call them.
    pub(in crate::api) label: String,
    /// What changes.
    pub(in crate::api) attributes: Vec<EditView>,
    /// Why, as a word.
    pub(in crate::api) reason: &'static str,
    /// What else there is to know, as words.
    pub(in crate::api) warnings: Vec<String>,
}

/// One attribute that changes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
pub(in crate::api) struct EditView {
    /// Which.
    pub(in crate::api) name: String,
    /// Before; null where empty, not to be seen, or hidden.
    pub(in crate::api) before: Option<String>,
    /// Afterwards; null where it is cleared, or hidden.
    pub(in crate::api) after: Option<String>,
    /// True where the values are hidden from the caller's role.
    #[serde(skip_serializing_if = "is_false")]
    #[schemars(default)]
    pub(in crate::api) hidden: bool,
    /// What else there is to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) note: Option<&'static str>,
}

/// The longest name that a person is called by, in characters.
pub(in crate::api) const MOST_LABEL: usize = 200;

/// The kinds of changes.
pub(in crate::api) const KINDS: [&str; 5] = ["joiner", "mover", "leaver", "rehire", "link"];

/// The word of a kind.
pub(in crate::api) const fn kind(class: Class) -> &'static str {
    match class {
        Class::Joiner => "joiner",
        Class::Leaver => "leaver",
        Class::Link => "link",
        Class::Mover => "mover",
        Class::Rehire => "rehire",
    }
}

impl ChangeView {
    /// Returns a change of the person who is called `label`.
    pub(in crate::api) fn new(change: &Change, label: Option<&str>, warnings: Vec<String>) -> Self {
        let mut attributes = Vec::new();
        match &change.action {
            Action::Create {
                attributes: made,
                manager,
                ..
            } => {
                attributes.extend(created(made));
                if let Some(manager) = manager {
                    attributes.push(edit(&Canonical::Manager.into(), None, Some(referred(manager))));
                }
            }
            Action::Leave { by, .. } => attributes.push(left(by)),
            Action::Reactivate { edits, .. } => {
                attributes.push(switched(false, true));
                attributes.extend(edited(edits));
            }
            Action::Relink {
                reactivate,
                reference,
                edits,
                ..
            } => {
                attributes.extend(reactivate.then(|| switched(false, true)));
                attributes.extend(reference.as_ref().map(replaced));
                attributes.extend(edited(edits));
            }
            Action::Link { reference, edits, .. } => {
                attributes.extend(reference.as_ref().map(replaced));
                attributes.extend(edited(edits));
            }
            Action::Update { edits, .. } => attributes.extend(edited(edits)),
        }
        let own = match &change.action {
            Action::Create { attributes, .. } => attributes.value(Canonical::DisplayName),
            Action::Leave { .. }
            | Action::Link { .. }
            | Action::Reactivate { .. }
            | Action::Relink { .. }
            | Action::Update { .. } => None,
        };
        Self {
            employee_id: change.employee_id.as_str().to_owned(),
            kind: kind(change.class()),
            account_id: change.account_id().map(|id| id.as_str().to_owned()),
            label: label
                .or(own)
                .unwrap_or(change.employee_id.as_str())
                .chars()
                .take(MOST_LABEL)
                .collect(),
            reason: reason(change, &attributes),
            attributes,
            warnings,
        }
    }

    /// Returns the change without the values that a role hides.
    #[must_use]
    pub(in crate::api) fn masked(mut self, mask: &Mask) -> Self {
        for edit in &mut self.attributes {
            if mask.hides_named(&edit.name) {
                (edit.before, edit.after, edit.hidden) = (None, None, true);
            }
        }
        self
    }
}

/// For members that say something only where they are true.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

fn edit(attribute: &Attribute, before: Option<String>, after: Option<String>) -> EditView {
    EditView {
        name: attribute.name().into_owned(),
        before,
        after,
        hidden: false,
        note: None,
    }
}

fn created(made: &Attributes) -> Vec<EditView> {
    let entries = made.view().iter().filter_map(|entry| match entry.field {
        Field::Value(value) => Some(edit(&entry.attribute.to_owned()?, None, Some(value.to_owned()))),
        Field::Empty | Field::Unseen => None,
    });
    entries.collect()
}

fn replaced(reference: &ReferenceEdit) -> EditView {
    EditView {
        name: "external_id".to_owned(),
        before: Some(reference.before.as_str().to_owned()),
        after: Some(reference.after.as_str().to_owned()),
        hidden: false,
        note: Some("replaces another product's reference"),
    }
}

fn switched(before: bool, after: bool) -> EditView {
    EditView {
        name: "active".to_owned(),
        before: Some(before.to_string()),
        after: Some(after.to_string()),
        hidden: false,
        note: None,
    }
}

fn left(by: &LeaveBy) -> EditView {
    match by {
        LeaveBy::Deactivate => switched(true, false),
        LeaveBy::Group { name, before } => edit(
            &Canonical::Group.into(),
            before.as_deref().map(str::to_owned),
            Some(name.to_string()),
        ),
    }
}

fn edited(edits: &Edits) -> Vec<EditView> {
    let values = edits.attributes.iter().map(|edit| EditView {
        name: edit.attribute.name().into_owned(),
        before: edit.before.as_deref().map(str::to_owned),
        after: edit.after.as_deref().map(str::to_owned),
        hidden: false,
        note: edit.manual.then_some("overwrites a manual edit"),
    });
    let address = edits
        .attributes
        .iter()
        .find(|edit| edit.attribute == Canonical::Email.into());
    let login = address.filter(|_| edits.login).map(|edit| EditView {
        name: "login".to_owned(),
        before: edit.before.as_deref().map(str::to_owned),
        after: edit.after.as_deref().map(str::to_owned),
        hidden: false,
        note: Some("goes with the e-mail address"),
    });
    values.chain(login).chain(edits.manager.as_ref().map(manager)).collect()
}

fn manager(changed: &ManagerEdit) -> EditView {
    edit(
        &Canonical::Manager.into(),
        changed.before.as_ref().map(|before| format!("account {before}")),
        changed.after.as_ref().map(referred),
    )
}

fn referred(reference: &Reference) -> String {
    match reference {
        Reference::Account(id) => format!("account {id}"),
        Reference::Employee(id) => format!("employee {id}"),
    }
}

const fn of_leaver(reason: LeaverReason) -> &'static str {
    match reason {
        LeaverReason::Decision => "decision",
        LeaverReason::Missing => "missing",
        LeaverReason::OutOfScope => "out_of_scope",
        LeaverReason::Terminated => "terminated",
    }
}

/// The word of what tied an account.
pub(in crate::api) const fn of_evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Created => "created",
        Evidence::Decision => "decision",
        Evidence::ExternalId => "external_id",
        Evidence::Identifier => "identifier",
        Evidence::Rehire => "rehire",
    }
}

fn reason(change: &Change, attributes: &[EditView]) -> &'static str {
    match &change.action {
        Action::Create { .. } => "in_scope",
        Action::Leave { reason, .. } => of_leaver(*reason),
        Action::Link { evidence, .. } => of_evidence(*evidence),
        Action::Reactivate { .. } => "active_again",
        Action::Relink { .. } => "new_employee_id",
        Action::Update { .. } if attributes.iter().all(|edit| edit.note.is_some()) => "edited_in_target",
        Action::Update { .. } => "changed_in_hr",
    }
}
