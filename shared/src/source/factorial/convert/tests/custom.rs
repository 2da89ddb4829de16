//! Custom fields: names, columns, joined choices, forbidden categories.

use super::{ANA, Read, custom, hidden};
use crate::employee::{Category, Field};

const VALUES: &str = r#"{"data":[
    {"id":"1","valuable_id":"101","field_id":"41","value":"old","single_choice_value":"M"},
    {"id":"2","valuable_id":"101","field_id":"42","cents_value":12550},
    {"id":"3","valuable_id":"101","field_id":"43","value":"Català"},
    {"id":"4","valuable_id":"101","field_id":"43","value":["Deutsch","日本語"]},
    {"id":"5","valuable_id":"101","field_id":"44","value":"CANARY belief","single_choice_value":"CANARY belief"},
    {"id":"6","valuable_id":"101","field_id":"45","value":"seven"},
    {"id":"7","valuable_id":"101","field_id":"46","value":9},
    {"id":"8","valuable_id":"101","field_id":"47","value":false},
    {"id":"9","valuable_id":"101","field_id":"48","value":{"odd":1}},
    {"id":"10","valuable_id":"101","field_id":"49","value":null,"date_value":"2026-05-06"},
    {"id":"11","valuable_id":"202","field_id":"50","long_text_value":"somebody else's"},
    {"id":"12","valuable_id":"101","field_id":"999","value":"of no field"}]}"#;

#[test]
fn custom_fields_of_all_types_are_read_from_the_column_of_their_type() {
    let mut read = Read::of(ANA);
    read.values = Some(VALUES);
    let person = read.person();
    for (name, expected) in [
        ("t_shirt_size", Field::Value("M")),
        ("phone_budget", Field::Value("125.5")),
        ("idiomas", Field::Value("Català, Deutsch, 日本語")),
        ("field_45", Field::Value("seven")),
        ("t_shirt_size_46", Field::Value("9")),
        ("remote", Field::Value("false")),
        ("novelty", Field::Unseen),
        ("review_on", Field::Value("2026-05-06")),
        ("about", Field::Empty),
    ] {
        assert_eq!(custom(&person, name), expected, "{name}");
    }
}

#[test]
fn r34_a_custom_field_of_a_forbidden_category_is_not_decoded_unless_it_is_allowed() {
    let mut read = Read::of(ANA);
    read.values = Some(VALUES);
    let roster = read.roster();
    let person = &roster.employees().unwrap()[0];
    assert_eq!(custom(person, "religion"), Field::Unseen);
    assert!(!person.attributes.as_packed().contains("CANARY"));
    assert!(hidden(&roster).contains(&"custom.religion: forbidden_category".to_owned()));
    read.allowed.insert(Category::Religion);
    assert_eq!(custom(&read.person(), "religion"), Field::Value("CANARY belief"));
}

#[test]
fn a_value_of_another_kind_of_thing_with_the_id_of_a_person_is_not_theirs() {
    let row = |id: u8, kind: &str, value: &str| {
        format!(r#"{{"id":{id},"valuable_id":101,"valuable_type":{kind},"field_id":"45","value":"{value}"}}"#)
    };
    let size = |rows: &[String]| {
        let values = format!(r#"{{"data":[{}]}}"#, rows.join(","));
        let mut read = Read::of(ANA);
        read.values = Some(&values);
        custom(&read.person(), "field_45").map(str::to_owned)
    };
    for kind in [r#""Employee""#, r#""Employees::Employee""#, r#""""#, "null"] {
        assert_eq!(size(&[row(1, kind, "own")]), Field::Value("own".to_owned()), "{kind}");
    }
    let other = || row(2, r#""Ats::Candidate""#, "another's");
    let both = [row(1, r#""Employee""#, "own"), other()];
    assert_eq!(size(&both), Field::Value("own".to_owned()));
    assert_eq!(size(&[other()]), Field::Unseen, "it empties nothing either");
}
