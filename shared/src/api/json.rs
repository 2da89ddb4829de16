//! JSON that comes in, read into a type: what is wrong is named by its place and never quoted (R38).

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::problem::Problem;

/// Reads JSON into a type; what is wrong is named by place, never quoted (R38).
///
/// # Errors
/// [`Problem`] names the place.
pub(super) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut deserializer);
    let value = read.map_err(|error| {
        let pointer = pointer_of(error.path());
        Problem::invalid(pointer, expected(error.inner()))
    })?;
    let rest = deserializer.end();
    rest.map_err(|_| Problem::invalid("", "one JSON document and nothing after it"))?;
    Ok(value)
}

/// The path as a JSON pointer (RFC 6901).
fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let part: Cow<'_, str> = match segment {
            Segment::Seq { index } => index.to_string().into(),
            Segment::Map { key } => key.replace('~', "~0").replace('/', "~1").into(),
            Segment::Enum { variant } => variant.as_str().into(),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&part);
    }
    pointer
}

/// What was expected, in words that repeat no value of the caller.
fn expected(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    if error.is_syntax() || error.is_eof() {
        format!("JSON; it breaks off at line {} column {}", error.line(), error.column())
    } else if let Some(named) = text.strip_prefix("unknown field `") {
        let (name, others) = named.split_once('`').unwrap_or((named, ""));
        let name: String = name
            .chars()
            .take(64)
            .filter(|character| !character.is_control())
            .collect();
        format!("no member `{name}`{}", others.replace(", expected", "; expected"))
    } else if text.starts_with("missing field") || text.starts_with("duplicate field") {
        text.to_owned()
    } else if let Some((_, wanted)) = text.split_once(", expected ") {
        wanted.to_owned()
    } else {
        // The words of a parser of ours, which quote nothing.
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::connection::TenantId;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what goes wrong is looked at")]
    struct Body {
        name: String,
        tenant: Option<TenantId>,
        list: Option<Vec<u32>>,
    }

    fn fault(text: &str) -> (String, String) {
        let problem = read_json::<Body>(text.as_bytes()).unwrap_err();
        let fault = problem.errors.first().unwrap();
        (fault.pointer.clone(), fault.detail.clone())
    }

    #[test]
    fn r38_what_is_wrong_with_a_body_is_named_by_place_and_not_quoted() {
        for (body, pointer, says) in [
            (r#"{"name": 5}"#, "/name", "a string"),
            (r#"{"name": "a", "list": [1, "canary"]}"#, "/list/1", "u32"),
            (r#"{"name": "a", "canary": 1}"#, "/canary", "no member `canary`"),
            (r#"{"name": "a", "tenant": "ca/nary!"}"#, "/tenant", "tenant"),
            ("{}", "", "missing field `name`"),
            ("{", "", "JSON; it breaks off at line 1 column 1"),
            (r#"{"name": "a"} x"#, "", "nothing after it"),
        ] {
            let (found, detail) = fault(body);
            assert_eq!(found, pointer, "{body}: {detail}");
            assert!(detail.contains(says), "{body}: {detail}");
            assert!(!detail.contains("ca/nary"), "{detail}");
        }
    }
}
