//! Permission groups: whom and what the person behind a credential may see. How hidden fields show is each dialect's own.

use crate::person::{Person, Status};
use jiff::civil::Date;

/// The people whom a user sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// All people in the company.
    Everybody,
    /// Themselves and the people they manage.
    OwnReports,
    /// Everybody at work, and nobody who has left or not begun.
    AtWork,
}

/// What a user may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionGroup {
    /// The group's name, as shown on the sign-in page.
    pub name: String,
    /// The people whom the user sees.
    pub sees: Sees,
    /// Fields that are hidden: canonical attributes, or the API's own names.
    pub hidden_fields: Vec<String>,
    /// Resources that answer 403, for example `contracts/compensations`.
    pub forbidden_resources: Vec<String>,
}

impl PermissionGroup {
    /// Returns the group that sees everything.
    pub fn administrator() -> Self {
        Self {
            name: "Administrator".to_owned(),
            sees: Sees::Everybody,
            hidden_fields: Vec::new(),
            forbidden_resources: Vec::new(),
        }
    }

    /// Returns the group that sees all people, but neither pay nor private matters.
    pub fn colleague() -> Self {
        let hidden = [
            "pay_rate",
            "pay_period",
            "pay_currency",
            "birth_date",
            "personal_email",
            "mobile_phone",
            "address_line_1",
            "address_line_2",
            "zip_code",
            "city",
            "bank_details",
            "gender",
            "identifier",
            "social_security_number",
            "nationality",
            "contact_name",
            "contact_number",
            "termination_observations",
            "disability_percentage_cents",
        ];
        Self {
            name: "Colleague".to_owned(),
            sees: Sees::Everybody,
            hidden_fields: hidden.map(str::to_owned).to_vec(),
            forbidden_resources: vec!["contracts/compensations".to_owned()],
        }
    }

    /// Returns the group that sees only the people they manage.
    pub fn team_lead() -> Self {
        Self {
            name: "Team lead".to_owned(),
            sees: Sees::OwnReports,
            ..Self::colleague()
        }
    }

    /// Sees everything of everybody at work, and neither former nor future people.
    pub fn present_only() -> Self {
        Self {
            name: "Present people".to_owned(),
            sees: Sees::AtWork,
            ..Self::administrator()
        }
    }

    /// The groups every company has.
    pub fn all() -> [Self; 3] {
        [Self::administrator(), Self::colleague(), Self::team_lead()]
    }

    pub(super) fn is_administrator(&self) -> bool {
        *self == Self::administrator()
    }

    /// Whether the user `me` sees this person.
    pub(super) fn shows(&self, person: &Person, me: u64, today: Date) -> bool {
        match self.sees {
            Sees::Everybody => true,
            Sees::OwnReports => person.id == me || person.manager == Some(me),
            Sees::AtWork => person.status(today) == Status::Active,
        }
    }
}
