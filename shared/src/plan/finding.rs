//! What a plan does *not* do, and why: no person is left out without a line.

use serde::{Deserialize, Serialize};

use crate::{
    account::AccountId,
    employee::{Attribute, EmployeeId},
};

/// Under which heading a finding is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Frozen by ambiguity until a person decides.
    Conflict,
    /// Outside the scope; stored with nothing but the id and the condition.
    Filtered,
    /// Lacking something that configuration requires.
    Skipped,
    /// Something for a person to do or to know. The employee is synchronised nevertheless.
    Todo,
    /// An account that no employee is linked to; never touched.
    Unmanaged,
    /// Parked by a policy.
    Waiting,
}

macro_rules! codes {
    ($( $(#[$doc:meta])* $variant:ident = $text:literal; )*) => {
        /// The reason of a finding, stable for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Code { $( $(#[$doc])* $variant, )* }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns what it means and what to do about it, in a sentence.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

codes! {
    /// Linked account not in the target.
    AccountGone = "the linked account is not in the target any more; decide `new_account` to make another";
    /// Decided to belong to another account than the linked one.
    AlreadyLinked = "is linked to another account already; `keep` it, or remove that account first";
    /// Changed after the plan that is to be undone.
    ChangedSince = "was changed again after the plan was applied, and is left as it is";
    /// HR contradicts itself: active, and a last day that is long past.
    Contradicted = "HR says active, and the last day is long past: correct it there; or decide `link` or `new_account` if they are back, `left` if they left";
    /// Switched off by hand.
    DeactivatedByHand = "the account was deactivated in the target by hand; that is kept";
    /// Cycle where the target has no transactions.
    EmailCycle = "several people swap e-mail addresses and the target cannot change them together";
    /// Address held by a former account.
    EmailStillTaken = "the e-mail address is still held by a former person's account: free it there and decide `new_account`; or decide `link` if it is the same person";
    /// Address held by an account that does not give it up.
    EmailTaken = "the e-mail address is held by another account: free it there, or decide `link` if that account is theirs";
    /// Erased on request.
    Erased = "was erased on request; nothing of this person is kept or carried over";
    /// Terminated and never linked.
    Former = "left the company before they were ever linked";
    /// Reference differs from the identifier.
    IdentifierDrift = "the account's reference no longer equals the identifier; decide `link` to accept it";
    /// Another person under the same id or identifier.
    IdentityChanged = "name and e-mail changed at once: this may be another person; decide `link` to accept it";
    /// An invitation that cannot be taken back.
    InviteSent = "an invitation was sent; it cannot be taken back";
    /// Text not of the attribute's kind.
    Invalid = "a value is not valid or too long, and is left as it is in the target";
    /// A decision says that the account stays as it is.
    Kept = "a person decided to leave this account as it is";
    /// The walk over HR's pages did not end.
    Incomplete = "HR was not read to the end; what concerns this person is decided after a complete read";
    /// Lacks required attributes.
    Lacks = "a required attribute has no value";
    /// The matching account is linked to another employee or connection.
    LinkedElsewhere = "the matching account is linked to another employee or connection";
    /// Missing since one certified roster only.
    Missing = "not in HR any more; decide `left` or `keep`, or wait for the policy";
    /// Sent, and not shown by the target as it was sent.
    NotKept = "not kept by the target: it was sent, and the target refuses it, or shows no value or another one; it is sent again when HR says something else";
    /// Part of a change that an undo leaves.
    NotUndone = "this part of the change cannot be taken back, and stays";
    /// Start date not reached.
    NotStarted = "has not started yet";
    /// Outside the scope filter.
    OutOfScope = "does not meet a condition of the scope filter";
    /// Exact name match to confirm.
    PossibleMatch = "an account has exactly this name; decide `link` or `new_account`";
    /// Protected account.
    Protected = "the account is protected and is never deactivated automatically";
    /// Switched on by hand after we switched it off.
    ReactivatedByHand = "the account was reactivated in the target by hand; that is kept";
    /// A decision names one account, and another one carries the person's reference.
    ReferenceElsewhere = "another account carries this person's reference; decide `link` with that one, or take the reference off it";
    /// Rehire that the policy leaves alone.
    RehireIgnored = "is active again in HR; the policy does not reactivate";
    /// Rehire that the policy parks.
    RehireWaits = "is active again in HR; decide `link` to reactivate";
    /// One of several employments of a person.
    SecondEmployment = "another employment of the same person is synchronised";
    /// Several accounts match.
    SeveralAccounts = "several accounts match; decide `link` with one of them";
    /// It cannot be asked at the target whether an account has the address.
    AddressUnasked = "whether an account in the target has this address or identifier cannot be asked there, and its list does not show all: look there, and decide `link` or `new_account`";
    /// Two employees share the e-mail.
    SharedEmail = "another employee has the same e-mail address";
    /// Two employees share the identifier.
    SharedIdentifier = "another employee has the same identifier";
    /// A value that must be free is taken.
    Taken = "an account with one of these values exists already: decide `link` if it is theirs, or `new_account`";
    /// More than a line of a plan holds.
    TooLarge = "more changes than one step of a plan can hold; shorten the values in HR or in the target";
    /// Leaver parked by a policy.
    LeaverWaits = "has left; the policy waits for a decision";
    /// A condition could not be judged.
    Unjudged = "a condition of the scope filter could not be judged, because the attribute was not shown";
    /// The target has no such ability.
    Unsupported = "the target cannot do this by itself; do it there";
    /// Value that does not exist in the target.
    UnknownValue = "the value does not exist in the target and is not set";
    /// A text is not of its attribute's kind, which is required, or decides whether the person is there.
    Unreadable = "a value that is required, or says whether this person is there, cannot be read; correct it in HR";
    /// The target does not show the linked account, and does not say that it is gone.
    Unseen = "the target refuses to show the linked account, by itself: nothing is decided about this person until it does; ask the people who run the target";
    /// Account that no employee is linked to.
    Unmanaged = "no employee is linked to this account; it is never touched";
}

/// One line of what a plan does not do. Holds names of attributes, never values (R35).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Under which heading.
    pub state: State,
    /// Why.
    pub code: Code,
    /// About whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<EmployeeId>,
    /// About which account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// Which attributes it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<Attribute>,
    /// The other employees it is about, the first few of them: a group may be as large as the company (R47).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<EmployeeId>,
    /// How many more attributes it is about than are named.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more_attributes: u32,
    /// How many more employees it is about than are named.
    #[serde(default, skip_serializing_if = "is_none")]
    pub more_others: u32,
}

/// How many other employees a finding names.
pub(super) const MOST_NAMED: usize = 5;

/// How many attributes a finding names.
const MOST_ATTRIBUTES: usize = 20;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_none(count: &u32) -> bool {
    *count == 0
}

fn count(all: usize) -> u32 {
    u32::try_from(all).unwrap_or(u32::MAX)
}

impl Finding {
    /// Returns a finding about an employee.
    pub(super) const fn about(state: State, code: Code, employee_id: EmployeeId) -> Self {
        Self {
            state,
            code,
            employee_id: Some(employee_id),
            account_id: None,
            attributes: Vec::new(),
            others: Vec::new(),
            more_attributes: 0,
            more_others: 0,
        }
    }

    /// Returns the finding about an account that no employee is linked to.
    pub(super) const fn unmanaged(account_id: AccountId) -> Self {
        Self {
            state: State::Unmanaged,
            code: Code::Unmanaged,
            employee_id: None,
            account_id: Some(account_id),
            attributes: Vec::new(),
            others: Vec::new(),
            more_attributes: 0,
            more_others: 0,
        }
    }

    /// Returns the finding about an attribute of `all` people, the first of whom are named.
    pub(super) fn not_kept(attribute: Attribute, named: Vec<EmployeeId>, all: usize) -> Self {
        let finding = Self {
            state: State::Todo,
            code: Code::NotKept,
            employee_id: None,
            account_id: None,
            attributes: vec![attribute],
            others: Vec::new(),
            more_attributes: 0,
            more_others: 0,
        };
        finding.with_some_of(named, all)
    }

    /// Returns the finding with an account named.
    pub(super) fn with_account(mut self, account_id: AccountId) -> Self {
        self.account_id = Some(account_id);
        self
    }

    /// Returns the finding with attributes named.
    pub(super) fn with_attributes(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Self {
        for attribute in attributes {
            if self.attributes.len() < MOST_ATTRIBUTES {
                self.attributes.push(attribute);
            } else {
                self.more_attributes = self.more_attributes.saturating_add(1);
            }
        }
        self
    }

    /// Returns the finding with another employee named.
    pub(super) fn with_other(self, other: EmployeeId) -> Self {
        self.with_some_of(vec![other], 1)
    }

    /// Returns the finding with a few other employees named, of `all` that there are.
    pub(super) fn with_some_of(mut self, named: Vec<EmployeeId>, all: usize) -> Self {
        self.more_others = count(all.saturating_sub(named.len()));
        self.others = named;
        self
    }
}
