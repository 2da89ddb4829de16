//! The short way over a page against the JSON parser's.

use proptest::prelude::*;

use serde::Deserialize;

use super::{super::row, *};

row! {
    /// A row with texts and a flag.
    Person {
        texts: [id, first_name, city],
        flags: [active],
    }
}

row! {
    /// A row whose flag is another one.
    Membership {
        texts: [id, team_id],
        flags: [direct],
    }
}

row! {
    /// A row with a value that stays raw.
    Held {
        texts: [id, valuable_id],
        raws: [value],
    }
}

/// A page as the JSON parser reads it.
#[derive(Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct List<T> {
    #[serde(default)]
    data: Option<Vec<T>>,
}

/// Both ways over one page, as text: rows tell all that they hold.
fn both<'a, T: Row<'a> + std::fmt::Debug>(page: &'a str) -> (Option<String>, Option<String>) {
    let parsed = serde_json::from_str::<List<T>>(page).ok();
    let parsed = parsed.map(|list| list.data.unwrap_or_default());
    let seen = rows::<T>(page, &["data"]);
    // A number that is taken as it is written and one that was read hold the same text.
    (
        seen.map(|(rows, _)| format!("{rows:?}")),
        parsed.map(|rows| format!("{rows:?}")),
    )
}

fn is_seen(page: &str) -> bool {
    let (seen, parsed) = both::<Person<'_>>(page);
    assert!(seen.is_none() || seen == parsed, "{page}");
    seen.is_some()
}

#[test]
fn the_usual_page_is_read_at_a_glance() {
    for page in [
        r#"{"data":[],"meta":{"has_next_page":false}}"#,
        r#"{"data":[{"id":"1","age":41,"city":null,"active":true},{"id":"2","age":7,"city":"Oslo","active":false}]}"#,
        r#"{"meta":{"total":2,"more":[1]},"data":[{"id":12,"more":{"a":[1.5,"\u00e9"]},"city":"a\"b\u00e9","first_name":[1]}]}"#,
        "{ \"data\" : [ { \"id\" : \"1\" , \"more\" : -0.5e3 } , { \"more\" : [ ] } , { \"id\" : 0 , \"city\" : 1.0 } ] }\n",
        r#"{"data":[{"id":"1"},{"id":"2","city":"Cádiz"},{"city":"Rome","id":"3"}],"errors":null}"#,
    ] {
        assert!(is_seen(page), "{page}");
    }
}

#[test]
fn what_is_no_page_is_left_to_the_parser() {
    for page in [
        "",
        "{}x",
        r#"{"data":null}"#,
        r#"{"data":[{}]}"#,
        r#"{"data":[{"id":"1","id":"2"}]}"#,
        r#"{"data":[{"id":"1"},{"id":"1","city":"a","id":"2"}]}"#,
        r#"{"data":[{"id":"1"}],"data":[]}"#,
        r#"{"data":[{"id":"1",}]}"#,
        r#"{"data":[{"id":"1"},]}"#,
        r#"{"data":[{"id":01}]}"#,
        r#"{"data":[{"more":01}]}"#,
        r#"{"data":[{"id":"1"}]}x"#,
        r#"{"data":[{"id":"1"}"#,
        r#"{"data":[{"id":"1"#,
        r#"{"data":[{"id":tru}]}"#,
        r#"{"data":[{"id":"\x"}]}"#,
        "{\"data\":[{\"more\":\"\n\"}]}",
        r#"{"data":[{"id":"1"}],"meta":nul}"#,
    ] {
        assert!(!is_seen(page), "{page}");
    }
}

/// Values of every kind, and some that are none.
const VALUE: &str = r#"(null|true|false|-?[0-9]{1,20}|[0-9]\.5|1e3|"[a-zé ]{0,20}"|"a\\n\\u00e9"|"\\ud800"|"\\q"|\[1, ?"x"\]|\{"id":1\}|nul|"[\t]")"#;

proptest! {
    #[test]
    fn what_is_seen_at_a_glance_is_what_the_parser_reads(
        rows in proptest::collection::vec(
            proptest::collection::vec(("(id|city|active|more|value|direct|team_id|valuable_id|\u{e9})", VALUE), 0..6), 0..4,
        ),
        space in "[ \n]{0,1}", cut in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let row = |members: &Vec<(String, String)>| {
            let members = members.iter().map(|(name, value)| format!("\"{name}\"{space}:{space}{value}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        };
        let rows = rows.iter().map(row).collect::<Vec<_>>().join(",");
        let mut page = format!("{{\"data\":[{rows}]{space},\"meta\":{{\"total\":1}}}}");
        if let Some(cut) = cut {
            page = page.chars().take(cut.index(page.chars().count())).collect();
        }
        for (seen, parsed) in [both::<Person<'_>>(&page), both::<Membership<'_>>(&page), both::<Held<'_>>(&page)] {
            prop_assert!(seen.is_none() || seen == parsed, "{page}");
        }
    }

    #[test]
    fn a_text_ends_where_looking_at_each_byte_ends_it(text in "[a\u{e9}\u{80}\u{7f}\"\\\\\n\u{1f}\u{1}\u{100}]{0,30}") {
        let bytes = text.as_bytes();
        let expected = bytes.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'));
        prop_assert_eq!(plain_end(bytes, 0), expected);
    }
}
