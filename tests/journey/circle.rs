//! Addresses that go around in a circle, where the target has transactions: the directory only.

use rollcall::employee::Canonical;

use crate::{
    changed::{applied, planned},
    support::errors,
};

#[tokio::test]
async fn r28_a_value_of_a_circle_that_was_edited_by_hand_stops_the_circle_and_nobody_else() {
    let stage = planned().await;
    let id = stage.account_of(4).await.unwrap().id;
    stage
        .edit_by_hand(&id, Canonical::Email, "four@example.com")
        .await
        .unwrap();
    let run = applied(&stage).await;
    let changed = [("changed_since_plan", Some("3")), ("changed_since_plan", Some("4"))];
    assert_eq!(errors(&run), changed);
    assert_eq!(run.progress.done, run.progress.total);
    let email = async |employee| {
        stage
            .account_of(employee)
            .await
            .unwrap()
            .value(Canonical::Email)
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (email(3).await, email(4).await),
        ("p3@example.com".to_owned(), "four@example.com".to_owned())
    );
    assert_eq!(
        (email(5).await, email(6).await),
        ("five@example.com".to_owned(), "p5@example.com".to_owned())
    );
}
