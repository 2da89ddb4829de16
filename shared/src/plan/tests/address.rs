//! Addresses that are another account's: beside its primary one, or where a person decides for a new account.

use super::link::{finding, hired, linked_by};
use crate::{
    account::ExternalId,
    connection::{Decision, Preset},
    employee::Canonical,
    plan::{
        Action, Code, Evidence, State,
        tests::scene::{account, employee},
    },
};

/// An address beside the primary one may be anybody's: no account is taken for it, and none is made beside it but by a decision.
#[test]
fn r10_an_address_beside_the_primary_one_links_nobody_and_makes_nobody_twice() {
    let mut scene = hired(Preset::Standard);
    scene.add_account("x", &[(Canonical::Email, "ana@home.test")]);
    scene.accounts.get_mut(&account("x")).unwrap().addresses = ["ana@acme.test".into()].into();
    let night = scene.plan();
    let taken = night.findings("1")[0];
    assert_eq!((taken.state, taken.code), (State::Conflict, Code::Taken));
    assert_eq!(taken.account_id, Some(account("x")));
    assert_eq!(taken.attributes, [Canonical::Email.into()]);
    let account_id = account("x");
    scene.decisions.insert(employee("1"), Decision::Link { account_id });
    assert_eq!(linked_by(&scene, "1"), Some(("x".to_owned(), Evidence::Decision)));
}

/// Where logins are apart from addresses, two accounts may have one address; else it has to be freed.
#[test]
fn r20_a_new_account_beside_one_with_the_address_is_made_by_decision_where_the_login_is_free() {
    for (has_logins, login, expected) in [
        (true, Some("nnoon"), true),
        (true, None, false),
        (true, Some("ana@acme.test"), false),
        (false, None, false),
    ] {
        let mut scene = hired(Preset::Standard);
        scene.abilities.logins = has_logins;
        let address = if login == Some("ana@acme.test") {
            "ana@home.test"
        } else {
            "ana@acme.test"
        };
        scene.add_account("x", &[(Canonical::Email, address)]);
        let there = scene.accounts.get_mut(&account("x")).unwrap();
        there.login = login.map(Into::into);
        there.external_id = ExternalId::from_target("factorial:8:1");
        scene.decisions.insert(employee("1"), Decision::NewAccount);
        let night = scene.plan();
        let shares = match night.action("1") {
            Some(Action::Create { shares_address, .. }) => Some(*shares_address),
            _ => None,
        };
        assert_eq!(shares, expected.then_some(true), "{has_logins}, {login:?}");
        if !expected {
            assert_eq!(finding(&scene, "1"), (State::Conflict, Code::EmailTaken));
        }
    }
}
