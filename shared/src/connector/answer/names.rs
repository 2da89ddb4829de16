//! Names of members that are broken: with half a surrogate in them. No parser reads an object with such a name, so that it is
//! replaced before any does, by a name that nothing is called. What the member holds stays as it is, and so does every place.

/// Stands for half a surrogate in a name, and is as long as its escape.
const STAND_IN: &[u8] = br"\ufffd";

/// Returns a text whose members all have names that can be read. Values are left as they are.
pub(super) fn mended(text: String) -> String {
    if !has_surrogates(&text) {
        return text;
    }
    let halves = halves_in_names(text.as_bytes());
    replaced(text, halves)
}

fn replaced(text: String, halves: Vec<usize>) -> String {
    if halves.is_empty() {
        return text;
    }
    let mut bytes = text.into_bytes();
    for half in halves {
        if let Some(escape) = bytes.get_mut(half..half + STAND_IN.len()) {
            escape.copy_from_slice(STAND_IN);
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Returns a text without half a surrogate in any name or value: the replacement character stands in its place, so that every parser
/// reads it.
pub(super) fn without_halves(text: String) -> String {
    let (mut halves, mut at) = (Vec::new(), 0);
    while let Some(byte) = text.as_bytes().get(at) {
        at += 1;
        if *byte == b'"' {
            at = pass_text(text.as_bytes(), at, &mut halves);
        }
    }
    replaced(text, halves)
}

/// Whether a surrogate may stand in a text, whole or half.
pub(super) fn has_surrogates(text: &str) -> bool {
    let escapes = text.match_indices('\\');
    let mut behind = escapes.filter_map(|(at, _)| text.as_bytes().get(at + 1..at + 3));
    behind.any(|behind| matches!(behind, [b'u', b'd' | b'D']))
}

/// Returns where the halves begin that stand in names.
fn halves_in_names(bytes: &[u8]) -> Vec<usize> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte != b'"' {
            continue;
        }
        let before = found.len();
        at = pass_text(bytes, at, &mut found);
        let behind = bytes.get(at..).unwrap_or_default();
        if behind.trim_ascii_start().first() != Some(&b':') {
            found.truncate(before);
        }
    }
    found
}

/// Passes a text over whose quote stands before this place, and notes its halves. Returns the place behind it.
fn pass_text(bytes: &[u8], mut at: usize, halves: &mut Vec<usize>) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => match surrogate(bytes, at) {
                Some(Half::First) if surrogate(bytes, at + STAND_IN.len()) == Some(Half::Second) => {
                    at += 2 * STAND_IN.len();
                }
                Some(Half::First | Half::Second) => {
                    halves.push(at);
                    at += STAND_IN.len();
                }
                None => at += 2,
            },
            _ => at += 1,
        }
    }
    at
}

/// Which half of a surrogate pair an escape is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    First,
    Second,
}

/// Returns which half is escaped at a place, if one is.
fn surrogate(bytes: &[u8], at: usize) -> Option<Half> {
    match bytes.get(at..at + STAND_IN.len())? {
        [b'\\', b'u', b'd' | b'D', second, rest @ ..] if rest.iter().all(u8::is_ascii_hexdigit) => match second {
            b'8' | b'9' | b'a' | b'A' | b'b' | b'B' => Some(Half::First),
            b'c'..=b'f' | b'C'..=b'F' => Some(Half::Second),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_halves_every_parser_reads_a_text() {
        for (text, expected) in [
            (
                r#"{"a":"Eva \ud83d","b":["\udc00x"]}"#,
                "{\"a\":\"Eva \u{fffd}\",\"b\":[\"\u{fffd}x\"]}",
            ),
            (r#"{"a\ud83d":"\ud83d\ude00"}"#, "{\"a\u{fffd}\":\"\u{1f600}\"}"),
        ] {
            let read: serde_json::Value = serde_json::from_str(&without_halves(text.to_owned())).unwrap();
            assert_eq!(read, serde_json::from_str::<serde_json::Value>(expected).unwrap());
        }
    }

    #[test]
    fn r31_a_broken_name_becomes_one_that_nothing_has_and_no_value_changes() {
        for (text, expected) in [
            (r#"{"a\ud83d":1,"b":2}"#, r#"{"a\ufffd":1,"b":2}"#),
            ("{\"a\\uDE00\"\n : 1}", "{\"a\\ufffd\"\n : 1}"),
            (r#"{"\ud83d\ud83d\ude00":1}"#, r#"{"\ufffd\ud83d\ude00":1}"#),
            (r#"[{"a":{"b\udc00":[]}}]"#, r#"[{"a":{"b\ufffd":[]}}]"#),
        ] {
            assert_eq!(mended(text.to_owned()), expected);
        }
        for same in [
            r#"{"a":"b\ud83d","c":["\udc00"],"\ud83d\ude00":1}"#,
            r#"{"a\\ud83d":1}"#,
            r#"{"a":"\"\ud83d","b":1}"#,
            r#"{"a\ud83d"#,
            r#"{"a\ud8":1,"b":2}"#,
            r#"{"a":"\u"#,
        ] {
            assert_eq!(mended(same.to_owned()), same);
        }
    }
}
