//! The one way from a provider's text to an attribute's canonical text.

use jiff::{civil::Date, tz::TimeZone};

use super::{Canonical, Country, Decimal, Email, EmploymentStatus, Kind, Phone, id, normalise};

/// The longest text an attribute holds, in bytes; a longer one is invalid.
pub const MAX_TEXT_BYTES: usize = 4_096;

/// Why a text is not a value of its attribute. Names the attribute and what was expected, never the text (R38).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{attribute} expects {expected}", attribute = .attribute.name())]
pub struct Error {
    /// Which attribute.
    pub attribute: Canonical,
    /// What it expects, in words.
    pub expected: &'static str,
}

/// Gives a text its canonical form: `Ok(None)` where it is blank, which means empty.
///
/// # Errors
/// [`Error`] where the text is not of the attribute's kind.
pub fn canonical_text(attribute: Canonical, text: &str) -> Result<Option<String>, Error> {
    let invalid = |expected| Error { attribute, expected };
    if text.trim().is_empty() {
        return Ok(None);
    }
    if text.len() > MAX_TEXT_BYTES {
        return Err(invalid("at most 4096 bytes"));
    }
    let canonical = match attribute.kind() {
        Kind::Country => Country::parse(text)
            .map(|country| country.as_str().to_owned())
            .ok_or("an ISO 3166-1 code"),
        Kind::Date => date(text).ok_or("a date YYYY-MM-DD"),
        Kind::Decimal => Decimal::parse(text).map(Decimal::into_text).ok_or("a decimal number"),
        Kind::Email => Email::parse(text).map(Email::into_text).ok_or("an e-mail address"),
        Kind::Name => Ok(normalise(text)),
        Kind::Phone => Phone::parse(text)
            .map(Phone::into_text)
            .ok_or("a number with its country code, E.164"),
        Kind::Reference => id::check(text.trim())
            .map(|()| text.trim().to_owned())
            .map_err(|_| "an employee id"),
        Kind::Status => EmploymentStatus::parse(text.trim())
            .map(|status| status.as_str().to_owned())
            .ok_or("active, upcoming or terminated"),
        Kind::Text if matches!(attribute, Canonical::TimeZone) => TimeZone::get(text.trim())
            .map(|_| text.trim().to_owned())
            .map_err(|_| "an IANA time zone"),
        Kind::Text => Ok(lines(text)),
    };
    match canonical {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(expected) => Err(invalid(expected)),
    }
}

/// The first ten characters of a date or an instant, where they are a date.
fn date(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let (day, rest) = trimmed.split_at_checked(10)?;
    let is_instant = rest.is_empty() || rest.starts_with('T') || rest.starts_with(' ');
    (is_instant && day.parse::<Date>().is_ok()).then(|| day.to_owned())
}

/// Text in NFC and trimmed; line breaks of an address stay.
fn lines(text: &str) -> String {
    if text.is_ascii() && !text.contains('\r') {
        return text.trim().to_owned();
    }
    text.lines()
        .map(normalise)
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_kind_has_its_canonical_text() {
        let text = |attribute, text| canonical_text(attribute, text).unwrap().unwrap();
        assert_eq!(text(Canonical::StartDate, "2026-01-31T00:00:00.000Z"), "2026-01-31");
        assert_eq!(text(Canonical::Country, "es"), "ES");
        assert_eq!(text(Canonical::PayRate, "30000.00"), "30000");
        assert_eq!(
            text(Canonical::AddressLine1, "Calle Mayor 1\r\n2º "),
            "Calle Mayor 1\n2º"
        );
        assert_eq!(text(Canonical::TimeZone, "Europe/Madrid"), "Europe/Madrid");
        assert_eq!(canonical_text(Canonical::City, "  "), Ok(None));
        assert_eq!(canonical_text(Canonical::FirstName, "\u{200b}"), Ok(None));
    }

    #[test]
    fn an_error_names_the_attribute_and_what_was_expected_but_not_the_text() {
        let error = canonical_text(Canonical::MobilePhone, "600 123 456").unwrap_err();
        assert_eq!(
            error.to_string(),
            "mobile_phone expects a number with its country code, E.164"
        );
        assert!(canonical_text(Canonical::BirthDate, "31/01/1990").is_err());
        assert!(canonical_text(Canonical::BirthDate, "2026-02-30").is_err());
        assert!(canonical_text(Canonical::Country, "Spain").is_err());
        assert!(canonical_text(Canonical::TimeZone, "Madrid").is_err());
    }

    proptest! {
        #[test]
        fn canonical_text_is_canonical(index in 0..Canonical::ALL.len(), text in "\\PC{0,30}") {
            let attribute = Canonical::ALL[index];
            if let Ok(Some(once)) = canonical_text(attribute, &text) {
                prop_assert_eq!(canonical_text(attribute, &once), Ok(Some(once.clone())));
            }
        }
    }
}
