//! Of a person's addresses and numbers one is HR's. It changes, and all others stay as they are, in the form in which they stand.

use emulators::scim::{Changes, Habits};
use rollcall::{
    account::Account,
    employee::{
        AttributesBuilder,
        Canonical::{Email, MobilePhone},
        Field,
    },
};
use serde_json::{Value, json};

use super::forms::Scene;

/// Returns a scene whose server takes changes in this form, and shows these members of the person.
async fn scene(changes: Changes, members: Value) -> Scene {
    let scene = Scene::with(Habits {
        changes,
        ..Habits::default()
    })
    .await;
    scene.service.edit(scene.ana.id.as_str(), members);
    scene
}

async fn clear_number(scene: &Scene) -> Account {
    let mut cleared = AttributesBuilder::new();
    cleared.set_canonical(MobilePhone, Field::Empty);
    scene.set(&scene.ana, cleared.build(), None).await.unwrap()
}

#[tokio::test]
async fn another_number_takes_the_place_of_the_managed_one_and_of_no_other() {
    for changes in [Changes::Both, Changes::PutNotImplemented] {
        let desk = json!({ "type": "work", "value": "+34910000000" });
        let second = json!({ "type": "mobile", "value": "+34600000002" });
        let managed = |number: &str| json!({ "type": "mobile", "value": number, "primary": true });
        let numbers = json!([desk, managed("+34600000001"), second]);
        let scene = scene(changes, json!({ "phoneNumbers": numbers })).await;
        let ana = scene.change(&[(MobilePhone, "+34600000009")]).await;
        assert_eq!(ana.value(MobilePhone), Some("+34600000009"));
        let numbers = json!([desk, managed("+34600000009"), second]);
        assert_eq!(scene.user()["phoneNumbers"], numbers, "{changes:?}");

        // A number that stands in the list already stands there once.
        scene.change(&[(MobilePhone, "+34600000002")]).await;
        assert_eq!(
            scene.user()["phoneNumbers"],
            json!([desk, managed("+34600000002")]),
            "{changes:?}"
        );
        clear_number(&scene).await;
        assert_eq!(scene.user()["phoneNumbers"], json!([desk]), "{changes:?}");
        scene.service.stop().await;
    }
}

#[tokio::test]
async fn a_number_that_is_taken_away_leaves_a_second_one_of_its_kind() {
    let second = json!({ "type": "mobile", "value": "+34600000002" });
    let numbers = json!([{ "type": "mobile", "value": "+34600000001" }, second]);
    let scene = scene(Changes::Both, json!({ "phoneNumbers": numbers })).await;
    let ana = clear_number(&scene).await;
    assert_eq!(ana.value(MobilePhone), Some("+34600000002"));
    assert_eq!(scene.user()["phoneNumbers"], json!([second]));
    scene.service.stop().await;
}

#[tokio::test]
async fn addresses_and_numbers_that_are_plain_texts_stay_plain_texts_and_stay_there() {
    for changes in [Changes::Both, Changes::PutNotImplemented] {
        let plain = json!({
            "emails": ["ana@acme.example", "ana@home.example"], "phoneNumbers": ["+34910000000", "+34910000001"],
        });
        let scene = scene(changes, plain).await;
        let ana = scene
            .change(&[(Email, "ana.ruiz@acme.example"), (MobilePhone, "+34600000001")])
            .await;
        assert_eq!(ana.value(Email), Some("ana.ruiz@acme.example"));
        let user = scene.user();
        assert_eq!(
            user["emails"],
            json!(["ana.ruiz@acme.example", "ana@home.example"]),
            "{changes:?}"
        );
        let mobile = json!({ "type": "mobile", "value": "+34600000001" });
        assert_eq!(
            user["phoneNumbers"],
            json!([mobile, "+34910000000", "+34910000001"]),
            "{changes:?}"
        );
        scene.service.stop().await;
    }
}
