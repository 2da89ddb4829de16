//! Lines as they are read again: what was written by another version, or is none, is an error.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{
    account::{AccountId, ExternalId},
    employee::{Attribute, AttributesBuilder, EmployeeId, Field},
    plan::{
        Action, Change, Edit, Edits, Evidence, LeaveBy, LeaverReason, ManagerEdit, Reference, ReferenceEdit,
        document::Error,
    },
};

/// A line as it is read again. Unknown members mean another version, and are an error.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    account_id: Option<AccountId>,
    action: String,
    attributes: Option<BTreeMap<Attribute, Option<String>>>,
    edits: Option<BTreeMap<Attribute, EditLine>>,
    employee_id: EmployeeId,
    evidence: Option<Evidence>,
    former_id: Option<EmployeeId>,
    group: Option<Box<str>>,
    group_before: Option<Box<str>>,
    invite: Option<String>,
    login: Option<String>,
    #[serde(default = "absent", deserialize_with = "present")]
    manager: Field<ReferenceLine>,
    manager_before: Option<AccountId>,
    reactivate: Option<String>,
    reason: Option<LeaverReason>,
    reference: Option<Box<str>>,
    reference_before: Option<Box<str>>,
    shares_address: Option<String>,
    together: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditLine {
    after: Option<Box<str>>,
    before: Option<Box<str>>,
    manual: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReferenceLine {
    account_id: Option<AccountId>,
    employee_id: Option<EmployeeId>,
}

/// Returns a member that is there: null is empty, anything else a value.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Field<ReferenceLine>, D::Error> {
    Option::<ReferenceLine>::deserialize(deserializer).map(Field::from)
}

const fn absent() -> Field<ReferenceLine> {
    Field::Unseen
}

impl ReferenceLine {
    fn read(self) -> Result<Reference, Error> {
        match (self.account_id, self.employee_id) {
            (Some(id), None) => Ok(Reference::Account(id)),
            (None, Some(id)) => Ok(Reference::Employee(id)),
            (Some(_), Some(_)) | (None, None) => Err(Error::Form),
        }
    }
}

/// Returns the change of a line.
pub(in crate::plan) fn read_line(text: &str) -> Result<Change, Error> {
    let line: Line = serde_json::from_str(text).map_err(Error::Line)?;
    let together = line
        .together
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| Error::Form)?;
    let manager = match line.manager {
        Field::Unseen => None,
        Field::Empty => Some(None),
        Field::Value(reference) => Some(Some(reference.read()?)),
    };
    let account_id = line.account_id.ok_or(Error::Form);
    let edits = line.edits.map(|edits| Edits {
        attributes: edits.into_iter().map(edit).collect(),
        manager: manager.clone().map(|after| ManagerEdit {
            before: line.manager_before,
            after,
        }),
        login: line.login.is_some(),
    });
    let edits = edits.ok_or(Error::Form);
    let action = match line.action.as_str() {
        "create" => {
            let mut attributes = AttributesBuilder::new();
            for (attribute, value) in line.attributes.ok_or(Error::Form)? {
                attributes.set(attribute, Field::from(value.as_deref()));
            }
            Action::Create {
                attributes: attributes.build(),
                manager: manager.flatten(),
                invite: line.invite.is_some(),
                shares_address: line.shares_address.is_some(),
            }
        }
        "leave" => Action::Leave {
            account_id: account_id?,
            reason: line.reason.ok_or(Error::Form)?,
            by: match line.group {
                Some(name) => LeaveBy::Group {
                    name,
                    before: line.group_before,
                },
                None => LeaveBy::Deactivate,
            },
            linked_by: line.evidence,
        },
        "link" => Action::Link {
            account_id: account_id?,
            evidence: line.evidence.ok_or(Error::Form)?,
            reference: reference(line.reference, line.reference_before)?,
            edits: edits?,
        },
        "reactivate" => Action::Reactivate {
            account_id: account_id?,
            edits: edits?,
        },
        "relink" => Action::Relink {
            account_id: account_id?,
            former_id: line.former_id.ok_or(Error::Form)?,
            reactivate: line.reactivate.is_some(),
            reference: reference(line.reference, line.reference_before)?,
            edits: edits?,
        },
        "update" => Action::Update {
            account_id: account_id?,
            edits: edits?,
        },
        _ => return Err(Error::Form),
    };
    Ok(Change {
        employee_id: line.employee_id,
        action,
        together,
    })
}

fn reference(after: Option<Box<str>>, before: Option<Box<str>>) -> Result<Option<ReferenceEdit>, Error> {
    let read = |text: Option<Box<str>>| {
        text.map(|text| ExternalId::from_target(&text).ok_or(Error::Form))
            .transpose()
    };
    match (read(before)?, read(after)?) {
        (Some(before), Some(after)) => Ok(Some(ReferenceEdit { before, after })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(Error::Form),
    }
}

fn edit((attribute, line): (Attribute, EditLine)) -> Edit {
    Edit {
        attribute,
        before: line.before,
        after: line.after,
        manual: line.manual.is_some(),
    }
}
