//! A server whose list ends early, the same first users each time: people are read one by one where that works, and nobody is
//! absent because the list leaves them out (R05).

use emulators::scim::{self, Filters, Habits, Options, Pages, Running};
use rollcall::{
    connection::Decision,
    plan::{Code, State, Status},
};
use serde_json::json;

use crate::support::{Journey, errors};

/// Returns a service that shows its first five users, whatever page is asked for.
async fn service() -> Running {
    let habits = Habits {
        pages: Pages::FirstOnly,
        page_cap: Some(5),
        ..Habits::default()
    };
    scim::start(Options { port: 0, habits }).await.unwrap()
}

#[tokio::test]
async fn r05_people_whom_a_list_leaves_out_are_read_by_id_and_stay_in_step() {
    let service = service().await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    assert!(service.users().len() > 5, "the list leaves people out");
    journey.quiet_night().await;
    journey.pass_hours(24);

    let people = journey.everybody().await;
    let (mover, leaver) = (people[people.len() - 1].clone(), people[people.len() - 2].clone());
    journey.change(&mover, &json!({ "job_title": "Astronomer" })).await;
    journey.let_go(&leaver).await;
    let (_, plan) = journey.night().await;
    let counts = plan.plan.counts;
    assert_eq!((counts.joiners, counts.movers, counts.leavers), (0, 1, 1));
    let run = journey.apply(&plan).await;
    assert!(run.errors.is_empty(), "{run:?}");
    let (promoted, left) = (journey.account_of(&mover).await, journey.account_of(&leaver).await);
    assert_eq!(journey.user(&promoted).await["title"], "Astronomer");
    assert_eq!(journey.user(&left).await["active"], false);
    journey.pass_hours(24);
    journey.quiet_night().await;
    service.stop().await;
}

#[tokio::test]
async fn r05_a_person_whose_user_a_list_leaves_out_is_linked_and_not_made_again() {
    let service = service().await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let there = service.add(&json!({ "userName": "nova.noon@kettle.example", "title": "Pilot" }));
    let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example" });
    let joiner = journey.hire_at(0, &joiner).await;
    let (_, plan) = journey.night().await;
    assert_eq!((plan.plan.counts.links, plan.plan.counts.joiners), (1, 0));
    let run = journey.apply(&plan).await;
    assert!(run.errors.is_empty(), "{run:?}");
    assert_eq!(journey.account_of(&joiner).await, there);
    journey.pass_hours(24);
    journey.quiet_night().await;
    service.stop().await;
}

/// A user with another login who has the person's address is found by that address, where no list shows them: where it is the
/// user's own, they are the person; where it is another one of theirs, a person decides.
#[tokio::test]
async fn r05_a_person_whose_user_has_another_login_and_is_in_no_list_is_not_made_again() {
    let address = "nova.noon@kettle.example";
    let own = json!([{ "value": address, "primary": true }]);
    let second = json!([{ "value": "nova@home.example", "primary": true }, { "value": address, "type": "other" }]);
    for (emails, is_theirs) in [(own, true), (second, false)] {
        let service = service().await;
        let mut journey = Journey::of_few(&service).await.first_night().await;
        let there = service.add(&json!({ "userName": "nnoon", "emails": emails }));
        let users = service.users().len();
        let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": address });
        let joiner = journey.hire_at(0, &joiner).await;
        let (_, plan) = journey.night().await;
        let counts = plan.plan.counts;
        assert_eq!((counts.links, counts.joiners), (u32::from(is_theirs), 0));
        if is_theirs {
            let run = journey.apply(&plan).await;
            assert!(run.errors.is_empty(), "{run:?}");
            assert_eq!(journey.account_of(&joiner).await, there);
        } else {
            let named = (State::Conflict, Code::Taken, joiner);
            assert!(journey.findings(&plan).await.contains(&named));
        }
        assert_eq!(service.users().len(), users);
        service.stop().await;
    }
}

/// Where the server cannot be asked for an address, nobody is made who may have an account: a person looks there, and decides.
#[tokio::test]
async fn r05_a_person_whose_address_cannot_be_asked_for_is_made_only_by_a_decision() {
    for filters in [Filters::UserNameOnly, Filters::OthersFindNobody] {
        let service = service().await;
        let mut journey = Journey::of_few(&service).await.first_night().await;
        service.change_habits(|habits| habits.filters = filters);
        let address = "nova.noon@kettle.example";
        service.add(&json!({ "userName": "nnoon", "emails": [{ "value": address, "primary": true }] }));
        let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": address });
        let joiner = journey.hire_at(0, &joiner).await;
        let other = json!({ "first_name": "Noel", "last_name": "Noon", "work_email": "noel.noon@kettle.example" });
        let other = journey.hire_at(0, &other).await;
        let users = service.users().len();
        let (_, plan) = journey.night().await;
        let findings = journey.findings(&plan).await;
        for employee in [&joiner, &other] {
            let named = (State::Conflict, Code::AddressUnasked, employee.clone());
            assert!(findings.contains(&named), "{filters:?}: {findings:?}");
        }
        assert_eq!(plan.status, Status::Empty, "{filters:?}: {:?}", plan.plan.counts);
        assert_eq!(service.users().len(), users);

        journey.decide(&other, Decision::NewAccount).await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.plan.counts.joiners, 1, "{filters:?}: {:?}", plan.plan.counts);
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{filters:?}: {run:?}");
        assert_eq!(service.users().len(), users + 1);
        service.stop().await;
    }
}

/// That no user is found any more is no reason to let anybody go, or to make anybody again.
#[tokio::test]
async fn r05_a_user_who_is_not_found_by_id_is_a_conflict_and_no_leaver() {
    let service = service().await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let gone = journey.everybody().await.pop().unwrap();
    journey.delete_by_hand(&journey.account_of(&gone).await).await;
    let (_, plan) = journey.night().await;
    let findings = journey.findings(&plan).await;
    assert!(
        findings.contains(&(State::Conflict, Code::AccountGone, gone)),
        "{findings:?}"
    );
    assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
    service.stop().await;
}

/// A single user whom the server refuses to show is neither gone nor a leaver, and holds nobody else up.
#[tokio::test]
async fn r05_a_user_whom_the_server_refuses_to_show_is_left_as_they_are_and_all_others_go_on() {
    for status in [400, 401, 403, 500] {
        let service = service().await;
        let mut journey = Journey::of_few(&service).await.first_night().await;
        let mut people = journey.everybody().await.split_off(10);
        let [hidden, leaver, mover] = [(); 3].map(|()| people.pop().unwrap());
        let (unseen, seen) = (journey.account_of(&hidden).await, journey.account_of(&mover).await);
        let before = journey.user(&unseen).await;
        let name = before["userName"].as_str().unwrap().to_owned();
        for employee in [&hidden, &mover] {
            journey.change(employee, &json!({ "job_title": "Astronomer" })).await;
        }
        journey.let_go(&leaver).await;
        let decision = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example", "manager": hidden });
        journey.hire_at(0, &decision).await;
        service.change_habits(|habits| {
            habits.hides = vec![name];
            habits.hides_with = Some(status);
        });
        let (run, plan) = journey.night().await;
        let counts = plan.plan.counts;
        assert_eq!(
            (counts.joiners, counts.movers, counts.leavers),
            (1, 1, 1),
            "{status}: {run:?}"
        );
        let named = (State::Skipped, Code::Unseen, hidden.clone());
        assert!(journey.findings(&plan).await.contains(&named), "{status}");
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{status}: {run:?}");
        assert_eq!(journey.user(&seen).await["title"], "Astronomer");

        // HR says that they left: no account is switched off that the server does not show.
        journey.let_go(&hidden).await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.status, Status::Empty, "{status}: {:?}", plan.plan.counts);
        let still = service.users().into_iter().find(|user| user["id"] == unseen);
        assert_eq!(still.unwrap()["active"], true, "{status}");

        service.change_habits(|habits| habits.hides.clear());
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.plan.counts.leavers, 1, "{status}: {:?}", plan.plan.counts);
        journey.apply(&plan).await;
        assert_eq!(journey.user(&unseen).await["active"], false, "{status}");
        service.stop().await;
    }
}

/// Where the server shows hardly anybody, the reason is no single person's.
#[tokio::test]
async fn r05_a_server_that_refuses_to_show_most_users_makes_no_plan() {
    let service = service().await;
    let journey = Journey::of_few(&service).await.first_night().await;
    let names = service
        .users()
        .into_iter()
        .map(|user| user["userName"].as_str().unwrap().to_owned());
    let names: Vec<String> = names.skip(6).collect();
    service.change_habits(|habits| {
        habits.hides = names;
        habits.hides_with = Some(403);
    });
    let run = journey.stage.diff(&journey.connection).await.unwrap();
    assert_eq!((errors(&run), run.plan.clone()), (vec![("target-failed", "")], None));
    service.stop().await;
}

#[tokio::test]
async fn r05_a_list_that_ends_early_makes_no_plan_where_users_are_not_found_one_by_one() {
    let unreadable = Habits {
        unreadable: true,
        ..Habits::default()
    };
    let filters = [
        Filters::Ignored,
        Filters::Refused,
        Filters::Wrong,
        Filters::FindNobody,
        Filters::NotImplemented,
        Filters::Forbidden,
    ];
    let filtering = filters.map(|filters| Habits {
        filters,
        ..Habits::default()
    });
    for habits in [unreadable].into_iter().chain(filtering) {
        let service = service().await;
        let journey = Journey::of_few(&service).await.first_night().await;
        service.change_habits(|now| {
            *now = Habits {
                pages: Pages::FirstOnly,
                page_cap: Some(5),
                ..habits
            };
        });
        let run = journey.stage.diff(&journey.connection).await.unwrap();
        assert_eq!(
            (errors(&run), run.plan.clone()),
            (vec![("target-incomplete", "")], None)
        );
        assert!(run.errors[0].detail.contains("ended after 5 of"), "{run:?}");
        service.stop().await;
    }
}
