//! Changes as lines: RFC 8785 (JSON Canonicalization Scheme), one line a change, for hash and document alike (R21).
//!
//! All members are strings, objects of strings or null; names stand in order. Form version 1:
//! `{"account_id","action","attributes","before","employee_id","evidence","former_id","group","manager",…}`, each
//! only where the action has it.

mod read;

pub(super) use read::read_line;

use super::{Action, Change, Edit, Edits, Evidence, LeaveBy, LeaverReason, ManagerEdit, Reference};
use crate::{account::AccountId, employee::Attributes};

/// Appends a JSON string as RFC 8785 writes it, which is how `serde_json` writes it.
pub(super) fn push_text(line: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        line.push_str(&serde_json::Value::from(text).to_string());
    } else {
        line.push('"');
        line.push_str(text);
        line.push('"');
    }
}

/// The most bytes of a line: it fits a chunk with room for others.
pub(super) const MOST_LINE_BYTES: usize = 256 * 1024;

/// Returns whether a change is larger than a line of a plan may be. Few are looked at closely: nearly all are small by
/// far.
pub(super) fn is_too_long(change: &Change) -> bool {
    let values = match &change.action {
        Action::Create { attributes, .. } => attributes.as_packed().len(),
        Action::Leave { .. } => 0,
        Action::Link { edits, .. }
        | Action::Reactivate { edits, .. }
        | Action::Relink { edits, .. }
        | Action::Update { edits, .. } => edits.attributes.iter().map(bytes).sum(),
    };
    // JSON writes one byte with six at most, and little beside the values.
    if values < MOST_LINE_BYTES / 8 {
        return false;
    }
    let mut line = String::new();
    push_line(&mut line, change);
    line.len() > MOST_LINE_BYTES
}

/// Returns about how many bytes an edit has.
fn bytes(edit: &Edit) -> usize {
    /// A custom attribute's name, and what stands around the values.
    const AROUND: usize = 128;
    let length = |value: Option<&str>| value.map_or(0, str::len);
    AROUND + length(edit.before.as_deref()) + length(edit.after.as_deref())
}

/// Writes members of one object in the order in which they are given, which must be the order of their names.
struct Object<'a> {
    line: &'a mut String,
    first: bool,
}

impl<'a> Object<'a> {
    fn open(line: &'a mut String) -> Self {
        line.push('{');
        Self { line, first: true }
    }

    fn name(&mut self, name: &str) -> &mut String {
        if !std::mem::take(&mut self.first) {
            self.line.push(',');
        }
        push_text(self.line, name);
        self.line.push(':');
        self.line
    }

    fn text(&mut self, name: &str, text: &str) {
        push_text(self.name(name), text);
    }

    fn optional(&mut self, name: &str, text: Option<&str>) {
        match text {
            Some(text) => self.text(name, text),
            None => self.name(name).push_str("null"),
        }
    }

    fn close(self) {
        self.line.push('}');
    }
}

/// Appends the line of a change, without a line break.
pub(super) fn push_line(line: &mut String, change: &Change) {
    let mut object = Object::open(line);
    if let Some(account_id) = change.account_id() {
        object.text("account_id", account_id.as_str());
    }
    object.text("action", action_name(&change.action));
    match &change.action {
        Action::Create { attributes, .. } => push_set(object.name("attributes"), attributes),
        Action::Leave { .. } => {}
        Action::Link { edits, .. }
        | Action::Reactivate { edits, .. }
        | Action::Relink { edits, .. }
        | Action::Update { edits, .. } => push_edits(object.name("edits"), edits),
    }
    object.text("employee_id", change.employee_id.as_str());
    match &change.action {
        Action::Link { evidence, .. }
        | Action::Leave {
            linked_by: Some(evidence),
            ..
        } => object.text("evidence", evidence_name(*evidence)),
        Action::Relink { former_id, .. } => object.text("former_id", former_id.as_str()),
        Action::Create { .. } | Action::Leave { .. } | Action::Reactivate { .. } | Action::Update { .. } => {}
    }
    if let Action::Leave {
        by: LeaveBy::Group { name, before },
        ..
    } = &change.action
    {
        object.text("group", name);
        object.optional("group_before", before.as_deref());
    }
    if let Action::Create { invite: true, .. } = change.action {
        object.text("invite", "true");
    }
    if change.edits().is_some_and(|edits| edits.login) {
        object.text("login", "true");
    }
    match &change.action {
        Action::Create {
            manager: Some(manager), ..
        } => push_reference(object.name("manager"), manager),
        Action::Link { edits, .. }
        | Action::Reactivate { edits, .. }
        | Action::Relink { edits, .. }
        | Action::Update { edits, .. } => push_manager(&mut object, edits.manager.as_ref()),
        Action::Create { manager: None, .. } | Action::Leave { .. } => {}
    }
    match &change.action {
        Action::Relink { reactivate: true, .. } => object.text("reactivate", "true"),
        Action::Leave { reason, .. } => object.text("reason", reason_name(*reason)),
        Action::Create { .. }
        | Action::Link { .. }
        | Action::Reactivate { .. }
        | Action::Relink { reactivate: false, .. }
        | Action::Update { .. } => {}
    }
    if let Action::Link {
        reference: Some(reference),
        ..
    }
    | Action::Relink {
        reference: Some(reference),
        ..
    } = &change.action
    {
        object.text("reference", reference.after.as_str());
        object.text("reference_before", reference.before.as_str());
    }
    if let Action::Create {
        shares_address: true, ..
    } = change.action
    {
        object.text("shares_address", "true");
    }
    if let Some(together) = change.together {
        object.text("together", &together.to_string());
    }
    object.close();
}

fn push_manager(object: &mut Object<'_>, manager: Option<&ManagerEdit>) {
    if let Some(manager) = manager {
        match &manager.after {
            Some(after) => push_reference(object.name("manager"), after),
            None => object.name("manager").push_str("null"),
        }
        object.optional("manager_before", manager.before.as_ref().map(AccountId::as_str));
    }
}

fn push_reference(line: &mut String, reference: &Reference) {
    let mut object = Object::open(line);
    match reference {
        Reference::Account(id) => object.text("account_id", id.as_str()),
        Reference::Employee(id) => object.text("employee_id", id.as_str()),
    }
    object.close();
}

fn push_set(line: &mut String, attributes: &Attributes) {
    let mut entries: Vec<(std::borrow::Cow<'_, str>, Option<&str>)> = attributes
        .view()
        .iter()
        .filter(|entry| entry.field.is_seen())
        .map(|entry| (name(entry.attribute), entry.field.value()))
        .collect();
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    let mut object = Object::open(line);
    for (name, value) in entries {
        object.optional(&name, value);
    }
    object.close();
}

fn name(attribute: crate::employee::AttributeRef<'_>) -> std::borrow::Cow<'static, str> {
    match attribute {
        crate::employee::AttributeRef::Canonical(canonical) => canonical.name().into(),
        custom @ crate::employee::AttributeRef::Custom(_) => custom.to_string().into(),
    }
}

fn push_edits(line: &mut String, edits: &Edits) {
    let mut sorted: Vec<(std::borrow::Cow<'_, str>, &Edit)> = edits
        .attributes
        .iter()
        .map(|edit| (edit.attribute.name(), edit))
        .collect();
    sorted.sort_by(|left, right| left.0.cmp(&right.0));
    let mut object = Object::open(line);
    for (name, edit) in sorted {
        let mut member = Object::open(object.name(&name));
        member.optional("after", edit.after.as_deref());
        member.optional("before", edit.before.as_deref());
        if edit.manual {
            member.text("manual", "true");
        }
        member.close();
    }
    object.close();
}

const fn action_name(action: &Action) -> &'static str {
    match action {
        Action::Create { .. } => "create",
        Action::Leave { .. } => "leave",
        Action::Link { .. } => "link",
        Action::Reactivate { .. } => "reactivate",
        Action::Relink { .. } => "relink",
        Action::Update { .. } => "update",
    }
}

const fn evidence_name(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Created => "created",
        Evidence::Decision => "decision",
        Evidence::ExternalId => "external_id",
        Evidence::Identifier => "identifier",
        Evidence::Rehire => "rehire",
    }
}

const fn reason_name(reason: LeaverReason) -> &'static str {
    match reason {
        LeaverReason::Decision => "decision",
        LeaverReason::Missing => "missing",
        LeaverReason::OutOfScope => "out_of_scope",
        LeaverReason::Terminated => "terminated",
    }
}
