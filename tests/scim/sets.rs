//! The servers that were seen, each as a set of habits of the emulated service: the contract of targets, and the life of sixty
//! people with all that goes wrong in it. A new set is a line of `sets!`.

use emulators::scim::{self, Habits, Options, Running, TOKEN};
use rollcall::{plan::Status, store::PlanRecord, target::scim::Profile, testing::contract};
use serde_json::{Value, json};

use crate::{
    server::target,
    support::{EVERYBODY, Journey, errors},
};

/// A server that was seen.
#[derive(Clone, Copy, Debug)]
struct Seen {
    set: &'static str,
    /// The account's attributes of which the server keeps no value.
    lost: &'static [&'static str],
}

impl Seen {
    /// Returns the profile with which the server is spoken to: its own, if it has one.
    fn profile(self) -> &'static Profile {
        Profile::find(self.set).unwrap_or(&Profile::GENERIC)
    }

    async fn start(self) -> Running {
        let habits = Habits::set(self.set).unwrap();
        scim::start(Options { port: 0, habits }).await.unwrap()
    }
}

/// Every case of the contract of targets and the life of sixty people, on each set.
macro_rules! sets {
    ($($name:ident: $set:literal, $lost:expr;)*) => {
        const SEEN: &[Seen] = &[$(Seen { set: $set, lost: &$lost }),*];

        $(
            mod $name {
                use super::*;

                sets! { @case $set;
                    r29_a_repeated_create_finds_its_own_work
                    a_create_that_takes_from_another_account_is_a_conflict
                    r07_a_patch_touches_only_what_it_names
                    a_repeated_deactivation_writes_nothing
                    r28_a_patch_says_why_it_was_refused
                    a_target_without_invitations_refuses_to_invite
                }

                #[tokio::test]
                async fn sixty_people_live_on_it() {
                    live(Seen { set: $set, lost: &$lost }).await;
                }

                #[tokio::test]
                async fn everybody_who_has_an_account_is_linked_and_nobody_is_made() {
                    link(Seen { set: $set, lost: &$lost }).await;
                }
            }
        )*
    };
    (@case $set:literal; $($case:ident)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let seen = Seen { set: $set, lost: &[] };
                let service = seen.start().await;
                contract::target::$case(&target(&service.base(), TOKEN, seen.profile())).await;
                service.stop().await;
            }
        )*
    };
}

sets! {
    better_auth: "better-auth", [];
    canaille: "canaille", [];
    django_scim: "django-scim", ["mobile_phone", "team"];
    leapsome: "leapsome", [];
    scim_gateway: "scim-gateway", [];
    scimmy: "scimmy", [];
    scimmy_on_express_5: "scimmy-express-5", [];
    small: "small", [
        "custom.t_shirt_size", "display_name", "group", "job_title", "known_as", "manager", "mobile_phone", "start_date", "team",
        "work_email", "work_location",
    ];
}

#[test]
fn every_set_of_the_emulated_service_is_tried() {
    let tried: Vec<&str> = SEEN.iter().map(|seen| seen.set).collect();
    assert_eq!(tried, Habits::sets().collect::<Vec<_>>());
}

/// The life of sixty people on a server, night by night.
struct Life {
    seen: Seen,
    service: Running,
    journey: Journey,
}

/// Lives it all: an account that was there, the first apply, a quiet night, three days, a leaver, an edit by hand, lost replies,
/// and a quiet night at the end.
async fn live(seen: Seen) {
    let service = seen.start().await;
    let journey = Journey::start(&service.base(), TOKEN, seen.profile().name)
        .await
        .without(seen.lost);
    let mut life = Life { seen, service, journey };
    life.give_last_names().await;
    let was_there = life.add_an_account_that_was_there().await;
    let (_, plan) = life.journey.night().await;
    let counts = plan.plan.counts;
    assert_eq!((counts.joiners, counts.links), (EVERYBODY - 1, 1), "{seen:?}");
    life.apply(&plan, "the first apply").await;
    assert_eq!(life.service.users().len(), usize::try_from(EVERYBODY).unwrap());
    assert!(
        life.accounts_at_work()
            .await
            .iter()
            .any(|(_, account)| *account == was_there)
    );
    life.journey.quiet_night().await;
    for day in ["the first day", "the second day", "the third day"] {
        life.journey.controls.pass_day(true).await.unwrap();
        life.give_last_names().await;
        life.pass(day).await;
    }
    life.journey.quiet_night().await;

    let mut at_work = life.accounts_at_work().await.into_iter().skip(3);
    let [leaver, edited, mover] = [(); 3].map(|()| at_work.next().unwrap());
    life.journey.let_go(&leaver.0).await;
    life.pass("a leaver").await;
    assert_eq!(
        life.user(&leaver.1)["active"],
        false,
        "{seen:?}: a leaver is switched off"
    );

    life.service
        .edit(&edited.1, json!({ "name": { "givenName": "By Hand" } }));
    life.pass("an edit by hand").await;
    life.journey.quiet_night().await;

    life.service.change_habits(|habits| {
        habits.lost_creates = 1;
        habits.lost_changes = 1;
    });
    let change = json!({ "first_name": "Nova", "job_title": "Pilot" });
    life.journey.change(&mover.0, &change).await;
    let joiner = json!({ "first_name": "Noel", "last_name": "Noon", "work_email": "noel.noon@kettle.example" });
    life.journey.hire_at(0, &joiner).await;
    // A create whose reply was lost is known by its reference. Where a server keeps none, the next night finds the account.
    let (_, plan) = life.journey.night().await;
    life.journey.apply(&plan).await;
    life.pass("lost replies").await;
    life.journey.quiet_night().await;
    assert_eq!(life.journey.stage.dead_letters(), 0);
    life.journey.emulator.stop().await;
    life.service.stop().await;
}

/// All people have accounts already, made by hand.
async fn link(seen: Seen) {
    let service = seen.start().await;
    let journey = Journey::start(&service.base(), TOKEN, seen.profile().name)
        .await
        .without(seen.lost);
    let mut life = Life { seen, service, journey };
    life.give_last_names().await;
    for person in life.journey.controls.list_people().await.unwrap() {
        let text = |name: &str| person.get(name).and_then(Value::as_str);
        if let (Some("active"), Some(email)) = (text("status"), text("work_email")) {
            let (first, last) = (text("first_name"), text("last_name"));
            let whole: Vec<&str> = [first, last].into_iter().flatten().collect();
            let names = json!({ "givenName": first, "familyName": last, "formatted": whole.join(" ") });
            let user = json!({ "userName": email, "name": names, "emails": [{ "value": email }] });
            life.service.add(&user);
        }
    }
    let users = life.service.users().len();
    let (_, plan) = life.journey.night().await;
    let counts = plan.plan.counts;
    let links = usize::try_from(counts.links).unwrap();
    assert_eq!((counts.joiners, links), (0, users), "{seen:?}: {counts:?}");
    life.apply(&plan, "the first apply").await;
    assert_eq!(life.service.users().len(), users, "{seen:?}: nobody is made");
    life.journey.quiet_night().await;
    life.journey.emulator.stop().await;
    life.service.stop().await;
}

impl Life {
    /// HR gives people a last name who have none, where the server needs one.
    async fn give_last_names(&self) {
        let needs = Habits::set(self.seen.set).unwrap().needs;
        if !needs.iter().any(|needed| needed == "name.familyName") {
            return;
        }
        for person in self.journey.controls.list_people().await.unwrap() {
            let last_name = person.get("last_name").and_then(Value::as_str).unwrap_or_default();
            if last_name.trim().is_empty() {
                let employee = person["employee_id"].as_str().unwrap();
                self.journey.change(employee, &json!({ "last_name": "Onename" })).await;
            }
        }
    }

    /// The server has the account of a person already, made by hand. Returns the account's id.
    async fn add_an_account_that_was_there(&self) -> String {
        let people = self.journey.controls.list_people().await.unwrap();
        let is_joiner = |person: &&_| {
            let person: &serde_json::Map<String, Value> = person;
            person["status"] == "active" && person.get("work_email").is_some_and(Value::is_string)
        };
        let email = people.iter().find(is_joiner).unwrap()["work_email"].clone();
        let name = json!({ "givenName": "Ana", "familyName": "Ruiz", "formatted": "Ana Ruiz" });
        let user = json!({ "userName": email, "name": name, "emails": [{ "value": email }], "title": "Cook" });
        self.service.add(&user)
    }

    /// Lives a day and its night: what HR changed is carried out.
    async fn pass(&mut self, when: &str) {
        self.journey.pass_hours(24);
        let (_, plan) = self.journey.night().await;
        if plan.status != Status::Empty {
            self.apply(&plan, when).await;
        }
        self.agrees(when).await;
    }

    async fn apply(&self, plan: &PlanRecord, when: &str) {
        let run = self.journey.apply(plan).await;
        let refuses = !Habits::set(self.seen.set).unwrap().refuses_attributes.is_empty();
        let mut codes = errors(&run).into_iter().map(|(code, _)| code);
        let unexpected = codes.find(|code| !refuses || *code != "not_accepted");
        assert_eq!(unexpected, None, "{:?}, {when}: {run:?}", self.seen);
        self.agrees(when).await;
    }

    /// Checks that the server shows what HR says, as far as it keeps it.
    async fn agrees(&self, when: &str) {
        let mut differences = self.journey.differences(&self.service.users()).await;
        let loses_managers = self.seen.lost.contains(&"manager");
        differences.retain(|difference| !loses_managers || !difference.what.starts_with("manager "));
        assert_eq!(differences, [], "{:?}, {when}", self.seen);
        for user in self.service.users() {
            let name = |part: &str| user["name"][part].as_str();
            let parts: Vec<&str> = ["givenName", "familyName"].into_iter().filter_map(name).collect();
            let whole = name("formatted").unwrap_or_default();
            assert!(
                whole.is_empty() || whole == parts.join(" "),
                "{:?}, {when}: the whole name follows",
                self.seen
            );
        }
    }

    /// Returns employees who are at work, each with the id of the account.
    async fn accounts_at_work(&self) -> Vec<(String, String)> {
        let mut at_work = Vec::new();
        for employee in self.journey.everybody().await {
            let account = self.journey.account_of(&employee).await;
            if self.user(&account)["active"] == true {
                at_work.push((employee, account));
            }
        }
        at_work
    }

    fn user(&self, account: &str) -> Value {
        let users = self.service.users();
        users.into_iter().find(|user| user["id"] == account).unwrap_or_default()
    }
}

/// Of sixty people one has no last name, whom the server refuses: the person is named, and everybody else is written.
#[tokio::test]
async fn a_person_whom_a_server_refuses_is_named_and_all_others_are_written() {
    let seen = *SEEN.iter().find(|seen| seen.set == "canaille").unwrap();
    let service = seen.start().await;
    let journey = Journey::start(&service.base(), TOKEN, seen.profile().name).await;
    let mut life = Life { seen, service, journey };
    life.give_last_names().await;
    let refused = life.journey.employee_at(0).await;
    life.journey.change(&refused, &json!({ "last_name": null })).await;
    let (_, plan) = life.journey.night().await;
    let run = life.journey.apply(&plan).await;
    let named: Vec<&str> = errors(&run).into_iter().map(|(_, employee)| employee).collect();
    assert_eq!(named, [refused.as_str()], "{run:?}");
    let differences = life.journey.differences(&life.service.users()).await;
    let about: Vec<&str> = differences.iter().map(|difference| difference.who.as_str()).collect();
    assert_eq!(about, [refused.as_str()], "{differences:?}");
    life.service.stop().await;
}
