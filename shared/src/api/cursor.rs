//! Cursors: where the next page begins, as a text that fits an address. A cursor opens nothing: the route says whose
//! list it is.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use super::problem::Problem;

/// A cursor for a place.
pub(super) fn encode(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

/// The place that a cursor names.
///
/// # Errors
/// [`Problem`] where it is none of ours.
pub(super) fn decode(cursor: &str) -> Result<String, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|place| place.len() <= 1024 && !place.chars().any(char::is_control))
        .ok_or_else(invalid)
}

/// A place that begins with an instant as it stands in sort keys, and goes on with something of this kind.
///
/// # Errors
/// [`Problem`] where it is no such place.
pub(super) fn timed(place: &str, is_rest: impl Fn(&str) -> bool) -> Result<&str, Problem> {
    let parts = place.split_once('#');
    let is_place = parts.is_some_and(|(at, rest)| at.len() == 20 && is_number(at) && is_rest(rest));
    is_place.then_some(place).ok_or_else(invalid)
}

/// Whether a text is nothing but digits.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The answer to a cursor that is none of ours.
pub(super) fn invalid() -> Problem {
    Problem::invalid("?cursor", "the `next_cursor` of an earlier answer of this list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_safe_in_an_address_and_comes_back() {
        let cursor = encode("02ü#1/2?");
        assert!(
            cursor
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert_eq!(decode(&cursor).unwrap(), "02ü#1/2?");
        for bad in ["a b", "=", "_w", &encode("a\nb")] {
            assert_eq!(decode(bad).unwrap_err().errors[0].pointer, "?cursor", "{bad}");
        }
    }
}
