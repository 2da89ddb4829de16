//! Reading a JSON document member by member, with a pointer (RFC 6901) for everything that is wrong.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Something in a document that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Invalid {
    /// The place, as a JSON pointer; empty for the document as a whole.
    pub pointer: String,
    /// What was expected. It never repeats a value (R38).
    pub detail: String,
}

/// All that was found wrong so far.
pub(super) type Faults = Vec<Invalid>;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    value: &'a Value,
    pointer: String,
}

/// An object of which members are taken one after another; what is left over is unknown.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    members: &'a Map<String, Value>,
    taken: Vec<&'static str>,
    pointer: String,
}

impl<'a> Node<'a> {
    pub(super) const fn root(value: &'a Value) -> Self {
        Self {
            value,
            pointer: String::new(),
        }
    }

    /// Notes what is wrong with this value.
    pub(super) fn refuse(&self, detail: impl Into<String>, faults: &mut Faults) {
        faults.push(Invalid {
            pointer: self.pointer.clone(),
            detail: detail.into(),
        });
    }

    /// Returns the value, where there is one; otherwise it notes the fault.
    pub(super) fn expect<T>(&self, value: Option<T>, detail: &str, faults: &mut Faults) -> Option<T> {
        if value.is_none() {
            self.refuse(detail, faults);
        }
        value
    }

    pub(super) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    pub(super) fn text(&self, faults: &mut Faults) -> Option<&'a str> {
        self.expect(self.value.as_str(), "expected a text", faults)
    }

    /// Returns a text with something to see in it, trimmed, of at most this many bytes.
    pub(super) fn visible_text(&self, most_bytes: usize, faults: &mut Faults) -> Option<&'a str> {
        let text = self.text(faults)?.trim();
        let fits = !text.is_empty() && text.len() <= most_bytes && !text.chars().any(char::is_control);
        self.expect(
            fits.then_some(text),
            &format!("expected 1 to {most_bytes} bytes of text without control characters"),
            faults,
        )
    }

    pub(super) fn boolean(&self, faults: &mut Faults) -> Option<bool> {
        self.expect(self.value.as_bool(), "expected true or false", faults)
    }

    /// Returns a whole number from 0 to `most`.
    pub(super) fn number(&self, most: u32, faults: &mut Faults) -> Option<u32> {
        let number = self.value.as_u64().and_then(|number| u32::try_from(number).ok());
        self.expect(
            number.filter(|number| *number <= most),
            &format!("expected a whole number from 0 to {most}"),
            faults,
        )
    }

    /// Returns one of the words of an enum.
    pub(super) fn word<T: DeserializeOwned>(&self, expected: &str, faults: &mut Faults) -> Option<T> {
        let word = self.value.as_str().and_then(|_| T::deserialize(self.value).ok());
        self.expect(word, expected, faults)
    }

    /// Returns the elements of a list, of which there may be at most this many.
    pub(super) fn list(&self, most: usize, faults: &mut Faults) -> Option<Vec<Self>> {
        let list = self.value.as_array().filter(|list| list.len() <= most);
        let list = self.expect(list, &format!("expected a list of at most {most}"), faults)?;
        let element = |(position, value)| Self {
            value,
            pointer: format!("{}/{position}", self.pointer),
        };
        Some(list.iter().enumerate().map(element).collect())
    }

    pub(super) fn object(&self, faults: &mut Faults) -> Option<Object<'a>> {
        let members = self.expect(self.value.as_object(), "expected an object", faults)?;
        Some(Object {
            members,
            taken: Vec::new(),
            pointer: self.pointer.clone(),
        })
    }

    /// Returns the members of an object whose names are the caller's own.
    pub(super) fn entries(&self, most: usize, faults: &mut Faults) -> Option<Vec<(&'a str, Self)>> {
        let members = self.value.as_object().filter(|members| members.len() <= most);
        let members = self.expect(
            members,
            &format!("expected an object of at most {most} members"),
            faults,
        )?;
        let entry = |(name, value): (&'a String, &'a Value)| {
            let node = Self {
                value,
                pointer: format!("{}/{}", self.pointer, escape(name)),
            };
            (name.as_str(), node)
        };
        Some(members.iter().map(entry).collect())
    }
}

impl<'a> Object<'a> {
    /// Returns a member, where there is one.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Node<'a>> {
        self.taken.push(name);
        let value = self.members.get(name)?;
        Some(Node {
            value,
            pointer: format!("{}/{name}", self.pointer),
        })
    }

    /// Returns a member that has to be there.
    pub(super) fn need(&mut self, name: &'static str, faults: &mut Faults) -> Option<Node<'a>> {
        let node = self.take(name);
        if node.is_none() {
            faults.push(Invalid {
                pointer: format!("{}/{name}", self.pointer),
                detail: "is missing".to_owned(),
            });
        }
        node
    }

    /// Notes every member that was not taken as unknown.
    pub(super) fn finish(self, faults: &mut Faults) {
        for name in self.members.keys() {
            if !self.taken.iter().any(|taken| taken == name) {
                faults.push(Invalid {
                    pointer: format!("{}/{}", self.pointer, escape(name)),
                    detail: format!("unknown member; known are {}", self.taken.join(", ")),
                });
            }
        }
    }
}

/// Returns a member's name inside a JSON pointer (RFC 6901).
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
