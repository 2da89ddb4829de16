//! What a provider gives, as a table: of each attribute whether it can be had, where it stands, and how it is read.

use std::collections::BTreeSet;

use super::{lists::Lists, related::Related, resource::Resource, shown::Shown, value::Text};
use crate::{
    employee::{Canonical, Category, Wanted, forbidden::category_of},
    source::Availability,
};

/// What a provider gives of an attribute. A table has them in the order in which attributes are packed.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The attribute.
    pub attribute: Canonical,
    /// Whether it can be had.
    pub availability: Availability,
    /// Members of a person's own row that count for more than where the steps lead. Paths are names of members with full stops
    /// between them.
    pub first: &'static [&'static str],
    /// Where it stands in a person's own row, or the id from which the steps lead to it. All members are asked for, where a provider
    /// gives no more than that.
    pub members: &'static [&'static str],
    /// The rows that lead to it from there, one after the other.
    pub steps: &'static [Step],
    /// The rule by which it is read.
    pub rule: Rule,
}

/// A step from one row to another.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// How the other row is found.
    pub through: Related,
    /// What is read there; of several members the first that says something.
    pub members: &'static [&'static str],
}

/// A rule by which an attribute is read of what is shown of a person.
pub type Rule = for<'r> fn(&Shown<'r>, &Given) -> Text<'r>;

/// Returns what is shown where an attribute stands: in the person's own row, of several members in the first that says something; or
/// where the steps from there lead.
pub fn plain<'r>(one: &Shown<'r>, given: &Given) -> Text<'r> {
    let from = one.either(given.members);
    let said = given.steps.iter().fold(from, |said, step| one.follow(step, &said));
    if given.first.is_empty() {
        return said;
    }
    one.either(given.first).or(&said).clone()
}

/// Declares a table of what a provider gives, one line for each attribute: its members, the steps from there behind a semicolon, and
/// its rule, where it is not [`plain`]. `TimeZone = Yes ["place.id"; PLACES "timeZone"] behind ["timeZone"];`
macro_rules! given {
    (@rule) => { $crate::connector::plain };
    (@rule $rule:expr) => { $rule };
    (
        $(#[$doc:meta])*
        $visible:vis $table:ident {
            $($attribute:ident = $availability:ident
                [$($member:literal),* $(; $($through:ident $found:literal $(| $other:literal)*),+)?]
                $(behind [$($first:literal),+])?
                $(, $rule:expr)?;)*
        }
    ) => {
        $(#[$doc])*
        $visible const $table: &[$crate::connector::Given] = &[$($crate::connector::Given {
            attribute: $crate::employee::Canonical::$attribute,
            availability: $crate::source::Availability::$availability,
            first: &[$($($first),+)?],
            members: &[$($member),*],
            steps: &[$($($crate::connector::Step { through: $through, members: &[$found $(, $other)*] }),+)?],
            rule: $crate::connector::given!(@rule $($rule)?),
        },)*];
    };
}
pub(crate) use given;

/// Returns what may be read of a table: nothing of a forbidden category that is not among those that are allowed (R34).
pub fn permitted(table: &[Given], allowed: &BTreeSet<Category>) -> Vec<Given> {
    let may_be_read = |given: &&Given| category_of(given.attribute).is_none_or(|own| allowed.contains(&own));
    table.iter().filter(may_be_read).copied().collect()
}

/// Returns what can be had by a table.
pub fn offered(table: &[Given]) -> Vec<(Canonical, Availability)> {
    let offered = table.iter().map(|given| (given.attribute, given.availability));
    offered.collect()
}

/// Returns what can be had by one of two tables, by the first one where that has it.
pub fn offered_by_either(first: &[Given], second: &[Given]) -> Vec<(Canonical, Availability)> {
    let is_new = |given: &&Given| first.iter().all(|own| own.attribute != given.attribute);
    let second: Vec<Given> = second.iter().filter(is_new).copied().collect();
    [offered(first), offered(&second)].concat()
}

/// Returns the members by which what is wanted of a table is asked for, each once (R46).
pub fn asked_for(table: &[Given], wanted: &Wanted) -> Vec<&'static str> {
    let wanted = table.iter().filter(|given| wanted.wants_any(&[given.attribute]));
    let mut seen = BTreeSet::new();
    let members = wanted.flat_map(Given::own);
    members.filter(|member| seen.insert(*member)).collect()
}

/// Returns the members of a person's own row that a table reads, as they stand in the row.
pub fn columns_of(table: &[Given]) -> impl Iterator<Item = &'static str> {
    let members = table.iter().flat_map(Given::own);
    members.map(|path| path.split_once('.').map_or(path, |(member, _)| member))
}

/// Returns whether a list serves anything that is wanted (R46).
pub fn serves(table: &[Given], list: &Resource, wanted: &Wanted) -> bool {
    let mut served = table.iter().filter(|given| given.leads_through(list));
    served.any(|given| wanted.wants_any(&[given.attribute]))
}

/// Returns what comes from lists that the credential may not read, and from nowhere else.
pub fn refused<T: AsRef<str>>(table: &[Given], lists: &Lists<T>) -> Vec<Canonical> {
    let is_refused = |step: &Step| step.through.list().is_some_and(|list| lists.is_refused(list));
    let refused = table.iter();
    let refused = refused.filter(|given| given.first.is_empty() && given.steps.iter().any(is_refused));
    refused.map(|given| given.attribute).collect()
}

impl Given {
    /// Returns all members of a person's own row that it takes.
    fn own(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.first.iter().chain(self.members).copied()
    }

    /// Returns whether a list is one of its steps.
    pub(super) fn leads_through(&self, list: &Resource) -> bool {
        let mut lists = self.steps.iter().filter_map(|step| step.through.list());
        lists.any(|own| own.path == list.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::{Form, Sequel, Written};

    const FORM: Form = Form {
        query: &[],
        place: Written::Token("page"),
        rows: &[],
        total: &[],
        is_counted: false,
        next: Sequel::Total,
        nothing: None,
    };
    const PLACES: Related = Related::shared(Resource::new("list places", "/places", &FORM));
    const PAY: Related = Related::shared(Resource::new("list pay", "/pay", &FORM));

    given! {
        /// What the sample gives.
        TABLE {
            FirstName = Yes ["name"];
            LastName = Yes ["name"], |one, given| plain(one, given).keep();
            PayRate = NeedsPermission ["place.id"; PLACES "pay.id", PAY "amount"];
            WorkCity = NeedsPermission ["place.id"; PLACES "city" | "town"];
        }
    }

    fn of(related: &Related) -> &Resource {
        related.list().unwrap()
    }

    #[test]
    fn r46_what_serves_nothing_wanted_is_not_asked_for() {
        let wanted = |attributes: &[Canonical]| Wanted::only(attributes.iter().map(|attribute| (*attribute).into()));
        let city = wanted(&[Canonical::WorkCity, Canonical::LastName]);
        assert_eq!(asked_for(TABLE, &city), ["name", "place.id"]);
        assert!(serves(TABLE, of(&PLACES), &city) && !serves(TABLE, of(&PAY), &city));
        assert_eq!(
            asked_for(TABLE, &Wanted::everything()),
            ["name", "place.id"],
            "each once"
        );
        assert_eq!(offered(TABLE).len(), 4);
        let columns: BTreeSet<&str> = columns_of(TABLE).collect();
        assert_eq!(columns, BTreeSet::from(["name", "place"]));
    }

    #[test]
    fn what_comes_from_a_list_that_may_not_be_read_is_refused() {
        let lists = |pages: Option<Vec<String>>| Lists::from_iter([(of(&PAY), pages), (of(&PLACES), Some(Vec::new()))]);
        assert_eq!(refused(TABLE, &lists(None)), [Canonical::PayRate]);
        assert_eq!(refused(TABLE, &lists(Some(Vec::new()))), []);
    }
}
