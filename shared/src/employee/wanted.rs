//! What a read is to show: everything, or what a configuration uses (R46).

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Attribute, AttributeRef, Canonical, CustomName};

/// The attributes that a read is to show. Everything, where nothing else is said.
///
/// It is written as the list of names, or as `null` for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted(Option<Named>);

/// Attributes by name; the canonical ones by their codes, because each person's are looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Named {
    canonical: u128,
    /// In order, each once.
    custom: Vec<CustomName>,
}

const fn bit(canonical: Canonical) -> u128 {
    1 << canonical.code()
}

impl Wanted {
    /// Everything that there is.
    pub const fn everything() -> Self {
        Self(None)
    }

    /// These attributes and no others.
    pub fn only(attributes: impl IntoIterator<Item = Attribute>) -> Self {
        let mut named = Named::default();
        for attribute in attributes {
            match attribute {
                Attribute::Canonical(canonical) => named.canonical |= bit(canonical),
                Attribute::Custom(name) => named.custom.push(name),
            }
        }
        named.custom.sort();
        named.custom.dedup();
        Self(Some(named))
    }

    /// Returns whether everything is wanted.
    pub const fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    /// Returns whether an attribute is wanted.
    pub fn wants(&self, attribute: AttributeRef<'_>) -> bool {
        self.0.as_ref().is_none_or(|named| match attribute {
            AttributeRef::Canonical(canonical) => named.canonical & bit(canonical) != 0,
            AttributeRef::Custom(name) => {
                let place = named.custom.binary_search_by(|own| own.as_str().cmp(name));
                place.is_ok()
            }
        })
    }

    /// Returns whether any of these attributes is wanted.
    pub fn wants_any(&self, attributes: &[Canonical]) -> bool {
        let mut attributes = attributes.iter().copied();
        attributes.any(|canonical| self.wants(AttributeRef::Canonical(canonical)))
    }

    /// Returns whether any of the tenant's own attributes is wanted.
    pub fn wants_custom(&self) -> bool {
        self.0.as_ref().is_none_or(|named| !named.custom.is_empty())
    }

    /// Returns the tenant's own attributes that are named; none where everything is wanted.
    pub fn custom(&self) -> &[CustomName] {
        self.0.as_ref().map_or(&[], |named| &named.custom)
    }

    /// Returns what `other` wants and this does not, in order. Where `other` wants everything, nothing can be named.
    pub fn lacks(&self, other: &Self) -> Vec<Attribute> {
        let other = other.names().into_iter().flatten();
        other.filter(|attribute| !self.wants(attribute.as_ref())).collect()
    }

    /// Returns the attributes in order; `None` for everything.
    fn names(&self) -> Option<Vec<Attribute>> {
        let named = self.0.as_ref()?;
        let canonical = Canonical::ALL.iter().copied();
        let canonical = canonical.filter(|canonical| named.canonical & bit(*canonical) != 0);
        let custom = named.custom.iter().cloned().map(Attribute::Custom);
        Some(canonical.map(Attribute::Canonical).chain(custom).collect())
    }
}

impl Serialize for Wanted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.names().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Wanted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names: Option<Vec<Attribute>> = Option::deserialize(deserializer)?;
        Ok(names.map_or_else(Self::everything, Self::only))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn custom(name: &str) -> Attribute {
        Attribute::Custom(CustomName::parse(name).unwrap())
    }

    #[test]
    fn what_is_wanted_is_what_was_named() {
        let wanted = Wanted::only([Canonical::City.into(), custom("badge")]);
        assert!(wanted.wants(AttributeRef::Canonical(Canonical::City)) && wanted.wants(custom("badge").as_ref()));
        assert!(!wanted.wants_any(&[Canonical::Team]) && !wanted.wants(custom("shoe").as_ref()));
        assert!(wanted.wants_any(&[Canonical::Team, Canonical::City]) && wanted.wants_custom());
        assert!(!Wanted::only([]).wants_custom() && Wanted::everything().wants_custom());
        let more = Wanted::only([Canonical::City.into(), Canonical::Team.into(), custom("shoe")]);
        assert_eq!(wanted.lacks(&more), [Canonical::Team.into(), custom("shoe")]);
        assert_eq!(Wanted::everything().lacks(&more), []);
    }

    #[test]
    fn what_is_wanted_reads_back_as_it_was_written() {
        for wanted in [
            Wanted::everything(),
            Wanted::only([]),
            Wanted::only([Canonical::ZipCode.into(), custom("badge")]),
        ] {
            let text = serde_json::to_string(&wanted).unwrap();
            assert_eq!(serde_json::from_str::<Wanted>(&text).unwrap(), wanted, "{text}");
        }
    }
}
