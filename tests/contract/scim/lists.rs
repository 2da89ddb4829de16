//! Lists: with every habit of paging all accounts are listed, and a list that is not whole is never taken for whole.

use rollcall::{
    account::{AccountsBuilder, ExternalId},
    target::{Class, Target as _},
};
use serde_json::json;

use super::{Filters, Habits, Pages, Profile, Running, Totals, bearer, service, target};

async fn filled(habits: Habits, people: usize) -> Running {
    let service = service(habits).await;
    for number in 0..people {
        service.add(&json!({ "userName": format!("p{number}@acme.example"), "externalId": format!("x:{number}") }));
    }
    service
}

/// Lists everything, each page by another process than the one before. Returns how many accounts that are.
async fn count_in_slices(service: &Running, profile: &'static Profile) -> Result<usize, Class> {
    let (mut listed, mut from) = (AccountsBuilder::default(), None::<String>);
    loop {
        let target = target(&service.base(), profile, bearer());
        if let Some(from) = &from {
            target.resume_list(from, &listed).await.unwrap();
        }
        let page = target.list_accounts(from.as_deref()).await;
        let page = page.map_err(|error| error.class)?;
        for account in &page.accounts {
            listed.push(account);
        }
        from = page.next;
        if from.is_none() {
            return Ok(listed.len());
        }
    }
}

/// Returns how many accounts are listed, or why the list is not whole.
async fn count(service: &Running, profile: &'static Profile) -> Result<usize, Class> {
    let target = target(&service.base(), profile, bearer());
    let (mut count, mut from) = (0, None);
    loop {
        let page = target
            .list_accounts(from.as_deref())
            .await
            .map_err(|error| error.class)?;
        count += page.accounts.len();
        match page.next {
            Some(next) => from = Some(next),
            None => return Ok(count),
        }
    }
}

#[tokio::test]
async fn every_way_of_paging_brings_everybody() {
    for habits in [
        Habits::default(),
        Habits {
            page_cap: Some(7),
            ..Habits::default()
        },
        Habits {
            shrinking_pages: true,
            page_cap: Some(40),
            ..Habits::default()
        },
        Habits {
            pages: Pages::ByCursor,
            page_cap: Some(9),
            totals: Totals::Absent,
            ..Habits::default()
        },
        Habits {
            pages: Pages::LastAgain,
            page_cap: Some(20),
            ..Habits::default()
        },
        Habits {
            totals: Totals::OfPage,
            page_cap: Some(20),
            ..Habits::default()
        },
        Habits {
            totals: Totals::Absent,
            page_cap: Some(50),
            ..Habits::default()
        },
    ] {
        let service = filled(habits.clone(), 250).await;
        assert_eq!(count(&service, &Profile::GENERIC).await, Ok(250), "{habits:?}");
        let in_slices = count_in_slices(&service, &Profile::GENERIC).await;
        assert_eq!(in_slices, Ok(250), "in slices, {habits:?}");
        service.stop().await;
    }
    let habits = Habits {
        pages: Pages::ByCursor,
        page_cap: Some(9),
        ..Habits::default()
    };
    let service = filled(habits, 250).await;
    assert_eq!(count(&service, &Profile::AWS_IDENTITY_CENTER).await, Ok(250));
    assert_eq!(count_in_slices(&service, &Profile::AWS_IDENTITY_CENTER).await, Ok(250));
    service.stop().await;
}

/// Some servers fail where they are told how many users to list.
#[tokio::test]
async fn a_server_that_fails_where_users_are_counted_is_listed_in_pages_of_its_own() {
    let habits = Habits {
        fails_counted: true,
        page_cap: Some(20),
        ..Habits::default()
    };
    let service = filled(habits, 50).await;
    assert_eq!(count(&service, &Profile::GENERIC).await, Ok(50));
    let counted = |service: &Running| {
        let asked = service.asked();
        asked.iter().filter(|asked| asked.target.contains("count=")).count()
    };
    let failed = counted(&service);
    assert_eq!(count_in_slices(&service, &Profile::GENERIC).await, Ok(50));
    assert_eq!(
        counted(&service),
        2 * failed,
        "the first page alone is tried with a number"
    );

    // What was learnt is not learnt again.
    let learning = target(&service.base(), &Profile::GENERIC, bearer());
    learning.list_accounts(None).await.unwrap();
    let tried = counted(&service);
    let knowing = target(&service.base(), &Profile::GENERIC, bearer());
    knowing.recall(learning.learned());
    knowing.list_accounts(None).await.unwrap();
    assert_eq!(counted(&service), tried);
    service.stop().await;
}

#[tokio::test]
async fn a_place_that_is_none_of_a_list_is_refused_before_anything_is_asked() {
    let service = filled(Habits::default(), 3).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    for place in ["", "index 3", "{}", r#"{"place":{"index":"x"},"so_far":{}}"#] {
        let refused = target.resume_list(place, &AccountsBuilder::default()).await;
        assert_eq!(refused.unwrap_err().class, Class::Gone, "{place}");
    }
    assert!(service.asked().is_empty());
    service.stop().await;
}

#[tokio::test]
async fn r05_a_list_that_repeats_its_first_page_is_not_taken_for_whole() {
    for totals in [Totals::True, Totals::OfPage, Totals::Absent] {
        let habits = Habits {
            pages: Pages::FirstOnly,
            totals,
            ..Habits::default()
        };
        let service = filled(habits, 250).await;
        assert_eq!(
            count(&service, &Profile::GENERIC).await,
            Err(Class::Incomplete),
            "{totals:?}"
        );
        assert!(service.asked().len() < 10);
        service.stop().await;
    }
}

/// A page that is shorter than what was asked for may be one of many all the same: its count may be that of the page.
#[tokio::test]
async fn r05_a_short_page_that_comes_again_is_whole_only_where_the_server_counts_all_users() {
    for (people, totals, expected) in [
        (250, Totals::True, Err(Class::Incomplete)),
        (250, Totals::OfPage, Err(Class::Incomplete)),
        (250, Totals::Absent, Err(Class::Incomplete)),
        (20, Totals::True, Ok(20)),
        (12, Totals::True, Ok(12)),
        (12, Totals::OfPage, Err(Class::Incomplete)),
        (1, Totals::OfPage, Ok(1)),
        (0, Totals::Absent, Ok(0)),
    ] {
        for pages in [Pages::FirstOnly, Pages::LastAgain] {
            if pages == Pages::LastAgain && people > 20 {
                continue;
            }
            let habits = Habits {
                pages,
                page_cap: Some(20),
                totals,
                ..Habits::default()
            };
            let service = filled(habits, people).await;
            let counted = count(&service, &Profile::GENERIC).await;
            assert_eq!(counted, expected, "{people}, {totals:?}, {pages:?}");
            assert!(service.asked().len() < 10);
            service.stop().await;
        }
    }
}

#[tokio::test]
async fn r05_a_list_with_users_without_an_id_is_not_taken_for_whole() {
    let habits = Habits {
        nameless: vec!["p3@acme.example".into()],
        ..Habits::default()
    };
    let service = filled(habits, 50).await;
    let counted = count(&service, &Profile::GENERIC).await;
    assert_eq!(counted, Err(Class::Incomplete));
    service.stop().await;
}

#[tokio::test]
async fn r05_a_list_that_never_advances_ends_within_a_bounded_number_of_requests() {
    let service = filled(
        Habits {
            pages: Pages::NeverAdvancing,
            page_cap: Some(10),
            ..Habits::default()
        },
        250,
    )
    .await;
    for profile in [&Profile::GENERIC, &Profile::AWS_IDENTITY_CENTER] {
        assert_eq!(count(&service, profile).await, Err(Class::Incomplete));
    }
    assert!(service.asked().len() < 20, "{}", service.asked().len());
    service.stop().await;
}

#[tokio::test]
async fn r47_a_list_without_an_end_is_given_up_for_good_once_it_has_more_than_any_target() {
    let habits = Habits {
        pages: Pages::Endless,
        page_cap: Some(10_000),
        ..Habits::default()
    };
    let service = service(habits).await;
    assert_eq!(count(&service, &Profile::GENERIC).await, Err(Class::Refused));
    assert!(service.asked().len() < 60, "{}", service.asked().len());
    service.stop().await;
}

#[tokio::test]
async fn r47_a_page_that_takes_many_times_its_length_in_memory_is_given_up_while_it_is_read() {
    for pages in [Pages::Numbers, Pages::Swollen] {
        let habits = Habits {
            pages,
            filters: Filters::Refused,
            ..Habits::default()
        };
        let service = service(habits).await;
        assert_eq!(
            count(&service, &Profile::GENERIC).await,
            Err(Class::Refused),
            "{pages:?}"
        );
        let target = target(&service.base(), &Profile::GENERIC, bearer());
        let wanted = ExternalId::from_target("factorial:7:1").unwrap();
        let found = target.find_by_external_id(&wanted).await;
        assert_eq!(found.map_err(|error| error.class), Err(Class::Refused), "{pages:?}");
        service.stop().await;
    }
}

#[tokio::test]
async fn r47_a_reference_that_very_many_accounts_carry_is_a_conflict_and_none_of_them_is_asked_for() {
    let service = service(Habits {
        filters: Filters::Refused,
        ..Habits::default()
    })
    .await;
    for number in 0..150 {
        service.add(&json!({ "userName": format!("p{number}@acme.example"), "externalId": "factorial:7:1" }));
    }
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let wanted = ExternalId::from_target("factorial:7:1").unwrap();
    let found = target.find_by_external_id(&wanted).await;
    assert_eq!(found.map_err(|error| error.class), Err(Class::Conflict));
    assert!(service.asked().len() < 20, "{}", service.asked().len());
    service.stop().await;
}
