//! Merge's lists and their JSON: where each stands, how its pages come, and what is embedded in a row. No logic beyond what a value is on
//! the wire.
//!
//! Gender, ethnicity, marital status and the social security number come unasked with a person, and are not named here, so that no decoder
//! ever holds them (R34).

use serde_json::json;

use crate::connector::{ANY, Form, Linking, Related, Resource, Sequel, Spell, Written};

/// All lists: `{"next": "…", "previous": null, "results": […]}`. A page has a hundred rows at most. `next` is a cursor, or an address that
/// holds it.
const PAGES: Form = Form {
    query: &[ROWS_OF_A_PAGE],
    place: Written::Token("cursor"),
    rows: RESULTS,
    total: &[],
    is_counted: false,
    next: Sequel::Cursor {
        at: &["next"],
        parameter: "cursor",
    },
    nothing: None,
};

/// As many rows as the vendor gives at once.
pub(super) const ROWS_OF_A_PAGE: (&str, &str) = ("page_size", "100");
/// As few as can be asked for.
pub(super) const ONE: &[(&str, &str)] = &[("page_size", "1")];
/// Where the rows of a page stand.
pub(super) const RESULTS: &[&str] = &["results"];

/// Everybody, former and future people too: no status is asked for.
pub(super) const EMPLOYEES: Resource = Resource::new("list employees", "/api/hris/v1/employees", &PAGES);
/// How far each model was synchronised from the HR system.
pub(super) const SYNCS: Resource = Resource::new("look at the sync", "/api/hris/v1/sync-status", &PAGES);
/// Which fields are mapped: no list of Merge's, but one that is made of what people show.
pub(super) const FIELDS: Resource = Resource::new("look for mapped fields", "mapped fields", &PAGES);
/// The linked account itself.
pub(super) const ACCOUNT: (&str, &str) = ("look at the linked account", "/api/hris/v1/account-details");

/// How customers are linked: by Merge Link, on a page of the operator's. The linked account is made for the connection, so that another
/// login relinks it.
pub(super) const LINKING: Linking = Linking {
    own: ("look at the linked accounts", "/api/hris/v1/linked-accounts"),
    least: ONE,
    link: ("ask for a link token", "/api/hris/v1/link-token"),
    asked: |email, request| {
        json!({
            "end_user_email_address": email,
            "end_user_organization_name": request.tenant,
            "end_user_origin_id": request.connection,
            "categories": ["hris"],
            "link_expiry_mins": 30,
        })
    },
    link_token: "link_token",
    exchange: Resource::new("exchange a public token", "/api/hris/v1/account-token/{id}", &PAGES),
    token: "account_token",
};

/// What people do and are paid, each row from a day on until the next one.
pub(super) const EMPLOYMENTS: Related = Related::Inside {
    member: "employments",
    spell: Spell { from: FROM, until: &[] },
};
/// Since when a row of employment holds.
pub(super) const FROM: &str = "effective_date";

/// Where people are paid to. The latest account of a person counts.
pub(super) const ACCOUNTS_OF_PEOPLE: Related = Related::Whole {
    of: Resource::new("list bank accounts", "/api/hris/v1/bank-info", &PAGES).of_module(),
    owner: "employee",
    only: ANY,
    spell: Some(Spell {
        from: "remote_created_at",
        until: &[],
    }),
};

/// What is a reference unless it is asked for as a whole, with the model that it comes from.
pub(super) const EXPANDED: [(&str, &str); 6] = [
    ("company", "hris.Company"),
    ("employments", "hris.Employment"),
    ("groups", "hris.Group"),
    ("home_location", "hris.Location"),
    ("team", "hris.Team"),
    ("work_location", "hris.Location"),
];
/// The model of people.
pub(super) const PEOPLE: &str = "hris.Employee";
