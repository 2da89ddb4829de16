//! Lists of a person's addresses, each an object with a type: `[{"type": "work", "email": "…"}]`.

use super::value::{Nested, Text};

/// The member that holds the type.
const TYPE: &str = "type";

/// What the type of an entry says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The wanted one.
    Wanted,
    /// Another one that is known.
    Other,
    /// Nothing, or a word that is not known: it may be any.
    Untold,
    /// It cannot be read.
    Unread,
}

/// Returns what stands in place of a list: nothing, where there is none.
pub fn instead_of_list(held: Nested<'_>) -> Text<'_> {
    match held.whole() {
        nothing @ (Text::Absent | Text::Null) => nothing,
        Text::Odd | Text::Value(_) => Text::Odd,
    }
}

/// Returns what a member says in the first entry of a type in which it says something. Where there is none, one whose type cannot be read may
/// be it; and nothing is said where one says something whose type is none of the known ones.
pub fn of_type<'r>(held: Nested<'r>, wanted: &str, known: &[&str], member: &str) -> Text<'r> {
    let Some(entries) = held.list() else {
        return instead_of_list(held);
    };
    let said = |entry: &Nested<'r>| Some(entry.text(member)).filter(says);
    let of = |kind| {
        entries
            .iter()
            .filter(move |entry| kind_of(**entry, wanted, known) == kind)
    };
    if let Some(first) = of(Kind::Wanted).find_map(said) {
        first
    } else if of(Kind::Unread).next().is_some() {
        Text::Odd
    } else if of(Kind::Untold).find_map(said).is_some() {
        Text::Absent
    } else {
        Text::Null
    }
}

/// Returns what a member says in the first entry of a type, or else in the only entry that is of none of the known types. Where there are
/// several of these, nothing is said.
pub fn of_type_or_only<'r>(held: Nested<'r>, wanted: &str, known: &[&str], member: &str) -> Text<'r> {
    let Some(entries) = held.list() else {
        return instead_of_list(held);
    };
    let kinds = entries.iter().map(|entry| (*entry, kind_of(*entry, wanted, known)));
    let of = |wanted| {
        kinds
            .clone()
            .filter(move |(_, kind)| *kind == wanted)
            .map(|(entry, _)| entry)
    };
    if let Some(first) = of(Kind::Wanted).next() {
        return first.text(member);
    }
    if of(Kind::Unread).next().is_some() {
        return Text::Odd;
    }
    let mut untold = of(Kind::Untold);
    match (untold.next(), untold.next()) {
        (None, _) => Text::Null,
        (Some(only), None) => only.text(member),
        (Some(_), Some(_)) => Text::Absent,
    }
}

fn kind_of(entry: Nested<'_>, wanted: &str, known: &[&str]) -> Kind {
    let own = entry.text(TYPE);
    let is = |word: &str| own.value().is_some_and(|own| own.trim().eq_ignore_ascii_case(word));
    match own {
        Text::Odd => Kind::Unread,
        Text::Absent | Text::Null | Text::Value(_) if is(wanted) => Kind::Wanted,
        Text::Absent | Text::Null | Text::Value(_) if known.iter().any(|word| is(word)) => Kind::Other,
        Text::Absent | Text::Null | Text::Value(_) => Kind::Untold,
    }
}

/// Whether a text says anything, if only what cannot be read.
fn says(text: &Text<'_>) -> bool {
    text.has_text() || *text == Text::Odd
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["work", "home"];

    fn said(json: &str, read: for<'r> fn(Nested<'r>, &str, &[&str], &str) -> Text<'r>, wanted: &str) -> Text<'static> {
        let held: Nested<'_> = serde_json::from_str(json).unwrap();
        read(held, wanted, KNOWN, "at").keep()
    }

    #[test]
    fn the_first_entry_of_a_type_counts_that_says_something() {
        for (json, expected) in [
            (
                r#"[{"type":"home","at":"b"},{"type":" Work","at":"a"}]"#,
                Text::word("a"),
            ),
            (
                r#"[{"type":"work","at":null},{"type":"work","at":""},{"type":"work","at":"a"}]"#,
                Text::word("a"),
            ),
            (r#"[{"type":"work"}]"#, Text::Null),
            (r#"[{"type":"home","at":"b"}]"#, Text::Null),
            (r#"[{"type":"work","at":"\ud83d"}]"#, Text::Odd),
            ("[]", Text::Null),
            ("null", Text::Null),
            ("{}", Text::Odd),
            (r#""a""#, Text::Odd),
        ] {
            assert_eq!(said(json, of_type, "work"), expected, "{json}");
        }
        assert_eq!(of_type(Nested::default(), "work", KNOWN, "at"), Text::Absent);
    }

    #[test]
    fn r07_an_entry_without_a_type_or_with_an_unknown_one_may_be_of_any_and_empties_nothing() {
        for (json, expected) in [
            (r#"[{"at":"b"}]"#, Text::Absent),
            (r#"[{"type":null,"at":"b"},{"type":"home","at":"c"}]"#, Text::Absent),
            (r#"[{"type":"login","at":"b"}]"#, Text::Absent),
            (r#"[{"type":"","at":"b"},{"type":"work","at":"a"}]"#, Text::word("a")),
            (r#"[{"type":"login","at":null},{"at":" "}]"#, Text::Null),
            (r#"[{"type":"\ud83d","at":"a"},{"at":"b"}]"#, Text::Odd),
            (
                r#"[{"type":"\ud83d","at":"b"},{"type":"work","at":"a"}]"#,
                Text::word("a"),
            ),
        ] {
            assert_eq!(said(json, of_type, "work"), expected, "{json}");
        }
    }

    #[test]
    fn where_no_entry_is_of_the_type_the_only_one_counts_whose_type_is_not_told() {
        for (json, expected) in [
            (r#"[{"type":"WORK","at":"a"},{"type":null,"at":"b"}]"#, Text::word("b")),
            (
                r#"[{"type":"main","at":"b"},{"type":"Home","at":"a"}]"#,
                Text::word("a"),
            ),
            (r#"[{"type":"main","at":"b"},{"at":"c"}]"#, Text::Absent),
            (r#"[{"type":"\ud83d","at":"b"}]"#, Text::Odd),
            (
                r#"[{"type":"\ud83d","at":"b"},{"type":"home","at":"a"}]"#,
                Text::word("a"),
            ),
            (r#"[{"type":"work","at":"a"}]"#, Text::Null),
            (r#"[{"type":"home"}]"#, Text::Absent),
            ("[]", Text::Null),
            ("7", Text::Odd),
        ] {
            assert_eq!(said(json, of_type_or_only, "home"), expected, "{json}");
        }
    }
}
