//! What every store does with links and claims.

use futures_util::future::join_all;

use crate::{
    account::TargetIdentity,
    employee::{AttributeRef, Canonical},
    plan::{Evidence, Fingerprints, Journal, LeaverReason, Link, LinkState, Phase, Prints},
    store::Store,
    testing::builder::{account_id, at, connection_id, employee_id, link},
};

fn target() -> TargetIdentity {
    TargetIdentity::new("directory", "acme")
}

/// A link of every kind is read as it was written.
pub async fn r35_a_link_comes_back_as_it_was(store: &dyn Store) {
    let connection = connection_id("c-1");
    let fingerprints = Fingerprints::new(&[7; 32]);
    let print = |text: &str| fingerprints.print(AttributeRef::Canonical(Canonical::City), Some(text));
    let full = Link {
        evidence: Evidence::Rehire,
        state: LinkState::Deactivated {
            reason: LeaverReason::Terminated,
            at: at("2026-03-02T04:00:00.123456789Z"),
        },
        absent_since: Some(at("2026-03-01T04:00:00Z")),
        prints: Prints::new([(Canonical::City.into(), print("Rome"), print("Roma"))]),
        journal: Some(Journal {
            plan: "p-1".to_owned(),
            phase: Phase::Leavers,
            done: false,
        }),
        former_ids: vec![employee_id("3"), employee_id("12")],
        ..link("77", "a-77")
    };
    let mut pending = link("78", "a-78");
    pending.state = LinkState::Pending;
    let written = [full, pending];
    store.put_links(&connection, &written).await.unwrap();
    for link in &written {
        let found = store.find_link(&connection, &link.employee_id).await.unwrap();
        assert_eq!(found.as_ref(), Some(link));
    }
    let elsewhere = connection_id("c-2");
    assert_eq!(store.find_link(&elsewhere, &employee_id("77")).await.unwrap(), None);
}

/// Links of all shards come in the order of employee ids, shorter ids first.
pub async fn links_are_listed_in_the_order_of_employee_ids(store: &dyn Store) {
    let connection = connection_id("c-1");
    let links: Vec<_> = (1..=1_200)
        .map(|number| link(&number.to_string(), &format!("a-{number}")))
        .collect();
    let mut turned = links.clone();
    turned.rotate_left(500);
    store.put_links(&connection, &turned).await.unwrap();
    store.put_links(&connection_id("c-2"), &links[..3]).await.unwrap();
    assert!(store.list_links(&connection).await.unwrap() == links);
    let mut again = link("9", "a-9");
    again.state = LinkState::Pending;
    store
        .put_links(&connection, std::slice::from_ref(&again))
        .await
        .unwrap();
    let listed = store.list_links(&connection).await.unwrap();
    assert_eq!((listed.len(), &listed[8]), (1_200, &again));
    assert!(store.list_links(&connection_id("c-3")).await.unwrap().is_empty());
}

/// An account has at most one link, however many connections and employees want it at once.
pub async fn r04_an_account_is_claimed_once_across_all_connections(store: &dyn Store) {
    let target = target();
    let connections: Vec<_> = (0..4).map(|number| connection_id(&format!("c-{number}"))).collect();
    let links = [link("1", "a-1"), link("2", "a-1")];
    let wanted = connections
        .iter()
        .flat_map(|connection| links.iter().map(move |link| (connection, link)));
    let claims = wanted.clone().map(|(connection, link)| {
        let target = &target;
        async move { store.claim_link(connection, target, link, None).await.unwrap() }
    });
    let claimed = join_all(claims).await;
    assert_eq!(claimed.iter().filter(|claimed| **claimed).count(), 1);
    let claim = store.find_claim(&target, &account_id("a-1")).await.unwrap().unwrap();
    for ((connection, link), claimed) in wanted.zip(claimed) {
        let is_ours = claim.connection == *connection && claim.employee_id == link.employee_id;
        assert_eq!(is_ours, claimed);
        let found = store.find_link(connection, &link.employee_id).await.unwrap();
        assert_eq!(found.is_some(), claimed, "a link without its claim is never written");
    }
    let another = TargetIdentity::new("directory", "other");
    assert_eq!(store.find_claim(&another, &account_id("a-1")).await.unwrap(), None);
    assert!(
        store
            .claim_link(&connections[0], &another, &links[0], None)
            .await
            .unwrap()
    );
}

/// Claiming again what is claimed already succeeds: a repeated step finds its own work.
pub async fn r29_a_repeated_claim_finds_its_own_work(store: &dyn Store) {
    let (connection, target) = (connection_id("c-1"), target());
    let mut link = link("1", "a-1");
    assert!(store.claim_link(&connection, &target, &link, None).await.unwrap());
    link.journal = Some(Journal {
        plan: "p-2".to_owned(),
        phase: Phase::People,
        done: true,
    });
    assert!(store.claim_link(&connection, &target, &link, None).await.unwrap());
    assert_eq!(
        store.find_link(&connection, &link.employee_id).await.unwrap(),
        Some(link)
    );
}

/// With a rehire the claim and the link move to the new employee id in one step.
pub async fn r16_a_claim_passes_on_from_a_former_employee_id(store: &dyn Store) {
    let (connection, target) = (connection_id("c-1"), target());
    let (old, new) = (link("1", "a-1"), link("200", "a-1"));
    assert!(store.claim_link(&connection, &target, &old, None).await.unwrap());
    assert!(!store.claim_link(&connection, &target, &new, None).await.unwrap());
    let stranger = employee_id("5");
    assert!(
        !store
            .claim_link(&connection, &target, &new, Some(&stranger))
            .await
            .unwrap()
    );
    assert_eq!(store.list_links(&connection).await.unwrap(), std::slice::from_ref(&old));
    let former = Some(&old.employee_id);
    assert!(store.claim_link(&connection, &target, &new, former).await.unwrap());
    assert!(store.claim_link(&connection, &target, &new, former).await.unwrap());
    assert_eq!(store.list_links(&connection).await.unwrap(), std::slice::from_ref(&new));
    let claim = store.find_claim(&target, &account_id("a-1")).await.unwrap().unwrap();
    assert_eq!(claim.employee_id, new.employee_id);
}

/// A former id that is linked to another account by now keeps that link.
pub async fn r16_a_former_id_with_another_account_keeps_its_link(store: &dyn Store) {
    let (connection, target) = (connection_id("c-1"), target());
    let other = link("1", "a-9");
    assert!(store.claim_link(&connection, &target, &other, None).await.unwrap());
    let new = link("200", "a-1");
    let former = Some(&other.employee_id);
    assert!(!store.claim_link(&connection, &target, &new, former).await.unwrap());
    assert_eq!(store.list_links(&connection).await.unwrap(), [other]);
    assert_eq!(store.find_claim(&target, &account_id("a-1")).await.unwrap(), None);
}

/// A link moves from one connection to another with the claim on its account, once; what is another's stays where it is.
pub async fn r49_a_link_moves_with_its_claim_or_not_at_all(store: &dyn Store) {
    let ids = ["c-1", "c-2", "c-3"].map(connection_id);
    let [from, to, third] = &ids;
    let (target, moved) = (target(), link("1", "a-1"));
    assert!(store.claim_link(from, &target, &moved, None).await.unwrap());
    for _ in 0..2 {
        assert!(store.move_link(from, to, &target, &moved).await.unwrap());
        assert_eq!(store.list_links(from).await.unwrap(), []);
        assert_eq!(store.list_links(to).await.unwrap(), std::slice::from_ref(&moved));
        let claim = store.find_claim(&target, &moved.account_id).await.unwrap().unwrap();
        assert_eq!(claim.connection, *to);
    }
    assert!(!store.move_link(from, third, &target, &moved).await.unwrap());
    assert_eq!(store.list_links(third).await.unwrap(), []);
    assert_eq!(store.list_links(to).await.unwrap(), [moved]);
}

/// A person whom the other connection has linked to another account keeps that link there, and this one here.
pub async fn r49_a_link_does_not_move_to_where_the_person_has_another_account(store: &dyn Store) {
    let ids = ["c-1", "c-2"].map(connection_id);
    let [from, to] = &ids;
    let (target, here, there) = (target(), link("1", "a-1"), link("1", "a-2"));
    assert!(store.claim_link(from, &target, &here, None).await.unwrap());
    assert!(store.claim_link(to, &target, &there, None).await.unwrap());
    assert!(!store.move_link(from, to, &target, &here).await.unwrap());
    for (connection, link) in [(from, &here), (to, &there)] {
        assert_eq!(store.list_links(connection).await.unwrap(), std::slice::from_ref(link));
        let claim = store.find_claim(&target, &link.account_id).await.unwrap().unwrap();
        assert_eq!(claim.connection, *connection);
    }
}

/// A deleted link sets its account free. What belongs to another connection or employee by now stays.
pub async fn a_deleted_link_sets_its_account_free(store: &dyn Store) {
    let (connection, target) = (connection_id("c-1"), target());
    let ours = link("1", "a-1");
    assert!(store.claim_link(&connection, &target, &ours, None).await.unwrap());
    let pending = link("2", "a-1");
    store
        .put_links(&connection, std::slice::from_ref(&pending))
        .await
        .unwrap();
    store.delete_link(&connection, &target, &pending).await.unwrap();
    assert_eq!(
        store.list_links(&connection).await.unwrap(),
        std::slice::from_ref(&ours)
    );
    assert!(store.find_claim(&target, &account_id("a-1")).await.unwrap().is_some());
    store.delete_link(&connection, &target, &ours).await.unwrap();
    store.delete_link(&connection, &target, &ours).await.unwrap();
    assert!(store.list_links(&connection).await.unwrap().is_empty());
    let elsewhere = connection_id("c-2");
    assert!(store.claim_link(&elsewhere, &target, &pending, None).await.unwrap());
    store.delete_link(&connection, &target, &ours).await.unwrap();
    let claim = store.find_claim(&target, &account_id("a-1")).await.unwrap().unwrap();
    assert_eq!(claim.connection, elsewhere);
}

/// All links of a connection are erased, and their accounts are free; another connection's stay.
pub async fn r37_links_of_a_connection_are_erased_with_their_claims(store: &dyn Store) {
    let (connection, other) = (connection_id("c-1"), connection_id("c-2"));
    let target = TargetIdentity::new("directory", "acme");
    for (of, employee, account) in [
        (&connection, "1", "a-1"),
        (&connection, "2", "a-2"),
        (&other, "1", "a-3"),
    ] {
        let claimed = store.claim_link(of, &target, &link(employee, account), None).await;
        assert!(claimed.unwrap());
    }
    store.put_links(&connection, &[link("3", "a-4")]).await.unwrap();
    assert_eq!(store.erase_links(&connection, &target).await.unwrap(), 3);
    assert_eq!(store.erase_links(&connection, &target).await.unwrap(), 0);
    assert!(store.list_links(&connection).await.unwrap().is_empty());
    assert_eq!(store.find_claim(&target, &account_id("a-1")).await.unwrap(), None);
    assert_eq!(store.list_links(&other).await.unwrap(), [link("1", "a-3")]);
    assert!(store.find_claim(&target, &account_id("a-3")).await.unwrap().is_some());
    let claimed = store.claim_link(&other, &target, &link("9", "a-1"), None).await;
    assert!(claimed.unwrap());
}
