//! Categories of personal data that are not carried over, and are not even decoded, unless a person allowed one with a
//! reason (R34). Gender is not among them.

mod pattern;
#[cfg(test)]
mod tests;
mod word;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::employee::{Attribute, Canonical};

/// A forbidden category. Its name is written into configurations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Racial or ethnic origin.
    EthnicOrigin,
    /// Political opinions and memberships.
    Politics,
    /// Religion or belief, church tax and other tax elections that show it.
    Religion,
    /// Membership of a trade union.
    TradeUnion,
    /// Genetic or health data, medical records, disability.
    Health,
    /// Biometrics.
    Biometrics,
    /// Sex life or sexual orientation.
    SexualOrientation,
    /// Criminal records and background checks.
    CriminalRecord,
    /// Bank accounts and payment cards.
    BankDetails,
    /// Creditworthiness.
    CreditRating,
    /// Passports, licences, identity cards.
    IdentityDocument,
    /// Social security numbers.
    SocialSecurity,
}

impl Category {
    /// All categories.
    pub const ALL: &[Self] = &[
        Self::EthnicOrigin,
        Self::Politics,
        Self::Religion,
        Self::TradeUnion,
        Self::Health,
        Self::Biometrics,
        Self::SexualOrientation,
        Self::CriminalRecord,
        Self::BankDetails,
        Self::CreditRating,
        Self::IdentityDocument,
        Self::SocialSecurity,
    ];

    /// Returns the name in configurations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EthnicOrigin => "ethnic_origin",
            Self::Politics => "politics",
            Self::Religion => "religion",
            Self::TradeUnion => "trade_union",
            Self::Health => "health",
            Self::Biometrics => "biometrics",
            Self::SexualOrientation => "sexual_orientation",
            Self::CriminalRecord => "criminal_record",
            Self::BankDetails => "bank_details",
            Self::CreditRating => "credit_rating",
            Self::IdentityDocument => "identity_document",
            Self::SocialSecurity => "social_security",
        }
    }

    /// Returns the category of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|category| category.name() == name)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Members of HR systems' answers that no decoder may read, by their usual names.
///
/// A decoder's own list of members is held against [`classify_label`] too; these are the ones whose names are known.
pub const NEVER_DECODED: &[(&str, Category)] = &[
    ("bank_account", Category::BankDetails),
    ("bank_number", Category::BankDetails),
    ("bankDetails", Category::BankDetails),
    ("disability_percentage_cents", Category::Health),
    ("ethnicity", Category::EthnicOrigin),
    ("iban", Category::BankDetails),
    ("nationalId", Category::IdentityDocument),
    ("niNumber", Category::SocialSecurity),
    ("passportNumber", Category::IdentityDocument),
    ("religion", Category::Religion),
    ("social_security_number", Category::SocialSecurity),
    ("ssn", Category::SocialSecurity),
    ("swift_bic", Category::BankDetails),
];

/// Returns the category of a canonical attribute, if it is forbidden.
pub const fn category_of(canonical: Canonical) -> Option<Category> {
    if matches!(canonical, Canonical::BankDetails) {
        Some(Category::BankDetails)
    } else {
        None
    }
}

/// Returns the category of an attribute by its name alone, if it is or looks forbidden.
pub fn classify(attribute: &Attribute) -> Option<Category> {
    match attribute {
        Attribute::Canonical(canonical) => category_of(*canonical),
        Attribute::Custom(name) => classify_label(name.as_str()),
    }
}

/// Returns the category that a custom field's label or slug looks like, in English, Spanish, French, German, Italian,
/// Portuguese or Dutch; `None` where it looks like none. In doubt it names a category: that asks a person for a reason,
/// and loses nothing.
pub fn classify_label(label: &str) -> Option<Category> {
    let words = pattern::words(label);
    let words = pattern::without(&words, word::HARMLESS);
    word::PATTERNS
        .iter()
        .find(|(_, patterns)| patterns.split(", ").any(|pattern| pattern::is_in(pattern, &words)))
        .map(|(category, _)| *category)
}
