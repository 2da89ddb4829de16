//! The simulator: a deployment with a few tenants over random weeks. The real use cases and the real door work over ports where
//! one seed decides everything: which process has the next turn, which process dies, which reply is lost, which message comes
//! late or twice, what is down, how HR is read, what people ask for at one moment, and whom they erase. After each week all
//! becomes quiet. Then every account is as HR says, and nothing is left over.
//!
//! `WEEKS=n` lives through n weeks instead of the usual number, from the seed `WEEKS_FROM` on. `WEEKS_SEED=s` lives the weeks
//! of one seed again, call by call.

#[cfg(test)]
mod check;
#[cfg(test)]
mod draw;
#[cfg(test)]
mod fate;
#[cfg(test)]
mod life;
#[cfg(test)]
mod office;
#[cfg(test)]
mod people;
#[cfg(test)]
mod port;
#[cfg(test)]
mod process;
#[cfg(test)]
mod sabotage;
#[cfg(test)]
mod tally;
#[cfg(test)]
mod trace;
#[cfg(test)]
mod view;
#[cfg(test)]
mod weather;
#[cfg(test)]
mod world;

#[cfg(test)]
mod tests {
    use std::{
        cell::Cell,
        panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
        sync::{
            Mutex, Once,
            atomic::{AtomicU64, Ordering},
        },
    };

    use super::{
        life::{Life, WEEKS_PER_LIFE, world_of},
        sabotage::Bug,
        tally::Tally,
    };

    /// How many weeks are lived through where `WEEKS` does not say otherwise.
    const WEEKS: u64 = 2_000;

    /// After so many lives that ended badly no other life is begun.
    const MOST_FAILURES: usize = 20;

    /// So many lives are enough to find a bug.
    const MOST_LIVES_OF_A_BUG: u64 = 40;

    #[expect(
        clippy::disallowed_methods,
        reason = "a person at the keyboard says which weeks to live again"
    )]
    fn setting(name: &str) -> Option<u64> {
        std::env::var(name).ok().map(|text| text.parse().unwrap())
    }

    /// A life that was lived.
    struct Lived {
        tally: Tally,
        /// The hash that tells this life from another.
        hash: u64,
        /// Its last lines.
        lines: Vec<String>,
        /// What went wrong, if anything did.
        failure: Option<String>,
    }

    /// Lives the weeks of one seed. Keeps all lines, or the last ones. Returns the life.
    fn live(seed: u64, is_whole: bool, bug: Option<Bug>) -> Lived {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let _time = runtime.enter();
        let (world, tenants, companies) = world_of(seed);
        world.fate.state().trace.is_whole = is_whole;
        if let Some(bug) = bug {
            world.plant(bug, &tenants);
        }
        let mut life = Life::new(&world, tenants, companies);
        let lived = catch_unwind(AssertUnwindSafe(|| life.live()));
        let failure = lived.err().map(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            let literal = panic.downcast_ref::<&str>().map(|literal| (*literal).to_owned());
            text.or(literal).unwrap_or_default()
        });
        let state = world.fate.state();
        Lived {
            tally: state.tally.clone(),
            hash: state.trace.hash(),
            lines: state.trace.lines(),
            failure,
        }
    }

    thread_local! {
        static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    }

    /// Carries out something whose panics on this thread are expected. Nothing is printed of them, since a log of tests names no
    /// person (R38).
    fn quietly<T>(act: impl FnOnce() -> T) -> T {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let usual = take_hook();
            set_hook(Box::new(move |panic| {
                if !IS_QUIET.get() {
                    usual(panic);
                }
            }));
        });
        IS_QUIET.set(true);
        let done = act();
        IS_QUIET.set(false);
        done
    }

    /// Prints what happened and how to live these weeks again.
    fn tell(seed: u64, lived: &Lived) {
        for line in &lived.lines {
            println!("{line}");
        }
        println!("{:?}, life {:016x}", lived.failure, lived.hash);
        println!("live these weeks again: WEEKS_SEED={seed} cargo test -p acceptance --test weeks");
    }

    #[test]
    fn a_seed_plays_the_same_life_call_by_call() {
        let hashes = [7, 7, 8].map(|seed| live(seed, false, None).hash);
        assert_eq!(hashes[0], hashes[1]);
        assert_ne!(hashes[0], hashes[2]);
    }

    #[test]
    fn each_planted_bug_is_found_within_some_weeks() {
        for bug in Bug::ALL {
            let is_found = |seed: &u64| quietly(|| live(*seed, false, Some(bug))).failure.is_some();
            let found = (0..MOST_LIVES_OF_A_BUG).find(is_found);
            assert!(found.is_some(), "{bug:?} is not found");
        }
    }

    #[test]
    fn random_weeks_keep_every_rule_and_converge_to_what_hr_says() {
        if let Some(seed) = setting("WEEKS_SEED") {
            let lived = live(seed, true, None);
            tell(seed, &lived);
            assert_eq!(lived.failure, None);
            return;
        }
        let lives = setting("WEEKS").unwrap_or(WEEKS).div_ceil(WEEKS_PER_LIFE);
        let from = setting("WEEKS_FROM").unwrap_or_default();
        let next = AtomicU64::new(from);
        let failures: Mutex<Vec<(u64, Lived)>> = Mutex::default();
        let work = || {
            let mut tally = Tally::default();
            while failures.lock().unwrap().len() < MOST_FAILURES {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed - from >= lives {
                    break;
                }
                let life = live(seed, false, None);
                tally.take_in(&life.tally);
                if let Some(failure) = &life.failure {
                    println!("seed {seed}: {failure}");
                    failures.lock().unwrap().push((seed, life));
                }
            }
            tally
        };
        let tally = std::thread::scope(|scope| {
            let threads = [scope.spawn(work), scope.spawn(work)];
            let mut all = Tally::default();
            for thread in threads {
                all.take_in(&thread.join().unwrap());
            }
            all
        });
        let failures = failures.into_inner().unwrap();
        if let Some((seed, lived)) = failures.first() {
            tell(*seed, lived);
        }
        let told: Vec<_> = failures
            .iter()
            .map(|(seed, lived)| format!("{seed}: {}", lived.failure.as_deref().unwrap_or_default()))
            .collect();
        println!("{tally:?}");
        assert!(
            failures.is_empty(),
            "{} seeds end badly\n{}",
            failures.len(),
            told.join("\n")
        );
        tally.check();
    }
}
