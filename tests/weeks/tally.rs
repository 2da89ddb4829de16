//! What was seen in all weeks. A world in which nothing happens must not pass for a quiet one.

use std::collections::BTreeMap;

/// The kinds of things that have to happen now and then.
const KINDS: [&str; 36] = [
    "asked again",
    "broken reads",
    "clocks apart",
    "companies chosen",
    "conflicts",
    "crowds",
    "deaths after a write",
    "deaths before a call",
    "doubled messages",
    "failures",
    "holds",
    "joiners",
    "late messages",
    "leavers",
    "links",
    "logins",
    "logins given up",
    "lost replies",
    "messages set aside",
    "miscounted reads",
    "movers",
    "narrow reads",
    "outages",
    "people erased",
    "people who are off",
    "pauses of reads",
    "plans undone",
    "processes out of time",
    "reads that went on",
    "rehires",
    "short reads",
    "slices after the first",
    "slow calls",
    "strangers",
    "tenants erased",
    "writes to targets",
];

/// How often each kind of thing happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    pub(crate) fn count(&mut self, what: &'static str) {
        self.add(what, 1);
    }

    pub(crate) fn add(&mut self, what: &'static str, times: u64) {
        *self.0.entry(what).or_default() += times;
    }

    pub(crate) fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    /// Asserts that each kind of thing happened, and that enough people could be judged.
    pub(crate) fn check(&self) {
        let missing: Vec<_> = KINDS.iter().filter(|what| self.of(what) == 0).collect();
        assert!(missing.is_empty(), "never happened: {missing:?} in {self:#?}");
        let (people, ordinary) = (self.of("people"), self.of("ordinary people"));
        // The oracle does not judge a person whom two connections read, who shares an address, or whom an erasure or a decision
        // concerns.
        assert!(ordinary * 3 > people, "too few could be judged: {self:#?}");
        assert!(self.of("plans") > 5 * self.of("weeks"), "too few plans: {self:#?}");
    }

    pub(crate) fn take_in(&mut self, other: &Self) {
        for (what, times) in &other.0 {
            self.add(what, *times);
        }
    }
}
