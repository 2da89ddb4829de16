//! From what a caller sent to a configuration: every member is checked, and every fault is reported with its place.

mod attribute;
mod reader;
mod rule;
mod setting;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{Configuration, Identifier, Preset};
use crate::employee::{Canonical, CustomName};
pub use reader::Invalid;
use reader::{Faults, Node, Object};

/// The most bytes of a configuration, written out with all its members: it fits one stored item together with the rest.
pub const MOST_BYTES: usize = 300_000;

/// A configuration that a caller sends, with what is known about it.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// The preset that fills left-out members.
    pub preset: Preset,
    /// The version that the configuration gets.
    pub version: u64,
    /// The configuration in force, whose exceptions keep who allowed them and when.
    pub previous: Option<&'a Configuration>,
    /// What the HR system calls its custom fields, as far as they were seen.
    pub labels: &'a BTreeMap<CustomName, String>,
    /// The person who sent it.
    pub by: &'a str,
    /// When it was sent.
    pub at: Timestamp,
}

/// Returns the configuration that a caller sent.
///
/// # Errors
/// Everything that is wrong with it, in order of place. Unknown members are faults.
pub fn parse(json: &[u8], submission: &Submission<'_>) -> Result<Configuration, Vec<Invalid>> {
    let value: Value = serde_json::from_slice(json).map_err(|error| {
        vec![Invalid {
            pointer: String::new(),
            detail: format!("not JSON, at line {} column {}", error.line(), error.column()),
        }]
    })?;
    let mut faults = Vec::new();
    let mut configuration = submission.preset.configuration();
    configuration.version = submission.version;
    if let Some(mut members) = Node::root(&value).object(&mut faults) {
        read(&mut members, &mut configuration, submission, &mut faults);
        members.finish(&mut faults);
    }
    let length = serde_json::to_vec(&configuration).map_or(0, |text| text.len());
    if length > MOST_BYTES {
        faults.push(Invalid {
            pointer: String::new(),
            detail: format!("at most {MOST_BYTES} bytes, written out with all its members"),
        });
    }
    if faults.is_empty() {
        Ok(configuration)
    } else {
        faults.sort();
        faults.dedup();
        Err(faults)
    }
}

/// Reads a member into its place, if it is there and can be read.
macro_rules! set {
    ($place:expr, $members:expr, $name:literal, $faults:expr, $read:expr) => {
        if let Some(value) = $members.take($name).and_then(|node| $read(&node, &mut *$faults)) {
            $place = value;
        }
    };
}
use set;

fn read(members: &mut Object<'_>, configuration: &mut Configuration, submission: &Submission<'_>, faults: &mut Faults) {
    // Exceptions first: what else may be named depends on them.
    set!(
        configuration.exceptions,
        members,
        "exceptions",
        faults,
        |node: &Node<'_>, faults: &mut _| { rule::exceptions(node, submission, faults) }
    );
    let allowed = attribute::Allowed {
        exceptions: &configuration.exceptions.clone(),
        labels: submission.labels,
    };
    read_attributes(members, configuration, &allowed, faults);
    read_people(members, configuration, &allowed, faults);
    setting::read(members, configuration, faults);
    if configuration.identifier != Identifier::EmployeeId {
        configuration.require.insert(configuration.identifier.attribute());
    }
}

/// Reads what is carried over.
fn read_attributes(
    members: &mut Object<'_>,
    configuration: &mut Configuration,
    allowed: &attribute::Allowed<'_>,
    faults: &mut Faults,
) {
    set!(
        configuration.identifier,
        members,
        "identifier",
        faults,
        attribute::identifier
    );
    set!(
        configuration.email,
        members,
        "email",
        faults,
        |node: &Node<'_>, faults: &mut _| {
            attribute::one_of(node, &[Canonical::WorkEmail, Canonical::PersonalEmail], faults)
        }
    );
    set!(
        configuration.first_name,
        members,
        "first_name",
        faults,
        |node: &Node<'_>, faults: &mut _| {
            attribute::one_of(node, &[Canonical::FirstName, Canonical::KnownAs], faults)
        }
    );
    if let Some(node) = members.take("groups") {
        let from = if node.is_null() {
            None
        } else {
            attribute::group(&node, allowed, faults)
        };
        configuration.groups = from;
    }
    let has_groups = configuration.groups.is_some();
    let always = configuration.preset.attributes();
    set!(
        configuration.attributes,
        members,
        "attributes",
        faults,
        |node: &Node<'_>, faults: &mut _| {
            let mut chosen = attribute::managed(node, has_groups, allowed, faults)?;
            chosen.extend(always);
            Some(chosen)
        }
    );
    set!(
        configuration.custom_attributes,
        members,
        "custom_attributes",
        faults,
        |node: &Node<'_>, faults: &mut _| { rule::custom_attributes(node, allowed, faults) }
    );
    let identifier = configuration.identifier.attribute();
    set!(
        configuration.values,
        members,
        "values",
        faults,
        |node: &Node<'_>, faults: &mut _| { rule::values(node, identifier, allowed, faults) }
    );
    set!(
        configuration.must_exist,
        members,
        "must_exist",
        faults,
        attribute::account_attributes
    );
}

/// Reads which people are concerned.
fn read_people(
    members: &mut Object<'_>,
    configuration: &mut Configuration,
    allowed: &attribute::Allowed<'_>,
    faults: &mut Faults,
) {
    set!(
        configuration.sync_if,
        members,
        "sync_if",
        faults,
        |node: &Node<'_>, faults: &mut _| { rule::conditions(node, allowed, faults) }
    );
    set!(
        configuration.require,
        members,
        "require",
        faults,
        |node: &Node<'_>, faults: &mut _| { attribute::required(node, allowed, faults) }
    );
    let identifier = configuration.identifier;
    set!(
        configuration.first_link,
        members,
        "first_link",
        faults,
        |node: &Node<'_>, faults: &mut _| { rule::first_link(node, identifier, faults) }
    );
    set!(
        configuration.create_unless_taken,
        members,
        "create_unless_taken",
        faults,
        attribute::unique
    );
    set!(configuration.protected, members, "protected", faults, rule::protected);
}
