//! Lists of a person's addresses, each an object with a type: `[{"type": "work", "email": "…"}]`.

use super::value::{Nested, Text};

/// The member that holds the type.
const TYPE: &str = "type";

/// Returns what stands in place of a list: nothing, where there is none.
pub fn instead_of_list(held: Nested<'_>) -> Text<'_> {
    match held.whole() {
        nothing @ (Text::Absent | Text::Null) => nothing,
        Text::Odd | Text::Value(_) => Text::Odd,
    }
}

/// Returns what a member says in the first entry of a type in which it says something. Where there is none, an entry whose type cannot be
/// read may be it.
pub fn of_type<'r>(held: Nested<'r>, wanted: &str, member: &str) -> Text<'r> {
    let Some(entries) = held.list() else {
        return instead_of_list(held);
    };
    let own = entries.iter().filter(|entry| is_of(**entry, wanted) == Some(true));
    let mut said = own.map(|entry| entry.text(member));
    let first = said.find(|said| !matches!(said, Text::Absent | Text::Null));
    let is_unclear = || entries.iter().any(|entry| is_of(*entry, wanted).is_none());
    first.unwrap_or_else(|| if is_unclear() { Text::Odd } else { Text::Null })
}

/// Returns what a member says in the first entry that is not of a type.
pub fn of_other_type<'r>(held: Nested<'r>, unwanted: &str, member: &str) -> Text<'r> {
    let Some(entries) = held.list() else {
        return instead_of_list(held);
    };
    let mut others = entries.iter().filter(|entry| is_of(**entry, unwanted) != Some(true));
    others.next().map_or(Text::Null, |entry| entry.text(member))
}

/// Whether an entry is of a type, in any case; `None` where that cannot be read.
fn is_of(entry: Nested<'_>, wanted: &str) -> Option<bool> {
    match entry.text(TYPE) {
        Text::Odd => None,
        own @ (Text::Absent | Text::Null | Text::Value(_)) => {
            Some(own.value().is_some_and(|own| own.eq_ignore_ascii_case(wanted)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str, read: fn(Nested<'_>) -> Text<'_>) -> Text<'static> {
        let held: Nested<'_> = serde_json::from_str(json).unwrap();
        read(held).keep()
    }

    #[test]
    fn the_first_entry_of_a_type_counts_that_says_something_and_one_whose_type_cannot_be_read_may_be_it() {
        for (json, expected) in [
            (
                r#"[{"type":"home","at":"b"},{"type":"Work","at":"a"}]"#,
                Text::word("a"),
            ),
            (
                r#"[{"type":"work","at":null},{"type":"work","at":"a"}]"#,
                Text::word("a"),
            ),
            (r#"[{"type":"work"}]"#, Text::Null),
            (r#"[{"type":null,"at":"a"},{"at":"b"}]"#, Text::Null),
            (r#"[{"type":"\ud83d","at":"a"}]"#, Text::Odd),
            (
                r#"[{"type":"\ud83d","at":"b"},{"type":"work","at":"a"}]"#,
                Text::word("a"),
            ),
            (r#"[{"type":"work","at":"\ud83d"}]"#, Text::Odd),
            ("[]", Text::Null),
            ("null", Text::Null),
            ("{}", Text::Odd),
            (r#""a""#, Text::Odd),
        ] {
            assert_eq!(said(json, |held| of_type(held, "work", "at")), expected, "{json}");
        }
        assert_eq!(of_type(Nested::default(), "work", "at"), Text::Absent);
    }

    #[test]
    fn the_first_entry_counts_that_is_not_of_a_type() {
        for (json, expected) in [
            (r#"[{"type":"WORK","at":"a"},{"type":null,"at":"b"}]"#, Text::word("b")),
            (r#"[{"type":"work","at":"a"}]"#, Text::Null),
            (r#"[{"type":"home"}]"#, Text::Absent),
            ("[]", Text::Null),
            ("7", Text::Odd),
        ] {
            assert_eq!(said(json, |held| of_other_type(held, "work", "at")), expected, "{json}");
        }
    }
}
