//! What people paste into forms: keys, names, addresses. Blanks around it come from where it was copied, and go; what is
//! left is checked.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, de};

use crate::employee::is_blank;

/// A text without the blanks around it: white space, line breaks, and characters that show nothing.
fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// A text in one line that is not blank.
pub(super) fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let text = trim(&text);
    if text.is_empty() || text.chars().any(char::is_control) {
        return Err(de::Error::custom("one line that is not blank"));
    }
    Ok(text.to_owned())
}

/// Reads a text in one line that may be left out; nothing but blanks is as good as nothing.
pub(super) fn optional_line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    match text.filter(|text| !trim(text).is_empty()) {
        Some(text) => line(de::value::StringDeserializer::new(text)).map(Some),
        None => Ok(None),
    }
}

/// A password or a client's secret: blanks inside are its own.
pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    line(deserializer).map(SecretString::from)
}

/// A key or a token, which goes out in a header: printable ASCII without blanks.
pub(super) fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    let text = line(deserializer)?;
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.into())
    } else {
        Err(de::Error::custom("printable ASCII characters without blanks"))
    }
}

/// Reads a key or a token that may be left out.
pub(super) fn optional_token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    match optional_line(deserializer)? {
        Some(text) => token(de::value::StringDeserializer::new(text)).map(Some),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    /// What copying leaves around a text.
    const AROUND: [(&str, &str); 6] = [
        (" ", "  "),
        ("\n", "\r\n"),
        ("\u{a0}", "\t"),
        ("\u{feff}", "\u{200b}"),
        ("\u{2028}", "\u{2060}"),
        ("\u{202a}", "\u{2069}"),
    ];

    #[test]
    fn blanks_around_what_was_pasted_go_and_those_inside_stay_or_are_refused() {
        for (before, after) in AROUND {
            let pasted = |text: &str| json!(format!("{before}{text}{after}"));
            assert_eq!(token(pasted("k3y")).unwrap().expose_secret(), "k3y");
            assert_eq!(optional_token(pasted("k3y")).unwrap().unwrap().expose_secret(), "k3y");
            assert_eq!(
                secret(pasted("pass word\u{a0}é")).unwrap().expose_secret(),
                "pass word\u{a0}é"
            );
            assert_eq!(line(pasted("Ana Ruiz")).unwrap(), "Ana Ruiz");
            assert!(token(pasted("k3 y")).is_err() && token(pasted("k3\u{200b}y")).is_err());
            assert!(secret(pasted("pass\nword")).is_err() && secret(pasted("")).is_err() && token(pasted("")).is_err());
            assert_eq!(optional_line(pasted("")).unwrap(), None);
            assert!(optional_token(pasted("")).unwrap().is_none());
        }
        assert!(optional_token(json!(null)).unwrap().is_none());
    }
}
