//! What people are paid: amounts of the older API, each for some time and of some nature. For which period is not said.

use super::super::wire::{FIXED_ITEMS, FixedItem};
use crate::{
    connector::{Joined, Lists, Nested, Text},
    source::Error,
};

/// The category of natures that is read.
const BASIC: &str = "BASIC_SALARY";

/// An amount of basic pay.
#[derive(Debug)]
pub(super) struct Item<'a> {
    owner: Text<'a>,
    starts_on: Text<'a>,
    ends_on: Text<'a>,
    nature: Text<'a>,
    amount: Text<'a>,
    /// The establishments that have this nature of pay, each with its currency.
    establishments: Vec<Nested<'a>>,
}

/// What one person is paid.
#[derive(Debug, Default)]
pub(super) struct Pay<'r> {
    pub(super) rate: Text<'r>,
    pub(super) currency: Text<'r>,
}

/// The amounts of basic pay by whom they belong to, in the order of their first days.
pub(super) fn join<'a>(lists: &'a Lists) -> Result<Option<Joined<Item<'a>>>, Error> {
    let item = |row: FixedItem<'a>| {
        let category = row.nature.member("category").text("code");
        (category.value() == Some(BASIC)).then(|| Item {
            owner: row.work_contract.text("ownerId"),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            nature: row.nature_id,
            amount: row.amount.any(),
            establishments: row.nature.member("establishments").list().unwrap_or_default(),
        })
    };
    let by_day = |left: &Item<'_>, right: &Item<'_>| day(&left.starts_on).cmp(&day(&right.starts_on));
    lists.joined(&FIXED_ITEMS, item, |item| item.owner.value(), by_day)
}

/// Returns the pay that applies on a day: the current one, else the next, else the last. Without any amount nothing is said;
/// amounts of two natures at one time are odd, because what they come to together is not said either.
pub(super) fn applicable<'r>(
    pay: Option<&'r Joined<Item<'_>>>,
    owner: Option<&str>,
    establishment: &Text<'_>,
    today: &str,
) -> Pay<'r> {
    let items = pay.zip(owner).map_or(&[][..], |(pay, owner)| pay.of(owner));
    let has_begun = |item: &&Item<'_>| day(&item.starts_on).is_some_and(|day| day <= today);
    let is_over = |item: &&Item<'_>| day(&item.ends_on).is_some_and(|day| day < today);
    let current = || items.iter().filter(|item| has_begun(item) && !is_over(item));
    let next = || {
        items
            .iter()
            .find(|item| day(&item.starts_on).is_some_and(|day| day > today))
    };
    let Some(item) = current().next_back().or_else(next).or_else(|| items.last()) else {
        return Pay::default();
    };
    let is_ambiguous = current().any(|other| other.nature != item.nature);
    Pay {
        rate: if is_ambiguous { Text::Odd } else { item.amount.lend() },
        currency: item.currency_at(establishment),
    }
}

impl<'a> Item<'a> {
    /// The currency of the establishment at which a person works.
    fn currency_at(&self, establishment: &Text<'_>) -> Text<'a> {
        let is_own = |one: &&Nested<'_>| one.text("id").value() == establishment.value();
        let own = self.establishments.iter().find(is_own);
        own.map_or(Text::Absent, |own| own.text("currencyCode"))
    }
}

/// The day of a date or of an instant.
fn day<'t>(text: &'t Text<'_>) -> Option<&'t str> {
    text.value()?.get(..10)
}
