//! The words of which a configuration is made: identifiers, conditions, policies, exceptions.

use std::{borrow::Cow, collections::BTreeMap, fmt, str::FromStr};

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Error;
use crate::employee::{Attribute, CUSTOM_PREFIX, Canonical, Category, CustomName};

/// The employee attribute chosen to make the first match. A custom field cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    /// The e-mail at work.
    WorkEmail,
    /// The private e-mail.
    PersonalEmail,
    /// The number the company gave the person.
    EmployeeNumber,
    /// The provider's own id.
    EmployeeId,
}

impl Identifier {
    /// All identifiers.
    pub const ALL: &[Self] = &[
        Self::WorkEmail,
        Self::PersonalEmail,
        Self::EmployeeNumber,
        Self::EmployeeId,
    ];

    /// Returns the attribute that it stands for, of employees and of accounts.
    pub const fn attribute(self) -> Canonical {
        match self {
            Self::WorkEmail => Canonical::WorkEmail,
            Self::PersonalEmail => Canonical::PersonalEmail,
            Self::EmployeeNumber => Canonical::EmployeeNumber,
            Self::EmployeeId => Canonical::EmployeeId,
        }
    }
}

/// A custom attribute of the target, filled from a custom field of the HR system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomAttribute {
    /// The employee's field. It is written with the prefix `custom.`.
    #[serde(serialize_with = "with_prefix", deserialize_with = "without_prefix")]
    pub from: CustomName,
    /// The account's attribute, without the prefix.
    pub to: CustomName,
}

fn with_prefix<S: Serializer>(name: &CustomName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{CUSTOM_PREFIX}{}", name.as_str()))
}

fn without_prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CustomName, D::Error> {
    match Attribute::deserialize(deserializer)? {
        Attribute::Custom(name) => Ok(name),
        Attribute::Canonical(_) => Err(serde::de::Error::custom("expected `custom.<name>`")),
    }
}

/// Words of the HR system and what the target calls them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueMap {
    /// The employee attribute whose words these are, wherever its value is written to.
    pub attribute: Attribute,
    /// From HR's word to the target's. HR's words are compared without case and accents.
    pub map: BTreeMap<String, String>,
}

/// One condition of the scope filter, written as `{"field": …, "any_of": […]}` and so on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The employee attribute that is looked at.
    pub field: Attribute,
    /// What the attribute must be.
    #[serde(flatten)]
    pub test: Test,
}

/// What a condition asks of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The field is one of these, compared without case and accents. An empty field is not among them.
    AnyOf(Vec<String>),
    /// The field is not one of these.
    NoneOf(Vec<String>),
    /// The field has a value, or has none.
    IsSet(bool),
    /// The field is a date before this one.
    Before(Date),
    /// The field is a date after this one.
    After(Date),
}

/// A piece of evidence by which an existing account may be linked for the first time, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstLink {
    /// The account carries the reference that Rollcall wrote for this person (R02).
    ExternalId,
    /// The account's identifier equals the employee's.
    Identifier,
    /// The full names are equal; only ever offered as a decision.
    ExactName,
}

/// What happens to the account of a person who left, for one reason of leaving (R13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeaverPolicy {
    /// Switch the account off.
    Deactivate,
    /// Move it to this group and leave it on.
    Group(String),
    /// Leave it as it is.
    Ignore,
    /// Park the person until a decision is made.
    Wait,
}

impl fmt::Display for LeaverPolicy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deactivate => formatter.write_str("deactivate"),
            Self::Group(name) => write!(formatter, "group:{name}"),
            Self::Ignore => formatter.write_str("ignore"),
            Self::Wait => formatter.write_str("wait"),
        }
    }
}

impl FromStr for LeaverPolicy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "deactivate" => Ok(Self::Deactivate),
            "ignore" => Ok(Self::Ignore),
            "wait" => Ok(Self::Wait),
            _ => match text.strip_prefix("group:").map(str::trim) {
                Some(name) if !name.is_empty() && name.len() <= 100 && !name.chars().any(char::is_control) => {
                    Ok(Self::Group(name.to_owned()))
                }
                _ => Err(Error::LeaverPolicy),
            },
        }
    }
}

impl Serialize for LeaverPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LeaverPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What happens when HR says that a person whom we deactivated is active again (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RehirePolicy {
    /// Switch the account on again.
    Reactivate,
    /// Leave it off.
    Ignore,
    /// Park the person until a decision is made.
    Wait,
}

/// A forbidden category that a person chose to allow (R34). Shown in every preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The category.
    pub category: Category,
    /// Why the category is needed, in the words of the person who allowed it.
    pub reason: String,
    /// The person who allowed it.
    pub by: String,
    /// When the category was allowed.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r13_a_policy_reads_back_what_it_writes() {
        for text in ["deactivate", "ignore", "wait", "group:Alumni", "group:Ehemalige: alle"] {
            assert_eq!(text.parse::<LeaverPolicy>().unwrap().to_string(), text);
        }
        assert_eq!("group: Alumni ".parse(), Ok(LeaverPolicy::Group("Alumni".to_owned())));
        for text in ["", "delete", "group:", "group: ", "Deactivate", "group:a\nb"] {
            assert_eq!(text.parse::<LeaverPolicy>(), Err(Error::LeaverPolicy), "{text}");
        }
    }

    #[test]
    fn r18_every_identifier_names_its_own_attribute() {
        for identifier in Identifier::ALL {
            let name = serde_json::to_value(identifier).unwrap();
            assert_eq!(name, identifier.attribute().name());
        }
    }
}
