//! From Factorial's refusals, and from answers that are none, to the classes that a caller acts on.
//!
//! The vendor documents only status 200; the others are as others have seen them. Bodies are never quoted: they may
//! hold what a person typed (R38).

use crate::{
    http,
    source::{Class, Error},
};

/// Classifies an answer that is no success.
pub(super) fn parse_error(operation: &'static str, status: u16) -> Error {
    let class = match status {
        401 => Class::Unauthorized,
        403 => Class::Forbidden,
        404 => Class::Misconfigured,
        408 | 425 | 429 | 500..=599 => Class::Temporary,
        _ => Class::Malformed,
    };
    Error::new(class, operation, format!("status {status}"))
}

/// Classifies an exchange that brought no answer.
pub(super) fn no_answer(operation: &'static str, error: http::Error) -> Error {
    let class = match &error {
        http::Error::Exhausted { .. } | http::Error::Failed { .. } => Class::Temporary,
        http::Error::Redirected { .. } | http::Error::TooLarge { .. } => Class::Malformed,
        http::Error::NotPublic { .. } => {
            let detail = "its address does not lead to the public internet";
            return Error::new(Class::Misconfigured, operation, detail)
                .about("base_url")
                .because(error);
        }
        http::Error::Request { .. } | http::Error::Setup { .. } => Class::Misconfigured,
    };
    Error::new(class, operation, "no usable answer").because(error)
}

/// An answer that is not the JSON that is documented. Says where, never what: the parser's own words quote values.
pub(super) fn not_json(operation: &'static str, error: &serde_json::Error) -> Error {
    let what = match error.classify() {
        serde_json::error::Category::Eof => "ends too early",
        serde_json::error::Category::Data => "has an unexpected form",
        serde_json::error::Category::Io | serde_json::error::Category::Syntax => "is not JSON",
    };
    let (line, column) = (error.line(), error.column());
    malformed(operation, format!("the answer {what} at line {line}, column {column}"))
}

/// An answer whose members contradict the documentation or each other.
pub(super) fn malformed(operation: &'static str, detail: impl Into<String>) -> Error {
    Error::new(Class::Malformed, operation, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_has_its_class() {
        for (status, class) in [
            (400, Class::Malformed),
            (401, Class::Unauthorized),
            (403, Class::Forbidden),
            (404, Class::Misconfigured),
            (409, Class::Malformed),
            (422, Class::Malformed),
            (429, Class::Temporary),
            (500, Class::Temporary),
            (503, Class::Temporary),
        ] {
            assert_eq!(parse_error("list employees", status).class, class, "{status}");
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
}
