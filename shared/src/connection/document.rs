//! A configuration as the HTTP contract shows it. What is shown can be sent back as it is.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    configuration::{ApplyMode, Configuration, Joiners, Leavers, Limits},
    rule::{Condition, CustomAttribute, Exception, FirstLink, Identifier, RehirePolicy, ValueMap},
};
use crate::employee::{Attribute, Canonical};

/// A configuration in the shape of the HTTP contract.
#[derive(Clone, Debug, Serialize)]
pub struct Document<'a> {
    identifier: Identifier,
    email: Canonical,
    first_name: Canonical,
    attributes: &'a BTreeSet<Canonical>,
    custom_attributes: &'a [CustomAttribute],
    values: &'a [ValueMap],
    must_exist: &'a BTreeSet<Attribute>,
    sync_if: &'a [Condition],
    require: &'a BTreeSet<Canonical>,
    first_link: &'a [FirstLink],
    create_unless_taken: &'a BTreeSet<Canonical>,
    create_former: bool,
    groups: Option<Groups<'a>>,
    leavers: &'a Leavers,
    joiners: Joiners,
    rehires: RehirePolicy,
    exceptions: &'a [Exception],
    protected: &'a BTreeSet<String>,
    apply: ApplyMode,
    limits: Limits,
    daily: bool,
    fallback_time_zone: &'a str,
}

#[derive(Clone, Debug, Serialize)]
struct Groups<'a> {
    from: &'a Attribute,
}

impl Configuration {
    /// Returns the configuration in the shape of the HTTP contract; all members, nothing left out.
    pub fn document(&self) -> Document<'_> {
        Document {
            identifier: self.identifier,
            email: self.email,
            first_name: self.first_name,
            attributes: &self.attributes,
            custom_attributes: &self.custom_attributes,
            values: &self.values,
            must_exist: &self.must_exist,
            sync_if: &self.sync_if,
            require: &self.require,
            first_link: &self.first_link,
            create_unless_taken: &self.create_unless_taken,
            create_former: self.create_former,
            groups: self.groups.as_ref().map(|from| Groups { from }),
            leavers: &self.leavers,
            joiners: self.joiners,
            rehires: self.rehires,
            exceptions: &self.exceptions,
            protected: &self.protected,
            apply: self.apply,
            limits: self.limits,
            daily: self.daily,
            fallback_time_zone: &self.fallback_time_zone,
        }
    }
}
