//! Decimal numbers as text. Money is never a float.

/// A decimal number in its one canonical spelling: no leading zeros, no trailing zeros after the point, no `-0`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// The most digits that are accepted, before and after the point together.
    pub const MAX_DIGITS: usize = 30;

    /// Reads `-?digits[.digits]`. Returns `None` for anything else, exponents included.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let (sign, digits) = trimmed.strip_prefix('-').map_or(("", trimmed), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) || whole.len() + fraction.len() > Self::MAX_DIGITS {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let fraction = fraction.trim_end_matches('0');
        let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
        Some(Self(if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }))
    }

    /// Returns a number of hundredths, such as cents.
    pub fn from_hundredths(hundredths: i64) -> Self {
        let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
        let mut text = whole.to_string();
        if hundredths < 0 {
            text.insert(0, '-');
        }
        if rest > 0 {
            text.push('.');
            text.push_str(&(rest / 10).to_string());
        }
        if rest % 10 > 0 {
            text.push_str(&(rest % 10).to_string());
        }
        Self(text)
    }

    /// Returns the number as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number as text, owned.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Returns whether a text is certainly a number in its one spelling. In doubt it returns false.
pub(super) fn is_plain(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "1"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let has_lone_zero = whole == "0" || !whole.starts_with('0');
    let is_short = text.len() < Decimal::MAX_DIGITS;
    is_short && has_lone_zero && is_number(whole) && is_number(fraction) && !fraction.ends_with('0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        let spelling = |text| Decimal::parse(text).map(Decimal::into_text);
        assert_eq!(spelling("0042500.50"), Some("42500.5".to_owned()));
        assert_eq!(spelling("-0.00"), Some("0".to_owned()));
        assert_eq!(spelling(" 7 "), Some("7".to_owned()));
        for text in ["", "1e5", "1,5", ".5", "5.", "--1", "NaN", "0x1"] {
            assert_eq!(spelling(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_looks_plain_is_the_one_spelling(text in "-?[0-9]{0,31}[.]?[0-9]{0,3}") {
            if is_plain(&text) {
                prop_assert_eq!(Decimal::parse(&text).map(Decimal::into_text), Some(text));
            } else {
                let is_kept = Decimal::parse(&text).is_some_and(|number| number.as_str() == text);
                prop_assert!(!is_kept || text.starts_with('-') || text.len() >= Decimal::MAX_DIGITS);
            }
        }

        #[test]
        fn cents_and_their_text_are_the_same_number(cents in -1_000_000_000_i64..1_000_000_000) {
            let number = Decimal::from_hundredths(cents);
            prop_assert_eq!(Decimal::parse(number.as_str()), Some(number.clone()));
            let text = number.into_text();
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            prop_assert_eq!(format!("{whole}{fraction:0<2}").parse::<i64>().unwrap(), cents);
        }
    }
}
