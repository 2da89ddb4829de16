//! How many requests are under way at one time: as many as the pace allows, and no more.

use futures_util::future::join_all;
use rollcall::target::Target as _;

use super::{Habits, Profile, bearer, service, target};
use rollcall::testing::builder::account_id;

#[tokio::test]
async fn as_many_requests_are_under_way_as_the_pace_allows_and_no_more() {
    let habits = Habits {
        latency_ms: 20,
        ..Habits::default()
    };
    let service = service(habits).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let ids: Vec<_> = (0..80).map(|number| account_id(&format!("u-{number}"))).collect();
    let found = join_all(ids.iter().map(|id| target.find_account(id))).await;
    assert!(found.into_iter().all(|found| found.unwrap().is_none()));
    assert_eq!(service.most_under_way(), 16);
    service.stop().await;
}
