//! Custom fields, as either API writes them.

use super::{newer, older, *};

const EXTENSIONS: &str = r#"{"data":{"items":[
    {"id":"e_size","name":"T-shirt size","formatKey":"list","extensionUserPropertyListEntries":[{"id":1000,"name":"S"},{"id":1001,"name":"M"}]},
    {"id":"e_12","name":"Code","extensionUserPropertyListEntries":null},
    {"id":"e_review_on","name":"Review","extensionUserPropertyListEntries":[]},
    {"id":"e_religion","name":"Religion","extensionUserPropertyListEntries":[]},
    {"id":"e_remote","name":"Remote"}],"count":5}}"#;

const DEFINITIONS: &str = r#"{"items":[{"id":"employee.givenName","name":"First name"},{"id":"e_size","name":"T-shirt size"},
    {"id":"e_languages","name":"Languages","multipleValueHandling":{"sorting":"ascending"}},{"id":"e_12","name":"Code"},
    {"id":"e_religion","name":"Religion"}],"totalCount":5,"links":{}}"#;

/// Returns the users of the older API whose custom fields are these.
fn users(data: &[&str]) -> String {
    let rows = data
        .iter()
        .zip(1..)
        .map(|(data, id)| format!(r#"{{"id":{id},"extendedData":{data}}}"#));
    let rows: Vec<String> = rows.collect();
    format!(r#"{{"data":{{"items":[{}],"count":{}}}}}"#, rows.join(","), rows.len())
}

fn read_users(data: &[&str], allowed: &BTreeSet<Category>) -> Roster {
    let text = users(data);
    let page = older::page(&text, Some(older::NO_PAY));
    try_roster(&older::references_with(EXTENSIONS), &page, allowed).unwrap()
}

#[test]
fn a_value_of_the_older_api_is_a_choice_by_its_id_a_day_or_what_is_written() {
    let one = r#"{"e_size":{"value":1001},"e_12":{"value":12.50},"e_review_on":{"value":"2026-04-01T00:00:00"},"e_remote":{"value":true}}"#;
    let several = r#"{"e_size":{"value":[1000,1001]},"e_12":{"value":null},"e_review_on":{"value":"soon"},"e_remote":{"value":{}}}"#;
    let unknown = r#"{"e_size":{"value":7}}"#;
    let roster = read_users(&[one, several, unknown], &BTreeSet::new());
    let people = roster.employees().unwrap();
    let shown = |person: usize| ["size", "code", "review_on", "remote"].map(|name| custom(&people[person], name));
    let value = Field::Value;
    assert_eq!(
        shown(0),
        [value("M"), value("12.50"), value("2026-04-01"), value("true")]
    );
    assert_eq!(shown(1), [value("S, M"), Field::Unseen, value("soon"), Field::Unseen]);
    assert_eq!(shown(2), [Field::Unseen; 4], "a role may not see it of this person");
}

#[test]
fn r34_a_field_of_a_forbidden_category_is_read_where_it_was_allowed_and_else_named_only() {
    let data = r#"{"e_size":{"value":1001},"e_religion":{"value":"CANARY"}}"#;
    let roster = read_users(&[data], &BTreeSet::new());
    assert!(hidden(&roster).contains(&"custom.religion: forbidden_category".to_owned()));
    assert!(!roster.employees().unwrap()[0].attributes.as_packed().contains("CANARY"));
    let roster = read_users(&[data], &BTreeSet::from([Category::Religion]));
    assert_eq!(
        custom(&roster.employees().unwrap()[0], "religion"),
        Field::Value("CANARY")
    );
}

#[test]
fn r07_custom_fields_that_a_role_does_not_see_are_hidden() {
    for data in ["null", "[]"] {
        let roster = read_users(&[data, data], &BTreeSet::new());
        let hidden = hidden(&roster);
        assert!(
            hidden.contains(&"custom.size: not_shown".to_owned()),
            "{data}: {hidden:?}"
        );
    }
}

/// A row of the values of the newer API.
fn value(id: u64, field: &str, value: &str) -> String {
    format!(r#"{{"id":"{id}","definition":{{"id":"{field}"}},"employee":{{"id":"101"}},"value":{value}}}"#)
}

/// Reads one person of the newer API, of this status, with these values.
fn read_employee(status: &str, rows: &[String]) -> Roster {
    let text = format!(
        r#"{{"items":[{}],"totalCount":{},"links":{{}}}}"#,
        rows.join(","),
        rows.len()
    );
    let people = newer::ANA.replace("deactivated", status);
    let page = newer::page(&people, Some(newer::NONE), Some(&text));
    roster(&newer::references(DEFINITIONS), &page)
}

#[test]
fn a_value_of_the_newer_api_is_what_is_written_or_the_names_of_its_choices() {
    let medium = r#"{"id":"1001","type":"taxonomy-label","name":"M"}"#;
    let languages = r#"[{"id":"1","name":"English"},{"id":"2","name":"Français"}]"#;
    let roster = read_employee(
        "active",
        &[
            value(1, "e_size", medium),
            value(2, "e_languages", languages),
            value(9, "e_12", "\"old\""),
            value(10, "e_12", "\"new\""),
            value(4, "e_religion", "\"CANARY\""),
            value(5, "employee.givenName", "\"Ana\""),
        ],
    );
    let one = &roster.employees().unwrap()[0];
    let shown = ["size", "languages", "code", "religion", "first_name"].map(|name| custom(one, name));
    let text = Field::Value;
    assert_eq!(
        shown,
        [
            text("M"),
            text("English, Français"),
            text("new"),
            Field::Unseen,
            Field::Unseen
        ]
    );
    let several = [
        value(1, "e_languages", r#"{"id":"1","name":"English"}"#),
        value(2, "e_languages", r#""Deutsch""#),
    ];
    let roster = read_employee("active", &several);
    assert_eq!(
        custom(&roster.employees().unwrap()[0], "languages"),
        text("English, Deutsch")
    );
}

#[test]
fn r07_a_choice_that_is_a_reference_without_a_name_is_not_shown_and_neither_empty_nor_invalid() {
    let reference = r#"{"id":"1001","type":"taxonomy-label"}"#;
    let named = r#"{"id":"1","name":"English"}"#;
    for languages in [
        vec![value(2, "e_languages", &format!("[{reference},{named}]"))],
        vec![value(2, "e_languages", named), value(3, "e_languages", reference)],
        vec![value(2, "e_languages", reference), value(3, "e_languages", named)],
    ] {
        let rows = [languages, vec![value(1, "e_size", reference)]].concat();
        let roster = read_employee("active", &rows);
        let hidden = hidden(&roster);
        for name in ["size", "languages"] {
            assert!(
                hidden.contains(&format!("custom.{name}: not_shown")),
                "{name}: {hidden:?}"
            );
        }
        let people = roster.employees().unwrap();
        assert_eq!(people[0].attributes.view().invalid().count(), 0);
    }
}

#[test]
fn r07_what_does_not_apply_today_is_cleared_of_nobody_who_left_or_begins_later() {
    let rows = [value(1, "e_12", "\"C-1\"")];
    for (status, languages) in [
        ("active", "no_permission"),
        ("upcoming", "not_shown"),
        ("deactivated", "not_shown"),
        ("on-leave", "not_shown"),
    ] {
        let roster = read_employee(status, &rows);
        assert_eq!(custom(&roster.employees().unwrap()[0], "code"), Field::Value("C-1"));
        let hidden = hidden(&roster);
        assert!(
            hidden.contains(&format!("custom.languages: {languages}")),
            "{status}: {hidden:?}"
        );
    }
}

#[test]
fn r34_a_field_without_a_name_is_left_out_in_either_api() {
    let names = |roster: &Roster| -> Vec<String> {
        let expected = roster.header.hidden.keys().chain(&roster.header.visible);
        let custom = expected
            .map(ToString::to_string)
            .filter(|name| name.starts_with("custom."));
        custom.collect()
    };
    let extensions =
        r#"{"data":{"items":[{"id":"e_secret","name":null},{"id":"e_12","name":" "},{"id":"e_7"}],"count":3}}"#;
    let data = r#"{"e_secret":{"value":"CANARY"},"e_12":{"value":"CANARY"},"e_7":{"value":"CANARY"}}"#;
    let users = users(&[data]);
    let older = roster(
        &older::references_with(extensions),
        &older::page(&users, Some(older::NO_PAY)),
    );
    let definitions = r#"{"items":[{"id":"e_secret"},{"id":"e_12","name":""}],"totalCount":2,"links":{}}"#;
    let values = format!(
        r#"{{"items":[{}],"totalCount":1,"links":{{}}}}"#,
        value(1, "e_secret", "\"CANARY\"")
    );
    let page = newer::page(newer::ANA, Some(newer::NONE), Some(&values));
    let newer = roster(&newer::references(definitions), &page);
    for roster in [older, newer] {
        assert_eq!(names(&roster), Vec::<String>::new());
        assert!(!roster.employees().unwrap()[0].attributes.as_packed().contains("CANARY"));
    }
}
