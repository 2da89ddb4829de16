//! What invented people do and what they are paid.

use crate::draw::{below, pick, position};

/// Occupations, each with the department it belongs to.
pub(crate) const ROLES: [(&str, usize); 24] = [
    ("Software Engineer", 0),
    ("Data Engineer", 0),
    ("Site Reliability Engineer", 0),
    ("Product Manager", 1),
    ("Product Designer", 1),
    ("User Researcher", 1),
    ("Account Executive", 2),
    ("Sales Engineer", 2),
    ("Partner Manager", 2),
    ("Content Editor", 3),
    ("Brand Designer", 3),
    ("Support Specialist", 4),
    ("Customer Success Manager", 4),
    ("Accountant", 5),
    ("Payroll Specialist", 5),
    ("Recruiter", 6),
    ("People Partner", 6),
    ("Legal Counsel", 7),
    ("Compliance Analyst", 7),
    ("Warehouse Operative", 8),
    ("Logistics Planner", 8),
    ("Machine Operator", 9),
    ("Quality Inspector", 9),
    ("Électricien d'atelier", 9),
];

/// Departments: the teams at the top.
pub(crate) const DEPARTMENTS: [&str; 10] = [
    "Engineering",
    "Product",
    "Sales",
    "Marketing",
    "Customer Care",
    "Finance",
    "People & Culture",
    "Legal",
    "Logistics",
    "Production",
];

/// Seniority, lowest first, with the yearly pay in thousands of euro.
pub(crate) const LEVELS: [(&str, i64); 4] = [("Junior", 26), ("Associate", 36), ("Senior", 52), ("Principal", 78)];

/// An occupation on a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) role: u8,
    pub(crate) level: u8,
}

impl Job {
    /// Returns the occupation of the person with this key.
    pub(crate) fn invent(key: u64) -> Self {
        Self {
            role: u8::try_from(position(key, 50, ROLES.len())).unwrap_or_default(),
            level: u8::try_from(position(key, 51, LEVELS.len())).unwrap_or_default(),
        }
    }

    /// Returns one level lower, for the contract on which the person was first hired.
    pub(crate) const fn earlier(self) -> Self {
        Self {
            role: self.role,
            level: self.level.saturating_sub(1),
        }
    }

    /// Returns one level higher. From the top it goes down to the middle, so that a promotion always shows.
    pub(crate) const fn promoted(self) -> Self {
        Self {
            role: self.role,
            level: if self.level < 3 { self.level + 1 } else { 1 },
        }
    }

    /// Returns the position of the department.
    pub(crate) fn department(self) -> usize {
        ROLES.get(usize::from(self.role)).map_or(0, |role| role.1)
    }

    /// Returns level and occupation, for example `Senior Accountant`.
    pub(crate) fn title(self) -> String {
        let role = ROLES.get(usize::from(self.role)).map_or("", |role| role.0);
        let level = LEVELS.get(usize::from(self.level)).map_or("", |level| level.0);
        format!("{level} {role}")
    }

    /// Returns the pay in hundredths of the currency, per year, month or hour.
    pub(crate) fn pay_cents(self, key: u64, factor: i64, period: &str) -> i64 {
        let thousands = LEVELS.get(usize::from(self.level)).map_or(30, |level| level.1);
        let odd_cents = pick(&[0, 0, 0, 50, 99], key, 52);
        let spread = 90 + i64::try_from(below(key, 53, 30)).unwrap_or_default();
        let yearly = thousands * factor / 10 * spread / 100;
        match period {
            "hourly" => yearly * 100 / 1_720 + odd_cents,
            "monthly" => yearly * 100 / 12 + odd_cents,
            _ => yearly * 100 + odd_cents,
        }
    }
}
