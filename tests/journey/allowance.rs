//! An HR system takes only so many requests from all processes together. A read whose allowance is used up pauses at its position,
//! and comes to what an uninterrupted one comes to.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use acceptance::journey::{Ground, Halt, Nobody, Office, Place, Stage, Verdict, Watch, picture};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    allowance::{Limit, Scope, ScopeKey, SharedLimit},
    connection::{ConnectionSecret, Credential, Preset, TokenSet},
    queue::LONGEST_DELAY,
    run::{Actor, erase_tenant, request_diff, secret_name},
    store::{RunRecord, RunStatus},
};

use crate::support::{assert_same_end, errors};

/// Four pages within twenty minutes.
const LIMIT: SharedLimit = SharedLimit {
    limit: Limit {
        requests: 4,
        window: SignedDuration::from_mins(20),
    },
    scope: Scope::Site,
};

/// How many people there are, on eight pages.
const PEOPLE: u64 = 38;

/// How many people there are where a night is lived again and again: on three pages, of which two may be asked for at once.
const FEW: u64 = 13;

fn scope() -> ScopeKey {
    LIMIT.key("factorial", "", "")
}

/// Returns a connected stage of so many people, whose HR system shows five of them on a page.
async fn paged(watch: Arc<dyn Watch>, people: u64) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=people);
    let ground = Ground {
        watch,
        ..crate::ground().await
    };
    let mut stage = Stage::new(ground, &office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    office.page_by(5, SignedDuration::ZERO, &stage.clock);
    stage
}

/// Returns the same stage with a limit on its pages.
async fn limited(watch: Arc<dyn Watch>) -> Stage {
    let stage = paged(watch, PEOPLE).await;
    stage.office.limit(LIMIT);
    stage
}

async fn undisturbed(people: u64) -> Vec<String> {
    let stage = paged(Arc::new(Nobody), people).await;
    stage.night().await.unwrap();
    picture(&stage).await.unwrap()
}

/// Delivers one message, whenever it is to be seen. Returns the run as it is then.
async fn deliver_next(stage: &Stage, run: &RunRecord) -> RunRecord {
    let at = stage.letters.next_at().unwrap();
    stage.clock.set(at.max(stage.now()));
    let letter = stage.letters.receive().unwrap();
    stage.handle(&letter).await.unwrap();
    stage.run(&run.id).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn r45_a_read_whose_allowance_is_used_up_goes_on_at_its_position_when_it_is_back() {
    let stage = limited(Arc::new(Nobody)).await;
    let run = request_diff(&stage.ports, &stage.connection).await.unwrap();
    let asked = stage.run(&run).await.unwrap();
    let begun_at = stage.now();
    let waiting = deliver_next(&stage, &asked).await;
    let until = waiting.waits_until.unwrap();
    assert_eq!((waiting.status, waiting.progress.done), (RunStatus::Deferred, 20));
    assert_eq!(
        (waiting.slice, waiting.attempts),
        (1, 0),
        "it is no slice without progress"
    );
    assert!(until > begun_at + SignedDuration::from_mins(20), "{until}");
    assert!(until < begun_at + SignedDuration::from_mins(27), "{until}");
    // A queue delays for a quarter of an hour: the message is sent on once, and the run stays as it is.
    let delay = stage.letters.next_at().unwrap().duration_since(begun_at);
    assert_eq!(Duration::try_from(delay).unwrap(), LONGEST_DELAY);
    assert_eq!(deliver_next(&stage, &asked).await, waiting);
    assert!(stage.letters.next_at().unwrap() >= until);
    assert_eq!(stage.office.pages(), 4, "nothing was asked meanwhile");
    let read = deliver_next(&stage, &asked).await;
    assert_eq!((read.status, read.waits_until), (RunStatus::Succeeded, None));
    assert_eq!((stage.office.pages(), read.progress.done), (8, 38), "no page twice");
    stage.deliver().await.unwrap();
    assert_same_end(
        &picture(&stage).await.unwrap(),
        &undisturbed(PEOPLE).await,
        "a read that waited",
    );
}

#[tokio::test(start_paused = true)]
async fn r45_a_read_that_finds_nothing_left_waits_without_using_up_its_tries() {
    let stage = limited(Arc::new(Nobody)).await;
    for _ in 0..8 {
        // Each morning's run finds what the one before left, and waits for the rest.
        let run = stage.night().await.unwrap();
        assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
        let took = run.ended_at.unwrap().duration_since(run.started_at);
        assert!(took >= SignedDuration::from_mins(20), "{took}");
    }
    assert_eq!(stage.office.pages(), 64);
    assert_eq!(stage.accounts().await.unwrap().len(), 38);
}

#[tokio::test(start_paused = true)]
async fn r45_a_read_waits_no_longer_than_a_read_may_take() {
    let mut stage = limited(Arc::new(Nobody)).await;
    stage.ports.settings.longest_read = SignedDuration::from_mins(10);
    let run = stage.night().await.unwrap();
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::SucceededWithErrors, vec![("unavailable", None)])
    );
    assert_eq!(
        (run.completeness.as_deref(), run.slice),
        (Some("partial"), 0),
        "what was read is made the most of"
    );
    assert_eq!(stage.accounts().await.unwrap().len(), 0, "nobody joins by half a list");
}

#[tokio::test(start_paused = true)]
async fn r29_a_night_within_an_allowance_may_die_at_any_write() {
    let expected = undisturbed(FEW).await;
    let requests = 2;
    let limit = SharedLimit {
        limit: Limit {
            requests,
            ..LIMIT.limit
        },
        ..LIMIT
    };
    for after in [false, true] {
        let mut number = 1;
        loop {
            let halt = Halt::at(number, after);
            let stage = paged(Arc::clone(&halt) as Arc<dyn Watch>, FEW).await;
            stage.office.limit(limit);
            request_diff(&stage.ports, &stage.connection).await.unwrap();
            let is_whole = halt.live(stage.deliver()).await.is_some();
            if !is_whole {
                stage.clock.advance(stage.ports.settings.lease);
                stage.deliver().await.unwrap();
            }
            let journey = format!("a death at write {number}, after it: {after},");
            assert_same_end(&picture(&stage).await.unwrap(), &expected, &journey);
            if is_whole {
                break;
            }
            number += 1;
        }
        assert!(number > 20, "{number}");
    }
}

/// A watch that lets no bucket be written, or none be read, so many times.
#[derive(Debug)]
struct Down {
    place: &'static str,
    times: AtomicU64,
    verdict: Verdict,
}

impl Down {
    fn judge(&self, place: Place) -> Verdict {
        let is_it = place == Place::Store(self.place);
        let left = is_it && self.times.load(Ordering::SeqCst) > 0;
        if left {
            self.times.fetch_sub(1, Ordering::SeqCst);
            return self.verdict;
        }
        Verdict::Go
    }
}

#[async_trait]
impl Watch for Down {
    async fn before(&self, place: Place) -> Verdict {
        self.judge(place)
    }

    async fn look(&self, place: Place) -> Verdict {
        self.judge(place)
    }
}

#[tokio::test(start_paused = true)]
async fn r31_nothing_is_asked_of_hr_while_the_store_cannot_count_it_and_the_read_goes_on_then() {
    let expected = undisturbed(PEOPLE).await;
    for (place, verdict) in [
        ("find_bucket", Verdict::Fail),
        ("put_bucket", Verdict::Fail),
        ("put_bucket", Verdict::LoseReply),
    ] {
        let down = Down {
            place,
            times: AtomicU64::new(9),
            verdict,
        };
        let stage = limited(Arc::new(down)).await;
        let run = request_diff(&stage.ports, &stage.connection).await.unwrap();
        let asked = stage.run(&run).await.unwrap();
        let waiting = deliver_next(&stage, &asked).await;
        assert_eq!((waiting.status, waiting.attempts), (RunStatus::Deferred, 0));
        assert_eq!(stage.office.pages(), 0, "nothing is sent that was not counted");
        assert!(waiting.waits_until.unwrap() <= stage.now() + SignedDuration::from_secs(31));
        stage.deliver().await.unwrap();
        let run = stage.run(&run).await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Succeeded, Vec::new()),
            "{place}"
        );
        assert_same_end(&picture(&stage).await.unwrap(), &expected, place);
    }
}

#[tokio::test(start_paused = true)]
async fn r37_what_was_counted_goes_with_the_tenant() {
    let stage = limited(Arc::new(Nobody)).await;
    stage.night().await.unwrap();
    assert!(stage.store.find_bucket(&scope()).await.unwrap().is_some());
    let admin = Actor::named("an admin");
    erase_tenant(&stage.ports, &admin, &stage.tenant).await.unwrap();
    assert_eq!(stage.store.find_bucket(&scope()).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn r45_logins_are_counted_with_the_operators_application_and_a_key_by_itself() {
    let shared = SharedLimit {
        scope: Scope::Login,
        ..LIMIT
    };
    for signed_in in [false, true] {
        let stage = paged(Arc::new(Nobody), FEW).await;
        stage.office.limit(shared);
        if signed_in {
            let name = secret_name(&stage.connection);
            let text = stage.secrets.find_secret(&name).await.unwrap().unwrap();
            let secret = ConnectionSecret::from_secret_text(&text).unwrap();
            let tokens = TokenSet {
                access_token: "token".to_owned().into(),
                refresh_token: None,
                expires_at: None,
                obtained_at: stage.now(),
                scope: None,
            };
            let secret = ConnectionSecret {
                source: Some(Credential::Tokens(tokens)),
                ..secret
            };
            let text = secret.to_secret_text().unwrap();
            stage.secrets.put_secret(&name, &text).await.unwrap();
        }
        stage.night().await.unwrap();
        let counted = async |scope| {
            let key = SharedLimit { scope, ..LIMIT }.key("factorial", "", stage.connection.as_str());
            stage.store.find_bucket(&key).await.unwrap().is_some()
        };
        let found = [counted(Scope::Application).await, counted(Scope::Connection).await];
        assert_eq!(found, [signed_in, !signed_in]);
        let admin = Actor::named("an admin");
        erase_tenant(&stage.ports, &admin, &stage.tenant).await.unwrap();
        let left = [counted(Scope::Application).await, counted(Scope::Connection).await];
        assert_eq!(left, [signed_in, false], "what all logins share stays");
    }
}
