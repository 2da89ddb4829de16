//! How much goes wrong: nothing on calm days, a little on most, much on some.

use acceptance::journey::Place;
use jiff::SignedDuration;

use crate::draw::Draw;

/// A part of the world that can be down as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Table,
    Secrets,
    Queue,
    Provider,
    Target,
}

impl Side {
    pub(crate) const fn of(place: Place) -> Self {
        match place {
            Place::Store(_) | Place::Batch(_) | Place::Door(_) | Place::Directory(_) => Self::Table,
            Place::Secret(_) => Self::Secrets,
            Place::Queue => Self::Queue,
            Place::Provider(_) => Self::Provider,
            Place::Target(_) => Self::Target,
        }
    }
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The call is done.
    None,
    /// The call is not done.
    Fail,
    /// The call is done, and its caller is not told.
    LoseReply,
    /// The process that made the call dies before the call is done.
    Die,
    /// The call is not done, and no other call to that side is done for a while.
    Outage,
}

impl Fault {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Fail => "fails",
            Self::LoseReply => "loses its reply",
            Self::Die => "dies before",
            Self::Outage => "is down from here",
        }
    }

    pub(crate) const fn tallied(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Fail => Some("failures"),
            Self::LoseReply => Some("lost replies"),
            Self::Die => Some("deaths before a call"),
            Self::Outage => Some("outages"),
        }
    }
}

/// Chances in ten thousand calls.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    deaths: u64,
    failures: u64,
    lost_replies: u64,
    outages: u64,
    slow: u64,
    /// In a hundred messages.
    pub(crate) doubled: u64,
    /// In a hundred messages.
    pub(crate) late: u64,
    /// In a hundred reads of an HR system.
    pub(crate) bad_reads: u64,
}

impl Weather {
    /// Weather in which nothing goes wrong.
    pub(crate) const CALM: Self = Self {
        deaths: 0,
        failures: 0,
        lost_replies: 0,
        outages: 0,
        slow: 0,
        doubled: 0,
        late: 0,
        bad_reads: 0,
    };

    /// Weather in which something goes wrong now and then.
    const BREEZE: Self = Self {
        deaths: 30,
        failures: 20,
        lost_replies: 20,
        outages: 3,
        slow: 10,
        doubled: 10,
        late: 10,
        bad_reads: 20,
    };

    /// Weather in which something goes wrong again and again.
    const STORM: Self = Self {
        deaths: 200,
        failures: 120,
        lost_replies: 120,
        outages: 20,
        slow: 60,
        doubled: 30,
        late: 30,
        bad_reads: 35,
    };

    /// Returns a day's weather.
    pub(crate) fn of_day(draw: &mut Draw) -> Self {
        match draw.below(10) {
            0..3 => Self {
                bad_reads: 20,
                ..Self::CALM
            },
            3..8 => Self::BREEZE,
            _ => Self::STORM,
        }
    }

    /// Returns how long each page of a read takes beside its call; nothing for most reads.
    pub(crate) const fn page(&self, draw: &mut Draw) -> SignedDuration {
        if self.slow > 0 && draw.below(100) < 30 {
            let seconds = draw.below(100).cast_signed();
            return SignedDuration::from_secs(100 + seconds);
        }
        SignedDuration::ZERO
    }

    /// Returns whether clocks differ.
    pub(crate) const fn is_skewed(&self) -> bool {
        self.slow > 0
    }

    pub(crate) fn draw(&self, draw: &mut Draw, side: Side, is_write: bool) -> Fault {
        if self.deaths == 0 {
            return Fault::None;
        }
        // A call over the internet fails more often.
        let is_far = matches!(side, Side::Provider | Side::Target);
        let worse = if is_far { 3 } else { 1 };
        let number = draw.below(10_000);
        let mut limit = self.deaths / 2;
        if number < limit {
            return Fault::Die;
        }
        limit += self.failures * worse;
        if number < limit {
            return Fault::Fail;
        }
        if is_write {
            limit += self.lost_replies * worse;
            if number < limit {
                return Fault::LoseReply;
            }
        }
        limit += self.outages;
        if number < limit { Fault::Outage } else { Fault::None }
    }

    /// Returns whether a process dies after a write.
    pub(crate) const fn dies(&self, draw: &mut Draw) -> bool {
        self.deaths > 0 && draw.below(10_000) < self.deaths
    }

    /// Returns how long a call takes.
    pub(crate) fn latency(&self, draw: &mut Draw) -> SignedDuration {
        let number = draw.next();
        let usual = i64::try_from(number % 30).unwrap() + 2;
        if self.slow > 0 && (number >> 8) % 10_000 < self.slow {
            let seconds = i64::try_from((number >> 32) % 400).unwrap();
            return SignedDuration::from_secs(seconds);
        }
        SignedDuration::from_millis(usual)
    }
}
