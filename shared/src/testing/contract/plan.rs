//! What every store does with plans.

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::{
    account::TargetIdentity,
    employee::Canonical,
    plan::{
        Action, Change, Code, Counts, Finding, Header, Hold, HoldCode, Lines, Plan, PlanId, Purpose, State, Status,
        Writer,
    },
    store::{Approval, NewPlan, PlanRecord, RosterId, RunId, Store},
    testing::builder::{account_id, at, attributes, company, connection_id, employee_id, run_id},
};

const NOW: &str = "2026-03-01T12:00:00Z";
const KEPT_UNTIL: &str = "2026-03-31T12:00:00Z";

/// Everything that a stored plan is made of.
struct Draft {
    plan: Plan,
    lines: Lines,
    findings: Vec<Finding>,
    run: RunId,
    roster: RosterId,
    kept_until: Timestamp,
}

fn plan_id(id: &str) -> PlanId {
    PlanId::parse(id).unwrap()
}

fn draft(id: &str, joiners: u32, findings: u32) -> Draft {
    let header = Header {
        version: crate::plan::VERSION,
        base: "ab".repeat(32),
        company: company("7").id,
        configuration: 1,
        target: TargetIdentity::new("directory", "acme"),
    };
    let mut writer = Writer::new(&header);
    for number in 1..=joiners {
        let email = format!("person.{number}@acme.example");
        let change = Change {
            employee_id: employee_id(&number.to_string()),
            action: Action::Create {
                attributes: attributes(&[(Canonical::Email, &email)]),
                manager: None,
                invite: false,
                shares_address: false,
            },
            together: None,
        };
        writer.push(&change).unwrap();
    }
    let lines = writer.finish().unwrap();
    let finding = |number: u32| Finding {
        state: State::Filtered,
        code: Code::OutOfScope,
        employee_id: Some(employee_id(&format!("f-{number}"))),
        account_id: Some(account_id(&format!("a-{number}"))),
        attributes: vec![Canonical::Country.into()],
        others: Vec::new(),
        more_attributes: number,
        more_others: 0,
    };
    let plan = Plan {
        id: plan_id(id),
        hash: lines.hash.clone(),
        header,
        purpose: Purpose::Sync,
        counts: Counts {
            joiners,
            filtered: findings,
            ..Counts::default()
        },
        holds: Vec::new(),
        references: 0,
        is_listed: false,
        created_at: at(NOW),
        expires_at: at("2026-03-03T12:00:00Z"),
    };
    Draft {
        plan,
        lines,
        findings: (1..=findings).map(finding).collect(),
        run: run_id(&format!("run-of-{id}")),
        roster: RosterId::parse("run-1-1").unwrap(),
        kept_until: at(KEPT_UNTIL),
    }
}

/// Returns a large plan of the connection `c-1`, as it was stored; for what only one adapter can show.
pub async fn stored_plan(store: &dyn Store) -> PlanRecord {
    assert!(put(store, &draft("p-1", 20_000, 20_000), None).await);
    load(store, "p-1").await
}

async fn put(store: &dyn Store, draft: &Draft, replaces: Option<&str>) -> bool {
    put_of(store, "c-1", draft, replaces).await
}

async fn put_of(store: &dyn Store, connection: &str, draft: &Draft, replaces: Option<&str>) -> bool {
    let connection = connection_id(connection);
    let new = NewPlan {
        connection: &connection,
        plan: &draft.plan,
        lines: &draft.lines,
        findings: &draft.findings,
        run: &draft.run,
        fence: 4,
        roster: &draft.roster,
        kept_until: draft.kept_until,
        also: &[],
    };
    let replaces = replaces.map(plan_id);
    store.put_plan(&new, replaces.as_ref()).await.unwrap()
}

async fn open(store: &dyn Store) -> Option<String> {
    let found = store.find_open_plan(&connection_id("c-1"), at(NOW)).await.unwrap();
    found.map(|record| record.plan.id.as_str().to_owned())
}

async fn load(store: &dyn Store, id: &str) -> PlanRecord {
    store.find_plan(&plan_id(id), at(NOW)).await.unwrap().unwrap()
}

async fn change(store: &dyn Store, id: &str, from: &[Status], to: Status) -> bool {
    store.change_plan(&plan_id(id), from, to, None).await.unwrap()
}

/// All plans of a connection are erased, open or not, and another connection's stay; afterwards there may be new ones.
pub async fn r37_plans_of_a_connection_are_erased_whatever_became_of_them(store: &dyn Store) {
    let connection = connection_id("c-1");
    assert!(put(store, &draft("p-1", 3, 2), None).await);
    assert!(put(store, &draft("p-2", 4, 0), Some("p-1")).await);
    assert!(put_of(store, "c-2", &draft("p-3", 5, 1), None).await);
    let kept = load(store, "p-1").await;
    let mut listed = store.list_plans(&connection).await.unwrap();
    listed.sort();
    assert_eq!(listed, [plan_id("p-1"), plan_id("p-2")]);
    assert_eq!(store.erase_plans(&connection).await.unwrap(), 2);
    assert_eq!(store.erase_plans(&connection).await.unwrap(), 0);
    for id in ["p-1", "p-2"] {
        assert_eq!(store.find_plan(&plan_id(id), at(NOW)).await.unwrap(), None, "{id}");
    }
    let lines = store.find_lines(&kept, 0).await;
    assert!(!matches!(lines, Ok(Some(_))), "the lines are gone too");
    assert_eq!(open(store).await, None);
    assert!(store.list_plans(&connection).await.unwrap().is_empty());
    assert_eq!(load(store, "p-3").await.chunks, 1);
    assert!(put(store, &draft("p-4", 1, 0), None).await);
    assert_eq!(open(store).await.as_deref(), Some("p-4"));
}

/// A large plan is read as it was written, line by line and finding by finding.
pub async fn r21_a_plan_comes_back_as_the_document_it_was(store: &dyn Store) {
    let mut large = draft("p-1", 20_000, 20_000);
    large.plan.holds = vec![Hold {
        code: HoldCode::FirstSync,
        title: "First sync".to_owned(),
        detail: "the first plan links accounts".to_owned(),
    }];
    assert!(large.lines.chunks.len() > 1);
    assert!(put(store, &large, None).await);
    let record = load(store, "p-1").await;
    assert_eq!(record.plan, large.plan);
    assert_eq!((record.status, record.fence), (Status::Held, 4));
    assert_eq!((&record.run, &record.roster), (&large.run, &large.roster));
    assert_eq!((record.kept_until, record.approval.clone()), (large.kept_until, None));
    let mut chunks = Vec::new();
    for number in 0..record.chunks {
        chunks.push(store.find_lines(&record, number).await.unwrap().unwrap());
    }
    assert_eq!(store.find_lines(&record, record.chunks).await.unwrap(), None);
    assert_eq!(Lines::rehash(&record.plan.header, &chunks).unwrap(), record.plan.hash);
    let (mut findings, mut chunk) = (Vec::new(), 0);
    while let Some(more) = store.find_findings(&record, chunk).await.unwrap() {
        findings.extend(more);
        chunk += 1;
    }
    assert!(chunk > 1 && findings == large.findings, "{chunk} chunks");
    assert!(store.list_findings(&record).await.unwrap() == large.findings);
    assert!(!put(store, &large, Some("p-1")).await, "a plan is written once");
}

/// Of several plans for one connection, one becomes the open one, in whatever order they come.
pub async fn r22_of_plans_made_at_once_one_is_open(store: &dyn Store) {
    let drafts: Vec<_> = (0..5).map(|number| draft(&format!("p-{number}"), 1, 1)).collect();
    let written = join_all(drafts.iter().map(|draft| put(store, draft, None))).await;
    assert_eq!(written.iter().filter(|written| **written).count(), 1);
    let opened = open(store).await.unwrap();
    for (draft, written) in drafts.iter().zip(written) {
        let found = store.find_plan(&draft.plan.id, at(NOW)).await.unwrap();
        assert_eq!(found.is_some(), written, "what was refused is not to be seen");
        assert_eq!(draft.plan.id.as_str() == opened, written);
    }
    let successors: Vec<_> = (5..10).map(|number| draft(&format!("p-{number}"), 2, 0)).collect();
    let written = join_all(successors.iter().map(|draft| put(store, draft, Some(&opened)))).await;
    assert_eq!(written.iter().filter(|written| **written).count(), 1);
    assert_eq!(load(store, &opened).await.status, Status::Superseded);
}

/// A new plan takes the place of the open one, and of no other.
pub async fn r22_a_plan_replaces_only_the_open_one(store: &dyn Store) {
    assert!(
        !put(store, &draft("p-0", 1, 0), Some("p-9")).await,
        "there is none to replace"
    );
    assert!(put(store, &draft("p-1", 1, 0), None).await);
    assert!(!put(store, &draft("p-2", 1, 0), None).await, "there is an open one");
    assert!(put(store, &draft("p-3", 1, 0), Some("p-1")).await);
    assert!(
        !put(store, &draft("p-4", 1, 0), Some("p-1")).await,
        "it was replaced already"
    );
    assert_eq!(open(store).await.as_deref(), Some("p-3"));
    assert_eq!(load(store, "p-1").await.status, Status::Superseded);
}

/// A plan without changes is stored, and leaves no plan open.
pub async fn r22_an_empty_plan_closes_the_open_one(store: &dyn Store) {
    assert!(put(store, &draft("p-1", 0, 2), None).await);
    assert_eq!(
        (open(store).await, load(store, "p-1").await.status),
        (None, Status::Empty)
    );
    assert!(put(store, &draft("p-2", 1, 0), None).await);
    assert!(!put(store, &draft("p-3", 0, 0), None).await, "there is an open one");
    assert!(put(store, &draft("p-4", 0, 0), Some("p-2")).await);
    assert_eq!(
        (open(store).await, load(store, "p-2").await.status),
        (None, Status::Superseded)
    );
    assert!(put(store, &draft("p-5", 1, 0), None).await);
}

/// What is being applied stays the open plan until it has ended.
pub async fn r22_a_plan_that_is_being_applied_cannot_be_superseded(store: &dyn Store) {
    assert!(put(store, &draft("p-1", 1, 0), None).await);
    assert!(change(store, "p-1", &[Status::Ready], Status::Applying).await);
    assert_eq!(open(store).await.as_deref(), Some("p-1"));
    assert!(!put(store, &draft("p-2", 1, 0), Some("p-1")).await);
    assert!(!put(store, &draft("p-2", 1, 0), None).await);
    assert!(change(store, "p-1", &[Status::Applying], Status::Applied).await);
    assert_eq!(open(store).await, None);
    assert!(put(store, &draft("p-2", 1, 0), None).await);
    assert!(!change(store, "p-1", &[Status::Ready, Status::Applying], Status::Cancelled).await);
    assert_eq!(open(store).await.as_deref(), Some("p-2"));
}

/// Of several approvals one counts, and it is kept with the plan.
pub async fn r22_an_approval_is_one_change_of_state(store: &dyn Store) {
    assert!(put(store, &draft("p-1", 1, 0), None).await);
    let approvals: Vec<_> = (0..5)
        .map(|number| Approval {
            hash: "ab".repeat(32),
            holds: vec![HoldCode::FirstSync],
            by: format!("admin-{number}"),
            at: at(NOW),
            run: run_id(&format!("run-{number}")),
        })
        .collect();
    let id = plan_id("p-1");
    let from = [Status::Ready, Status::Held];
    let approved = approvals
        .iter()
        .map(|approval| store.change_plan(&id, &from, Status::Applying, Some(approval)));
    let approved: Vec<_> = join_all(approved).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(approved.iter().filter(|approved| **approved).count(), 1);
    let position = approved.iter().position(|approved| *approved).unwrap();
    let kept = load(store, "p-1").await;
    assert_eq!(kept.approval.as_ref(), approvals.get(position));
    assert!(change(store, "p-1", &[Status::Applying], Status::AppliedWithErrors).await);
    assert_eq!(load(store, "p-1").await.approval, kept.approval);
    assert!(
        !store
            .change_plan(&plan_id("p-9"), &from, Status::Applying, None)
            .await
            .unwrap()
    );
}

/// A run that has lost the lease shows no plan: another holder may have carried out a later one meanwhile.
pub async fn r30_a_plan_is_published_only_under_the_latest_fence(store: &dyn Store) {
    let lease = async |fence| {
        let holder = run_id(&format!("run-{fence}"));
        let connection = connection_id("c-1");
        let lease = store.acquire_lease(&connection, &holder, at(NOW), at(KEPT_UNTIL));
        let lease = lease.await.unwrap().unwrap();
        assert_eq!(lease.fence, fence);
        store.release_lease(&lease).await.unwrap();
    };
    for fence in 1..=4 {
        lease(fence).await;
    }
    assert!(put(store, &draft("p-1", 1, 0), None).await);
    lease(5).await;
    assert!(!put(store, &draft("p-2", 1, 0), Some("p-1")).await);
    assert_eq!(open(store).await.as_deref(), Some("p-1"));
    assert_eq!(store.find_plan(&plan_id("p-2"), at(NOW)).await.unwrap(), None);
}

/// After its time a plan is absent, and hinders no other.
pub async fn r36_a_plan_is_absent_after_its_end(store: &dyn Store) {
    assert!(put(store, &draft("p-1", 1, 1), None).await);
    let (id, connection, end) = (plan_id("p-1"), connection_id("c-1"), at(KEPT_UNTIL));
    let before_end = at("2026-03-31T11:59:59Z");
    assert!(store.find_plan(&id, before_end).await.unwrap().is_some());
    assert!(store.find_plan(&id, end).await.unwrap().is_none());
    assert!(store.find_open_plan(&connection, end).await.unwrap().is_none());
    let mut next = draft("p-2", 1, 1);
    next.plan.created_at = end;
    next.kept_until = at("2026-04-30T12:00:00Z");
    assert!(!put(store, &next, Some("p-1")).await, "it is not there to be replaced");
    assert!(put(store, &next, None).await);
    let open = store.find_open_plan(&connection, end).await.unwrap().unwrap();
    assert_eq!(open.plan.id, plan_id("p-2"));
}
