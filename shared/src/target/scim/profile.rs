//! How a server differs from others, as data. A new product is a constant here, never a branch in the code.

use crate::{employee::Canonical, http::Pace};

/// The schema of users (RFC 7643, section 4.1).
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The schema of a company's people (RFC 7643, section 4.3).
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Where an attribute stands in a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A member of the resource.
    Core(&'static str),
    /// A member of its `name`.
    Name(&'static str),
    /// The user's name for the login, and their one primary e-mail.
    Login,
    /// The number of its one mobile telephone.
    Mobile,
    /// A member of the enterprise extension.
    Enterprise(&'static str),
    /// The manager, in the enterprise extension.
    Manager,
}

/// How pages of a list are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paging {
    /// By the index of the first entry (RFC 7644, section 3.4.2.4).
    Index,
    /// By a cursor that the page before gave (RFC 9865).
    Cursor,
}

/// How a user is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Update {
    /// What the server says that it can; the other way where it then refuses.
    Auto,
    /// By the members that change, sent to `PATCH` without operations.
    Merge,
}

/// What the manager is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ManagerForm {
    /// `{"value": id}`.
    Reference,
    /// The id alone.
    Text,
}

/// What can be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LookUp {
    /// By `filter=externalId eq`.
    pub(super) external_id: bool,
    /// By `filter=userName eq`.
    pub(super) user_name: bool,
    /// By `GET /Users/{externalId}`.
    pub(super) path: bool,
}

/// A kind of server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name in configuration.
    pub name: &'static str,
    pub(super) places: &'static [(Canonical, Place)],
    pub(super) paging: Paging,
    /// How many entries a page is asked for; `None`: the server decides.
    pub(super) count: Option<usize>,
    pub(super) look_up: LookUp,
    pub(super) update: Update,
    /// What a new user may have; the rest is set once it is there. `None`: everything.
    pub(super) made_with: Option<&'static [Canonical]>,
    pub(super) manager: ManagerForm,
    /// Whether its lists hold one value each.
    pub(super) single_values: bool,
    /// Whether a name to show has to be there: where nobody sends one, it is made of the names.
    pub(super) needs_display_name: bool,
    /// How fast it may be asked.
    pub pace: Pace,
}

const STANDARD: &[(Canonical, Place)] = &[
    (Canonical::Department, Place::Enterprise("department")),
    (Canonical::DisplayName, Place::Core("displayName")),
    (Canonical::Email, Place::Login),
    (Canonical::EmployeeNumber, Place::Enterprise("employeeNumber")),
    (Canonical::EmploymentType, Place::Core("userType")),
    (Canonical::FirstName, Place::Name("givenName")),
    (Canonical::JobTitle, Place::Core("title")),
    (Canonical::KnownAs, Place::Core("nickName")),
    (Canonical::LastName, Place::Name("familyName")),
    (Canonical::Manager, Place::Manager),
    (Canonical::MobilePhone, Place::Mobile),
    (Canonical::Team, Place::Enterprise("division")),
    (Canonical::TimeZone, Place::Core("timezone")),
];

impl Profile {
    /// A server that keeps to RFC 7643 and RFC 7644 as far as servers do.
    pub const GENERIC: Self = Self {
        name: "generic",
        places: STANDARD,
        paging: Paging::Index,
        count: Some(100),
        look_up: LookUp {
            external_id: true,
            user_name: true,
            path: false,
        },
        update: Update::Auto,
        made_with: None,
        manager: ManagerForm::Reference,
        single_values: false,
        needs_display_name: false,
        pace: Pace {
            per_second: 25,
            burst: 25,
            in_flight: 8,
        },
    };

    /// Leapsome: `https://api.leapsome.com/scim/v1`.
    pub const LEAPSOME: Self = Self {
        name: "leapsome",
        places: &[
            (Canonical::BirthDate, Place::Enterprise("birthday")),
            (Canonical::Department, Place::Enterprise("department")),
            (Canonical::DisplayName, Place::Core("displayName")),
            (Canonical::Email, Place::Login),
            (Canonical::EmploymentType, Place::Enterprise("employmentType")),
            (Canonical::FirstName, Place::Name("givenName")),
            (Canonical::JobTitle, Place::Core("title")),
            (Canonical::LastName, Place::Name("familyName")),
            (Canonical::Manager, Place::Manager),
            (Canonical::StartDate, Place::Enterprise("startDate")),
            (Canonical::TerminationDate, Place::Enterprise("endDate")),
            (Canonical::WorkLocation, Place::Enterprise("location")),
        ],
        count: Some(1000),
        look_up: LookUp {
            external_id: false,
            user_name: true,
            path: true,
        },
        update: Update::Merge,
        made_with: Some(&[
            Canonical::DisplayName,
            Canonical::Email,
            Canonical::FirstName,
            Canonical::JobTitle,
            Canonical::LastName,
        ]),
        manager: ManagerForm::Text,
        // 30 requests a second are allowed.
        pace: Pace {
            per_second: 25,
            burst: 5,
            in_flight: 8,
        },
        ..Self::GENERIC
    };

    /// AWS IAM Identity Center: <https://docs.aws.amazon.com/singlesignon/latest/developerguide/what-is-scim.html>.
    pub const AWS_IDENTITY_CENTER: Self = Self {
        name: "aws-identity-center",
        paging: Paging::Cursor,
        count: None,
        single_values: true,
        needs_display_name: true,
        pace: Pace {
            per_second: 10,
            burst: 10,
            in_flight: 4,
        },
        ..Self::GENERIC
    };

    /// All of them.
    pub const ALL: [&Self; 3] = [&Self::GENERIC, &Self::LEAPSOME, &Self::AWS_IDENTITY_CENTER];

    /// The profile of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        const PROFILES: [&Profile; 3] = Profile::ALL;
        PROFILES.into_iter().find(|profile| profile.name == name)
    }

    /// Whether a new user may have this attribute at once.
    pub(super) fn is_made_with(&self, attribute: Canonical) -> bool {
        self.made_with.is_none_or(|some| some.contains(&attribute))
    }

    /// Whether a new user may have everything at once.
    pub(super) const fn makes_all(&self) -> bool {
        self.made_with.is_none()
    }

    pub(super) fn place(&self, attribute: Canonical) -> Option<Place> {
        let found = self.places.iter().find(|(known, _)| *known == attribute);
        found.map(|(_, place)| *place)
    }
}
