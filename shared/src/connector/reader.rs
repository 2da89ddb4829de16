//! How HR systems commonly write what they say of a person: dates that stand for none, amounts with their currency, kinds of
//! employment, several things in one text.

use std::borrow::Cow;

use super::value::Text;
use crate::employee::fold;

/// A date that stands for none.
const NO_DATE: &str = "0000-00-00";

/// Reads a date; `0000-00-00` is none.
#[must_use]
pub fn date(text: Text<'_>) -> Text<'_> {
    if text.value() == Some(NO_DATE) {
        Text::Null
    } else {
        text
    }
}

/// Reads the day that an instant begins with, as it is written: no zone is looked at.
pub fn day(text: &Text<'_>) -> Text<'static> {
    text.read(|text| Some(owned(text.get(..10).unwrap_or(text))))
}

/// Reads a kind of employment, in the company's words but for full and part time.
pub fn employment_type(text: &Text<'_>) -> Text<'static> {
    text.read(|kind| {
        Some(match fold(kind).replace(['-', '_'], " ").trim() {
            "full time" => Text::word("full_time"),
            "part time" => Text::word("part_time"),
            "" => Text::Null,
            _ => owned(kind),
        })
    })
}

/// Reads the first of several things that stand in one text with a comma and a space between them.
pub fn first(text: &Text<'_>) -> Text<'static> {
    text.read(|several| several.split(", ").next().map(owned))
}

/// Reads the amount of a text that has its currency behind it: `65000.00 USD`. There may be none.
pub fn amount(text: &Text<'_>) -> Text<'static> {
    text.read(|text| {
        let (amount, _) = parted(text);
        Some(if amount.is_empty() { Text::Null } else { owned(amount) })
    })
}

/// Reads the currency of such a text. Without an amount there is none, and an amount without one does not say which it is.
pub fn currency(text: &Text<'_>) -> Text<'static> {
    text.read(|text| match parted(text) {
        ("", _) => Some(Text::Null),
        (_, "") => Some(Text::Absent),
        (_, code) => {
            let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
            is_code.then(|| owned(&code.to_ascii_uppercase()))
        }
    })
}

/// An amount and its currency.
fn parted(text: &str) -> (&str, &str) {
    let (amount, currency) = text.split_once(' ').unwrap_or((text, ""));
    (amount.trim(), currency.trim())
}

fn owned(text: &str) -> Text<'static> {
    Text::Value(Cow::Owned(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_and_its_currency_stand_in_one_text_or_one_of_them_is_missing() {
        for (text, expected) in [
            ("65000.00 USD", (Text::word("65000.00"), Text::word("USD"))),
            ("24 aud", (Text::word("24"), Text::word("AUD"))),
            ("27000.00", (Text::word("27000.00"), Text::Absent)),
            (" USD", (Text::Null, Text::Null)),
            ("", (Text::Null, Text::Null)),
            ("much money", (Text::word("much"), Text::Odd)),
        ] {
            let text = Text::word(text);
            assert_eq!((amount(&text), currency(&text)), expected, "{text:?}");
        }
        for text in [Text::Absent, Text::Null, Text::Odd] {
            assert_eq!((amount(&text), currency(&text)), (text.clone(), text.clone()));
        }
    }

    #[test]
    fn full_and_part_time_have_one_word_each_and_all_other_kinds_their_own() {
        for (kind, expected) in [
            ("Full-Time", Text::word("full_time")),
            ("part time", Text::word("part_time")),
            ("PART_TIME", Text::word("part_time")),
            ("Contractor", Text::word("Contractor")),
            (" ", Text::Null),
        ] {
            assert_eq!(employment_type(&Text::word(kind)), expected, "{kind}");
        }
    }

    #[test]
    fn of_several_the_first_counts_and_a_date_of_noughts_is_none() {
        assert_eq!(first(&Text::word("Platform, Design")), Text::word("Platform"));
        assert_eq!(first(&Text::word("Platform")), Text::word("Platform"));
        assert_eq!(date(Text::word("0000-00-00")), Text::Null);
        assert_eq!(date(Text::word("2026-03-02")), Text::word("2026-03-02"));
        assert_eq!(date(Text::Odd), Text::Odd);
    }
}
