//! A user whom the server refuses never stops the others, and is named (R31).

use emulators::scim::{self, Habits, Options};
use rollcall::{plan::Status, store::RunStatus};
use serde_json::json;

use crate::support::{FEW, Journey, errors};

/// How servers refuse a single user: the status, whether the answer is a page of HTML, and the run's word for it.
const REFUSALS: [(u16, bool, &str); 6] = [
    (400, false, "refused"),
    (400, true, "refused"),
    (403, false, "refused"),
    (403, true, "refused"),
    (409, false, "value_taken"),
    (500, true, "unanswered"),
];

#[tokio::test]
async fn r31_a_joiner_whom_the_server_refuses_is_named_and_everybody_else_is_made() {
    for (status, html, code) in REFUSALS {
        let service = scim::start(Options::default()).await.unwrap();
        let mut journey = Journey::of_few(&service).await;
        let employee = journey.employee_at(0).await;
        journey
            .change(&employee, &json!({ "work_email": "refused@kettle.example" }))
            .await;
        service.change_habits(|habits| {
            *habits = Habits {
                forbids: vec!["refused@kettle.example".into()],
                forbids_with: Some(status),
                html_errors: html,
                ..Habits::default()
            };
        });
        let (_, plan) = journey.night().await;
        let run = journey.apply(&plan).await;
        assert_eq!(run.status, RunStatus::SucceededWithErrors, "{status}: {run:?}");
        assert_eq!(errors(&run), [(code, employee.as_str())], "{status}");
        assert_eq!(service.users().len(), FEW as usize - 1, "{status}");

        service.change_habits(|habits| *habits = Habits::default());
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.plan.counts.joiners, 1, "{status}");
        journey.apply(&plan).await;
        journey.agrees(&journey.users().await);
        service.stop().await;
    }
}

#[tokio::test]
async fn r31_a_mover_and_a_leaver_whom_the_server_refuses_are_named_and_stop_nobody() {
    for (status, html, code) in REFUSALS {
        let service = scim::start(Options::default()).await.unwrap();
        let mut journey = Journey::of_few(&service).await.first_night().await;
        let people = journey.everybody().await;
        for employee in &people[..6] {
            journey.change(employee, &json!({ "job_title": "Astronomer" })).await;
        }
        for employee in &people[6..8] {
            journey.let_go(employee).await;
        }
        let mut forbidden = Vec::new();
        for employee in [&people[0], &people[6]] {
            let user = journey.user(&journey.account_of(employee).await).await;
            forbidden.push(user["userName"].as_str().unwrap().to_owned());
        }
        service.change_habits(|habits| {
            habits.forbids = forbidden;
            habits.forbids_with = Some(status);
            habits.html_errors = html;
        });
        let (_, plan) = journey.night().await;
        let run = journey.apply(&plan).await;
        let mut named = errors(&run);
        named.sort_unstable();
        let mut expected = vec![(code, people[0].as_str()), (code, people[6].as_str())];
        expected.sort_unstable();
        assert_eq!(
            (run.status, named),
            (RunStatus::SucceededWithErrors, expected),
            "{status}"
        );
        for (employee, is_done) in [(0, false), (1, true), (5, true)] {
            let user = journey.user(&journey.account_of(&people[employee]).await).await;
            assert_eq!(user["title"] == "Astronomer", is_done, "{status}");
        }
        for (employee, is_active) in [(6, true), (7, false)] {
            let user = journey.user(&journey.account_of(&people[employee]).await).await;
            assert_eq!(user["active"], is_active, "{status}");
        }

        service.change_habits(|habits| *habits = Habits::default());
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!((plan.plan.counts.movers, plan.plan.counts.leavers), (1, 1), "{status}");
        journey.apply(&plan).await;
        journey.agrees(&journey.users().await);
        service.stop().await;
    }
}

/// Where the server refuses every user, the credential is the reason. The run says so instead of naming people one by one.
#[tokio::test]
async fn r31_a_credential_that_ends_in_the_middle_of_a_night_is_nobodys_failure() {
    for with_403 in [false, true] {
        let service = scim::start(Options::default()).await.unwrap();
        let mut journey = Journey::of_few(&service).await;
        let (_, plan) = journey.night().await;
        service.change_habits(|habits| {
            habits.refuses = vec![scim::Opener::Bearer];
            habits.refuses_with_403 = with_403;
        });
        let run = journey.apply(&plan).await;
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Failed, vec![("target-unauthorized", "")])
        );
        service.change_habits(|habits| *habits = Habits::default());
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_ne!(plan.status, Status::Empty);
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{run:?}");
        journey.agrees(&journey.users().await);
        service.stop().await;
    }
}
