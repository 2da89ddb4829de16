//! Custom fields, as both APIs have them: what they are called, and how plain values are written.

use std::borrow::Cow;

use crate::connector::{Nested, Text, custom::Definition};

/// What the ids of a customer's own fields begin with. What begins otherwise is in other lists too.
pub(super) const OWN: &str = "e_";

/// A field is called by its id where that is a word, and else by its name. Of one without a name it is not known what it is about: it is
/// left out (R34).
pub(super) fn define<K>(row: Nested<'_>, kind: K) -> Option<Definition<'_, K>> {
    let (id, name) = (row.text("id").into_value()?, row.text("name"));
    let word = id.strip_prefix(OWN).unwrap_or(&id);
    let is_word = word.chars().any(char::is_alphabetic);
    let slug = || Text::Value(Cow::Owned(word.to_owned()));
    Some(Definition {
        slug: if is_word { slug() } else { Text::Absent },
        label: Some(name).filter(|name| name.has_text() || *name == Text::Odd)?,
        id,
        kind,
    })
}

/// Any other value as it is written; a day comes as its midnight, without a zone.
pub(super) fn plain(value: Nested<'_>) -> Text<'_> {
    match value.any() {
        Text::Value(Cow::Borrowed(text)) => Text::Value(text.strip_suffix("T00:00:00").unwrap_or(text).into()),
        other @ (Text::Absent | Text::Null | Text::Odd | Text::Value(_)) => other,
    }
}
