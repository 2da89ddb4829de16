//! From answers that bring nothing, and from what keeps answers away, to the classes that a caller acts on.
//!
//! A body is never quoted, nor the parser's own words, which quote it: both may hold what a person typed (R38).

mod names;

use std::borrow::Cow;

use crate::{
    http::{self, Response},
    source::{Class, Error},
};

/// What a status says to every caller, whatever was asked (RFC 9110, section 15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The credential is not accepted.
    Unauthorized,
    /// The credential is good and may not do this.
    Forbidden,
    /// What was asked for is not there.
    Missing,
    /// Not now; the same request may be answered later.
    Passing,
    /// Anything else that is no success.
    Refused,
}

impl Standing {
    /// What a status that is no success says.
    pub const fn of(status: u16) -> Self {
        match status {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 | 410 => Self::Missing,
            408 | 425 | 429 | 500..=599 => Self::Passing,
            _ => Self::Refused,
        }
    }
}

/// Classifies an answer of a source that is no success.
pub fn refusal(operation: &'static str, status: u16) -> Error {
    let class = match Standing::of(status) {
        Standing::Unauthorized => Class::Unauthorized,
        Standing::Forbidden => Class::Forbidden,
        Standing::Missing => Class::Misconfigured,
        Standing::Passing => Class::Temporary,
        Standing::Refused => Class::Malformed,
    };
    Error::new(class, operation, format!("status {status}"))
}

/// Returns what an operation was answered, or `None` where it is refused in one of these ways. A renewal of the credential on the way is
/// another operation: what that is refused says nothing of this one.
///
/// # Errors
/// [`Error`] where it is refused in another way.
pub fn unless_refused<T>(
    operation: &'static str,
    answer: Result<T, Error>,
    passed_over: &[Class],
) -> Result<Option<T>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.operation == operation && passed_over.contains(&error.class) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What is said of an address that leads into networks of one's own.
pub const NOT_PUBLIC: &str = "its address does not lead to the public internet";

/// Classifies an exchange with a source that brought no answer.
pub fn no_answer(operation: &'static str, error: http::Error) -> Error {
    let class = match &error {
        http::Error::Exhausted { .. } | http::Error::Failed { .. } => Class::Temporary,
        http::Error::Redirected { .. } | http::Error::TooLarge { .. } => Class::Malformed,
        http::Error::NotPublic { .. } => {
            return Error::new(Class::Misconfigured, operation, NOT_PUBLIC)
                .about("base_url")
                .because(error);
        }
        http::Error::UsedUp { wait, .. } => {
            let error_so_far = Error::new(Class::Temporary, operation, "the allowance is used up").used_up(*wait);
            return error_so_far.because(error);
        }
        http::Error::Request { .. } | http::Error::Setup { .. } => Class::Misconfigured,
    };
    Error::new(class, operation, "no usable answer").because(error)
}

/// An answer that is not the JSON that is documented. Says where, never what.
pub fn not_json(operation: &'static str, error: &serde_json::Error) -> Error {
    malformed(operation, form_of(error))
}

/// What is wrong with a text that should be JSON of a certain form, and where.
pub fn form_of(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "ends too early",
        serde_json::error::Category::Data => "has an unexpected form",
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "is not JSON",
    };
    let (line, column) = (error.line(), error.column());
    format!("the answer {what} at line {line}, column {column}")
}

/// An answer whose members contradict the documentation or each other.
pub fn malformed(operation: &'static str, detail: impl Into<String>) -> Error {
    Error::new(Class::Malformed, operation, detail)
}

/// What is said of an answer that is no data.
pub const NO_DATA: &str = "a web page or nothing came in place of data, as it does during maintenance";

/// Returns whether an answer that begins with this byte, blanks left out, is no data: HTML, XML, or nothing. Whatever its status says,
/// it comes from what stands before a system that is not there for a while.
pub const fn is_no_data(first: Option<u8>) -> bool {
    matches!(first, None | Some(b'<'))
}

/// Returns the first byte of a body that is neither blank nor part of a byte order mark.
pub fn first_byte(body: &[u8]) -> Option<u8> {
    let counts = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf);
    body.iter().find(counts).copied()
}

/// An answer that is no data: it is asked for again later.
pub fn no_data(operation: &'static str) -> Error {
    Error::new(Class::Temporary, operation, NO_DATA)
}

/// The body of an answer that is a success, as text.
///
/// # Errors
/// [`Error`] of class `Temporary` where it is no data.
pub fn data_of(operation: &'static str, response: Response) -> Result<String, Error> {
    let text = into_text(response);
    if is_no_data(first_byte(text.as_bytes())) {
        return Err(no_data(operation));
    }
    Ok(text)
}

/// The body of an answer as text, as [`text_of`] returns it.
pub fn into_text(response: Response) -> String {
    text_of(response.into_body().into())
}

/// Bytes of an answer as text, checked once for all that is later borrowed from it. What is no UTF-8 becomes half a
/// surrogate, which makes the value in which it stands an odd one, and the page around it is read. A member whose name is
/// broken gets a name that no member has (`names`).
pub fn text_of(bytes: Vec<u8>) -> String {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => mended(error.as_bytes()),
    };
    let text = names::mended(text);
    match text.strip_prefix('\u{feff}') {
        Some(behind_mark) => behind_mark.to_owned(),
        None => text,
    }
}

/// Bytes of an answer as text that every parser reads: the replacement character stands in place of what is no UTF-8, and of half a
/// surrogate.
pub fn readable(bytes: &[u8]) -> Cow<'_, str> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !names::has_surrogates(text) => Cow::Borrowed(text),
        Ok(text) => names::without_halves(text.to_owned()).into(),
        Err(_) => names::without_halves(mended(bytes)).into(),
    };
    match text {
        Cow::Borrowed(text) => text.trim_start_matches('\u{feff}').into(),
        Cow::Owned(text) => text.trim_start_matches('\u{feff}').to_owned().into(),
    }
}

fn mended(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            // Behind a backslash that escapes it, whatever stands there is no JSON, and stays none.
            let backslashes = text.bytes().rev().take_while(|byte| *byte == b'\\').count();
            // The letter keeps the half apart from what stands behind it, which may be the other half.
            text.push_str(if backslashes % 2 == 0 { "\\ud800x" } else { "x" });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::{
        Columns, read_cells,
        row::{read_objects, read_rows, row},
        value::Text,
    };

    #[test]
    fn each_status_has_its_class() {
        for (status, class) in [
            (400, Class::Malformed),
            (401, Class::Unauthorized),
            (403, Class::Forbidden),
            (404, Class::Misconfigured),
            (408, Class::Temporary),
            (409, Class::Malformed),
            (422, Class::Malformed),
            (429, Class::Temporary),
            (500, Class::Temporary),
            (503, Class::Temporary),
        ] {
            assert_eq!(refusal("list employees", status).class, class, "{status}");
        }
    }

    #[test]
    fn r38_a_parser_that_quotes_a_value_is_not_passed_on() {
        let error = serde_json::from_str::<Vec<u64>>("[\"Ana Ruiz\"]").unwrap_err();
        assert!(error.to_string().contains("Ana"));
        let ours = not_json("list employees", &error);
        assert!(!format!("{ours} {ours:?}").contains("Ana"));
        assert_eq!(
            ours.to_string(),
            "list employees: the answer has an unexpected form at line 1, column 11"
        );
    }

    #[test]
    fn r31_bytes_that_are_no_text_spoil_the_value_in_which_they_stand_and_no_other() {
        let values = |bytes: &[u8]| {
            serde_json::from_str::<Vec<Text<'_>>>(&mended(bytes))
                .map(|values| values.into_iter().map(Text::keep).collect::<Vec<_>>())
        };
        assert_eq!(
            values(b"[\"J\xf6rg\",\"Bo\",\"\\\\\xff\"]").unwrap(),
            [Text::Odd, Text::word("Bo"), Text::Odd]
        );
        assert_eq!(
            values(b"[\"a\xff\\udc00b\",\"a\\ud83d\xff\",\"\xff\xfe\\ud83d\\ude00\",\"Bo\"]").unwrap(),
            [Text::Odd, Text::Odd, Text::Odd, Text::word("Bo")],
            "a half beside the byte makes no whole of it"
        );
        assert!(values(b"[\"\\\xff\"]").is_err(), "an escape of nothing is no JSON");
        assert!(values(b"[\xff]").is_err(), "outside of a text there is nothing to mend");
    }

    #[test]
    fn r31_a_member_whose_name_is_broken_is_none_that_is_read_and_the_rest_of_its_row_is() {
        row! {
            /// A person of the sample.
            Person {
                texts: [id, name],
            }
        }
        for bytes in [
            &b"{\"data\":[{\"id\":1,\"name\\ud83d\":\"Ana\"},{\"id\":2,\"name\":\"Bo\"}],\"more\\ud83d\":1}"[..],
            b"{\"data\":[{\"name\xff\":\"Ana\",\"id\":1},{\"id\":2,\"name\":\"Bo\"}],\"\xff\":{}}",
        ] {
            let text = text_of(bytes.to_vec());
            let rows: Vec<Person<'_>> = read_rows(&text, &["data"]).unwrap();
            assert_eq!((&rows[0].id, &rows[0].name), (&Text::word("1"), &Text::Absent));
            assert_eq!((&rows[1].id, &rows[1].name), (&Text::word("2"), &Text::word("Bo")));
            let columns = Columns::new(["id", "name"].map(str::to_owned));
            let cells = read_cells(&text, &["data"], &columns).unwrap();
            assert_eq!(columns.text("name", &cells[1]), Text::word("Bo"));
            let objects = read_objects(&text, &["data"]).unwrap();
            assert_eq!(
                (objects[0].text("id"), objects[0].text("name")),
                (Text::word("1"), Text::Absent)
            );
        }
    }
}
