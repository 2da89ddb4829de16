//! What a caller's role hides: values of sensitive attributes, wherever they are shown (R39).

use std::collections::BTreeSet;

use crate::{
    connection::Role,
    employee::{Attribute, Canonical},
};

/// Which attributes are shown without their values.
#[derive(Debug)]
pub(in crate::api) struct Mask {
    /// Whether values are hidden at all.
    is_on: bool,
    /// Account attributes that are sensitive because of where their values come from.
    derived: BTreeSet<Canonical>,
}

impl Mask {
    /// Returns what a role hides whatever a configuration says.
    pub(in crate::api) const fn of(role: Role) -> Self {
        Self {
            is_on: !role.sees_sensitive(),
            derived: BTreeSet::new(),
        }
    }

    /// Returns the mask that hides nothing.
    pub(in crate::api) const fn none() -> Self {
        Self::of(Role::Admin)
    }

    /// Returns whether nothing is hidden.
    pub(in crate::api) const fn is_none(&self) -> bool {
        !self.is_on
    }

    /// Hides these attributes too, where anything is hidden.
    pub(in crate::api) fn hide(&mut self, attributes: impl IntoIterator<Item = Canonical>) {
        self.derived.extend(attributes);
    }

    /// Returns whether the values of an attribute are hidden.
    pub(in crate::api) fn hides(&self, attribute: &Attribute) -> bool {
        let is_derived = match attribute {
            Attribute::Canonical(canonical) => self.derived.contains(canonical),
            Attribute::Custom(_) => false,
        };
        self.is_on && (is_derived || attribute.is_sensitive())
    }

    /// Returns whether the values of the attribute of this name are hidden. A login that goes with the e-mail is hidden with it.
    pub(in crate::api) fn hides_named(&self, name: &str) -> bool {
        let name = if name == "login" { Canonical::Email.name() } else { name };
        Attribute::parse(name).is_some_and(|attribute| self.hides(&attribute))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::Preset;

    #[test]
    fn r39_a_role_that_only_looks_sees_no_sensitive_value_wherever_it_comes_from() {
        let mut configuration = Preset::Standard.configuration();
        configuration.email = Canonical::PersonalEmail;
        configuration.groups = Some(Canonical::City.into());
        let hidden = |role, name: &str| {
            let mut mask = Mask::of(role);
            mask.hide(configuration.derived_sensitive());
            mask.hides_named(name)
        };
        for name in ["pay_rate", "birth_date", "custom.t_shirt", "email", "login", "group"] {
            assert!(hidden(Role::Viewer, name), "{name}");
            assert!(!hidden(Role::Approver, name) && !hidden(Role::Admin, name), "{name}");
        }
        for name in ["job_title", "work_email", "active", "external_id"] {
            assert!(!hidden(Role::Viewer, name), "{name}");
        }
        assert!(Preset::Standard.configuration().derived_sensitive().is_empty());
        assert!(!Mask::of(Role::Viewer).hides_named("login"));
    }
}
