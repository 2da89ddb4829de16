//! What every target does as far as its abilities go, and what the built-in directory adds.

use crate::{
    account::{Account, AccountId, Origin},
    employee::{
        Attributes,
        Canonical::{City, Email, EmployeeNumber, FirstName, LastName},
        Field,
    },
    target::{Class, Error, NewAccount, Patch, Target},
    testing::builder::{account_id, attributes, by_plan, new_account, reference},
};

fn patch(id: &AccountId, fields: Attributes) -> Patch {
    Patch {
        id: id.clone(),
        attributes: fields,
        active: None,
        external_id: None,
        version: None,
        origin: by_plan("p-2"),
    }
}

/// Returns an account without its version: there are targets whose versions move at each reading.
fn unversioned(account: Account) -> Account {
    Account {
        version: None,
        ..account
    }
}

fn person(employee: &str, email: &str) -> NewAccount {
    let attributes = [(Email, email), (FirstName, "Ana"), (LastName, "Ruiz"), (City, "Rome")];
    new_account(employee, &attributes)
}

async fn make(target: &dyn Target, employee: &str, email: &str) -> Account {
    let hint = account_id(&format!("hint-{employee}"));
    target.create(&hint, &person(employee, email)).await.unwrap()
}

/// Returns all accounts, page by page.
async fn everybody(target: &dyn Target) -> Vec<Account> {
    let (mut accounts, mut from) = (Vec::new(), None);
    loop {
        let page = target.list_accounts(from.as_deref()).await.unwrap();
        accounts.extend(page.accounts.into_iter().map(unversioned));
        match page.next {
            Some(next) => from = Some(next),
            None => return accounts,
        }
    }
}

/// Returns an account that is known by its reference, where the target keeps references.
fn known(made: &Account) -> Option<Account> {
    made.external_id.is_some().then(|| made.clone())
}

fn class(result: Result<Vec<Account>, Error>) -> Option<Class> {
    result.err().map(|error| error.class)
}

/// An account that was created is found in every way, and creating it again finds it. A target that keeps no references
/// cannot tell whose work the account is: there creating it again is a conflict.
pub async fn r29_a_repeated_create_finds_its_own_work(target: &dyn Target) {
    let made = unversioned(make(target, "1", "ana@acme.example").await);
    assert!(made.active);
    let writes = target.writes();
    let again = target
        .create(&account_id("hint-1"), &person("1", "ana@acme.example"))
        .await;
    assert_eq!(target.writes(), writes);
    let again = again.map(unversioned).map_err(|error| error.class);
    assert_eq!(again, known(&made).ok_or(Class::Conflict));
    let found = target.find_account(&made.id).await.unwrap();
    assert_eq!(found.map(unversioned).as_ref(), Some(&made));
    let found = target.find_by_external_id(&reference("1")).await.unwrap();
    assert_eq!(found.map(unversioned), known(&made));
    for (attribute, value, is_kept) in [
        (Email, "ana@acme.example", true),
        (City, "Rome", made.value(City) == Some("Rome")),
        (EmployeeNumber, "7", false),
    ] {
        let found = target.find_by_attribute(attribute, value).await.unwrap();
        let found: Vec<Account> = found.into_iter().map(unversioned).collect();
        let expected = is_kept.then(|| made.clone());
        assert_eq!(found, expected.as_slice(), "{attribute:?}");
    }
    assert_eq!(everybody(target).await, [made]);
}

/// An id that another account has is a conflict, where the caller chooses ids.
pub async fn a_create_under_another_accounts_id_is_a_conflict(target: &dyn Target) {
    make(target, "1", "ana@acme.example").await;
    let ben = person("2", "ben@acme.example");
    let error = target.create(&account_id("hint-1"), &ben).await.unwrap_err();
    assert_eq!(error.class, Class::Conflict);
}

/// Reference and e-mail of another account are a conflict.
pub async fn a_create_that_takes_from_another_account_is_a_conflict(target: &dyn Target) {
    let made = make(target, "1", "ana@acme.example").await;
    for (hint, employee, email) in [("hint-2", "1", "ben@acme.example"), ("hint-2", "2", "ana@acme.example")] {
        if employee == "1" && known(&made).is_none() {
            continue;
        }
        let error = target
            .create(&account_id(hint), &person(employee, email))
            .await
            .unwrap_err();
        assert_eq!(error.class, Class::Conflict, "{hint} {employee}");
        assert!(!format!("{error} {error:?}").contains("acme.example"), "r38");
    }
    assert_eq!(everybody(target).await, [unversioned(made)]);
}

/// A patch touches what it names and nothing else; a cleared attribute is shown as empty.
pub async fn r07_a_patch_touches_only_what_it_names(target: &dyn Target) {
    let made = make(target, "1", "ana@acme.example").await;
    let mut change = patch(&made.id, attributes(&[(City, ""), (FirstName, "Eva")]));
    change.version.clone_from(&made.version);
    let [changed] = target.update(&[change]).await.unwrap().try_into().unwrap();
    assert_eq!(changed.attributes.field(City), Field::Empty);
    assert_eq!(changed.value(FirstName), Some("Eva"));
    assert_eq!(changed.value(LastName), Some("Ruiz"));
    assert_eq!(changed.value(Email), Some("ana@acme.example"));
    assert_eq!(changed.value(EmployeeNumber), None);
    assert_eq!((changed.active, &changed.external_id), (true, &made.external_id));
    let found = target.find_account(&made.id).await.unwrap();
    assert_eq!(found.map(unversioned), Some(unversioned(changed)));
}

/// Switching an account off and on works, and doing it twice writes nothing more.
pub async fn a_repeated_deactivation_writes_nothing(target: &dyn Target) {
    let made = make(target, "1", "ana@acme.example").await;
    let mut off = patch(&made.id, Attributes::default());
    off.active = Some(false);
    let [first] = target
        .update(std::slice::from_ref(&off))
        .await
        .unwrap()
        .try_into()
        .unwrap();
    assert!(!first.active);
    let writes = target.writes();
    let [second] = target.update(&[off]).await.unwrap().try_into().unwrap();
    assert_eq!(unversioned(second), unversioned(first));
    assert_eq!(target.writes(), writes);
}

/// A patch is refused for a version that no longer holds, an account that is not there, an address that is taken. Where no
/// address can be changed, that is why.
pub async fn r28_a_patch_says_why_it_was_refused(target: &dyn Target) {
    let ana = make(target, "1", "ana@acme.example").await;
    make(target, "2", "ben@acme.example").await;
    let named = |name: &str| attributes(&[(FirstName, name)]);
    target.update(&[patch(&ana.id, named("Eva"))]).await.unwrap();
    let mut late = patch(&ana.id, named("Ida"));
    late.version.clone_from(&ana.version);
    assert_eq!(class(target.update(&[late]).await), Some(Class::Changed));
    let gone = patch(&account_id("nobody"), named("Ida"));
    assert_eq!(class(target.update(&[gone]).await), Some(Class::Gone));
    let addressed = |address: &str| patch(&ana.id, attributes(&[(Email, address)]));
    let may_change = target.update(&[addressed("ida@acme.example")]).await.is_ok();
    let taken = if may_change { Class::Conflict } else { Class::Refused };
    assert_eq!(
        class(target.update(&[addressed("ben@acme.example")]).await),
        Some(taken)
    );
    let twice = [patch(&ana.id, named("Ida")), patch(&ana.id, named("Ina"))];
    assert_eq!(class(target.update(&twice).await), Some(Class::Refused));
    assert_eq!(
        target.find_account(&ana.id).await.unwrap().unwrap().value(FirstName),
        Some("Eva")
    );
}

/// Two people swap their addresses in one call. The answers stand in the order of the requests.
pub async fn r20_a_swap_of_addresses_is_one_transaction(target: &dyn Target) {
    assert!(target.abilities().together);
    let ana = make(target, "1", "ana@acme.example").await;
    let ben = make(target, "2", "ben@acme.example").await;
    let swap = [
        patch(&ben.id, attributes(&[(Email, "ana@acme.example")])),
        patch(&ana.id, attributes(&[(Email, "ben@acme.example")])),
    ];
    let after = target.update(&swap).await.unwrap();
    let emails: Vec<_> = after
        .iter()
        .map(|account| (account.id.clone(), account.value(Email)))
        .collect();
    assert_eq!(
        emails,
        [(ben.id, Some("ana@acme.example")), (ana.id, Some("ben@acme.example"))]
    );
}

/// A target that cannot invite says so, beforehand and when asked.
pub async fn a_target_without_invitations_refuses_to_invite(target: &dyn Target) {
    assert!(!target.abilities().invite);
    let origin = Origin::Person {
        by: "admin-3".to_owned(),
    };
    let refused = target.invite(&account_id("1"), &origin).await.unwrap_err();
    assert_eq!(refused.class, Class::Unsupported);
    let mut invited = new_account("1", &[(Email, "ana@acme.example")]);
    invited.invite = true;
    let refused = target.create(&account_id("1"), &invited).await.unwrap_err();
    assert_eq!(refused.class, Class::Unsupported);
    assert!(everybody(target).await.is_empty());
}
