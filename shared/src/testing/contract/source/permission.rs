//! What a credential may not see is hidden, never empty.

use serde_json::json;

use super::{Emulated, read_under, value::assert_unseen};
use crate::{
    employee::{Attribute, Canonical},
    roster::Completeness,
    source::Class,
};

/// The credential's rights shrink over night.
pub async fn r05_a_role_that_is_narrowed_over_night_gets_no_certificate(hr: &dyn Emulated) {
    let fields = [Canonical::JobTitle, Canonical::WorkEmail];
    let fault = json!({"mode": "narrow", "fields": fields.map(Canonical::name)});
    let (before, read) = read_under(hr, fault).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let Completeness::Narrowed(hidden) = read.judge(Some(&before)) else {
        panic!("{:?}", read.judge(Some(&before)));
    };
    let hidden: Vec<Attribute> = hidden.into_iter().collect();
    assert_eq!(hidden, fields.map(Attribute::Canonical));
    assert_eq!(read.roster.header.employees, before.roster.header.employees);
}

/// A user may see a value of most people, and not of one.
pub async fn r07_what_is_null_for_one_person_and_may_be_hidden_is_unseen(hr: &dyn Emulated) {
    for attribute in [Canonical::BirthDate, Canonical::PersonalEmail] {
        assert_unseen(hr, attribute, "null", &[attribute]).await;
    }
}

/// A list beside people is refused.
pub async fn r06_a_related_list_that_may_not_be_read_hides_what_comes_from_it(hr: &dyn Emulated) {
    let (path, attribute) = hr.related();
    let fault = json!({"mode": "status", "status": 403, "path": path});
    let (before, read) = read_under(hr, fault).await;
    read.assert_narrowed(&before, attribute);
    assert_eq!(read.roster.header.hidden[&attribute.into()], "no_permission");
    assert_eq!(read.roster.header.employees, before.roster.header.employees);
}

/// The list of people is refused.
pub async fn a_credential_that_may_not_list_people_is_told_so(hr: &dyn Emulated) {
    let fault = json!({"mode": "status", "status": 403, "path": hr.people()});
    let (before, read) = read_under(hr, fault).await;
    read.assert_broken(&before, &[Class::Forbidden]);
}
