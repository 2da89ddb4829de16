//! What was sent and is not kept by the target: for each attribute, of how many people.

use std::collections::BTreeMap;

use crate::{
    employee::{Attribute, AttributeRef, EmployeeId},
    plan::{Finding, finding::MOST_NAMED},
};

/// How many people there are, and the first of them, for each attribute.
#[derive(Debug, Default)]
pub(super) struct NotKept(BTreeMap<Attribute, (usize, Vec<EmployeeId>)>);

impl NotKept {
    /// Notes a person of whom an attribute is not kept.
    pub(super) fn note(&mut self, attribute: AttributeRef<'_>, person: impl FnOnce() -> EmployeeId) {
        let Some(attribute) = attribute.to_owned() else {
            return;
        };
        let (all, named) = self.0.entry(attribute).or_default();
        *all += 1;
        if named.len() < MOST_NAMED {
            named.push(person());
        }
    }

    /// Returns a finding for each attribute.
    pub(super) fn into_findings(self) -> impl Iterator<Item = Finding> {
        let attributes = self.0.into_iter();
        attributes.map(|(attribute, (all, named))| Finding::not_kept(attribute, named, all))
    }
}
