//! Factorial's JSON, version 2026-10-01: only the members that are read, all of them optional, borrowed from the page.
//! No logic beyond what a value is on the wire.
//!
//! What may never be read (bank details, social security number, national id, disability …) is not named here, so that
//! no decoder ever holds it (R34). Values of custom fields stay raw until it is known that their field may be read.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// Whole numbers below this are exact in a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A member that holds text, or a number that is taken as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Text<'a> {
    /// The member is not there.
    #[default]
    Absent,
    /// It is `null`.
    Null,
    /// It is there and neither text nor a whole number.
    Odd,
    /// Its text.
    Value(Cow<'a, str>),
}

impl Text<'_> {
    /// Whether there is text that is not blank.
    pub(super) fn has_text(&self) -> bool {
        let is_plain = |text: &str| text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
        self.value()
            .is_some_and(|text| is_plain(text) || !text.trim().is_empty())
    }

    /// The text, if there is one.
    pub(super) fn value(&self) -> Option<&str> {
        match self {
            Self::Value(text) => Some(text),
            Self::Absent | Self::Null | Self::Odd => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Text::Value(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Text::Value(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Text::Null)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Text::Value(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Text::Value(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        let is_whole = number.fract() == 0.0 && number.abs() < EXACT;
        Ok(if is_whole {
            Text::Value(Cow::Owned(format!("{number:.0}")))
        } else {
            Text::Odd
        })
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Text::Odd)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text::Odd)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text::Odd)
    }
}

/// A list: `{"data": […], "meta": {…}}`. `errors` has been seen as `null` in place of `data`.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(super) struct List<'a, T> {
    #[serde(default)]
    pub(super) data: Option<Vec<T>>,
    #[serde(borrow, default)]
    pub(super) meta: Option<Meta<'a>>,
    #[serde(borrow, default)]
    pub(super) errors: Text<'a>,
}

/// Where a page stands in its list.
#[derive(Debug, Deserialize)]
pub(super) struct Meta<'a> {
    #[serde(default)]
    pub(super) has_next_page: Option<bool>,
    #[serde(borrow, default)]
    pub(super) end_cursor: Text<'a>,
    #[serde(default)]
    pub(super) total: Option<u64>,
}

/// The id of a row, whatever else it holds: what paging needs.
#[derive(Debug, Deserialize)]
pub(super) struct Outline<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
}

/// `api_public/credentials`: whose credential this is.
#[derive(Debug, Deserialize)]
pub(super) struct Credential<'a> {
    #[serde(borrow, default)]
    pub(super) company_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) employee_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) role: Text<'a>,
    #[serde(borrow, default)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) legal_name: Text<'a>,
}

/// `employees/employees`.
#[derive(Debug, Deserialize)]
pub(super) struct Employee<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) company_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) first_name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) last_name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) full_name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) preferred_name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) email: Text<'a>,
    #[serde(borrow, default)]
    pub(super) login_email: Text<'a>,
    #[serde(borrow, default)]
    pub(super) personal_email: Text<'a>,
    #[serde(borrow, default)]
    pub(super) phone_number: Text<'a>,
    #[serde(borrow, default)]
    pub(super) address_line_1: Text<'a>,
    #[serde(borrow, default)]
    pub(super) address_line_2: Text<'a>,
    #[serde(borrow, default)]
    pub(super) postal_code: Text<'a>,
    #[serde(borrow, default)]
    pub(super) city: Text<'a>,
    #[serde(borrow, default)]
    pub(super) country: Text<'a>,
    #[serde(borrow, default)]
    pub(super) birthday_on: Text<'a>,
    #[serde(borrow, default)]
    pub(super) company_identifier: Text<'a>,
    #[serde(borrow, default)]
    pub(super) manager_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) location_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) legal_entity_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) seniority_calculation_date: Text<'a>,
    #[serde(borrow, default)]
    pub(super) terminated_on: Text<'a>,
    #[serde(default)]
    pub(super) active: Flag,
}

/// `contracts/reference_contracts`: the contract that applies today, else the nearest to come, else the latest past.
#[derive(Debug, Deserialize)]
pub(super) struct Contract<'a> {
    #[serde(borrow, default)]
    pub(super) employee_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) effective_on: Text<'a>,
    #[serde(borrow, default)]
    pub(super) starts_on: Text<'a>,
    #[serde(borrow, default)]
    pub(super) job_title: Text<'a>,
    #[serde(borrow, default)]
    pub(super) salary_amount: Text<'a>,
    #[serde(borrow, default)]
    pub(super) salary_currency: Text<'a>,
    #[serde(borrow, default)]
    pub(super) salary_frequency: Text<'a>,
    #[serde(borrow, default)]
    pub(super) working_time_percentage_in_cents: Text<'a>,
}

/// `teams/memberships`.
#[derive(Debug, Deserialize)]
pub(super) struct Membership<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) employee_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) team_id: Text<'a>,
    #[serde(default)]
    pub(super) direct: Flag,
}

/// `teams/teams`.
#[derive(Debug, Deserialize)]
pub(super) struct Team<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) name: Text<'a>,
}

/// `locations/locations`.
#[derive(Debug, Deserialize)]
pub(super) struct Location<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) city: Text<'a>,
    #[serde(borrow, default)]
    pub(super) timezone: Text<'a>,
}

/// `companies/legal_entities`.
#[derive(Debug, Deserialize)]
pub(super) struct LegalEntity<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) currency: Text<'a>,
}

/// `custom_fields/fields`.
#[derive(Debug, Deserialize)]
pub(super) struct CustomField<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) field_type: Text<'a>,
    #[serde(borrow, default)]
    pub(super) label_text: Text<'a>,
    #[serde(borrow, default)]
    pub(super) slug: Text<'a>,
}

/// `custom_fields/values`, the values themselves still raw (R34).
#[derive(Debug, Deserialize)]
pub(super) struct CustomValue<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) valuable_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) field_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) long_text_value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) date_value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) single_choice_value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) cents_value: Option<&'a RawValue>,
}

/// The token endpoint's answer (RFC 6749, section 5.1). A company token has neither end nor refresh token.
#[derive(Deserialize)]
pub(super) struct Tokens {
    #[serde(default)]
    pub(super) access_token: Option<String>,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
    #[serde(default)]
    pub(super) expires_in: Option<i64>,
    #[serde(default)]
    pub(super) scope: Option<String>,
}

/// The token endpoint's refusal (RFC 6749, section 5.2).
#[derive(Debug, Deserialize)]
pub(super) struct Refusal<'a> {
    #[serde(borrow, default)]
    pub(super) error: Text<'a>,
}

/// A member that holds true or false; anything else is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) Option<bool>);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FlagVisitor)
    }
}

struct FlagVisitor;

impl<'de> Visitor<'de> for FlagVisitor {
    type Value = Flag;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("anything")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Flag, E> {
        Ok(Flag(Some(flag)))
    }

    fn visit_unit<E>(self) -> Result<Flag, E> {
        Ok(Flag(None))
    }

    fn visit_str<E>(self, _: &str) -> Result<Flag, E> {
        Ok(Flag(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Flag, E> {
        Ok(Flag(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Flag, E> {
        Ok(Flag(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Flag, E> {
        Ok(Flag(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Flag, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Flag(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Flag, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Flag(None))
    }
}
