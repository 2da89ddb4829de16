//! What every step has in common: results as data, the journal, fingerprints, the check before a write.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::{
    account::{Abilities, Account, AccountId, ExternalId, TargetIdentity},
    connection::{Connection, ConnectionId},
    employee::{Attribute, Attributes, AttributesBuilder, Canonical, EmployeeId, Field},
    plan::{Action, Change, Edit, Edits, Fingerprint, Fingerprints, Journal, Link, LinkState, Phase, Plan},
    run::{Error, Ports},
    store::Store,
    target::{self, Origin, Target},
};

/// How long a list that was read to its end tells who has an account.
const JUST: SignedDuration = SignedDuration::from_hours(1);

/// What became of one step. One bad record never stops the others (R31).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Done now.
    Done,
    /// Done now, but for this, which the target does not take.
    Without(String),
    /// Done by an earlier delivery, or not there to be done.
    Before,
    /// Not done, and not to be tried again by this plan: a stable word, and what to do next.
    Failed(&'static str, Cow<'static, str>),
    /// No time was left for its next write (R30): the next slice takes it.
    Later,
    /// The target gave no answer that says anything about this step.
    Unanswered(target::Class),
}

pub(super) const CHANGED: Taken = Taken::Failed(
    "changed_since_plan",
    Cow::Borrowed("the account was changed after the plan was made; the next plan sees it"),
);
pub(super) const GONE: Taken = Taken::Failed(
    "account_gone",
    Cow::Borrowed("the account is not in the target any more"),
);
pub(super) const TAKEN: Taken = Taken::Failed(
    "value_taken",
    Cow::Borrowed("a unique value belongs to another account; the next plan names it"),
);
pub(super) const ELSEWHERE: Taken = Taken::Failed(
    "linked_elsewhere",
    Cow::Borrowed("the account is linked to another employee or connection"),
);
pub(super) const UNLINKED: Taken = Taken::Failed(
    "link_changed",
    Cow::Borrowed("the link was changed after the plan was made; the next plan sees it"),
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
    /// After this instant no write starts (R30).
    pub(super) until: Timestamp,
    /// From this instant on another delivery may hold the lease.
    pub(super) lease_until: Timestamp,
}

impl Context<'_> {
    pub(super) fn store(&self) -> &dyn Store {
        self.ports.store.as_ref()
    }

    pub(super) const fn connection_id(&self) -> &ConnectionId {
        &self.connection.id
    }

    pub(super) fn target_identity(&self) -> TargetIdentity {
        self.target.identity()
    }

    /// Asked right before a step's journal and its write to the target: enough must be left to note afterwards what it
    /// came to (R30).
    pub(super) fn has_time(&self) -> bool {
        self.ports.clock.now() <= self.until
    }

    /// Writes links. A delivery whose lease has ended writes none: the delivery that holds the lease now has seen to
    /// them, and to more (R30).
    pub(super) async fn note(&self, links: &[Link]) -> Result<(), Error> {
        self.check_lease()?;
        Ok(self.store().put_links(self.connection_id(), links).await?)
    }

    /// Asked right before each write to the store.
    pub(super) fn check_lease(&self) -> Result<(), Error> {
        if self.ports.clock.now() < self.lease_until {
            Ok(())
        } else {
            Err(Error::LeaseLost)
        }
    }

    /// Whether the target's list was read to its end for this plan, and that is not long ago.
    pub(super) fn is_just_listed(&self) -> bool {
        self.plan.is_listed && self.now.duration_since(self.plan.created_at) <= JUST
    }

    /// The reference that we write on an employee's account (R02).
    pub(super) fn external_id(&self, employee: &EmployeeId) -> ExternalId {
        ExternalId::new(self.connection.provider.as_str(), &self.plan.header.company, employee)
    }

    /// Returns the same id for the same step of the same plan, in every delivery of it.
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

    /// What this plan's journal says of a link.
    pub(super) fn own_journal<'b>(&self, link: Option<&'b Link>) -> Option<&'b Journal> {
        link.and_then(|link| link.journal.as_ref())
            .filter(|journal| journal.plan == self.plan.id.as_str())
    }

    /// What an earlier delivery has done about this step.
    pub(super) fn begun(&self, link: Option<&Link>, phase: Phase) -> Begun {
        match self.own_journal(link) {
            Some(journal) if journal.phase > phase => Begun::Done,
            Some(journal) if journal.phase == phase && journal.done => Begun::Done,
            Some(journal) if journal.phase == phase => Begun::Started,
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
    /// Nothing of the step.
    No,
    /// The step was begun. Whether the target has it must be looked up before it is sent again (R29).
    Started,
    /// The whole step.
    Done,
}

/// Whether a change does something to its account in the first round. A new manager alone does not.
pub(super) fn has_people_step(change: &Change) -> bool {
    match &change.action {
        Action::Create { .. } | Action::Link { .. } | Action::Reactivate { .. } | Action::Relink { .. } => true,
        Action::Update { edits, .. } => !edits.attributes.is_empty(),
        Action::Leave { .. } => false,
    }
}

/// Whether a link counts: one that is pending was begun and not finished.
pub(super) fn counts(link: &Link) -> bool {
    link.state != LinkState::Pending
}

/// Whether an account still shows what the plan saw (R28).
pub(super) fn holds_before(account: &Account, edits: &[Edit]) -> bool {
    edits
        .iter()
        .all(|edit| shown(account, &edit.attribute) == edit.before.as_deref())
}

/// Whether writing edits would change a login name of which the plan shows nothing: it has become the same as the address since, and
/// goes with it (R28).
pub(super) fn moves_login_unseen(account: &Account, edits: &Edits, abilities: Abilities) -> bool {
    let moves = |edit: &Edit| {
        edit.attribute == Canonical::Email.into()
            && edit.before.is_some()
            && shown(account, &edit.attribute) == edit.before.as_deref()
    };
    abilities.logins && !edits.login && account.login.is_none() && edits.attributes.iter().any(moves)
}

/// Whether an account shows of each edit what the plan saw or what it wants: an earlier delivery's work that broke off.
pub(super) fn holds_either(account: &Account, edits: &[Edit]) -> bool {
    edits.iter().all(|edit| {
        let shown = shown(account, &edit.attribute);
        shown == edit.before.as_deref() || shown == edit.after.as_deref()
    })
}

/// Whether an account shows what the plan wants already: an earlier delivery's work.
pub(super) fn holds_after(account: &Account, edits: &[Edit]) -> bool {
    edits
        .iter()
        .all(|edit| shown(account, &edit.attribute) == edit.after.as_deref())
}

/// The value that an account shows.
pub(super) fn shown<'a>(account: &'a Account, attribute: &Attribute) -> Option<&'a str> {
    match account.attributes.field(attribute.clone()) {
        Field::Value(shown) => Some(shown),
        Field::Empty | Field::Unseen => None,
    }
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

/// What a step came to that was done now: what the target has refused of it is named.
pub(super) fn done(context: &Context<'_>, account_id: &AccountId) -> Taken {
    let refusals = context.target.take_refusals(account_id);
    let refused: Vec<String> = refusals
        .iter()
        .filter_map(|refusal| {
            let attribute = refusal.attributes.first()?;
            Some(format!("{attribute} ({}: {})", refusal.member, refusal.detail))
        })
        .collect();
    if refused.is_empty() {
        return Taken::Done;
    }
    Taken::Without(format!(
        "the target does not accept {}; it is not sent again until HR says something else, and the rest was written",
        refused.join(", ")
    ))
}

/// What an error of the target means for a step.
pub(super) fn refused(error: &target::Error) -> Taken {
    match error.class {
        target::Class::Changed => CHANGED,
        target::Class::Conflict => TAKEN,
        target::Class::Gone => GONE,
        target::Class::Incomplete => Taken::Failed(
            "not_found_out",
            "the target's list does not show all users, and does not find this one by the reference: whether the person has an account is not known"
                .into(),
        ),
        target::Class::Refused => {
            let detail = format!("the target does not accept these values: {}", error.detail);
            Taken::Failed("refused", detail.into())
        }
        target::Class::Unsupported => Taken::Failed(
            "unsupported",
            format!("the target cannot do this: {}", error.detail).into(),
        ),
        class @ (target::Class::Misconfigured
        | target::Class::Temporary
        | target::Class::Unknown
        | target::Class::Unauthorized) => {
            tracing::warn!(error = error as &dyn std::error::Error, "the target gave no answer");
            Taken::Unanswered(class)
        }
    }
}
