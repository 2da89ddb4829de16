//! Conditions and updates of DynamoDB. In their texts every member is written `#member` and every value `:value`.

use aws_sdk_dynamodb::types::AttributeValue;

use super::item::{Map, Names};

/// A condition or an update with its values.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub(super) text: &'static str,
    pub(super) values: Map,
}

impl Expression {
    /// A text; its values follow.
    pub(super) fn new(text: &'static str) -> Self {
        Self {
            text,
            values: Map::new(),
        }
    }

    /// Returns the condition that there is no such item yet.
    pub(super) fn absent() -> Self {
        Self::new("attribute_not_exists(#pk)")
    }

    /// Returns a condition that always holds, with an item there or without.
    pub(super) fn always() -> Self {
        Self::new("attribute_exists(#pk) OR attribute_not_exists(#pk)")
    }

    /// A text value.
    pub(super) fn text(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), AttributeValue::S(value.into()));
        self
    }

    /// A number.
    pub(super) fn number(mut self, name: &str, value: impl Into<i128>) -> Self {
        let number = value.into().to_string();
        self.values.insert(name.to_owned(), AttributeValue::N(number));
        self
    }

    /// The names of the members that the text speaks of.
    pub(super) fn names(&self) -> Names {
        names(self.text).collect()
    }

    /// The values, where there are any: an empty map is refused.
    pub(super) fn values(self) -> Option<Map> {
        Some(self.values).filter(|values| !values.is_empty())
    }
}

/// `#member` → `member`, for every member in a text.
pub(super) fn names(text: &str) -> impl Iterator<Item = (String, String)> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && !"#_".contains(character))
        .filter_map(|word| Some((word.to_owned(), word.strip_prefix('#')?.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_named_apart_from_reserved_words() {
        let expression = Expression::new("attribute_not_exists(#pk) OR (#status IN (:a,:b) AND #kept_until<=:now)");
        let mut names: Vec<_> = expression.names().into_iter().collect();
        names.sort();
        let expected = [("#kept_until", "kept_until"), ("#pk", "pk"), ("#status", "status")];
        assert_eq!(
            names,
            expected.map(|(name, member)| (name.to_owned(), member.to_owned()))
        );
    }
}
