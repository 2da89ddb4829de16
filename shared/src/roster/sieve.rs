//! What is taken out of the rows of parts before they are rows of the whole.

use std::collections::BTreeSet;

use super::Row;
use crate::employee::{Attribute, AttributeRef, AttributesBuilder, CustomName, EmployeeId, Entry, View, Wanted};

/// Attributes that no row of a roster shows, whatever its source wrote.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub(super) wanted: Wanted,
    pub(super) hidden: BTreeSet<Attribute>,
    /// The tenant's own attributes that there is room for, where that is not all of them.
    pub(super) custom: Option<BTreeSet<CustomName>>,
}

impl Cut {
    fn keeps(&self, attribute: AttributeRef<'_>) -> bool {
        if !self.wanted.wants(attribute) {
            return false;
        }
        if self.hidden.is_empty() && self.custom.is_none() {
            return true;
        }
        let Some(attribute) = attribute.to_owned() else {
            return false;
        };
        let has_room = match (&attribute, &self.custom) {
            (Attribute::Custom(name), Some(custom)) => custom.contains(name),
            (Attribute::Custom(_), None) | (Attribute::Canonical(_), _) => true,
        };
        has_room && !self.hidden.contains(&attribute)
    }
}

/// What is taken out of rows as they pass: what is hidden or not wanted, and all values of some people.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    withheld: BTreeSet<EmployeeId>,
    cuts: Vec<Cut>,
}

impl Sieve {
    /// Takes out all values of some people, too.
    pub fn withhold(&mut self, people: BTreeSet<EmployeeId>) {
        self.withheld.extend(people);
    }

    /// Returns the people of whom all values are taken out.
    pub const fn withheld(&self) -> &BTreeSet<EmployeeId> {
        &self.withheld
    }

    /// Returns whether nothing is taken out of any row.
    pub fn is_empty(&self) -> bool {
        self.withheld.is_empty() && self.cuts.is_empty()
    }

    pub(super) fn add(&mut self, cut: Cut) {
        self.cuts.push(cut);
    }

    pub(super) fn add_all(&mut self, other: Self) {
        self.withheld.extend(other.withheld);
        self.cuts.extend(other.cuts);
    }

    /// Passes a row on without what is to be taken out of it.
    pub fn pass<T>(&self, row: Row<'_>, visit: impl FnOnce(Row<'_>) -> T) -> T {
        let Row { id, attributes } = row;
        if !self.withheld.is_empty() && EmployeeId::parse(id).is_ok_and(|id| self.withheld.contains(&id)) {
            let attributes = View::default();
            return visit(Row { id, attributes });
        }
        let keeps = |entry: &Entry<'_>| self.cuts.iter().all(|cut| cut.keeps(entry.attribute));
        if self.cuts.is_empty() || attributes.iter().all(|entry| keeps(&entry)) {
            return visit(row);
        }
        let mut kept = AttributesBuilder::new();
        for entry in attributes.iter().filter(keeps) {
            if let Some(attribute) = entry.attribute.to_owned() {
                kept.append(&attribute, entry.field);
            }
        }
        let attributes = kept.build();
        visit(Row {
            id,
            attributes: attributes.view(),
        })
    }
}
