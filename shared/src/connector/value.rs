//! What one value of an answer is: a text or a number as it is written, true or false, nothing, or something odd.
//!
//! A value says nothing of its neighbours: a text that is broken (half a surrogate, bytes that are no UTF-8) is an odd
//! value, and the page goes on behind it.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// Whole numbers below this are exact in a float.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A member that holds text, or a number that is taken as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Text<'a> {
    /// The member is not there.
    #[default]
    Absent,
    /// The member is `null`.
    Null,
    /// The member is there, and is neither text nor a whole number.
    Odd,
    /// Its text.
    Value(Cow<'a, str>),
}

/// A JSON text, borrowed where it has no escapes.
#[derive(Deserialize)]
struct Written<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Text<'a> {
    /// What a raw value says.
    pub fn of(raw: &'a RawValue) -> Self {
        let json = raw.get();
        match json.as_bytes().first() {
            Some(b'"') => serde_json::from_str(json).map_or(Self::Odd, |Written(text)| Self::Value(text)),
            Some(b'n') => Self::Null,
            Some(b'-' | b'0'..=b'9') => Self::number(json),
            Some(_) | None => Self::Odd,
        }
    }

    /// Returns what a raw value says where it may be a choice of several: truth values and all numbers as they are
    /// written, a list of texts joined by commas.
    pub fn of_any(raw: &'a RawValue) -> Self {
        let json = raw.get();
        match json.as_bytes().first() {
            Some(b'"' | b'n' | b'{') | None => Self::of(raw),
            Some(b'[') => serde_json::from_str::<Vec<String>>(json)
                .map_or(Self::Odd, |choices| Self::Value(Cow::Owned(choices.join(", ")))),
            Some(_) => Self::Value(Cow::Borrowed(json)),
        }
    }

    fn number(json: &'a str) -> Self {
        if json.parse::<u64>().is_ok() || json.parse::<i64>().is_ok() {
            return Self::Value(Cow::Borrowed(json));
        }
        match json.parse::<f64>() {
            Ok(number) if number.fract() == 0.0 && number.abs() < EXACT => {
                Self::Value(Cow::Owned(format!("{number:.0}")))
            }
            Ok(_) | Err(_) => Self::Odd,
        }
    }

    /// Whether there is text that is not blank.
    pub fn has_text(&self) -> bool {
        let is_plain = |text: &str| text.as_bytes().first().is_some_and(u8::is_ascii_graphic);
        self.value()
            .is_some_and(|text| is_plain(text) || !text.trim().is_empty())
    }

    /// The text, if there is one.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Value(text) => Some(text),
            Self::Absent | Self::Null | Self::Odd => None,
        }
    }

    /// Returns the text, if there is one.
    pub fn into_value(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Value(text) => Some(text),
            Self::Absent | Self::Null | Self::Odd => None,
        }
    }

    /// Returns the same text, borrowed.
    pub fn lend(&self) -> Text<'_> {
        match self {
            Self::Absent => Text::Absent,
            Self::Null => Text::Null,
            Self::Odd => Text::Odd,
            Self::Value(text) => Text::Value(Cow::Borrowed(text)),
        }
    }

    /// Returns the same text, kept beyond the page.
    pub fn keep(self) -> Text<'static> {
        match self {
            Self::Absent => Text::Absent,
            Self::Null => Text::Null,
            Self::Odd => Text::Odd,
            Self::Value(text) => Text::Value(Cow::Owned(text.into_owned())),
        }
    }

    /// What a text becomes by `read`, which returns `None` for one that it does not know; all else stays what it is.
    pub fn read(&self, read: impl FnOnce(&str) -> Option<Text<'static>>) -> Text<'static> {
        match self {
            Self::Absent => Text::Absent,
            Self::Null => Text::Null,
            Self::Odd => Text::Odd,
            Self::Value(text) => read(text).unwrap_or(Text::Odd),
        }
    }

    /// What a text becomes by a list of words and what each is called here; an empty text is null, an unknown word is odd.
    pub fn translate(&self, words: &[(&str, &'static str)]) -> Text<'static> {
        let known = |text: &str| words.iter().find(|(word, _)| *word == text);
        self.read(|text| match text {
            "" => Some(Text::Null),
            word => known(word).map(|(_, own)| Text::word(own)),
        })
    }

    /// Returns several values as one: nothing where none of them has any, odd where one is neither text nor nothing, and nothing
    /// said where one of them is not there.
    #[must_use]
    pub fn joined(texts: impl IntoIterator<Item = Self>) -> Self {
        let together = |earlier, later| match (earlier, later) {
            (Self::Null, other) | (other @ Self::Value(_), Self::Null) => other,
            (Self::Value(earlier), Self::Value(later)) => Self::Value(Cow::Owned(format!("{earlier}, {later}"))),
            (Self::Absent, Self::Absent | Self::Null | Self::Value(_)) | (Self::Value(_), Self::Absent) => Self::Absent,
            _ => Self::Odd,
        };
        texts.into_iter().fold(Self::Null, together)
    }

    /// Returns this value where it has text or is odd, else the other value where that has text: what cannot be read is not
    /// replaced by something else. That neither has any is only known where both were shown.
    pub fn or<'r>(&'r self, other: &'r Self) -> &'r Self {
        let is_unseen = *self == Self::Absent && !other.has_text();
        let is_last_word = self.has_text() || *self == Self::Odd || is_unseen;
        if is_last_word { self } else { other }
    }
}

impl Text<'static> {
    /// A text of our own.
    pub const fn word(word: &'static str) -> Self {
        Self::Value(Cow::Borrowed(word))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(Self::of)
    }
}

/// A member that holds an object of which single members are read: a reference with its id, a value with its name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nested<'a>(Option<&'a RawValue>);

impl<'a> Nested<'a> {
    /// What a raw value says.
    pub const fn of(raw: &'a RawValue) -> Self {
        Self(Some(raw))
    }

    /// Returns a member of the object that comes once; a member that comes twice contradicts itself, and counts as missing.
    #[must_use]
    pub fn once(self, name: &str) -> Self {
        let members = self.0.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let Each(members) = members.unwrap_or_default();
        let mut own = members.into_iter().filter(|(member, _)| member == name);
        own.next()
            .filter(|_| own.next().is_none())
            .map_or_else(Self::default, |(_, value)| value)
    }

    /// Returns what the member itself says, where it is true or false.
    pub fn flag(self) -> Flag {
        Flag(self.0.and_then(|raw| raw.get().parse().ok()))
    }

    /// Returns the member itself, kept beyond its page, where it is there.
    pub fn keep(self) -> Option<Box<RawValue>> {
        self.0.map(ToOwned::to_owned)
    }

    /// Returns the members of the object; none where there is no object.
    pub fn members(self) -> BTreeMap<String, Nested<'a>> {
        self.0
            .and_then(|raw| serde_json::from_str(raw.get()).ok())
            .unwrap_or_default()
    }

    /// Returns a member of the object, which may be an object too.
    #[must_use]
    pub fn member(self, name: &str) -> Self {
        self.members().remove(name).unwrap_or_default()
    }

    /// Returns the values of the list, where it is one.
    pub fn list(self) -> Option<Vec<Self>> {
        self.0.and_then(|raw| serde_json::from_str(raw.get()).ok())
    }

    /// Returns what the member itself says, where it is no object.
    pub fn whole(self) -> Text<'a> {
        self.0.map_or(Text::Absent, Text::of)
    }

    /// Returns what the member itself says, where it may be a choice of several ([`Text::of_any`]).
    pub fn any(self) -> Text<'a> {
        self.0.map_or(Text::Absent, Text::of_any)
    }

    /// Whether there is an object.
    pub fn is_object(self) -> bool {
        self.0.is_some_and(|raw| raw.get().starts_with('{'))
    }

    /// Returns what a member of the object says. Where there is no object, nothing (`null`) or something odd stands for the member.
    pub fn text(self, name: &str) -> Text<'a> {
        if self.is_object() {
            return self.member(name).whole();
        }
        match self.whole() {
            Text::Value(_) => Text::Odd,
            nothing @ (Text::Absent | Text::Null | Text::Odd) => nothing,
        }
    }

    /// Returns what stands at a path: names of members, one inside the other, with full stops between them.
    pub fn at(self, path: &str) -> Text<'a> {
        match path.split_once('.') {
            Some((member, rest)) if self.is_object() => self.member(member).at(rest),
            Some((member, _)) => self.text(member),
            None => self.text(path),
        }
    }

    /// Returns what the first of these paths says that says something ([`Text::or`]).
    pub fn either(self, paths: &[&str]) -> Text<'a> {
        let said = paths.iter().map(|path| self.at(path));
        said.reduce(|earlier, later| earlier.or(&later).clone())
            .unwrap_or_default()
    }
}

/// The members of an object, each as often as it comes.
#[derive(Default)]
struct Each<'a>(Vec<(String, Nested<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Each<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Each<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
                let mut each = Vec::new();
                while let Some(member) = members.next_entry()? {
                    each.push(member);
                }
                Ok(Each(each))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Nested<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&RawValue>::deserialize(deserializer).map(|raw| Self(Some(raw)))
    }
}

/// A member that holds true or false; anything else is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub Option<bool>);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(raw.get().parse().ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Text<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_value_is_text_a_whole_number_null_or_odd() {
        for (json, expected) in [
            (r#""Ana""#, "Ana"),
            (r#""a\"b\u00e9\ud83d\ude00""#, "a\"bé😀"),
            ("18446744073709551615", "18446744073709551615"),
            ("-7", "-7"),
            ("2.0", "2"),
            ("1e3", "1000"),
        ] {
            assert_eq!(text(json).value(), Some(expected), "{json}");
        }
        assert_eq!(text("null"), Text::Null);
        for odd in ["true", "1.5", "1e30", "99999999999999999999", "[1]", r#"{"a":null}"#] {
            assert_eq!(text(odd), Text::Odd, "{odd}");
        }
    }

    #[test]
    fn r31_a_broken_text_is_an_odd_value_and_not_the_end_of_the_page() {
        for broken in [r#""\ud800""#, r#""a\udc00b""#, r#""\ud83d\u0041""#] {
            assert_eq!(text(broken), Text::Odd, "{broken}");
        }
        let pair: Vec<Text<'_>> = serde_json::from_str(r#"["\ud800","Bo"]"#).unwrap();
        assert_eq!(pair, [Text::Odd, Text::word("Bo")]);
        let flags: Vec<Flag> = serde_json::from_str(r#"["\ud800",true,"true",null]"#).unwrap();
        assert_eq!(flags, [None, Some(true), None, None].map(Flag));
    }

    #[test]
    fn of_an_object_single_members_are_read_and_what_is_no_object_says_so() {
        let of = |json: &str, name: &str| {
            let nested: Nested<'_> = serde_json::from_str(json).unwrap();
            nested.text(name).keep()
        };
        assert_eq!(of(r#"{"id":7,"name":"Bo"}"#, "id"), Text::word("7"));
        assert_eq!(of(r#"{"id":null}"#, "id"), Text::Null);
        assert_eq!(of(r#"{"name":"Bo"}"#, "id"), Text::Absent);
        assert_eq!(of("null", "id"), Text::Null);
        for odd in ["7", r#""7""#, "[7]", "true", r#"{"id":{}}"#] {
            assert_eq!(of(odd, "id"), Text::Odd, "{odd}");
        }
        assert_eq!(Nested::default().text("id"), Text::Absent);
        let inner: Nested<'_> = serde_json::from_str(r#"{"category":{"code":"A"},"list":[{"id":1},2]}"#).unwrap();
        assert_eq!(inner.member("category").text("code"), Text::word("A"));
        let list = inner.member("list").list().unwrap();
        assert_eq!(
            (list[0].text("id"), list[1].whole()),
            (Text::word("1"), Text::word("2"))
        );
        assert!(inner.list().is_none() && inner.member("category").list().is_none());
    }

    #[test]
    fn a_member_that_comes_twice_counts_as_missing_where_it_has_to_come_once() {
        let nested: Nested<'_> = serde_json::from_str(r#"{"a":1,"b":{"c":true},"b":{},"d":{"c":true}}"#).unwrap();
        assert_eq!(nested.once("a").whole(), Text::word("1"));
        assert!(!nested.once("b").is_object() && nested.member("b").is_object());
        assert_eq!(nested.once("d").once("c").flag(), Flag(Some(true)));
        assert_eq!(nested.once("d").flag(), Flag(None));
    }

    #[test]
    fn a_choice_of_several_is_joined_and_all_else_is_as_written() {
        let of = |json: &str| {
            let raw: &RawValue = serde_json::from_str(json).unwrap();
            Text::of_any(raw).keep()
        };
        assert_eq!(of(r#"["A","é"]"#), Text::word("A, é"));
        assert_eq!(of("1.50"), Text::word("1.50"));
        assert_eq!(of("false"), Text::word("false"));
        assert_eq!(of(r#"["A",1]"#), Text::Odd);
        assert_eq!(of(r#"{"a":1}"#), Text::Odd);
    }

    #[test]
    fn of_two_texts_the_first_that_has_any_counts_and_nothing_is_empty_unless_both_are() {
        let (ana, null, absent, odd) = (Text::word("Ana"), Text::Null, Text::Absent, Text::Odd);
        assert_eq!(null.or(&ana), &ana);
        assert_eq!(ana.or(&null), &ana);
        assert_eq!(null.or(&absent), &absent);
        assert_eq!(absent.or(&null), &absent);
        assert_eq!((odd.or(&null), null.or(&odd)), (&odd, &odd));
        assert_eq!(odd.or(&ana), &odd, "what cannot be read is not replaced");
        assert_eq!(null.or(&null), &null);
    }
}
