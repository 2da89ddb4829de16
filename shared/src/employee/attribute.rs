//! The names of attributes: the canonical ones and the tenant's own.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::name::bare;

/// What kind of text an attribute holds, which decides the parser that guards it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An ISO 3166-1 alpha-2 code, upper case.
    Country,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// A decimal number, `-?digits[.digits]`, without an exponent.
    Decimal,
    /// An e-mail address, lower case.
    Email,
    /// A person's name, normalised.
    Name,
    /// A telephone number, E.164.
    Phone,
    /// The id of another employee.
    Reference,
    /// `active`, `upcoming` or `terminated`.
    Status,
    /// Any text, trimmed.
    Text,
}

macro_rules! canonical {
    ($( $(#[$doc:meta])* $variant:ident = $code:literal, $name:literal, $kind:ident, $sensitive:literal; )*) => {
        /// The attributes that every provider and target shares, under the same names.
        ///
        /// The codes are written into stored documents (R44): a code is never changed or used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Canonical { $( $(#[$doc])* $variant = $code, )* }

        impl Canonical {
            /// All canonical attributes, in the order of their codes.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns the name in configuration, plans, pages and the HTTP contract.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns what kind of text it holds.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind),* }
            }

            /// Returns whether its values never enter history and are hidden from viewers (R36, R39).
            pub const fn is_sensitive(self) -> bool {
                match self { $(Self::$variant => $sensitive),* }
            }

            /// Returns the one byte that stands for it in the packed form.
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// Returns the attribute of this code, if there is one.
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)* _ => None }
            }

            /// Returns the attribute of this name, if it is a canonical one.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

canonical! {
    /// First line of the home address.
    AddressLine1 = b'A', "address_line_1", Text, true;
    /// Second line of the home address.
    AddressLine2 = b'B', "address_line_2", Text, true;
    /// Bank details for paying out, only ever decoded under a recorded exception (R34).
    BankDetails = b'C', "bank_details", Text, true;
    /// Date of birth.
    BirthDate = b'D', "birth_date", Date, true;
    /// Town of the home address.
    City = b'E', "city", Text, true;
    /// Country of the home address.
    Country = b'F', "country", Country, false;
    /// Department by name.
    Department = b'G', "department", Text, false;
    /// The name to show.
    DisplayName = b'H', "display_name", Name, false;
    /// An account's primary e-mail; configuration says which employee attribute it is taken from.
    Email = b'I', "email", Email, false;
    /// The provider's id, as an attribute.
    EmployeeId = b'J', "employee_id", Text, false;
    /// The number the company gave the person.
    EmployeeNumber = b'K', "employee_number", Text, false;
    /// Where the person stands in the working life.
    EmploymentStatus = b'L', "employment_status", Status, false;
    /// Kind of contract, in the provider's words.
    EmploymentType = b'M', "employment_type", Text, false;
    /// Given name.
    FirstName = b'N', "first_name", Name, false;
    /// Group in the target, from another attribute or a policy.
    Group = b'O', "group", Text, false;
    /// Job title.
    JobTitle = b'P', "job_title", Text, false;
    /// The name the person goes by.
    KnownAs = b'Q', "known_as", Name, false;
    /// Family name.
    LastName = b'R', "last_name", Name, false;
    /// The employee id of the line manager; in an account, the manager's account id.
    Manager = b'S', "manager", Reference, false;
    /// Mobile telephone.
    MobilePhone = b'T', "mobile_phone", Phone, false;
    /// Three-letter currency of the pay, ISO 4217.
    PayCurrency = b'U', "pay_currency", Text, true;
    /// What the pay rate is for: `year`, `month`, `week`, `day` or `hour`.
    PayPeriod = b'V', "pay_period", Text, true;
    /// Pay in major units.
    PayRate = b'W', "pay_rate", Decimal, true;
    /// Private e-mail.
    PersonalEmail = b'X', "personal_email", Email, true;
    /// First day of employment.
    StartDate = b'Y', "start_date", Date, false;
    /// Team by name.
    Team = b'Z', "team", Text, false;
    /// Last day of employment.
    TerminationDate = b'a', "termination_date", Date, false;
    /// IANA time zone of the place of work.
    TimeZone = b'b', "time_zone", Text, false;
    /// Town of the place of work.
    WorkCity = b'c', "work_city", Text, false;
    /// E-mail at work.
    WorkEmail = b'd', "work_email", Email, false;
    /// Place of work by name.
    WorkLocation = b'e', "work_location", Text, false;
    /// Postal code of the home address.
    ZipCode = b'f', "zip_code", Text, true;
}

/// The prefix that marks a custom attribute's name outside.
pub const CUSTOM_PREFIX: &str = "custom.";

/// The name of a tenant's own attribute, without the prefix: `[a-z0-9_-]{1,64}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomName(Box<str>);

impl CustomName {
    /// The longest name, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Takes a name as it stands in configuration.
    ///
    /// Returns `None` unless it has 1 to 64 characters of `a-z`, `0-9`, `_` and `-`.
    pub fn parse(name: &str) -> Option<Self> {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
        ((1..=Self::MAX_BYTES).contains(&name.len()) && name.bytes().all(fits)).then(|| Self(name.into()))
    }

    /// Makes a name of a label or slug: lower case, everything else an underscore, runs of them one. Configurations hold such
    /// names, so that a letter becomes no other one than it became before, whatever labels are compared by.
    ///
    /// Returns `None` where nothing is left of it.
    pub fn from_label(label: &str) -> Option<Self> {
        let mut name = String::with_capacity(label.len());
        for character in bare(label).chars().flat_map(char::to_lowercase) {
            if character.is_ascii_alphanumeric() || character == '-' {
                name.push(character);
            } else if !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
        }
        name.truncate(Self::MAX_BYTES);
        Self::parse(name.trim_end_matches('_'))
    }

    /// Returns the name without the prefix.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// One of the attributes that all tenants share.
    Canonical(Canonical),
    /// The tenant's own.
    Custom(CustomName),
}

/// The name of an attribute, borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeRef<'a> {
    /// One of the attributes that all tenants share.
    Canonical(Canonical),
    /// The tenant's own, without the prefix.
    Custom(&'a str),
}

impl Attribute {
    /// Returns the attribute of a name as it stands in configuration: a canonical name, or `custom.<name>`.
    pub fn parse(name: &str) -> Option<Self> {
        match name.strip_prefix(CUSTOM_PREFIX) {
            Some(custom) => CustomName::parse(custom).map(Self::Custom),
            None => Canonical::from_name(name).map(Self::Canonical),
        }
    }

    /// Returns the attribute, borrowed.
    pub fn as_ref(&self) -> AttributeRef<'_> {
        match self {
            Self::Canonical(canonical) => AttributeRef::Canonical(*canonical),
            Self::Custom(name) => AttributeRef::Custom(name.as_str()),
        }
    }

    /// Returns the name in configuration, plans, pages and the HTTP contract.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Canonical(canonical) => Cow::Borrowed(canonical.name()),
            Self::Custom(name) => Cow::Owned(format!("{CUSTOM_PREFIX}{}", name.as_str())),
        }
    }

    /// Returns what kind of text it holds; custom attributes hold text.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Canonical(canonical) => canonical.kind(),
            Self::Custom(_) => Kind::Text,
        }
    }

    /// Returns whether its values never enter history and are hidden from viewers. Custom attributes count as
    /// sensitive.
    pub const fn is_sensitive(&self) -> bool {
        match self {
            Self::Canonical(canonical) => canonical.is_sensitive(),
            Self::Custom(_) => true,
        }
    }
}

impl AttributeRef<'_> {
    /// Returns the attribute, owned. A custom name in packed form was checked when it was packed; an unreadable one is
    /// `None`.
    pub fn to_owned(self) -> Option<Attribute> {
        match self {
            Self::Canonical(canonical) => Some(Attribute::Canonical(canonical)),
            Self::Custom(name) => CustomName::parse(name).map(Attribute::Custom),
        }
    }
}

impl From<Canonical> for Attribute {
    fn from(canonical: Canonical) -> Self {
        Self::Canonical(canonical)
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name())
    }
}

impl fmt::Display for AttributeRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Canonical(canonical) => formatter.write_str(canonical.name()),
            Self::Custom(name) => write!(formatter, "{CUSTOM_PREFIX}{name}"),
        }
    }
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("expected a canonical attribute or `custom.<name>`"))
    }
}

impl Serialize for Canonical {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Canonical {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom("expected a canonical attribute"))
    }
}

impl Serialize for CustomName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CustomName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| serde::de::Error::custom("expected 1 to 64 of `a-z`, `0-9`, `_` and `-`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_canonical_attribute_is_found_by_name_and_by_code() {
        for canonical in Canonical::ALL {
            assert_eq!(Canonical::from_name(canonical.name()), Some(*canonical));
            assert_eq!(Canonical::from_code(canonical.code()), Some(*canonical));
        }
    }

    #[test]
    fn a_label_in_any_script_becomes_a_name_or_nothing() {
        let name = |label| CustomName::from_label(label).map(|name| name.as_str().to_owned());
        assert_eq!(name("T-Shirt size (EU)"), Some("t-shirt_size_eu".to_owned()));
        assert_eq!(name("Talla de camiseta ñ"), Some("talla_de_camiseta_n".to_owned()));
        assert_eq!(name("尺码"), None);
    }
}
