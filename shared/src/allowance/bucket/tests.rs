//! Properties of a bucket: no window holds more requests than the limit, whatever processes do and however they end; and what is
//! lost comes back.

use std::{collections::VecDeque, time::Duration};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::allowance::{Hand, Said, Token};

const FIFTY: Limit = Limit {
    requests: 50,
    window: SignedDuration::from_secs(60),
};

const NOTHING: Spent = Spent {
    answered: 0,
    at: Timestamp::MIN,
    pending: 0,
    left: None,
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + seconds).unwrap()
}

/// What a process does next.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Sends a request if it may, after taking a lot where it lacks one.
    Send,
    /// Gets the answer to a request.
    Answer,
    /// Gives back what it holds.
    GiveBack,
    /// Dies, and is started anew with empty hands.
    Die,
    /// Stands still for so many milliseconds.
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let act = prop_oneof![
        12 => Just(Act::Send),
        8 => Just(Act::Answer),
        1 => Just(Act::GiveBack),
        1 => Just(Act::Die),
        4 => (1..20_000_i64).prop_map(Act::Wait),
    ];
    prop::collection::vec((0..3_usize, act), 1..600)
}

fn limits() -> impl Strategy<Value = Limit> {
    (1..80_u32, 2..120_i64).prop_map(|(requests, seconds)| Limit {
        requests,
        window: SignedDuration::from_secs(seconds),
    })
}

/// A process: its name, what it holds, and its requests under way.
struct Process {
    name: String,
    hand: Hand,
    /// When each request under way was sent.
    under_way: VecDeque<Timestamp>,
}

impl Process {
    fn new(number: usize) -> Self {
        Self {
            name: format!("process-{number}"),
            hand: Hand::default(),
            under_way: VecDeque::new(),
        }
    }

    fn may_send(&mut self, bucket: &mut Bucket, limit: Limit, now: Timestamp) -> bool {
        match self.hand.spend(now) {
            Token::Given => return true,
            Token::ClosedUntil(_) => return false,
            Token::Lacking => {}
        }
        let mut changed = bucket.clone();
        changed.forget(now, limit);
        let spent = self.hand.spent(now);
        let Ok(lot) = changed.take(now, limit, &self.name, spent) else {
            return false;
        };
        *bucket = changed;
        self.hand.hold(lot, spent);
        self.hand.spend(now) == Token::Given
    }
}

/// Plays what processes do. Returns when each request reached the server at the latest: before its answer, and within the grace.
fn arrivals(limit: Limit, acts: &[(usize, Act)]) -> Vec<Timestamp> {
    let mut bucket = Bucket::default();
    let mut processes: Vec<Process> = (0..3).map(Process::new).collect();
    let mut arrived = Vec::new();
    let (mut now, mut started) = (at(0), 3);
    let reached = |sent: Timestamp, now: Timestamp| now.min(sent + limit.grace());
    for (number, act) in acts {
        let process = &mut processes[*number];
        match act {
            Act::Send => {
                if process.may_send(&mut bucket, limit, now) {
                    process.under_way.push_back(now);
                }
            }
            Act::Answer => {
                if let Some(sent) = process.under_way.pop_front() {
                    arrived.push(reached(sent, now));
                    assert_eq!(process.hand.answer(now, Said::default()), None);
                }
            }
            Act::GiveBack => {
                arrived.extend(process.under_way.iter().map(|sent| reached(*sent, now)));
                bucket.settle(&process.name, process.hand.spent(now), now);
                *process = Process::new(started);
                started += 1;
            }
            Act::Die => {
                arrived.extend(process.under_way.iter().map(|sent| reached(*sent, now)));
                *process = Process::new(started);
                started += 1;
            }
            Act::Wait(milliseconds) => now += SignedDuration::from_millis(*milliseconds),
        }
    }
    arrived
}

/// Returns the most requests that any window holds.
fn most_in_a_window(arrived: &[Timestamp], window: SignedDuration) -> usize {
    let within = |first: &Timestamp| {
        let end = *first + window;
        arrived.iter().filter(|at| *at >= first && **at < end).count()
    };
    arrived.iter().map(within).max().unwrap_or_default()
}

proptest! {
    #[test]
    fn no_window_holds_more_requests_than_the_limit(limit in limits(), acts in acts()) {
        let arrived = arrivals(limit, &acts);
        let most = most_in_a_window(&arrived, limit.window);
        prop_assert!(most <= limit.requests as usize, "{most} of {}", limit.requests);
    }

    #[test]
    fn whatever_was_taken_comes_back(limit in limits(), acts in acts()) {
        let mut bucket = Bucket::default();
        for (number, act) in acts {
            let mut process = Process::new(number);
            if matches!(act, Act::Send) {
                process.may_send(&mut bucket, limit, at(0));
            }
        }
        let end = bucket.ends_at(limit);
        prop_assert!(end <= at(0) + limit.counts_for() + limit.lot_lasts());
        bucket.forget(end, limit);
        prop_assert_eq!(bucket, Bucket::default());
    }

    #[test]
    fn a_clock_that_jumped_keeps_nobody_away_for_longer_than_a_lot_lasts(limit in limits(), ahead in 1..1_000_000_i64) {
        let mut bucket = Bucket::default();
        while bucket.take(at(ahead), limit, &format!("{:?}", bucket.ends_at(limit)), NOTHING).is_ok() {
            let length = bucket.lots.len();
            bucket.lots[length - 1].holder = format!("ahead-{length}");
        }
        prop_assert!(bucket.forget(at(0), limit), "it is to be written");
        let back = bucket.clone().take(at(0), limit, "present", NOTHING).unwrap_err();
        prop_assert!(back <= at(0) + limit.lot_lasts() + limit.counts_for());
        bucket.forget(back, limit);
        prop_assert!(bucket.take(back, limit, "present", NOTHING).is_ok());
    }
}

#[test]
fn a_lot_is_half_of_the_limit_and_the_third_process_waits() {
    let mut bucket = Bucket::default();
    let lot = bucket.take(at(0), FIFTY, "one", NOTHING).unwrap();
    assert_eq!((lot.count, lot.until), (25, at(15)));
    assert_eq!(bucket.take(at(1), FIFTY, "two", NOTHING).unwrap().count, 25);
    assert_eq!(bucket.take(at(2), FIFTY, "three", NOTHING), Err(at(15 + 62)));
}

#[test]
fn what_was_not_used_is_there_again_once_the_lot_is_given_back() {
    let mut bucket = Bucket::default();
    bucket.take(at(0), FIFTY, "one", NOTHING).unwrap();
    bucket.take(at(0), FIFTY, "two", NOTHING).unwrap();
    let spent = Spent {
        answered: 3,
        at: at(2),
        pending: 1,
        left: None,
    };
    bucket.settle("one", spent, at(3));
    assert_eq!(bucket.take(at(3), FIFTY, "three", NOTHING).unwrap().count, 21);
}

#[test]
fn a_dead_processs_lot_is_lost_until_it_comes_back_by_itself() {
    let mut bucket = Bucket::default();
    for number in 0..2 {
        bucket.take(at(0), FIFTY, &format!("dead-{number}"), NOTHING).unwrap();
    }
    let back = bucket.take(at(1), FIFTY, "next", NOTHING).unwrap_err();
    assert_eq!(
        back,
        at(77),
        "a quarter of a window for the lot, a window and a little for what it may have used"
    );
    bucket.forget(back, FIFTY);
    assert!(bucket.take(back, FIFTY, "next", NOTHING).is_ok());
}

#[test]
fn a_bucket_is_closed_for_as_long_as_the_server_said() {
    let mut bucket = Bucket::default();
    bucket.close(at(0), Duration::from_mins(20));
    bucket.close(at(1), Duration::from_secs(5));
    assert_eq!(bucket.take(at(2), FIFTY, "one", NOTHING), Err(at(1_200)));
    bucket.forget(at(1_199), FIFTY);
    assert!(bucket.take(at(1_199), FIFTY, "one", NOTHING).is_err());
    bucket.forget(at(1_200), FIFTY);
    assert!(bucket.take(at(1_200), FIFTY, "one", NOTHING).is_ok());
}

#[test]
fn what_other_programs_used_counts_until_the_server_begins_anew() {
    let mut bucket = Bucket::default();
    bucket.take(at(0), FIFTY, "one", NOTHING).unwrap();
    bucket.correct(at(1), FIFTY, 3, Duration::from_secs(20));
    assert_eq!(bucket.counted(), 47);
    assert!(bucket.take(at(1), FIFTY, "two", NOTHING).is_err());
    bucket.forget(at(21), FIFTY);
    assert_eq!(bucket.counted(), 25);
    bucket.correct(at(21), FIFTY, 40, Duration::from_secs(20));
    assert_eq!(bucket.counted(), 25, "the server has not seen all of the lot yet");
    bucket.correct(at(21), FIFTY, 0, Duration::from_hours(1));
    assert_eq!(bucket.counted(), 25, "another window than this one");
}

#[test]
fn very_many_notes_become_few_and_none_is_lost() {
    let mut bucket = Bucket::default();
    for number in 0..500 {
        bucket.note(1, at(number / 10));
    }
    assert_eq!((bucket.used.len(), bucket.counted()), (MOST_NOTES, 500));
    let text = serde_json::to_string(&bucket).unwrap();
    assert!(text.len() < 5_000, "{}", text.len());
    assert_eq!(serde_json::from_str::<Bucket>(&text).unwrap(), bucket);
}

#[test]
fn a_hand_gives_no_more_than_the_server_says_is_left() {
    let mut hand = Hand::default();
    assert_eq!(hand.spend(at(0)), Token::Lacking);
    let lot = Lot {
        count: 25,
        until: at(15),
    };
    hand.hold(lot, NOTHING);
    assert_eq!(hand.spend(at(0)), Token::Given);
    let said = |remaining, seconds| Said {
        remaining: Some(remaining),
        reset: Some(Duration::from_secs(seconds)),
        wait: None,
    };
    assert_eq!(hand.answer(at(1), said(4, 40)), None);
    assert_eq!(hand.left(at(1)), 4);
    assert_eq!(hand.spent(at(11)).left, Some((4, Duration::from_secs(30))));
    assert_eq!(hand.answer(at(2), said(0, 40)), Some(Duration::from_secs(40)));
    assert_eq!(hand.answer(at(3), said(0, 39)), None, "it is known already");
    assert_eq!(hand.spend(at(41)), Token::ClosedUntil(at(42)));
    assert_eq!(
        hand.spend(at(42)),
        Token::Lacking,
        "nothing is left, and the lot has ended"
    );
}

#[test]
fn what_is_answered_while_a_lot_is_taken_counts_with_the_next_one() {
    let mut hand = Hand::default();
    let lot = Lot {
        count: 25,
        until: at(15),
    };
    hand.hold(lot, NOTHING);
    for _ in 0..3 {
        assert_eq!(hand.spend(at(0)), Token::Given);
    }
    hand.answer(at(1), Said::default());
    let settled = hand.spent(at(1));
    assert_eq!((settled.answered, settled.pending), (1, 2));
    hand.answer(at(2), Said::default());
    hand.hold(lot, settled);
    let spent = hand.spent(at(2));
    assert_eq!((spent.answered, spent.pending), (1, 1));
}

#[test]
fn a_server_that_says_the_end_of_time_is_asked_again_after_an_hour() {
    for wait in [Duration::MAX, Duration::from_hours(24)] {
        let mut bucket = Bucket::default();
        bucket.close(at(0), wait);
        assert_eq!(bucket.take(at(1), FIFTY, "one", NOTHING), Err(at(3_600)));
        bucket.forget(at(3_600), FIFTY);
        assert!(bucket.take(at(3_600), FIFTY, "one", NOTHING).is_ok());
    }
}
