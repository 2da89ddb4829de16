//! Custom fields, which are called by their place.

use rollcall::{
    employee::{Attribute, Canonical, CustomName, Wanted},
    roster::Reading,
    source::Class,
    testing::contract::source::{Emulated as _, company_of, read},
};
use serde_json::json;

use super::support::Staffology;
use crate::suite::{Stand, staffology::BY_USER};

const EVERYTHING: &str = "Administrator";

fn custom(name: &str) -> Attribute {
    Attribute::parse(name).unwrap()
}

#[tokio::test]
async fn r34_a_custom_field_that_nobody_names_is_hidden_and_none_of_its_values_is_in_the_roster() {
    let stand = Stand::of(&BY_USER, 120).await;
    let read = read(&stand).await;
    for person in read.roster.employees().unwrap() {
        let packed = person.attributes.as_packed();
        assert!(!packed.contains(stand.canary()), "{}", person.id);
    }
    for position in 1..=12 {
        let name = custom(&format!("custom.custom_field{position}"));
        assert_eq!(read.roster.header.hidden[&name], "forbidden_category", "{name}");
    }
}

#[tokio::test]
async fn r46_a_custom_field_that_is_named_is_read_and_no_other() {
    let hr = Staffology::start(120).await;
    let named = custom("custom.custom_field1");
    let wanted = Wanted::only([Canonical::EmployeeId.into(), named.clone()]);
    let read = hr.read_as(EVERYTHING, wanted).await;
    read.assert_certified(None);
    let truth = hr.0.truth().await;
    let mut compared = 0;
    for person in read.roster.employees().unwrap() {
        let own = truth
            .iter()
            .find(|own| own["employee_id"] == person.id.as_str())
            .unwrap();
        let said = person.attributes.field(named.clone()).value().map(str::to_owned);
        assert_eq!(said.as_deref(), own["custom.t_shirt_size"].as_str(), "{}", person.id);
        compared += usize::from(said.is_some());
    }
    assert!(compared > 60, "{compared}");
    assert!(!read.roster.header.visible.contains(&custom("custom.custom_field2")));
}

#[tokio::test]
async fn r34_a_custom_field_that_the_configuration_names_is_read_where_everything_is_read_and_no_other() {
    let hr = Staffology::start(20).await;
    let tokens = hr.renew(&hr.user(EVERYTHING)).await.unwrap();
    let source = hr.open(tokens);
    let company = company_of(source.as_ref()).await.unwrap();
    let named = CustomName::parse("custom_field1").unwrap();
    let mut reading = Reading::new(company, None, &|| false).naming(vec![named]);
    source.read(&mut reading).await.unwrap();
    let header = reading.roster.finish(None).unwrap().header;
    assert!(header.visible.contains(&custom("custom.custom_field1")));
    for position in 2..=12 {
        let name = custom(&format!("custom.custom_field{position}"));
        assert_eq!(header.hidden[&name], "forbidden_category", "{name}");
    }
}

#[tokio::test]
async fn r06_custom_fields_that_may_not_be_read_or_have_another_form_are_hidden() {
    let named = custom("custom.custom_field1");
    for fault in [
        json!({"mode": "status", "status": 403, "path": "customfields"}),
        json!({"mode": "status", "status": 404, "path": "customfields"}),
        json!({"mode": "error_inside", "path": "customfields"}),
    ] {
        let hr = Staffology::start(20).await;
        let wanted = Wanted::only([Canonical::EmployeeId.into(), named.clone()]);
        let before = hr.read_as(EVERYTHING, wanted.clone()).await;
        hr.0.arm(fault).await;
        let read = hr.read_as(EVERYTHING, wanted).await;
        read.assert_narrowed(&before, named.clone());
        assert_eq!(read.roster.header.hidden[&named], "no_permission");
    }
}

#[tokio::test]
async fn r06_custom_fields_that_cannot_be_read_break_the_walk() {
    let wanted = Wanted::only([custom("custom.custom_field1")]);
    for mode in ["html", "no_body", "truncate"] {
        let hr = Staffology::start(20).await;
        hr.0.arm(json!({"mode": mode, "path": "customfields"})).await;
        let read = hr.read_as(EVERYTHING, wanted.clone()).await;
        assert!(read.error.is_some() && !read.roster.header.walk_ended, "{mode}");
    }
}

#[tokio::test]
async fn r06_custom_fields_that_are_no_json_leave_the_read_in_part_and_everybody_else_as_they_are() {
    let hr = Staffology::start(20).await;
    let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
    hr.0.arm(json!({"mode": "truncate", "path": "customfields"})).await;
    let read = hr.read_as(EVERYTHING, Wanted::everything()).await;
    read.assert_broken(&before, &[Class::Malformed]);
    assert_eq!(read.roster.header.employees, before.roster.header.employees);
    assert_eq!(read.differences(&before), []);
}

#[tokio::test]
async fn r07_a_row_of_custom_fields_that_does_not_say_whose_it_is_empties_nothing() {
    let hr = Staffology::start(60).await;
    let named = custom("custom.custom_field1");
    let wanted = Wanted::only([Canonical::EmployeeId.into(), named.clone()]);
    let before = hr.read_as(EVERYTHING, wanted.clone()).await;
    for shape in ["broken", "absent"] {
        let fault = json!({"mode": "odd_value", "field": "owner", "shape": shape, "rows": 5, "path": "customfields"});
        hr.0.arm(fault).await;
        let read = hr.read_as(EVERYTHING, wanted.clone()).await;
        for (person, attribute, now) in read.differences(&before) {
            assert_eq!(
                (attribute, now),
                (named.clone(), rollcall::employee::Field::Unseen),
                "{person}"
            );
        }
    }
}
