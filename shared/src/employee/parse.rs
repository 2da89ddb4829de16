//! The one way from a provider's text to an attribute's canonical text.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::{
    Canonical, Country, Decimal, Email, EmploymentStatus, Kind, Phone,
    date::parse_date,
    decimal, email, id, is_blank,
    name::{is_invisible, is_normal, shown},
    normalise, phone,
};

/// The longest text an attribute holds, in bytes; a longer one is invalid.
pub const MAX_TEXT_BYTES: usize = 4_096;

/// Why a text is not a value of its attribute. Names the attribute and what was expected, never the text (R38).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{attribute} expects {expected}", attribute = .attribute.name())]
pub struct Error {
    /// Which attribute.
    pub attribute: Canonical,
    /// What the attribute expects, in words.
    pub expected: &'static str,
}

/// Returns the canonical form of a text, borrowed where the text has it already: `Ok(None)` where it is blank, which
/// means empty.
///
/// # Errors
/// [`Error`] where the text is not of the attribute's kind.
pub fn canonical_text(attribute: Canonical, text: &str) -> Result<Option<Cow<'_, str>>, Error> {
    match cleaned(text) {
        Cow::Borrowed(trimmed) => canonical(attribute, text, trimmed),
        Cow::Owned(trimmed) => {
            let found = canonical(attribute, text, &trimmed)?;
            Ok(found.map(|found| Cow::Owned(found.into_owned())))
        }
    }
}

/// Returns the canonical form of a text, which is `trimmed` without white space around it and without what cannot be seen.
fn canonical<'a>(attribute: Canonical, text: &'a str, trimmed: &'a str) -> Result<Option<Cow<'a, str>>, Error> {
    let invalid = |expected| Error { attribute, expected };
    if trimmed.is_empty() {
        return Ok(None);
    }
    if text.len() > MAX_TEXT_BYTES {
        return Err(invalid("at most 4096 bytes"));
    }
    let canonical = match attribute.kind() {
        Kind::Country => Country::parse(trimmed)
            .map(|country| Cow::Borrowed(country.as_str()))
            .ok_or("an ISO 3166-1 code"),
        Kind::Date => date(trimmed).map(Cow::Borrowed).ok_or("a date YYYY-MM-DD"),
        Kind::Decimal if decimal::is_plain(trimmed) => Ok(Cow::Borrowed(trimmed)),
        Kind::Decimal => Decimal::parse(trimmed)
            .map(|number| Cow::Owned(number.into_text()))
            .ok_or("a decimal number"),
        Kind::Email if email::is_plain(trimmed) => Ok(Cow::Borrowed(trimmed)),
        Kind::Email => Email::parse(trimmed)
            .map(|email| Cow::Owned(email.into_text()))
            .ok_or("an e-mail address"),
        Kind::Name if is_normal(text) => Ok(Cow::Borrowed(text)),
        Kind::Name => Ok(Cow::Owned(normalise(text))),
        Kind::Phone if phone::is_plain(trimmed) => Ok(Cow::Borrowed(trimmed)),
        Kind::Phone => Phone::parse(trimmed)
            .map(|phone| Cow::Owned(phone.into_text()))
            .ok_or("a number with its country code, E.164"),
        // As ids themselves are read.
        Kind::Reference => id::check(text.trim())
            .map(|()| Cow::Borrowed(text.trim()))
            .map_err(|_| "an employee id"),
        Kind::Status => EmploymentStatus::parse(trimmed)
            .map(|status| Cow::Borrowed(status.as_str()))
            .ok_or("active, upcoming or terminated"),
        Kind::Text if matches!(attribute, Canonical::TimeZone) => TimeZone::get(trimmed)
            .map(|_| Cow::Borrowed(trimmed))
            .map_err(|_| "an IANA time zone"),
        Kind::Text => Ok(lines(text)),
    };
    match canonical {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(text)),
        Err(expected) => Err(invalid(expected)),
    }
}

/// Returns a text without white space around it, and without what cannot be seen and is no spelling. Most texts have neither.
fn cleaned(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        let mut ends = [text.as_bytes().first(), text.as_bytes().last()].into_iter();
        let is_clean = ends.all(|end| end.is_some_and(u8::is_ascii_graphic));
        return Cow::Borrowed(if is_clean { text } else { text.trim_matches(is_blank) });
    }
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text.trim_matches(is_blank));
    }
    Cow::Owned(shown(text).trim_matches(is_blank).to_owned())
}

/// Returns the first ten characters of a date or an instant, where they are a date.
fn date(trimmed: &str) -> Option<&str> {
    let (day, rest) = trimmed.split_at_checked(10)?;
    let is_instant = rest.is_empty() || rest.starts_with('T') || rest.starts_with(' ');
    (is_instant && parse_date(day).is_some()).then_some(day)
}

/// Returns text in NFC and trimmed; line breaks of an address stay.
fn lines(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return Cow::Borrowed(text);
    }
    if text.is_ascii() && !text.contains('\r') {
        return Cow::Borrowed(text.trim_matches(is_blank));
    }
    let lines = text.lines().map(normalise).collect::<Vec<_>>().join("\n");
    Cow::Owned(lines.trim().to_owned())
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

    #[test]
    fn a_joiner_that_is_spelling_stays_in_an_address() {
        let text = |text: &str| {
            let found = canonical_text(Canonical::WorkEmail, text).unwrap();
            found.map(Cow::into_owned)
        };
        let domain = "\u{646}\u{627}\u{645}\u{647}\u{200c}\u{627}\u{6cc}.example";
        let with = text(&format!("ana@{domain}\u{200b}"));
        assert_eq!(
            with.as_deref(),
            Email::parse(&format!("ana@{domain}")).as_ref().map(Email::as_str)
        );
        assert_ne!(with, text(&format!("ana@{}", domain.replace('\u{200c}', ""))));
    }

    #[test]
    fn what_cannot_be_seen_spoils_no_value_and_is_none() {
        let text = |attribute, text| canonical_text(attribute, text).unwrap().map(Cow::into_owned);
        for (attribute, written, kept) in [
            (Canonical::WorkEmail, "\u{200b}ana@acme.test", "ana@acme.test"),
            (Canonical::MobilePhone, "\u{202d}+34600123456\u{202c}", "+34600123456"),
            (Canonical::StartDate, "2026-01-31\u{200b}", "2026-01-31"),
            (Canonical::Country, "\u{feff}es", "ES"),
            (Canonical::PayRate, "\u{200e}30000", "30000"),
            (Canonical::TimeZone, "Europe/Madrid\u{200b}", "Europe/Madrid"),
            (Canonical::City, "Madrid\u{200b}", "Madrid"),
            (Canonical::FirstName, "\u{645}\u{200c}\u{645}", "\u{645}\u{200c}\u{645}"),
            (Canonical::City, "\u{d28}\u{d4d}\u{200d}", "\u{d28}\u{d4d}\u{200d}"),
        ] {
            assert_eq!(text(attribute, written).as_deref(), Some(kept), "{written:?}");
        }
        for attribute in [
            Canonical::WorkEmail,
            Canonical::MobilePhone,
            Canonical::City,
            Canonical::StartDate,
        ] {
            assert_eq!(text(attribute, "\u{200b}\u{a0}\u{feff}"), None, "{attribute:?}");
        }
        assert!(canonical_text(Canonical::WorkEmail, "ana at acme").is_err());
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
