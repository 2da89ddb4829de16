//! A server whose list does not show all users: a single user or look-up that fails stops nobody else, and who cannot be told apart
//! from an account that is there is made only by a decision.

use emulators::scim::{self, Filters, Habits, Options, Pages, Running, TOKEN};
use rollcall::plan::{Code, State, Status};
use serde_json::{Value, json};

use crate::support::{Journey, errors};

/// Returns a service that shows its first users alone, whatever page is asked for.
pub(crate) async fn service(shown: usize) -> Running {
    let habits = Habits {
        pages: Pages::FirstOnly,
        page_cap: Some(shown),
        ..Habits::default()
    };
    scim::start(Options { port: 0, habits }).await.unwrap()
}

pub(crate) fn joiner(first_name: &str) -> Value {
    let address = format!("{}.noon@kettle.example", first_name.to_lowercase());
    json!({ "first_name": first_name, "last_name": "Noon", "work_email": address })
}

/// Hides a user by id, with this status.
pub(crate) async fn hide(service: &Running, journey: &Journey, account: &str, status: u16) {
    let name = journey.user(account).await["userName"].as_str().unwrap().to_owned();
    service.change_habits(|habits| {
        habits.hides = vec![name];
        habits.hides_with = Some(status);
    });
}

#[tokio::test]
async fn r05_one_joiner_whose_look_up_fails_waits_and_all_others_are_made() {
    for status in [400, 401, 403, 404, 409, 500, 501, 503] {
        let service = service(5).await;
        let mut journey = Journey::of_few(&service).await.first_night().await;
        let [broken, whole] = [
            journey.hire_at(0, &joiner("Nova")).await,
            journey.hire_at(0, &joiner("Noel")).await,
        ];
        service.change_habits(|habits| {
            habits.breaks_filters = vec!["nova.noon".into()];
            habits.breaks_filters_with = Some(status);
        });
        let (run, plan) = journey.night().await;
        let findings = journey.findings(&plan).await;
        assert_eq!(
            (errors(&run), plan.plan.counts.joiners),
            (vec![], 1),
            "{status} {findings:?}"
        );
        let named = (State::Conflict, Code::AddressUnasked, broken);
        assert!(journey.findings(&plan).await.contains(&named), "{status}");
        assert_eq!(errors(&journey.apply(&plan).await), [], "{status}");
        assert_eq!(
            journey.user(&journey.account_of(&whole).await).await["name"]["givenName"],
            "Noel"
        );
        service.stop().await;
    }
}

#[tokio::test]
async fn r05_a_user_who_cannot_be_read_for_any_reason_stops_nobody_else() {
    for status in [404, 409, 410, 422, 502, 503, 504] {
        let service = service(5).await;
        let mut journey = Journey::of_few(&service).await.first_night().await;
        let mut people = journey.everybody().await.split_off(10);
        let [hidden, mover] = [(); 2].map(|()| people.pop().unwrap());
        for employee in [&hidden, &mover] {
            journey.change(employee, &json!({ "job_title": "Astronomer" })).await;
        }
        hide(&service, &journey, &journey.account_of(&hidden).await, status).await;
        let (run, plan) = journey.night().await;
        assert_eq!((errors(&run), plan.plan.counts.movers), (vec![], 1), "{status}");
        let code = if matches!(status, 404 | 410) {
            Code::AccountGone
        } else {
            Code::Unseen
        };
        let findings = journey.findings(&plan).await;
        assert!(
            findings.iter().any(|(_, found, who)| *found == code && *who == hidden),
            "{status}: {findings:?}"
        );
        service.stop().await;
    }
}

/// Of few people one may be unseen, also where they are the only one.
#[tokio::test]
async fn r05_the_only_linked_person_may_be_unseen_and_a_joiner_is_made_all_the_same() {
    let service = service(2).await;
    for guest in ["one", "two"] {
        let address = format!("{guest}@partner.example");
        service.add(&json!({ "userName": address, "emails": [{ "value": address }] }));
    }
    let mut journey = Journey::start_with(1, &service.base(), TOKEN, "generic")
        .await
        .first_night()
        .await;
    let people = journey.everybody().await;
    assert_eq!(people.len(), 1);
    hide(&service, &journey, &journey.account_of(&people[0]).await, 500).await;
    let new = journey.hire_at(0, &joiner("Nova")).await;
    let (run, plan) = journey.night().await;
    assert_eq!((errors(&run), plan.plan.counts.joiners), (vec![], 1));
    let named = (State::Skipped, Code::Unseen, people[0].clone());
    assert!(journey.findings(&plan).await.contains(&named));
    assert_eq!(errors(&journey.apply(&plan).await), []);
    journey.account_of(&new).await;
    service.stop().await;
}

/// That the very user breaks whom the server lists first says nothing about all others.
#[tokio::test]
async fn r05_a_broken_user_at_the_head_of_the_list_is_no_reason_not_to_read_the_others() {
    let service = service(5).await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let first = service.users()[0]["id"].as_str().unwrap().to_owned();
    hide(&service, &journey, &first, 500).await;
    let (run, plan) = journey.night().await;
    assert_eq!((errors(&run), plan.status), (vec![], Status::Empty));
    service.stop().await;
}

/// Where people are told apart by their number, a user with another address and the number is the person.
#[tokio::test]
async fn r05_a_list_in_part_is_asked_for_the_identifier_that_the_configuration_names() {
    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for knows_filter in [true, false] {
        let service = service(5).await;
        for guest in 0..5 {
            let number = json!({ "employeeNumber": format!("G{guest}") });
            service.add(&json!({ "userName": format!("guest-{guest}@partner.example"), ENTERPRISE: number }));
        }
        let mut journey = Journey::of_few_by_number(&service).await.first_night().await;
        let number = json!({ "employeeNumber": "N-77" });
        let there = service.add(&json!({ "userName": "someone@else.example", ENTERPRISE: number }));
        if !knows_filter {
            service.change_habits(|habits| habits.breaks_filters = vec!["employeeNumber".into()]);
        }
        let mut new = joiner("Nova");
        new["employee_number"] = json!("N-77");
        let employee = journey.hire_at(0, &new).await;
        let (_, plan) = journey.night().await;
        if knows_filter {
            assert_eq!((plan.plan.counts.links, plan.plan.counts.joiners), (1, 0));
            assert_eq!(errors(&journey.apply(&plan).await), []);
            assert_eq!(journey.account_of(&employee).await, there);
        } else {
            let named = (State::Conflict, Code::AddressUnasked, employee);
            assert!(journey.findings(&plan).await.contains(&named));
        }
        service.stop().await;
    }
}

/// A server that compares letters exactly cannot be asked for an address in all its spellings.
#[tokio::test]
async fn r05_an_address_that_may_stand_there_in_other_letters_is_not_made_again() {
    let service = service(5).await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    service.change_habits(|habits| habits.case_exact = true);
    let emails = json!([{ "value": "Nova.Noon@Kettle.example", "primary": true }]);
    service.add(&json!({ "userName": "nnoon", "emails": emails }));
    let employee = journey.hire_at(0, &joiner("Nova")).await;
    let (_, plan) = journey.night().await;
    let named = (State::Conflict, Code::AddressUnasked, employee);
    assert!(journey.findings(&plan).await.contains(&named));
    assert_eq!(plan.plan.counts.joiners, 0);
    service.stop().await;
}

/// An entry without an id may be anybody: then the list is one in part, and who is found without an id is a person's to decide.
#[tokio::test]
async fn r05_a_user_whom_the_server_shows_without_an_id_is_not_made_again() {
    let service = scim::start(Options::default()).await.unwrap();
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let new = joiner("Nova");
    service.add(&json!({ "userName": new["work_email"] }));
    service.change_habits(|habits| habits.nameless = vec!["nova.noon@kettle.example".into()]);
    let [employee, other] = [
        journey.hire_at(0, &new).await,
        journey.hire_at(0, &joiner("Noel")).await,
    ];
    let users = service.users().len();
    let (run, plan) = journey.night().await;
    let named = (State::Conflict, Code::AddressUnasked, employee);
    assert!(journey.findings(&plan).await.contains(&named));
    assert_eq!((errors(&run), plan.plan.counts.joiners), (vec![], 1));
    assert_eq!(errors(&journey.apply(&plan).await), []);
    journey.account_of(&other).await;
    assert_eq!(service.users().len(), users + 1);
    service.stop().await;
}

/// A list that leaves out who is switched off says nothing about whether they are there.
#[tokio::test]
async fn r15_a_user_who_is_switched_off_and_in_no_list_is_let_in_again() {
    let service = scim::start(Options::default()).await.unwrap();
    let mut journey = Journey::of_few(&service).await.first_night().await;
    service.change_habits(|habits| habits.hides_inactive = true);
    let person = journey.everybody().await.pop().unwrap();
    let account = journey.account_of(&person).await;
    journey.let_go(&person).await;
    let (_, plan) = journey.night().await;
    assert_eq!(errors(&journey.apply(&plan).await), []);
    assert_eq!(journey.user(&account).await["active"], false);
    journey.pass_hours(24);
    journey.quiet_night().await;
    journey.change(&person, &json!({ "termination_date": null })).await;
    journey.pass_hours(24);
    let (_, plan) = journey.night().await;
    assert_eq!(plan.plan.counts.rehires, 1, "{:?}", journey.findings(&plan).await);
    assert_eq!(errors(&journey.apply(&plan).await), []);
    assert_eq!(journey.user(&account).await["active"], true);
    let users = service.users().len();
    journey.pass_hours(24);
    journey.quiet_night().await;
    assert_eq!(service.users().len(), users);
    service.stop().await;
}

/// Whatever a server makes of a filter, and whatever reply is lost: nobody is made twice.
#[tokio::test]
async fn r29_nobody_is_made_twice_whatever_a_filter_does() {
    for filters in [
        Filters::Ignored,
        Filters::Refused,
        Filters::Wrong,
        Filters::UserNameOnly,
        Filters::OthersFindNobody,
        Filters::FindNobody,
        Filters::NotImplemented,
        Filters::Forbidden,
    ] {
        let habits = Habits {
            filters,
            keeps_twice: true,
            ..Habits::default()
        };
        let service = scim::start(Options { port: 0, habits }).await.unwrap();
        let guests = [
            json!({ "userName": "one@partner.example" }),
            json!({ "userName": "TWO@Partner.example" }),
        ];
        for guest in &guests {
            service.add(guest);
        }
        let mut journey = Journey::of_few(&service).await.first_night().await;
        for name in ["Nova", "Noel", "Nina", "Niko"] {
            journey.hire_at(0, &joiner(name)).await;
        }
        // One of them is there already, in other letters.
        service.add(&json!({ "userName": "NIKO.Noon@Kettle.example" }));
        let users = service.users().len();
        service.change_habits(|habits| habits.lost_creates = 2);
        for _ in 0..2 {
            let (_, plan) = journey.night().await;
            if plan.status != Status::Empty {
                journey.apply(&plan).await;
            }
            // What comes too late to be listed is looked up.
            journey.pass_hours(24);
        }
        let mut names: Vec<String> = service
            .users()
            .iter()
            .map(|user| user["userName"].as_str().unwrap().to_lowercase())
            .collect();
        assert_eq!(names.len(), users + 3, "{filters:?}: {names:?}");
        names.sort();
        names.dedup();
        assert_eq!(names.len(), users + 3, "{filters:?}");
        journey.quiet_night().await;
        service.stop().await;
    }
}

/// A user who breaks the page in which they stand is read by id as all others are, or left as they are.
#[tokio::test]
async fn r05_a_user_who_breaks_a_page_of_the_list_stops_nobody() {
    let habits = Habits {
        page_cap: Some(5),
        ..Habits::default()
    };
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let people = journey.everybody().await;
    let broken = journey.account_of(&people[9]).await;
    let name = journey.user(&broken).await["userName"].as_str().unwrap().to_owned();
    hide(&service, &journey, &broken, 500).await;
    service.change_habits(|habits| habits.breaks_lists = vec![name]);
    journey.let_go(&people[2]).await;
    let new = journey.hire_at(0, &joiner("Nova")).await;
    let (run, plan) = journey.night().await;
    let counts = plan.plan.counts;
    assert_eq!((errors(&run), counts.joiners, counts.leavers), (vec![], 1, 1));
    let named = (State::Skipped, Code::Unseen, people[9].clone());
    assert!(journey.findings(&plan).await.contains(&named));
    assert_eq!(errors(&journey.apply(&plan).await), []);
    journey.account_of(&new).await;
    service.stop().await;
}
