//! PayFit's lists and their JSON: where each stands, how its pages come, and by what its rows are found. No logic beyond what a value is
//! on the wire.
//!
//! Social security number, nationality, country of birth and gender come unasked, and are not named here, so that no decoder ever holds
//! them (R34).

use serde::Serialize;

use crate::connector::{ANY, Form, Related, Resource, Sequel, Spell, Terms, Written};

/// Lists of all kinds: `{"collaborators": […], "meta": {"nextPageToken": "…", "count": 50}}`, at most 50 rows at once.
const PAGES: Form = Form {
    query: &[("maxResults", "50"), ("includeInProgressContracts", "true")],
    place: Written::Token("nextPageToken"),
    rows: &["collaborators"],
    total: &[],
    is_counted: false,
    next: Sequel::Token {
        around: &["meta"],
        token: "nextPageToken",
    },
    nothing: None,
};

/// The list of contracts has the same form under its own name.
const CONTRACT_PAGES: Form = Form {
    rows: &["contracts"],
    ..PAGES
};

/// What every list of a company stands below.
pub(super) const COMPANIES: &str = "/companies";
/// The company itself, below that.
pub(super) const COMPANY: (&str, &str) = ("read the company", "");
/// Where a credential says what it is, at the address where people sign in.
pub(super) const INTROSPECT: (&str, &str) = ("introspect", "/introspect");

/// Everybody, administrators and future people too.
pub(super) const COLLABORATORS: Resource = Resource::new("list collaborators", "/collaborators", &PAGES);

/// Contracts in force, those to come, and those that ended within a year. They cannot be asked for by person.
pub(super) const CONTRACTS: Related = Related::Whole {
    of: Resource::new("list contracts", "/contracts", &CONTRACT_PAGES).with_id("contractId"),
    owner: "collaboratorId",
    only: ANY,
    spell: Some(SPELL),
};

/// The list of custom fields, which there is not: it is never asked for.
pub(super) const NO_FIELDS: Resource = Resource::new("list custom fields", "", &PAGES);

/// For what time a contract holds, in either list.
pub(super) const SPELL: Spell = Spell {
    from: "startDate",
    until: &[LAST_DAY],
};
pub(super) const LAST_DAY: &str = "endDate";

/// How a contract stands; both words are guesses.
pub(super) const TERMS: Terms = Terms {
    word: "status",
    draft: "IN_PROGRESS",
    over: "ARCHIVED",
    spell: SPELL,
};

/// The question what a credential is: it stands in the header and in the body.
#[derive(Serialize)]
pub(super) struct Question {
    /// The credential.
    pub(super) token: String,
}
