//! `fields=id,firstName,manager.id,legalEntity[id,name],collection.count`: what is asked for, read without regard to case.

use crate::kit::refusal::Refusal;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Members that are asked for, each with the members of its own that are asked for; where none is named, all are meant.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Fields(BTreeMap<String, Fields>);

impl Fields {
    /// Reads a list of fields; an error where a bracket has no partner.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let mut fields = Self::default();
        let rest = fields.take(text)?;
        if rest.is_empty() { Ok(fields) } else { Err(Self::bad()) }
    }

    fn bad() -> Refusal {
        Refusal::parameter("fields", "names with commas, nested by a dot or in brackets")
    }

    /// Takes names until a bracket closes, and returns what follows.
    fn take<'a>(&mut self, mut rest: &'a str) -> Result<&'a str, Refusal> {
        loop {
            let end = rest.find([',', '[', ']']).unwrap_or(rest.len());
            let (path, behind) = rest.split_at(end);
            let mut inner = &mut *self;
            for name in path.split('.').map(str::trim).filter(|name| !name.is_empty()) {
                inner = inner.0.entry(name.to_ascii_lowercase()).or_default();
            }
            rest = behind;
            if let Some(inside) = rest.strip_prefix('[') {
                rest = inner.take(inside)?.strip_prefix(']').ok_or_else(Self::bad)?;
            }
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => return Ok(rest),
            }
        }
    }

    /// Whether nothing is asked for, so that the defaults come.
    pub(super) fn is_empty(&self) -> bool {
        self.0.keys().all(|name| name == "collection")
    }

    /// Whether the total is asked for.
    pub(super) fn asks_for_count(&self) -> bool {
        self.0
            .get("collection")
            .is_some_and(|inner| inner.0.contains_key("count"))
    }

    /// The members asked for of a member; none where it is not asked for.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.0.get(&name.to_ascii_lowercase())
    }

    /// An object with the members that are asked for.
    pub(super) fn pick(&self, object: Value) -> Value {
        let Value::Object(members) = object else {
            return object;
        };
        if self.0.is_empty() {
            return Value::Object(members);
        }
        let kept = members.into_iter().filter_map(|(name, value)| {
            let inner = self.find(&name)?;
            Some((name, inner.pick(value)))
        });
        Value::Object(kept.collect::<Map<_, _>>())
    }
}
