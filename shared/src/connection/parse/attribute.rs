//! Members that name attributes.

use std::collections::{BTreeMap, BTreeSet};

use super::reader::{Faults, Node};
use crate::{
    connection::{Exception, Identifier},
    employee::{Attribute, Canonical, CustomName, Kind, forbidden},
};

/// The most elements that a list of attributes may have.
const MOST: usize = 500;

/// What decides whether a forbidden attribute may be named (R34).
pub(super) struct Allowed<'a> {
    pub(super) exceptions: &'a [Exception],
    pub(super) labels: &'a BTreeMap<CustomName, String>,
}

impl Allowed<'_> {
    /// Refuses an attribute that is or looks forbidden and has no exception.
    pub(super) fn check(&self, attribute: &Attribute, node: &Node<'_>, faults: &mut Faults) -> Option<()> {
        let by_label = match attribute {
            Attribute::Custom(name) => self.labels.get(name).and_then(|label| forbidden::classify_label(label)),
            Attribute::Canonical(_) => None,
        };
        let Some(category) = by_label.or_else(|| forbidden::classify(attribute)) else {
            return Some(());
        };
        let is_allowed = self.exceptions.iter().any(|exception| exception.category == category);
        node.expect(
            is_allowed.then_some(()),
            &format!("is of the forbidden category `{category}`, or its label looks like it; name it in `exceptions` with a reason"),
            faults,
        )
    }
}

/// Returns an attribute of employees. Attributes that only accounts have are refused, and forbidden ones.
pub(super) fn employee_attribute(node: &Node<'_>, allowed: &Allowed<'_>, faults: &mut Faults) -> Option<Attribute> {
    let text = node.text(faults)?;
    let attribute = node.expect(
        Attribute::parse(text),
        "expected a canonical attribute or `custom.<name>`",
        faults,
    )?;
    if let Attribute::Canonical(Canonical::Email | Canonical::Group) = attribute {
        node.refuse(
            "is an attribute of accounts; expected one of employees, such as `work_email`",
            faults,
        );
        return None;
    }
    allowed.check(&attribute, node, faults)?;
    Some(attribute)
}

/// Returns a canonical attribute of employees.
fn canonical(node: &Node<'_>, allowed: &Allowed<'_>, faults: &mut Faults) -> Option<Canonical> {
    match employee_attribute(node, allowed, faults)? {
        Attribute::Canonical(canonical) => Some(canonical),
        Attribute::Custom(_) => {
            node.refuse("expected a canonical attribute, not a custom one", faults);
            None
        }
    }
}

/// Returns one of a few canonical attributes.
pub(super) fn one_of(node: &Node<'_>, choices: &[Canonical], faults: &mut Faults) -> Option<Canonical> {
    let named = node.text(faults).map(Canonical::from_name)?;
    let known: Vec<&str> = choices.iter().map(|choice| choice.name()).collect();
    node.expect(
        named.filter(|name| choices.contains(name)),
        &format!("expected one of {}", known.join(", ")),
        faults,
    )
}

pub(super) fn identifier(node: &Node<'_>, faults: &mut Faults) -> Option<Identifier> {
    let text = node.text(faults)?;
    if matches!(Attribute::parse(text), Some(Attribute::Custom(_))) {
        node.refuse("a custom field cannot be the identifier", faults);
        return None;
    }
    let named = |identifier: &&Identifier| identifier.attribute().name() == text;
    node.expect(
        Identifier::ALL.iter().find(named).copied(),
        "expected one of work_email, personal_email, employee_number, employee_id",
        faults,
    )
}

/// Returns the attribute that names a group: one that people may see, and no reference.
pub(super) fn group(node: &Node<'_>, allowed: &Allowed<'_>, faults: &mut Faults) -> Option<Attribute> {
    let mut members = node.object(faults)?;
    let from = members.need("from", faults);
    members.finish(faults);
    let from = from?;
    let attribute = employee_attribute(&from, allowed, faults)?;
    let is_shared = match &attribute {
        Attribute::Canonical(canonical) => {
            let is_personal = matches!(
                canonical.kind(),
                Kind::Email | Kind::Name | Kind::Phone | Kind::Reference
            );
            !canonical.is_sensitive() && !is_personal
        }
        Attribute::Custom(_) => true,
    };
    from.expect(
        is_shared.then_some(attribute),
        "tells people apart; expected something that they share, such as `department`",
        faults,
    )
}

/// Returns the chosen attributes. Those that every account has anyway may be named too.
pub(super) fn managed(
    node: &Node<'_>,
    has_groups: bool,
    allowed: &Allowed<'_>,
    faults: &mut Faults,
) -> Option<BTreeSet<Canonical>> {
    let mut chosen = BTreeSet::new();
    for element in node.list(MOST, faults)? {
        let text = element.text(faults);
        match text.and_then(Attribute::parse) {
            Some(Attribute::Canonical(Canonical::Email)) => {}
            Some(Attribute::Canonical(Canonical::Group)) if has_groups => {}
            Some(Attribute::Canonical(Canonical::Group)) => {
                element.refuse("needs `groups`, which says where the group comes from", faults);
            }
            Some(Attribute::Custom(_)) => {
                element.refuse("is a custom field; name it in `custom_attributes`", faults);
            }
            Some(Attribute::Canonical(_)) | None => chosen.extend(canonical(&element, allowed, faults)),
        }
    }
    Some(chosen)
}

pub(super) fn required(node: &Node<'_>, allowed: &Allowed<'_>, faults: &mut Faults) -> Option<BTreeSet<Canonical>> {
    let elements = node.list(MOST, faults)?;
    Some(
        elements
            .iter()
            .filter_map(|element| canonical(element, allowed, faults))
            .collect(),
    )
}

/// Returns attributes of accounts.
pub(super) fn account_attributes(node: &Node<'_>, faults: &mut Faults) -> Option<BTreeSet<Attribute>> {
    let elements = node.list(MOST, faults)?;
    let mut attributes = BTreeSet::new();
    for element in &elements {
        let Some(text) = element.text(faults) else { continue };
        attributes.extend(element.expect(
            Attribute::parse(text),
            "expected a canonical attribute or `custom.<name>`",
            faults,
        ));
    }
    Some(attributes)
}

/// Returns attributes of which no two people share a value.
pub(super) fn unique(node: &Node<'_>, faults: &mut Faults) -> Option<BTreeSet<Canonical>> {
    const UNIQUE: &[Canonical] = &[
        Canonical::WorkEmail,
        Canonical::PersonalEmail,
        Canonical::EmployeeNumber,
        Canonical::EmployeeId,
    ];
    let elements = node.list(MOST, faults)?;
    Some(
        elements
            .iter()
            .filter_map(|element| one_of(element, UNIQUE, faults))
            .collect(),
    )
}
