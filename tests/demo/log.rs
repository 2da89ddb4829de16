//! The demo's log.

use std::fs;

use emulators::factorial as emulated;
use local::emulator::Controls;
use rollcall::runtime::outbound_client;
use serde_json::Value;

use crate::support::{log, show};

/// The log of a whole show names no person of its company. A second emulator with that company tells who its people are.
#[tokio::test]
async fn r38_no_person_and_no_key_is_in_the_log() {
    let (employees, seed) = (60, 1);
    show(employees, true).await;
    let text = fs::read_to_string(log()).unwrap();
    assert!(text.lines().count() > 20, "{text}");
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let options = emulated::Options {
        employees,
        seed,
        ..emulated::Options::default()
    };
    let twin = emulated::start(options).await.unwrap();
    let controls = Controls::new(&outbound_client().unwrap(), &twin.url()).unwrap();
    let mut people = controls.list_people().await.unwrap();
    controls.pass_day(true).await.unwrap();
    people.extend(controls.list_people().await.unwrap());
    let mut searched = 0;
    for person in &people {
        let value = |member: &str| person[member].as_str().unwrap_or_default().to_owned();
        let full = format!("{} {}", value("first_name"), value("last_name"));
        let telling = [
            "work_email",
            "personal_email",
            "mobile_phone",
            "address_line_1",
            "display_name",
        ]
        .map(value);
        for text_of_person in telling.iter().chain([&full]).filter(|text| text.chars().count() > 4) {
            searched += 1;
            assert!(!text.contains(text_of_person), "a person's value is in the log");
        }
    }
    assert!(searched > 300, "{searched}");
    assert!(!text.contains(twin.api_key()));
    assert!(!text.contains(twin.client_secret()));
    assert!(!text.contains(emulators::CANARY), "a forbidden value is in the log");
    twin.stop().await;
}
