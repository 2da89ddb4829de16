//! A read takes as many calls as its provider documents, and asks for nothing that is not wanted.

use std::collections::BTreeSet;

use super::{Emulated, Outcome, open, read};
use crate::employee::{Attribute, Canonical, CustomName, Wanted};

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

/// What the provider describes is for people with one row in each list: people who have several rows take a few requests more. A way
/// to connect that is cheaper than another one takes fewer, but not less than half of them.
pub async fn a_read_of_so_many_people_takes_about_as_many_requests_as_the_provider_describes(hr: &dyn Emulated) {
    let description = hr.provider().description();
    let given = description.attributes.iter();
    let wanted = Wanted::only(given.map(|(attribute, _)| (*attribute).into()));
    let read = Outcome::wanting(wanted, open(hr).as_ref()).await;
    read.assert_certified(None);
    let people = u32::try_from(hr.truth().await.len()).unwrap();
    let described = u64::from((description.cost.requests)(people));
    let about = described / 2..=described + described / 4 + 3;
    assert!(about.contains(&read.calls), "{} of {described}", read.calls);
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
    let lists = |attribute: &Attribute| {
        let ends = hr.lists_for(attribute).iter().map(|end| (*end).to_owned());
        ends.collect::<BTreeSet<String>>()
    };
    let id = Attribute::Canonical(Canonical::EmployeeId);
    let always = lists(&id);
    let custom = whole.roster.header.visible.iter();
    let custom = custom
        .filter(|attribute| matches!(attribute, Attribute::Custom(_)))
        .take(1);
    let attributes = ATTRIBUTES.map(Attribute::Canonical).into_iter().chain(custom.cloned());
    for attribute in [id].into_iter().chain(attributes) {
        let asked = asked_for(hr, &whole, attribute.clone()).await;
        let expected: BTreeSet<String> = always.union(&lists(&attribute)).cloned().collect();
        assert_eq!(asked, expected, "{attribute}");
    }
    let strange = Attribute::Custom(CustomName::parse("nothing_at_all").unwrap());
    let asked = asked_for(hr, &whole, strange.clone()).await;
    let most: BTreeSet<String> = always.union(&lists(&strange)).cloned().collect();
    assert!(asked.is_subset(&most), "{asked:?}");
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
