//! The presets: complete configurations for the ways in which applications use HR data.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    configuration::{ApplyMode, Configuration, CountLimit, Joiners, LeaverLimit, Leavers, Limits, PercentLimit},
    rule::{Condition, FirstLink, Identifier, LeaverPolicy, RehirePolicy, Test},
};
use crate::employee::{Attribute, Canonical, EmploymentStatus, LastDay};

/// What is always carried over to a directory of stakeholders, beside e-mail, identifier and names.
const STAKEHOLDER_ATTRIBUTES: &[Canonical] = &[
    Canonical::AddressLine1,
    Canonical::AddressLine2,
    Canonical::BirthDate,
    Canonical::City,
    Canonical::Country,
    Canonical::EmploymentStatus,
    Canonical::EmploymentType,
    Canonical::PayCurrency,
    Canonical::PayPeriod,
    Canonical::PersonalEmail,
    Canonical::StartDate,
    Canonical::Team,
    Canonical::TerminationDate,
    Canonical::ZipCode,
];

/// A starting point for a configuration; what a caller leaves out comes from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// The preset where none was named.
    #[default]
    Standard,
    /// People who hold shares or options: all people, former employees too, and no account is ever switched off.
    Stakeholders,
    /// People who use the application at work: the active ones, whose accounts follow HR automatically.
    Users,
    /// People who claim expenses: matched by employee number.
    ExpenseUsers,
    /// Hired candidates are sent into the HR system; nothing is read from it.
    Candidates,
}

impl Preset {
    /// All presets.
    pub const ALL: &[Self] = &[
        Self::Standard,
        Self::Stakeholders,
        Self::Users,
        Self::ExpenseUsers,
        Self::Candidates,
    ];

    /// Returns the name in the HTTP contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Stakeholders => "stakeholders",
            Self::Users => "users",
            Self::ExpenseUsers => "expense-users",
            Self::Candidates => "candidates",
        }
    }

    /// Returns the preset of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|preset| preset.name() == name)
    }

    /// Returns the attributes that are carried over whatever a caller chooses, beside e-mail, identifier and names.
    pub const fn attributes(self) -> &'static [Canonical] {
        match self {
            Self::Stakeholders => STAKEHOLDER_ATTRIBUTES,
            Self::Standard | Self::Users | Self::ExpenseUsers | Self::Candidates => &[],
        }
    }

    /// Returns the attributes that are carried over unless a caller chooses others.
    const fn optional_attributes(self) -> &'static [Canonical] {
        match self {
            Self::Standard | Self::Stakeholders => &[Canonical::Manager, Canonical::MobilePhone, Canonical::PayRate],
            Self::Users => &[Canonical::JobTitle, Canonical::Manager],
            Self::ExpenseUsers => &[Canonical::Department],
            Self::Candidates => &[],
        }
    }

    /// Returns the whole configuration, as its first version.
    pub fn configuration(self) -> Configuration {
        let base = self.base();
        match self {
            Self::Standard => base,
            Self::Stakeholders => Configuration {
                create_former: true,
                first_link: vec![FirstLink::ExternalId, FirstLink::Identifier, FirstLink::ExactName],
                leavers: leavers(LeaverPolicy::Ignore, LeaverPolicy::Ignore),
                ..base
            },
            Self::Users => Configuration {
                sync_if: vec![Condition {
                    field: Attribute::Canonical(Canonical::EmploymentStatus),
                    test: Test::AnyOf(vec![EmploymentStatus::Active.as_str().to_owned()]),
                }],
                groups: None,
                rehires: RehirePolicy::Ignore,
                apply: ApplyMode::Automatic,
                ..base
            },
            Self::ExpenseUsers => Configuration {
                identifier: Identifier::EmployeeNumber,
                first_name: Canonical::KnownAs,
                require: BTreeSet::from([
                    Canonical::KnownAs,
                    Canonical::LastName,
                    Canonical::WorkEmail,
                    Canonical::EmployeeNumber,
                ]),
                first_link: vec![FirstLink::Identifier],
                must_exist: BTreeSet::from([Attribute::Canonical(Canonical::Department)]),
                groups: None,
                rehires: RehirePolicy::Wait,
                apply: ApplyMode::Automatic,
                ..base
            },
            Self::Candidates => Configuration {
                groups: None,
                daily: false,
                ..base
            },
        }
    }

    /// Returns what the presets have in common.
    fn base(self) -> Configuration {
        let attributes = self.attributes().iter().chain(self.optional_attributes());
        Configuration {
            version: 1,
            preset: self,
            identifier: Identifier::WorkEmail,
            email: Canonical::WorkEmail,
            first_name: Canonical::FirstName,
            attributes: attributes.copied().collect(),
            custom_attributes: Vec::new(),
            values: Vec::new(),
            must_exist: BTreeSet::new(),
            sync_if: Vec::new(),
            require: BTreeSet::from([Canonical::WorkEmail]),
            first_link: vec![FirstLink::ExternalId, FirstLink::Identifier],
            create_unless_taken: BTreeSet::from([Canonical::WorkEmail, Canonical::EmployeeNumber]),
            create_former: false,
            groups: Some(Attribute::Canonical(Canonical::Department)),
            leavers: leavers(LeaverPolicy::Deactivate, LeaverPolicy::Wait),
            joiners: Joiners {
                days_before_start: 0,
                invite: false,
            },
            rehires: RehirePolicy::Reactivate,
            exceptions: Vec::new(),
            protected: BTreeSet::new(),
            apply: ApplyMode::Approve,
            limits: LIMITS,
            daily: true,
            fallback_time_zone: "Europe/London".to_owned(),
        }
    }
}

const LIMITS: Limits = Limits {
    leavers: LeaverLimit {
        count: 3,
        percent: 5,
        most: 50,
    },
    joiners: PercentLimit { percent: 50 },
    cleared_values: PercentLimit { percent: 20 },
    headcount_drop: CountLimit { count: 3, percent: 10 },
    coverage_drop: PercentLimit { percent: 20 },
};

const fn leavers(terminated: LeaverPolicy, missing: LeaverPolicy) -> Leavers {
    Leavers {
        terminated,
        missing,
        out_of_scope: LeaverPolicy::Ignore,
        effective: LastDay::EndOfLastDay,
    }
}
