//! Texts that are broken: half a surrogate, in a value, in the name of a member, in what says whose a row is. Each is the matter of
//! that value, and no person looks as if they had nothing.

use serde_json::json;

use super::{Emulated, read_under, value::assert_unseen};
use crate::{
    employee::{Canonical, Field},
    source::Class,
};

/// What differs where one name is not there.
const NAMES: &[Canonical] = &[Canonical::LastName, Canonical::DisplayName];

/// Half a surrogate stands in one name.
pub async fn r07_a_broken_text_is_that_value_and_no_other(hr: &dyn Emulated) {
    assert_unseen(hr, Canonical::LastName, "broken", NAMES).await;
}

/// Half a surrogate stands in the name of a member.
pub async fn r07_a_member_whose_name_is_broken_is_that_member_and_no_other(hr: &dyn Emulated) {
    assert_unseen(hr, Canonical::LastName, "broken_name", NAMES).await;
}

/// A person whose id cannot be read may be any of those who are missing.
pub async fn r05_a_person_whose_id_is_broken_costs_the_certificate(hr: &dyn Emulated) {
    for shape in ["broken", "broken_name"] {
        let fault =
            json!({"mode": "odd_value", "field": "employee_id", "shape": shape, "rows": 1, "path": hr.people()});
        let (before, read) = read_under(hr, fault).await;
        read.assert_broken(&before, &[Class::Malformed]);
        assert!(read.roster.header.employees < before.roster.header.employees);
    }
}

/// Rows of lists beside the people do not say whose they are.
pub async fn r07_a_row_whose_owner_is_broken_empties_nothing_for_any_person(hr: &dyn Emulated) {
    for path in hr.owned() {
        assert_nothing_emptied(hr, "owner", path, true).await;
    }
}

/// Rows of lists beside the people do not say since when they hold.
pub async fn r07_a_row_whose_day_is_broken_gives_way_to_no_older_one(hr: &dyn Emulated) {
    for path in hr.owned() {
        assert_nothing_emptied(hr, "valid_from", path, false).await;
    }
}

/// Values of custom fields do not say of which field they are.
pub async fn r07_a_value_whose_field_is_broken_empties_no_field(hr: &dyn Emulated) {
    for path in hr.owned() {
        assert_nothing_emptied(hr, "custom_field", path, false).await;
    }
}

/// Reads with a broken text in so many rows of a list, one to all. What differs is unseen, and everybody was shown.
async fn assert_nothing_emptied(hr: &dyn Emulated, field: &str, path: &str, differs: bool) {
    let mut found = 0;
    for rows in [1, 5, 100_000] {
        let fault = json!({"mode": "odd_value", "field": field, "shape": "broken", "rows": rows, "path": path});
        let (before, read) = read_under(hr, fault).await;
        assert!(read.error.is_none(), "{:?}", read.error);
        assert!(read.judge(Some(&before)).is_whole(), "{path}: everybody was shown");
        let differences = read.differences(&before);
        found += differences.len();
        for (person, attribute, now) in differences {
            assert_eq!(now, Field::Unseen, "{path}: {attribute} of {person}");
        }
    }
    assert!(found > 0 || !differs, "{path}: every row might be missing");
}
