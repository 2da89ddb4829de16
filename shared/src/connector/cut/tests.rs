//! Documents, cut into pieces anywhere.

use proptest::prelude::*;

use super::*;

/// Takes a document in pieces of these lengths. Returns its pages and its frame as texts.
fn cut(document: &str, lengths: &[usize], path: &[&str]) -> Result<(Vec<String>, String), Uncut> {
    let mut cut = Cut::new(path);
    let (mut pages, mut rest) = (Vec::new(), document.as_bytes());
    for length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, behind) = rest.split_at((*length).clamp(1, rest.len()));
        pages.extend(cut.take(piece)?);
        rest = behind;
    }
    let (last, frame) = cut.finish()?;
    pages.extend(last);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ok((pages.into_iter().map(text).collect(), text(frame)))
}

fn rows(pages: &[String]) -> Vec<serde_json::Value> {
    let page = |page: &String| serde_json::from_str::<Vec<serde_json::Value>>(page).unwrap();
    pages.iter().flat_map(page).collect()
}

#[test]
fn rows_are_found_under_their_path_and_the_rest_stays_around_an_empty_list() {
    for (document, path, frame) in [
        (r#"[{"a":1},{"a":2}]"#, &[][..], "[]"),
        (r#"{"n":2,"rows":[{"a":1},{"a":2}]}"#, &["rows"], r#"{"n":2,"rows":[]}"#),
        (
            r#" {"fields":[{"rows":[9]}],"rows" : [ {"a":1} , {"a":2} ] ,"z":"]}" } "#,
            &["rows"],
            r#" {"fields":[{"rows":[9]}],"rows" : [] ,"z":"]}" } "#,
        ),
        (
            r#"{"x":{"rows":[{"b":1}]},"data":{"n":{},"rows":[{"a":1},{"a":2}],"m":[1]},"rows":[3]}"#,
            &["data", "rows"],
            r#"{"x":{"rows":[{"b":1}]},"data":{"n":{},"rows":[],"m":[1]},"rows":[3]}"#,
        ),
        (
            r#"{"data":null,"rows":[{"a":1},{"a":2}]}"#,
            &["rows"],
            r#"{"data":null,"rows":[]}"#,
        ),
    ] {
        for length in [1, 2, 7, 1_000] {
            let (pages, around) = cut(document, &[length], path).unwrap();
            assert_eq!(around, frame, "{length}");
            let values = rows(&pages);
            assert_eq!((&values[0]["a"], &values[1]["a"]), (&1.into(), &2.into()), "{document}");
            assert_eq!(values.len(), 2);
        }
    }
}

#[test]
fn a_list_without_rows_has_no_page() {
    for document in [r#"{"rows":[]}"#, "{\"rows\":[ \n ]}"] {
        assert_eq!(
            cut(document, &[1], &["rows"]).unwrap(),
            (Vec::new(), r#"{"rows":[]}"#.to_owned())
        );
    }
}

#[test]
fn r06_a_document_that_ends_in_its_list_or_has_none_is_never_a_short_one() {
    for (document, expected) in [
        ("", Uncut::Missing),
        (r#"{"rows":"#, Uncut::Missing),
        (r#"{"rows":null}"#, Uncut::Missing),
        (r#"{"rows":{"a":[1]}}"#, Uncut::Missing),
        (r#"{"other":[{"a":1}]}"#, Uncut::Missing),
        (r#"[{"rows":[{"a":1}]}]"#, Uncut::Missing),
        ("<html>[]</html>", Uncut::Missing),
        (r#"{"rows":["#, Uncut::Early),
        (r#"{"rows":[{"a":1},{"a":2"#, Uncut::Early),
        (r#"{"rows":[{"a":"]}"#, Uncut::Early),
        (r#"{"rows":[{"a":"\"]}"}"#, Uncut::Early),
        (r#"{"rows":[],"rows":[{"a":1}]}"#, Uncut::Twice),
    ] {
        assert_eq!(cut(document, &[3], &["rows"]), Err(expected), "{document}");
    }
}

#[test]
fn a_document_that_ends_behind_its_list_has_a_frame_that_is_no_json() {
    for document in [
        r#"{"rows":[{"a":1}]"#,
        r#"{"rows":[{"a":1}],"#,
        r#"{"rows":[{"a":1}]}]"#,
    ] {
        let (_, frame) = cut(document, &[4], &["rows"]).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&frame).is_err(), "{frame}");
    }
}

#[test]
fn many_rows_make_several_pages_and_none_is_lost_between_them() {
    let row = format!("{{\"a\":\"{}\"}}", "x".repeat(1_000));
    let document = format!("{{\"rows\":[{}]}}", vec![row; 1_000].join(","));
    let (pages, frame) = cut(&document, &[10_007], &["rows"]).unwrap();
    assert!(pages.len() > 2 && pages.iter().all(|page| page.len() < 2 * PAGE_BYTES));
    assert_eq!((rows(&pages).len(), frame.as_str()), (1_000, r#"{"rows":[]}"#));
}

#[test]
fn a_page_that_ends_with_a_comma_has_a_row_behind_it() {
    let row = format!("{{\"a\":\"{}\"}}", "x".repeat(PAGE_BYTES));
    assert_eq!(cut(&format!("[{row},]"), &[999], &[]), Err(Uncut::Early));
    let (pages, _) = cut(&format!("[{row},{{}}]"), &[999], &[]).unwrap();
    assert_eq!(rows(&pages).len(), 2);
}

#[test]
fn r47_neither_a_row_nor_what_stands_around_the_rows_is_gathered_without_end() {
    let long = "x".repeat(MOST_ROW_BYTES + 1);
    assert_eq!(cut(&format!("[\"{long}\"]"), &[65_536], &[]), Err(Uncut::LongRow));
    let long = "x".repeat(MOST_FRAME_BYTES + 1);
    assert_eq!(
        cut(&format!("{{\"a\":\"{long}\",\"rows\":[]}}"), &[65_536], &["rows"]),
        Err(Uncut::LongFrame)
    );
}

proptest! {
    #[test]
    fn wherever_a_document_is_cut_its_rows_are_those_that_it_has(
        texts in prop::collection::vec("[a\"\\\\{}\\[\\],: é]{0,6}", 0..6),
        lengths in prop::collection::vec(1_usize..9, 1..6),
    ) {
        let values: Vec<_> = texts.iter().map(|text| serde_json::json!({ text.as_str(): [text, { "b": text }] })).collect();
        let document = serde_json::json!({ "a": texts, "rows": values, "z": texts });
        let (pages, frame) = cut(&document.to_string(), &lengths, &["rows"]).unwrap();
        prop_assert_eq!(rows(&pages), values);
        let around = serde_json::json!({ "a": texts, "rows": [], "z": texts });
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&frame).unwrap(), around);
    }
}
