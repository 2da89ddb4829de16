//! What a member of a query or a header may be, said once: how it is checked, and how the contract puts it.

use crate::connection::TenantId;

/// The id of a tenant, as a pattern of JSON Schema.
pub(super) const TENANT: &str = "^[A-Za-z0-9._-]{1,64}$";

/// A text in one line: no control characters.
pub(super) const ONE_LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// A text in one line that may be pasted with blanks around it.
pub(super) const PASTED: &str = r"^[\t\n\r ]*[^\u0000-\u001f\u007f-\u009f]*[\t\n\r ]*$";

/// The id of an HR system.
pub(super) const PROVIDER: &str = "^[a-z0-9-]{1,64}$";

/// A URN of printable characters.
pub(super) const URN: &str = "^urn:[!-~]+$";

/// What patterns mean, in words.
const WORDS: [(&str, &str); 5] = [
    (TENANT, "the id of a tenant: 1 to 64 of `A-Z a-z 0-9 . _ -`"),
    (ONE_LINE, "one line without control characters"),
    (PASTED, "one line without control characters"),
    (PROVIDER, "1 to 64 of `a-z 0-9 -`"),
    (URN, "a URN, `urn:…`, of printable characters"),
];

/// What a pattern means, in words; where there are none, the pattern.
pub(super) fn words_of(pattern: &str) -> String {
    let known = WORDS.iter().find(|(known, _)| *known == pattern);
    known.map_or_else(
        || format!("a text of the form {pattern}"),
        |(_, words)| (*words).to_owned(),
    )
}

/// What a member of the query or a header may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Count(u32, u32),
    /// A key under which a request is carried out once, bare or in double quotes.
    Key,
    /// The name of a person: ASCII in one line, of at most this many characters.
    Person(usize),
    /// The id of a tenant.
    Tenant,
    /// A text of at most this many characters.
    Text(usize),
    /// The `ETag` of a version.
    Version,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Some of these words, joined by commas.
    Words(&'static [&'static str]),
}

/// The longest key under which a request is carried out once, without quotes.
const MOST_KEY_CHARACTERS: usize = 255;

/// The most digits of a version.
const MOST_VERSION_DIGITS: usize = 19;

impl Form {
    /// Whether a text is of this form.
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Flag => matches!(text, "true" | "false"),
            Self::Count(least, most) => {
                is_number(text) && text.parse().is_ok_and(|count: u32| (least..=most).contains(&count))
            }
            Self::Key => {
                let bare = bare_key(text);
                (1..=MOST_KEY_CHARACTERS).contains(&bare.len())
                    && bare.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
            }
            Self::Person(most) => {
                let is_visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
                (1..=most).contains(&text.len()) && text.trim() == text && text.bytes().all(is_visible)
            }
            Self::Tenant => TenantId::parse(text).is_ok(),
            Self::Text(most) => text.chars().count() <= most && !text.chars().any(char::is_control),
            Self::Version => {
                let digits = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                digits.is_some_and(|digits| is_number(digits) && digits.len() <= MOST_VERSION_DIGITS)
            }
            Self::Word(words) => words.contains(&text),
            Self::Words(words) => text.split(',').all(|word| words.contains(&word)),
        }
    }

    /// Checks a text.
    ///
    /// # Errors
    /// What was expected, in words.
    pub(super) fn check(self, text: &str) -> Result<(), String> {
        if self.fits(text) { Ok(()) } else { Err(self.expected()) }
    }

    /// What is expected, in words.
    fn expected(self) -> String {
        match self {
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Count(least, most) => format!("a whole number from {least} to {most}"),
            Self::Key => format!("1 to {MOST_KEY_CHARACTERS} visible ASCII characters, bare or in double quotes"),
            Self::Person(most) => format!(
                "the person behind this call, as your application knows them: 1 to {most} visible ASCII characters or blanks"
            ),
            Self::Tenant => words_of(TENANT),
            Self::Text(most) => format!("a text of at most {most} characters in one line"),
            Self::Version => "the `ETag` of the version that was read: a number in double quotes".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Words(words) => format!("some of {}, joined by commas", words.join(", ")),
        }
    }

    /// Returns the form as a JSON schema.
    #[cfg(feature = "testing")]
    pub(super) fn schema(self) -> serde_json::Value {
        use serde_json::json;
        match self {
            Self::Flag => json!({ "type": "boolean" }),
            Self::Count(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
            Self::Key => {
                let bare = format!("[!#-~]{{1,{MOST_KEY_CHARACTERS}}}");
                json!({ "type": "string", "pattern": format!("^(\"{bare}\"|{bare})$") })
            }
            Self::Person(most) => {
                json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": "^[!-~]([ -~]*[!-~])?$" })
            }
            Self::Tenant => json!({ "type": "string", "pattern": TENANT }),
            Self::Text(most) => json!({ "type": "string", "maxLength": most, "pattern": ONE_LINE }),
            Self::Version => json!({ "type": "string", "pattern": format!("^\"[0-9]{{1,{MOST_VERSION_DIGITS}}}\"$") }),
            Self::Word(words) => json!({ "type": "string", "enum": words }),
            Self::Words(words) => {
                let word = format!("({})", words.join("|"));
                json!({ "type": "string", "pattern": format!("^{word}(,{word})*$") })
            }
        }
    }
}

/// A key without its quotes.
pub(super) fn bare_key(text: &str) -> &str {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    quoted.unwrap_or(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_say_what_they_expect() {
        for (form, good) in [
            (Form::Count(1, 20), "20"),
            (Form::Key, "abc-1"),
            (Form::Key, "\"abc-1\""),
            (Form::Person(8), "Ana Ruiz"),
            (Form::Version, "\"7\""),
            (Form::Words(&["a", "b"]), "b,a"),
        ] {
            assert_eq!(form.check(good), Ok(()), "{form:?} {good}");
        }
        let long = "x".repeat(256);
        for (form, bad) in [
            (Form::Flag, "yes"),
            (Form::Count(1, 20), "0"),
            (Form::Count(1, 20), "21"),
            (Form::Count(1, 20), "+5"),
            (Form::Count(1, 20), ""),
            (Form::Key, ""),
            (Form::Key, "\"\""),
            (Form::Key, "a b"),
            (Form::Key, "é"),
            (Form::Key, "\"a"),
            (Form::Key, &long),
            (Form::Person(3), "abcd"),
            (Form::Person(3), ""),
            (Form::Tenant, "a/b"),
            (Form::Text(3), "abcd"),
            (Form::Text(3), "a\n"),
            (Form::Version, "7"),
            (Form::Version, "\"\""),
            (Form::Word(&["a"]), "b"),
            (Form::Words(&["a", "b"]), "a,c"),
        ] {
            assert!(form.check(bad).is_err(), "{form:?} {bad}");
        }
    }
}
