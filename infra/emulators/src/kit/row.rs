//! Writing the JSON object of a row, member by member, under a veil.

use super::refusal::Refusal;
use super::veil::{Shown, Veil};
use serde::Serialize;
use serde_json::Value;

/// Where rows are written to.
pub(crate) type Out = Vec<u8>;

/// Adds a member to a JSON object.
pub(crate) fn add(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value.into());
    }
}

/// A JSON object that is being written.
pub(crate) struct Row<'a> {
    out: &'a mut Out,
    veil: &'a Veil,
    is_empty: bool,
    is_broken: bool,
}

impl<'a> Row<'a> {
    /// Opens an object.
    pub(crate) fn open(out: &'a mut Out, veil: &'a Veil) -> Self {
        out.push(b'{');
        Self {
            out,
            veil,
            is_empty: true,
            is_broken: false,
        }
    }

    /// What covers this row.
    pub(crate) const fn veil(&self) -> &'a Veil {
        self.veil
    }

    /// The next member: null where it is hidden, nothing where it is dropped.
    pub(crate) fn put(&mut self, name: &str, value: impl Serialize) -> &mut Self {
        let twisted = self
            .veil
            .twist(name, || serde_json::to_value(&value).unwrap_or_default());
        if self.veil.drops(name) || matches!(twisted, Some(Shown::Absent)) {
            return self;
        }
        if !self.is_empty {
            self.out.push(b',');
        }
        self.is_empty = false;
        match &twisted {
            Some(Shown::Named(name)) => self.write(name),
            Some(Shown::Absent | Shown::Json(_)) | None => self.write(&name),
        }
        self.out.push(b':');
        if self.veil.hides(name) {
            self.out.extend_from_slice(b"null");
        } else if let Some(Shown::Json(json)) = twisted {
            self.out.extend_from_slice(&json);
        } else {
            self.write(&value);
        }
        self
    }

    /// What is shown of a value that stands inside of a member; none where it is not sent. A value whose name is broken is not sent.
    pub(crate) fn show(&self, name: &str, value: &Value) -> Result<Option<Value>, Refusal> {
        let twisted = self.veil.twist(name, || value.clone());
        if self.veil.drops(name) || matches!(twisted, Some(Shown::Absent | Shown::Named(_))) {
            return Ok(None);
        }
        Ok(Some(match twisted {
            _ if self.veil.hides(name) => Value::Null,
            Some(Shown::Json(json)) => serde_json::from_slice(&json)?,
            Some(Shown::Absent | Shown::Named(_)) | None => value.clone(),
        }))
    }

    /// The next member where there is one.
    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl Serialize>) -> &mut Self {
        if let Some(value) = value {
            self.put(name, value);
        }
        self
    }

    /// Members that are null in every row.
    pub(crate) fn put_nulls(&mut self, names: &[&str]) -> &mut Self {
        for name in names {
            self.put(name, ());
        }
        self
    }

    fn write(&mut self, value: &impl Serialize) {
        self.is_broken |= serde_json::to_writer(&mut *self.out, value).is_err();
    }

    /// Ends the object; an error where a value could not be written.
    pub(crate) fn close(self) -> Result<(), Refusal> {
        self.out.push(b'}');
        if self.is_broken { Err(Refusal::Broken) } else { Ok(()) }
    }
}
