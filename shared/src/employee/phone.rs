//! Telephone numbers in the international form of ITU-T E.164.

/// A telephone number: `+`, a country code that does not begin with 0, at most 15 digits in all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Phone(String);

impl Phone {
    /// Reads a number written with `+` or `00` in front. Spaces, dots, dashes, slashes and brackets are passed over.
    ///
    /// Returns `None` where the country code is missing: which country is meant is never guessed.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let national = trimmed
            .strip_prefix('+')
            .or_else(|| trimmed.strip_prefix("00"))?
            .replace("(0)", "");
        let mut number = String::from("+");
        for character in national.chars() {
            match character {
                '0'..='9' => number.push(character),
                ' ' | '\u{a0}' | '.' | '-' | '/' | '(' | ')' => {}
                _ => return None,
            }
        }
        ((8..=16).contains(&number.len()) && !number.starts_with("+0")).then_some(Self(number))
    }

    /// Returns the number, `+` and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number, owned.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Returns whether a text is a number in the form in which it is kept.
pub(super) fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default().as_bytes();
    (7..=15).contains(&digits.len()) && !digits.starts_with(b"0") && digits.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_with_a_country_code_are_kept_as_digits() {
        for text in ["+34 600-123.456", "0034600123456", "+34 (600) 123456", " +34600123456 "] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), "+34600123456", "{text}");
        }
        assert_eq!(Phone::parse("+44 (0)20 7946 0000").unwrap().as_str(), "+442079460000");
    }

    #[test]
    fn a_number_without_country_code_is_invalid() {
        for text in [
            "600123456",
            "",
            "+",
            "+0600123456",
            "+12",
            "+1234567890123456",
            "+34 600 ext 2",
        ] {
            assert_eq!(Phone::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_number_looks_plain_where_reading_leaves_it_as_it_is(text in "[+]?[0 ]?[0-9]{5,16}") {
            prop_assert_eq!(is_plain(&text), Phone::parse(&text).map(Phone::into_text) == Some(text));
        }
    }
}
