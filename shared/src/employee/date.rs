//! Calendar dates as text.

use jiff::civil::Date;

/// Returns a date that is written in a text. The usual spelling, `YYYY-MM-DD`, does not go through all that ISO 8601
/// allows.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    plain(text).or_else(|| text.parse().ok())
}

fn plain(text: &str) -> Option<Date> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i16::from(*digit - b'0'))
        })
    };
    let part = |digits: &[u8]| number(digits).and_then(|number| i8::try_from(number).ok());
    Date::new(number(&[y1, y2, y3, y4])?, part(&[m1, m2])?, part(&[d1, d2])?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_date_reads_the_same_on_either_way(text in "([0-9]{4}-[01][0-9]-[0-3][0-9]|.{0,3}[0-9-]{0,10}.{0,3})") {
            prop_assert_eq!(parse_date(&text), text.parse().ok());
        }
    }
}
