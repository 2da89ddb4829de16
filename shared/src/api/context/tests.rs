//! What is said of a body that cannot be read.

use serde::Deserialize;

use super::*;

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
