//! Sets that were stored with addresses in another spelling than the one in which they are kept now.

use super::{AttributeRef, Attributes, AttributesBuilder, Email, Field, Kind};

impl Attributes {
    /// Returns the same set with addresses spelt as they are kept now. What was stored earlier may have their domains
    /// as people read them.
    #[must_use]
    pub fn respelt(self) -> Self {
        if self.as_packed().is_ascii() && !self.as_packed().contains("xn--") {
            return self;
        }
        let is_address = |attribute: AttributeRef<'_>| matches!(attribute, AttributeRef::Canonical(canonical) if canonical.kind() == Kind::Email);
        let mut respelt = AttributesBuilder::new();
        for entry in self.view() {
            let Some(attribute) = entry.attribute.to_owned() else {
                continue;
            };
            let address = entry
                .field
                .value()
                .filter(|_| is_address(entry.attribute))
                .and_then(Email::parse);
            match &address {
                Some(address) => respelt.append(&attribute, Field::Value(address.as_str())),
                None => respelt.append(&attribute, entry.field),
            };
        }
        respelt.build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::Canonical;

    #[test]
    fn r44_addresses_of_before_are_spelt_as_they_are_kept_and_nothing_else_changes() {
        let set = |email: &str| {
            let mut attributes = AttributesBuilder::new();
            attributes.set_canonical(Canonical::FirstName, Field::Value("Jos\u{e9}"));
            attributes.set_canonical(Canonical::City, Field::Value("M\u{fc}nchen"));
            attributes.set_canonical(Canonical::PersonalEmail, Field::Empty);
            attributes.set_canonical(Canonical::MobilePhone, Field::Unseen);
            attributes.set_canonical(Canonical::Email, Field::Value(email));
            attributes.build()
        };
        let kept = set("ana@xn--mnchen-3ya.example");
        for spelling in ["ana@m\u{fc}nchen.example", "ana@xn--mnchen-3ya.example"] {
            assert_eq!(set(spelling).respelt(), kept);
        }
        assert_eq!(set("ana@acme.example").respelt(), set("ana@acme.example"));
        assert_eq!(
            set("m\u{fc}nchen").respelt(),
            set("m\u{fc}nchen"),
            "what is no address stays"
        );
    }
}
