//! Every break mode in either API, and what a read under it proves.

use std::time::Duration;

use rollcall::{
    employee::{Attribute, Canonical},
    roster::{Completeness, Doubt},
    source::Class,
};
use serde_json::{Value, json};

use super::support::{Lucca, Way};
use crate::support::Read;

/// A read under a fault, and the one before it.
struct Case {
    way: Way,
    before: Read,
    read: Read,
}

impl Case {
    fn judged(&self) -> Completeness {
        self.read.judge(Some(&self.before))
    }

    /// Checks that a read that broke off is no proof that a person is absent.
    #[track_caller]
    fn assert_broken(&self, class: Class) {
        assert_eq!(
            self.read.class(),
            Some(class),
            "{}: {:?}",
            self.way.people,
            self.read.error
        );
        let Completeness::Partial(doubts) = self.judged() else {
            panic!("{}: {:?}", self.way.people, self.judged());
        };
        assert!(
            matches!(&doubts[..], [Doubt::WalkBroken { reason }, ..] if reason == class.as_str()),
            "{doubts:?}"
        );
    }

    #[track_caller]
    fn assert_same(&self) {
        assert!(self.read.error.is_none(), "{}: {:?}", self.way.people, self.read.error);
        assert_eq!(self.read.roster, self.before.roster, "{}", self.way.people);
    }
}

/// Reads well once in each way, then under a fault, which may need the address of the list of people.
async fn read_under(employees: u32, fault: impl Fn(&str) -> Value) -> Vec<Case> {
    let hr = Lucca::start(employees).await;
    let mut cases = Vec::new();
    for way in hr.ways().await {
        let before = hr.read(&way.credential).await;
        assert!(before.judge(None).certificate().is_some(), "{:?}", before.error);
        // The way is tried before it is read, which is no part of what breaks.
        let source = hr.open(way.credential.clone());
        let company = crate::support::named(source.as_ref()).await.unwrap();
        hr.arm(fault(way.people)).await;
        let mut reading = rollcall::roster::Reading::whole(company);
        let error = source.read(&mut reading).await.err();
        let broken = error.as_ref().map(|error| error.class.as_str());
        let read = Read {
            roster: reading.roster.finish(broken).unwrap(),
            error,
            calls: source.calls(),
        };
        hr.mend().await;
        cases.push(Case { way, before, read });
    }
    cases
}

#[tokio::test]
async fn r06_a_page_that_stays_away_breaks_the_walk_after_all_tries() {
    let fault = |people: &str| json!({"mode": "status", "status": 503, "page": 2, "path": people});
    for case in read_under(250, fault).await {
        case.assert_broken(Class::Temporary);
        assert!(case.read.roster.header.employees <= 200);
    }
}

#[tokio::test]
async fn r31_a_page_that_stays_away_for_a_moment_costs_one_call() {
    for status in [408, 429, 500, 503] {
        let fault = |people: &str| json!({"mode": "status", "status": status, "page": 2, "times": 1, "path": people});
        for case in read_under(250, fault).await {
            case.assert_same();
            assert_eq!(case.read.calls, case.before.calls + 1, "{status}");
        }
    }
}

#[tokio::test]
async fn r31_a_server_that_names_a_time_to_wait_is_obeyed() {
    let fault = |people: &str| json!({"mode": "status", "status": 429, "retry_after": 1, "times": 1, "path": people});
    let cases = tokio::time::timeout(Duration::from_secs(20), read_under(20, fault)).await;
    for case in cases.unwrap() {
        case.assert_same();
    }
}

#[tokio::test]
async fn r06_an_answer_that_is_cut_off_or_no_json_is_never_a_short_roster() {
    let faults: [fn(&str) -> Value; 5] = [
        |people| json!({"mode": "truncate", "page": 2, "path": people}),
        |people| json!({"mode": "html", "path": people}),
        |people| {
            if people.contains("users") {
                json!({"mode": "truncate", "path": "fixed-items"})
            } else {
                json!({"mode": "truncate", "path": "employee-personal-records"})
            }
        },
        |people| {
            if people.contains("users") {
                json!({"mode": "html", "path": "establishments"})
            } else {
                json!({"mode": "html", "path": "departments"})
            }
        },
        |people| {
            if people.contains("users") {
                json!({"mode": "truncate", "path": "extensionuserdefinitions"})
            } else {
                json!({"mode": "truncate", "path": "lucca-api/employee-attributes"})
            }
        },
    ];
    for fault in faults {
        for case in read_under(250, fault).await {
            let class = case.read.class().unwrap();
            assert!(
                matches!(class, Class::Malformed | Class::Temporary),
                "{}",
                fault(case.way.people)
            );
            case.assert_broken(class);
        }
    }
}

#[tokio::test]
async fn r06_a_place_that_comes_again_never_makes_a_whole_read() {
    // Two pages of users: the second is the first again, and so many rows as there are came without all the people.
    for case in read_under(250, |people| json!({"mode": "repeat_cursor", "path": people})).await {
        assert!(matches!(case.judged(), Completeness::Partial(_)), "{}", case.way.people);
        assert!(case.read.calls < case.before.calls + 10);
    }
    for case in read_under(520, |people| json!({"mode": "repeat_cursor", "path": people})).await {
        case.assert_broken(Class::Malformed);
    }
}

#[tokio::test]
async fn r05_totals_that_disagree_get_no_certificate() {
    for case in read_under(150, |people| json!({"mode": "wrong_total", "path": people})).await {
        assert!(matches!(case.judged(), Completeness::Partial(_)), "{}", case.way.people);
    }
    let related = |people: &str| {
        let path = if people.contains("users") {
            "fixed-items"
        } else {
            "employee-personal-records"
        };
        json!({"mode": "wrong_total", "path": path})
    };
    for case in read_under(150, related).await {
        case.assert_broken(Class::Malformed);
    }
}

#[tokio::test]
async fn r05_a_row_that_comes_twice_is_one_person_and_hides_nobody_behind_it() {
    for case in read_under(250, |_| json!({"mode": "duplicate_row"})).await {
        assert!(case.read.roster.header.duplicates > 0, "{}", case.way.people);
        let hash = |read: &Read| read.roster.header.content_hash.clone();
        assert_eq!(hash(&case.read), hash(&case.before), "{}", case.way.people);
        assert!(case.judged().certificate().is_some());
    }
}

#[tokio::test]
async fn r07_a_related_list_that_is_suddenly_empty_empties_nothing() {
    let fault = |people: &str| {
        let path = if people.contains("users") {
            "fixed-items"
        } else {
            "employee-personal-records"
        };
        json!({"mode": "empty", "path": path})
    };
    for case in read_under(60, fault).await {
        let attribute = if case.way.people.contains("users") {
            Canonical::PayRate
        } else {
            Canonical::BirthDate
        };
        let Completeness::Narrowed(hidden) = case.judged() else {
            panic!("{}: {:?}", case.way.people, case.judged());
        };
        assert!(hidden.contains(&attribute.into()));
    }
}

#[tokio::test]
async fn r07_a_list_of_workplaces_that_is_suddenly_empty_empties_nothing() {
    for case in read_under(60, |_| json!({"mode": "empty", "path": "establishments"})).await {
        let Completeness::Narrowed(hidden) = case.judged() else {
            panic!("{}: {:?}", case.way.people, case.judged());
        };
        for attribute in [Canonical::TimeZone, Canonical::WorkCity] {
            assert!(hidden.contains(&attribute.into()), "{}", case.way.people);
        }
    }
}

#[tokio::test]
async fn an_empty_company_is_read_to_its_end_and_left_to_the_guards() {
    for case in read_under(20, |people| json!({"mode": "empty", "path": people})).await {
        assert!(case.read.error.is_none(), "{:?}", case.read.error);
        let header = &case.read.roster.header;
        assert_eq!((header.employees, header.announced), (0, Some(0)));
        assert!(header.walk_ended && case.judged().is_whole());
    }
}

#[tokio::test]
async fn a_list_that_is_short_but_consistent_is_read_as_it_is_and_left_to_the_guards() {
    for mode in ["short_list", "vanish"] {
        for case in read_under(150, |_| json!({"mode": mode, "share": 0.4})).await {
            assert!(case.read.error.is_none(), "{mode}: {:?}", case.read.error);
            assert!(case.read.roster.header.employees < case.before.roster.header.employees);
            assert!(case.judged().certificate().is_some(), "{mode}");
        }
    }
}

#[tokio::test]
async fn r09_an_id_that_carries_another_person_is_read_as_it_is_and_left_to_the_plan() {
    for case in read_under(60, |_| json!({"mode": "id_reused"})).await {
        assert!(case.judged().certificate().is_some());
        let (old, new) = (
            case.before.roster.employees().unwrap(),
            case.read.roster.employees().unwrap(),
        );
        assert_eq!(old.len(), new.len());
        let changed: Vec<_> = old.iter().zip(&new).filter(|(old, new)| old != new).collect();
        let [(old, new)] = changed[..] else {
            panic!("{} people changed", changed.len());
        };
        assert_eq!(old.id, new.id);
        for attribute in [Canonical::FirstName, Canonical::WorkEmail, Canonical::BirthDate] {
            assert_ne!(old.attributes.field(attribute), new.attributes.field(attribute));
        }
    }
}

#[tokio::test]
async fn r01_another_companys_people_come_under_the_same_ids_with_other_names() {
    for case in read_under(60, |_| json!({"mode": "other_company"})).await {
        assert!(case.read.error.is_none(), "{:?}", case.read.error);
        let (old, new) = (
            case.before.roster.employees().unwrap(),
            case.read.roster.employees().unwrap(),
        );
        assert_eq!(old.len(), new.len());
        let name = Canonical::LastName;
        let same = old
            .iter()
            .zip(&new)
            .filter(|(old, new)| old.value(name) == new.value(name));
        assert!(same.count() < old.len() / 5, "{}", case.way.people);
    }
}

#[tokio::test]
async fn r05_a_member_that_is_not_sent_any_more_hides_its_attribute() {
    for (field, attribute) in [("birth_date", Canonical::BirthDate), ("manager", Canonical::Manager)] {
        for case in read_under(60, |_| json!({"mode": "drop_field", "field": field})).await {
            let attribute = Attribute::Canonical(attribute);
            let hidden = case.read.roster.header.hidden.get(&attribute);
            assert_eq!(
                hidden.map(String::as_str),
                Some("not_shown"),
                "{}: {field}",
                case.way.people
            );
            assert!(matches!(case.judged(), Completeness::Narrowed(hidden) if hidden.contains(&attribute)));
        }
    }
}

#[tokio::test]
async fn r06_a_reply_that_is_lost_is_asked_for_again_and_then_given_up() {
    let fault = |people: &str| json!({"mode": "lost_reply", "times": 2, "path": people});
    for case in read_under(20, fault).await {
        case.assert_same();
    }
    for case in read_under(20, |people| json!({"mode": "lost_reply", "path": people})).await {
        case.assert_broken(Class::Temporary);
    }
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    for case in read_under(20, |_| json!({"mode": "slow", "ms": 40})).await {
        case.assert_same();
    }
}

#[tokio::test]
async fn r41_a_redirect_to_elsewhere_breaks_the_read() {
    let fault = |people: &str| json!({"mode": "status", "status": 302, "path": people});
    for case in read_under(20, fault).await {
        case.assert_broken(Class::Malformed);
    }
}

#[tokio::test]
async fn an_allowance_that_is_used_up_for_long_says_for_how_long() {
    let fault = |people: &str| json!({"mode": "status", "status": 429, "retry_after": 1_200, "path": people});
    for case in read_under(50, fault).await {
        case.assert_broken(Class::Temporary);
        let wait = case.read.error.as_ref().and_then(|error| error.wait);
        assert_eq!(wait, Some(Duration::from_mins(20)), "{}", case.way.people);
    }
}
