//! What a drop is measured against after a person agreed to one: what was seen since, and not less.

use proptest::prelude::*;

use super::*;
use crate::{
    employee::{Canonical, CompanyId},
    roster::{Builder, Company},
};

/// A roster of this many people, of whom this many have a city.
fn header(employees: u32, cities: u32) -> Header {
    let city = Attribute::Canonical(Canonical::City);
    let company = Company {
        id: CompanyId::parse("1").unwrap(),
        name: "Acme".into(),
    };
    let mut header = Builder::new(company).finish(None).unwrap().header;
    header.employees = employees;
    header.coverage = [(city.clone(), cities)].into();
    header.visible = [city].into();
    header.walk_ended = true;
    header
}

/// A roster that was applied: after this many days, with this many people, this many percent of whom have a city; and whether
/// a person agreed to fewer people, and to fewer cities.
type Applied = (i32, u32, u32, bool, bool);

fn applied() -> impl Strategy<Value = Vec<Applied>> {
    prop::collection::vec((0..20_i32, 0..60_u32, 0..=100_u32, any::<bool>(), any::<bool>()), 1..25)
}

proptest! {
    #[test]
    fn r08_after_an_agreement_the_high_is_that_of_all_that_was_seen_since(lives in applied()) {
        let city = Attribute::Canonical(Canonical::City);
        let mut today: Date = "2026-01-01".parse().unwrap();
        let mut baseline = Baseline::default();
        // Day and number of what counts, the agreement's own first.
        let mut people: Vec<(Date, u32)> = Vec::new();
        let mut cities: Vec<(Date, u32)> = Vec::new();
        for (days, employees, percent, agrees_to_people, agrees_to_cities) in lives {
            today = today.checked_add(days.days()).unwrap();
            let header = header(employees, employees * percent / 100);
            let share = Observation { on: today, headcount: employees, coverage: header.coverage.clone() }.share(&city);
            baseline = baseline.moved(&header, today);
            if agrees_to_people {
                baseline = baseline.with_agreed_headcount(&header, today);
                people.clear();
            }
            if agrees_to_cities {
                baseline = baseline.with_agreed_coverage(&header, today, vec![city.clone()]);
                cities.clear();
            }
            people.push((today, employees));
            cities.push((today, share));
            let oldest = today.checked_sub(WINDOW_DAYS.days()).unwrap();
            people.retain(|(on, _)| *on > oldest);
            cities.retain(|(on, _)| *on > oldest);
            prop_assert_eq!(baseline.headcount(), people.iter().map(|(_, seen)| *seen).max().unwrap());
            // Several rosters of a day are one observation, whose shares are of its highest headcount, rounded up.
            prop_assert!(baseline.coverage(&city) >= cities.iter().map(|(_, seen)| *seen).max().unwrap());
            if agrees_to_cities {
                prop_assert_eq!(baseline.coverage(&city), share);
            }
        }
    }
}

#[test]
fn r44_a_baseline_of_before_agreements_is_read() {
    let old = r#"{"observations":[{"on":"2026-01-01","headcount":10,"coverage":{}}],"visible":[]}"#;
    let read: Baseline = serde_json::from_str(old).unwrap();
    assert_eq!((read.headcount(), read.agreed_headcount), (10, None));
    assert_eq!(serde_json::to_string(&read).unwrap(), old);
}
