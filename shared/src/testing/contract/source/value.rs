//! Values that are not what is documented: each is that value's matter, and no other's.

use serde_json::{Value, json};

use super::{Emulated, read, read_under, truth::assert_is_the_truth};
use crate::{
    employee::{Attribute, Canonical, Field},
    source::Class,
};

/// Reads with an odd value in one row of each answer. What differs is unseen, and is of these attributes; the first of them
/// differs for certain.
pub(super) async fn assert_unseen(hr: &dyn Emulated, field: Canonical, shape: &str, may_differ: &[Canonical]) {
    let fault = json!({"mode": "odd_value", "field": field.name(), "shape": shape, "rows": 1});
    let (before, read) = read_under(hr, fault).await;
    read.assert_certified(Some(&before));
    let differences = read.differences(&before);
    assert!(
        differences.iter().any(|(_, attribute, _)| *attribute == field.into()),
        "{differences:?}"
    );
    for (person, attribute, now) in differences {
        let may = may_differ.iter().any(|may| attribute == Attribute::Canonical(*may));
        assert!(may && now == Field::Unseen, "{attribute} of {person}: {now:?}");
    }
}

/// A word that no documentation knows.
pub async fn r07_an_unknown_word_is_unseen(hr: &dyn Emulated) {
    let attribute = hr.enumerated();
    assert_unseen(hr, attribute, "unknown", &[attribute]).await;
}

/// A member is not sent any more for anybody.
pub async fn r05_an_optional_member_that_nobody_has_any_more_hides_its_attribute(hr: &dyn Emulated) {
    let fault = json!({"mode": "drop_field", "field": "birth_date"});
    let (before, read) = read_under(hr, fault).await;
    read.assert_narrowed(&before, Canonical::BirthDate);
    let hidden = &read.roster.header.hidden;
    assert_eq!(hidden[&Canonical::BirthDate.into()], "not_shown");
}

/// A member is not sent for one person.
pub async fn r07_an_optional_member_that_one_person_lacks_is_unseen(hr: &dyn Emulated) {
    assert_unseen(hr, Canonical::BirthDate, "absent", &[Canonical::BirthDate]).await;
}

/// A member that everybody has is not sent for one person.
pub async fn r07_a_required_member_that_one_person_lacks_is_unseen(hr: &dyn Emulated) {
    let follow = [Canonical::LastName, Canonical::DisplayName];
    assert_unseen(hr, Canonical::LastName, "absent", &follow).await;
}

/// A person without an id may be any of those who are missing.
pub async fn r05_a_person_without_an_id_costs_the_certificate(hr: &dyn Emulated) {
    let fault = json!({"mode": "odd_value", "field": "employee_id", "shape": "absent", "rows": 1});
    let (before, read) = read_under(hr, fault).await;
    read.assert_broken(&before, &[Class::Malformed]);
    assert!(read.roster.header.employees < before.roster.header.employees);
    let everybody = json!({"mode": "drop_field", "field": "employee_id"});
    let (before, read) = read_under(hr, everybody).await;
    read.assert_broken(&before, &[Class::Malformed]);
}

/// Numbers come as text, and texts of digits as numbers.
pub async fn numbers_as_text_and_the_reverse_are_read_alike(hr: &dyn Emulated) {
    for field in hr.digits() {
        let earlier = hr.requests().await.len();
        let fault = json!({"mode": "odd_value", "field": field.name(), "shape": "other_type"});
        let (before, read) = read_under(hr, fault).await;
        let since = hr.requests().await.into_iter().skip(earlier);
        let struck: u64 = since.map(|request| request.odd_values).sum();
        assert!(struck > 0, "no {} was written in the other way", field.name());
        read.assert_same(&before);
    }
}

/// Names in other scripts, and people who have one name only.
pub async fn names_of_every_script_and_of_one_word_are_kept(hr: &dyn Emulated) {
    let truth = hr.truth().await;
    let name = |person: &Value, name: &str| person[name].as_str().unwrap_or_default().to_owned();
    let has_one_name = |person: &Value| {
        let (first, last) = (name(person, "first_name"), name(person, "last_name"));
        last.is_empty() || first.is_empty() || first == last
    };
    assert!(truth.iter().any(has_one_name));
    for is_of in [is_latin_with_marks, is_beyond_latin] {
        assert!(truth.iter().any(|person| name(person, "first_name").chars().any(is_of)));
    }
    assert_is_the_truth(hr, &read(hr).await).await;
}

const fn is_latin_with_marks(letter: char) -> bool {
    matches!(letter, '\u{c0}'..='\u{24f}')
}

const fn is_beyond_latin(letter: char) -> bool {
    letter > '\u{370}'
}

/// Ids that a float does not hold.
pub async fn ids_beyond_the_numbers_of_a_float_are_kept_digit_by_digit(hr: &dyn Emulated) {
    let truth = hr.truth().await;
    let ids: Vec<&str> = truth
        .iter()
        .map(|person| person["employee_id"].as_str().unwrap())
        .collect();
    assert!(ids.iter().any(|id| id.parse::<u64>().is_ok_and(|id| id > 1 << 53)));
    let read = read(hr).await.roster.employees().unwrap();
    let read: Vec<&str> = read.iter().map(|person| person.id.as_str()).collect();
    assert_eq!(read, ids);
}
