//! What a provider gives, as a table: of each attribute whether it can be had, what is asked for to have it, and how it is read.

use std::collections::BTreeSet;

use super::{lists::Lists, resource::Resource};
use crate::{
    employee::{Canonical, Wanted},
    source::Availability,
};

/// What a provider gives of an attribute. A table has them in the order in which attributes are packed.
#[derive(Clone, Copy, Debug)]
pub struct Given<R: 'static> {
    /// The attribute.
    pub attribute: Canonical,
    /// Whether it can be had.
    pub availability: Availability,
    /// The members by which it is asked for, where a provider gives no more than that.
    pub members: &'static [&'static str],
    /// The lists that it comes from, beside the one of people.
    pub lists: &'static [Resource],
    /// The rule by which it is read.
    pub rule: R,
}

/// Declares a table of what a provider gives, one line for each attribute: its members, its lists behind a semicolon, its rule.
/// `TimeZone = NeedsPermission ["place.id"; PLACES] |person| person.time_zone();`
macro_rules! given {
    (
        $(#[$doc:meta])*
        $visible:vis $table:ident: $rule:ty {
            $($attribute:ident = $availability:ident [$($member:literal),* $(; $($list:ident),+)?] $read:expr;)*
        }
    ) => {
        $(#[$doc])*
        $visible const $table: &[$crate::connector::Given<$rule>] = &[$($crate::connector::Given {
            attribute: $crate::employee::Canonical::$attribute,
            availability: $crate::source::Availability::$availability,
            members: &[$($member),*],
            lists: &[$($($list),+)?],
            rule: $read,
        },)*];
    };
}
pub(crate) use given;

/// Returns what can be had by a table.
pub fn offered<R>(table: &[Given<R>]) -> Vec<(Canonical, Availability)> {
    let offered = table.iter().map(|given| (given.attribute, given.availability));
    offered.collect()
}

/// Returns the members by which what is wanted of a table is asked for, each once (R46).
pub fn asked_for<R>(table: &[Given<R>], wanted: &Wanted) -> Vec<&'static str> {
    let wanted = table.iter().filter(|given| wanted.wants_any(&[given.attribute]));
    let mut seen = BTreeSet::new();
    let members = wanted.flat_map(|given| given.members.iter().copied());
    members.filter(|member| seen.insert(*member)).collect()
}

/// Returns whether a list serves anything that is wanted (R46).
pub fn serves<R>(table: &[Given<R>], list: &Resource, wanted: &Wanted) -> bool {
    let comes_from = |given: &&Given<R>| given.lists.iter().any(|own| own.path == list.path);
    let mut served = table.iter().filter(comes_from);
    served.any(|given| wanted.wants_any(&[given.attribute]))
}

/// Returns what comes from lists that the credential may not read.
pub fn refused<R, T: AsRef<str>>(table: &[Given<R>], lists: &Lists<T>) -> Vec<Canonical> {
    let is_refused = |given: &&Given<R>| given.lists.iter().any(|list| lists.is_refused(list));
    table.iter().filter(is_refused).map(|given| given.attribute).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::{Form, Sequel, Text, Written};

    const FORM: Form = Form {
        query: &[],
        place: Written::Token("page"),
        rows: &[],
        total: &[],
        is_counted: false,
        next: Sequel::Total,
        nothing: None,
    };
    const PLACES: Resource = Resource::new("list places", "/places", &FORM);
    const PAY: Resource = Resource::new("list pay", "/pay", &FORM);

    type Rule = fn(&str) -> Text<'_>;

    given! {
        /// What the sample gives.
        TABLE: Rule {
            FirstName = Yes ["name"] |name| Text::Value(name.into());
            LastName = Yes ["name"] |name| Text::Value(name.into());
            PayRate = NeedsPermission ["place.id"; PAY, PLACES] |_| Text::Absent;
            WorkCity = NeedsPermission ["place.id"; PLACES] |_| Text::Absent;
        }
    }

    #[test]
    fn r46_what_serves_nothing_wanted_is_not_asked_for() {
        let wanted = |attributes: &[Canonical]| Wanted::only(attributes.iter().map(|attribute| (*attribute).into()));
        let city = wanted(&[Canonical::WorkCity, Canonical::LastName]);
        assert_eq!(asked_for(TABLE, &city), ["name", "place.id"]);
        assert!(serves(TABLE, &PLACES, &city) && !serves(TABLE, &PAY, &city));
        assert_eq!(
            asked_for(TABLE, &Wanted::everything()),
            ["name", "place.id"],
            "each once"
        );
        assert_eq!(offered(TABLE).len(), 4);
    }

    #[test]
    fn what_comes_from_a_list_that_may_not_be_read_is_refused() {
        let lists = |pages: Option<Vec<String>>| Lists::from_iter([(&PAY, pages), (&PLACES, Some(Vec::new()))]);
        assert_eq!(refused(TABLE, &lists(None)), [Canonical::PayRate]);
        assert_eq!(refused(TABLE, &lists(Some(Vec::new()))), []);
    }
}
