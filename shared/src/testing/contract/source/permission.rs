//! What a credential may not see is hidden, never empty.

use serde_json::json;

use super::{Emulated, read_under};
use crate::{
    employee::{Attribute, Canonical},
    roster::Completeness,
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
