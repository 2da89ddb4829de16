//! The three states of a field (R07). Only what was seen to be empty may clear anything.

/// What a read of one attribute of one person told us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field<T> {
    /// The source showed this value.
    Value(T),
    /// The source showed that there is no value.
    Empty,
    /// The source did not show the attribute: no permission, not asked for, or not to be parsed.
    Unseen,
}

impl<T> Field<T> {
    /// Returns the value, if there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Empty | Self::Unseen => None,
        }
    }

    /// Returns whether the source showed anything at all, a value or its absence.
    pub const fn is_seen(&self) -> bool {
        !matches!(self, Self::Unseen)
    }

    /// Returns the field with its value changed. The state stays.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Value(value) => Field::Value(change(value)),
            Self::Empty => Field::Empty,
            Self::Unseen => Field::Unseen,
        }
    }
}

impl<T> From<Option<T>> for Field<T> {
    /// Returns a member that was present: `null` is empty, anything else a value.
    fn from(seen: Option<T>) -> Self {
        seen.map_or(Self::Empty, Self::Value)
    }
}
