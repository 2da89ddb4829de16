//! Custom fields of every type. Three of them ask for what no reader may keep without an explicit exception.

use super::{Cast, Company};
use crate::clock::plus_days;
use crate::draw::{below, percent, pick};
use crate::person::{CANARY, Person};
use std::borrow::Cow;

/// Room for values per person, so that a value's position tells its person and field.
pub(crate) const SLOTS: u64 = 16;

/// What people write about themselves; the first three in every company.
const TEXTS: [&str; 6] = [
    "Juggles.\nBadly.",
    "Ask me about beetles 🪲",
    "Plays the \"theorbo\" & sings",
    "Family: 👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "<b>Bold</b>, 100 % sure; =SUM(A1:A9)",
    "ليلى says \u{202e}olleh\u{202c}\tand \u{feff}waves",
];

/// What a custom field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    LongText,
    Date,
    Rating,
    Checkbox,
    SingleChoice,
    MultipleChoice,
    Money,
    Cents,
}

/// A custom field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CustomField {
    /// The name in `custom.<slug>`.
    pub(crate) slug: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: Kind,
    pub(crate) options: &'static [&'static str],
    /// How many of 100 people have a value.
    pub(crate) filled: u64,
}

const fn field(
    slug: &'static str,
    label: &'static str,
    kind: Kind,
    filled: u64,
    options: &'static [&'static str],
) -> CustomField {
    CustomField {
        slug,
        label,
        kind,
        options,
        filled,
    }
}

/// The fields of every company. Religion, blood type and union membership belong to forbidden categories.
pub(crate) const FIELDS: [CustomField; 12] = [
    field(
        "t_shirt_size",
        "T-shirt size",
        Kind::SingleChoice,
        90,
        &["XS", "S", "M", "L", "XL", "XXL"],
    ),
    field("cost_centre", "Cost centre", Kind::Text, 95, &[]),
    field("about_me", "About me", Kind::LongText, 20, &[]),
    field("review_on", "Next review", Kind::Date, 40, &[]),
    field("english_level", "English level", Kind::Rating, 50, &[]),
    field("works_remotely", "Works remotely", Kind::Checkbox, 60, &[]),
    field(
        "languages",
        "Languages",
        Kind::MultipleChoice,
        50,
        &["Català", "Deutsch", "English", "Español", "Français", "日本語"],
    ),
    field("meal_allowance", "Meal allowance", Kind::Money, 30, &[]),
    field("phone_budget", "Phone budget", Kind::Cents, 30, &[]),
    field(
        "religion",
        "Religion",
        Kind::SingleChoice,
        25,
        &[
            "CANARY Order of the Lantern",
            "CANARY House of Quiet Rivers",
            "CANARY None of these",
        ],
    ),
    field("blood_type", "Blood type", Kind::Text, 25, &[]),
    field("sindicato", "Sindicato", Kind::Text, 25, &[]),
];

impl CustomField {
    fn invent(&self, company: &Company, person: &Person, salt: u64) -> Cow<'static, str> {
        let drawn = |limit| below(person.key, salt, limit);
        match self.kind {
            Kind::Text => match self.slug {
                "blood_type" => format!(
                    "{CANARY} {}",
                    pick(&["A+", "A-", "B+", "AB-", "0+", "0-"], person.key, salt)
                )
                .into(),
                "sindicato" => format!("Sindicato {CANARY} {}", drawn(40)).into(),
                _ => format!("CC-{:03}", drawn(120)).into(),
            },
            Kind::LongText => {
                let texts = match company.cast {
                    Cast::Plain => TEXTS.get(..3).unwrap_or(&TEXTS),
                    Cast::Full => &TEXTS,
                };
                pick(texts, person.key, salt).into()
            }
            Kind::Date => {
                let ahead = i64::try_from(drawn(300)).unwrap_or_default();
                plus_days(company.founded_on, ahead).to_string().into()
            }
            Kind::Rating => (1 + drawn(5)).to_string().into(),
            Kind::Checkbox => pick(&["true", "false"], person.key, salt).into(),
            Kind::SingleChoice => pick(self.options, person.key, salt).into(),
            Kind::MultipleChoice => {
                let first = usize::try_from(drawn(4)).unwrap_or_default();
                let chosen: Vec<_> = self.options.iter().skip(first).take(2).copied().collect();
                chosen.join(", ").into()
            }
            Kind::Money | Kind::Cents => format!("{}.{:02}", drawn(90), drawn(4) * 25).into(),
        }
    }
}

impl Company {
    /// Returns the value of the field at `position`, as text: dates `YYYY-MM-DD`, money in major units, choices joined
    /// by comma and space.
    pub(crate) fn custom_value<'a>(&self, person: &'a Person, position: usize) -> Option<Cow<'a, str>> {
        let field = FIELDS.get(position).filter(|_| self.has_custom_fields)?;
        let salt = 100 + 3 * position as u64;
        let invented = || percent(person.key, salt, field.filled).then(|| field.invent(self, person, salt + 1));
        if person.edits.is_none() {
            return invented();
        }
        person.text(&format!("custom.{}", field.slug), invented)
    }
}
