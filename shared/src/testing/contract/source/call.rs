//! A read takes as many calls as its provider documents, and asks for nothing that is not wanted.

use std::collections::BTreeSet;

use super::{Emulated, Outcome, open, read};
use crate::employee::{Attribute, Canonical, Wanted};

/// Everybody is on one page.
pub async fn the_formula_holds_for_one_page(hr: &dyn Emulated) {
    assert_formula(hr).await;
}

/// There are several pages of people, and of what belongs to them.
pub async fn the_formula_holds_for_several_pages(hr: &dyn Emulated) {
    assert_formula(hr).await;
}

async fn assert_formula(hr: &dyn Emulated) {
    let before = hr.requests().await.len();
    let read = read(hr).await;
    read.assert_certified(None);
    let requests = hr.requests().await.split_off(before);
    let documented = hr.formula(&hr.truth().await, &requests);
    let paths: Vec<&str> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(requests.len(), documented, "{paths:?}");
    assert_eq!(usize::try_from(read.calls).unwrap(), documented);
}

/// Attributes of every list that an HR system may have.
const ATTRIBUTES: [Canonical; 15] = [
    Canonical::WorkEmail,
    Canonical::DisplayName,
    Canonical::PersonalEmail,
    Canonical::BirthDate,
    Canonical::Department,
    Canonical::Group,
    Canonical::Team,
    Canonical::JobTitle,
    Canonical::Manager,
    Canonical::StartDate,
    Canonical::EmploymentType,
    Canonical::PayRate,
    Canonical::PayCurrency,
    Canonical::WorkCity,
    Canonical::TimeZone,
];

/// One attribute is wanted at a time: its lists are asked for and no others, and what comes is what a whole read shows of it.
pub async fn r46_what_is_not_wanted_is_not_asked_for(hr: &dyn Emulated) {
    let whole = read(hr).await;
    let mut shown = whole.roster.header.visible.iter();
    let custom = shown.find(|attribute| matches!(attribute, Attribute::Custom(_)));
    let id_alone = asked_for(hr, &whole, Canonical::EmployeeId.into()).await;
    for attribute in ATTRIBUTES.map(Attribute::Canonical).into_iter().chain(custom.cloned()) {
        let asked = asked_for(hr, &whole, attribute.clone()).await;
        let lists = hr.lists_for(&attribute).iter().map(|list| (*list).to_owned());
        let expected: BTreeSet<String> = id_alone.iter().cloned().chain(lists).collect();
        assert_eq!(asked, expected, "{attribute}");
    }
}

/// Reads with one attribute wanted. Returns the last words of the addresses that were asked for.
async fn asked_for(hr: &dyn Emulated, whole: &Outcome, attribute: Attribute) -> BTreeSet<String> {
    let wanted = Wanted::only([Canonical::EmployeeId.into(), attribute.clone()]);
    let before = hr.requests().await.len();
    let read = Outcome::wanting(wanted.clone(), open(hr).as_ref()).await;
    assert_eq!(
        read.roster,
        whole.roster.clone().narrowed(wanted).unwrap(),
        "{attribute}"
    );
    let requests = hr.requests().await.split_off(before);
    assert_eq!(usize::try_from(read.calls).unwrap(), requests.len(), "{attribute}");
    let ends = requests.iter().filter_map(|request| request.path.rsplit('/').next());
    ends.map(str::to_owned).collect()
}
