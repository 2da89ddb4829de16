//! A random tenant over random weeks: people join, move, leave and come back, HR is read well and badly, somebody edits
//! the target by hand, changes the configuration, decides, approves or does not. Every night is checked against the
//! rules, and after some quiet nights the target must be what HR says, as an oracle of its own works it out.
//!
//! `WEEKS=n` lives through n weeks instead of the usual number; `WEEKS_SEED=s` lives one tenant's weeks again.

#[cfg(test)]
mod draw;
#[cfg(test)]
mod life;
#[cfg(test)]
mod night;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod rule;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::life::{Life, Tally, WEEKS_PER_TENANT};

    /// How many weeks are lived through unless somebody says otherwise.
    const WEEKS: u64 = 2_400;

    #[expect(
        clippy::disallowed_methods,
        reason = "a person at the keyboard says which weeks to live again"
    )]
    fn setting(name: &str) -> Option<u64> {
        std::env::var(name).ok().map(|text| text.parse().unwrap())
    }

    #[test]
    fn random_weeks_keep_every_rule_and_converge_to_what_hr_says() {
        if let Some(seed) = setting("WEEKS_SEED") {
            println!("{:?}", Life::new(seed).live());
            return;
        }
        let tenants = setting("WEEKS").unwrap_or(WEEKS).div_ceil(WEEKS_PER_TENANT);
        let next = AtomicU64::new(0);
        let live = || {
            let mut tally = Tally::default();
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= tenants {
                    return tally;
                }
                tally.add(Life::new(seed).live());
            }
        };
        let tally = std::thread::scope(|scope| {
            let threads = [scope.spawn(live), scope.spawn(live)];
            let mut all = Tally::default();
            for thread in threads {
                all.add(thread.join().unwrap());
            }
            all
        });
        println!("{} weeks: {tally:?}", tenants * WEEKS_PER_TENANT);
        tally.check();
    }
}
