//! What every step has in common: results as data, the journal, fingerprints, the check before a write.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    account::{Account, AccountId, ExternalId},
    connection::Connection,
    employee::{Attribute, Attributes, AttributesBuilder, Canonical, EmployeeId, Field},
    plan::{Edit, Fingerprint, Fingerprints, Journal, Link, Phase, Plan},
    run::{Error, Ports},
    target::{self, Origin, Target},
};

/// What became of one step. One bad record never stops the others (R31).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Done, now or by an earlier delivery.
    Done,
    /// Not done, and not to be tried again by this plan: a stable word, and what to do next.
    Failed(&'static str, &'static str),
}

pub(super) const CHANGED: Taken = Taken::Failed(
    "changed_since_plan",
    "the account was changed after the plan was made; the next plan sees it",
);
pub(super) const GONE: Taken = Taken::Failed("account_gone", "the account is not in the target any more");
pub(super) const TAKEN: Taken = Taken::Failed(
    "value_taken",
    "a unique value belongs to another account; the next plan names it",
);
pub(super) const ELSEWHERE: Taken = Taken::Failed(
    "linked_elsewhere",
    "the account is linked to another employee or connection",
);

/// Everything that the steps of one slice share.
pub(super) struct Context<'a> {
    pub(super) ports: &'a Ports,
    pub(super) connection: &'a Connection,
    pub(super) target: &'a dyn Target,
    pub(super) fingerprints: Fingerprints,
    pub(super) plan: &'a Plan,
    pub(super) origin: Origin,
    pub(super) now: Timestamp,
}

impl Context<'_> {
    /// The reference that we write on an employee's account (R02).
    pub(super) fn external_id(&self, employee: &EmployeeId) -> ExternalId {
        ExternalId::new(self.connection.provider.as_str(), &self.plan.header.company, employee)
    }

    /// The same id for the same step of the same plan, whoever delivers it.
    pub(super) fn id_hint(&self, employee: &EmployeeId) -> Result<AccountId, Error> {
        let mut hash = Sha256::new();
        hash.update(self.plan.id.as_str());
        hash.update([0]);
        hash.update(employee.as_str());
        let digest = hex::encode(hash.finalize());
        AccountId::parse(digest.get(..32).unwrap_or_default()).map_err(|_| Error::Missing("an account id"))
    }

    /// The journal's entry of a step of this plan.
    pub(super) fn journal(&self, phase: Phase, done: bool) -> Journal {
        Journal {
            plan: self.plan.id.as_str().to_owned(),
            phase,
            done,
        }
    }

    /// What an earlier delivery has done about this step.
    pub(super) fn begun(&self, link: Option<&Link>, phase: Phase) -> Begun {
        match link.and_then(|link| link.journal.as_ref()) {
            Some(journal) if journal.plan == self.plan.id.as_str() && journal.phase == phase => {
                if journal.done {
                    Begun::Done
                } else {
                    Begun::Started
                }
            }
            Some(journal) if journal.plan == self.plan.id.as_str() && journal.phase > phase => Begun::Done,
            Some(_) | None => Begun::No,
        }
    }

    /// The fingerprints of values as they were sent and as the target shows them now.
    pub(super) fn prints<'b>(
        &'b self,
        sent: impl IntoIterator<Item = (Attribute, Option<String>)> + 'b,
        seen: &'b Account,
    ) -> impl Iterator<Item = (Attribute, Fingerprint, Fingerprint)> + 'b {
        sent.into_iter().map(|(attribute, value)| {
            let print = |value: Option<&str>| self.fingerprints.print(attribute.as_ref(), value);
            let sent = print(value.as_deref());
            let seen = match seen.attributes.field(attribute.clone()) {
                Field::Value(shown) => print(Some(shown)),
                Field::Empty | Field::Unseen => print(None),
            };
            (attribute, sent, seen)
        })
    }
}

/// What an earlier delivery has done about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// Nothing.
    No,
    /// It was begun; whether the target has it must be looked up before it is sent again (R29).
    Started,
    /// All of it.
    Done,
}

/// Whether an account still shows what the plan saw (R28).
pub(super) fn holds_before(account: &Account, edits: &[Edit]) -> bool {
    edits
        .iter()
        .all(|edit| match account.attributes.field(edit.attribute.clone()) {
            Field::Value(shown) => edit.before.as_deref() == Some(shown),
            Field::Empty | Field::Unseen => edit.before.is_none(),
        })
}

/// Whether an account shows what the plan wants already: an earlier delivery's work.
pub(super) fn holds_after(account: &Account, edits: &[Edit]) -> bool {
    edits
        .iter()
        .all(|edit| match account.attributes.field(edit.attribute.clone()) {
            Field::Value(shown) => edit.after.as_deref() == Some(shown),
            Field::Empty | Field::Unseen => edit.after.is_none(),
        })
}

/// What a target is to set and clear.
pub(super) fn after(edits: &[Edit]) -> Attributes {
    let mut attributes = AttributesBuilder::new();
    for edit in edits {
        attributes.set(edit.attribute.clone(), edit.after.as_deref().into());
    }
    attributes.build()
}

/// A manager to be set or cleared.
pub(super) fn manager(account_id: Option<&AccountId>) -> Attributes {
    let mut attributes = AttributesBuilder::new();
    attributes.set_canonical(Canonical::Manager, account_id.map(AccountId::as_str).into());
    attributes.build()
}

/// What a failed write means for its step. A failure of the target as a whole is an error: the slice is tried again.
pub(super) fn refused(error: target::Error) -> Result<Taken, Error> {
    match error.class {
        target::Class::Changed => Ok(CHANGED),
        target::Class::Conflict => Ok(TAKEN),
        target::Class::Gone => Ok(GONE),
        target::Class::Refused => Ok(Taken::Failed("refused", "the target does not accept these values")),
        target::Class::Unsupported => Ok(Taken::Failed("unsupported", "the target cannot do this")),
        target::Class::Temporary | target::Class::Unknown | target::Class::Unauthorized => Err(error.into()),
    }
}
