//! Seeded randomness, the same on every machine: `SplitMix64` (Steele, Lea and Flood, 2014).

use rollcall::{
    connection::Preset,
    employee::Canonical,
    plan::scene::{Read, Scene, Step},
};

/// A stream of numbers from one seed.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// A few days before or after today.
    fn days(&mut self) -> i8 {
        i8::try_from(self.below(9)).unwrap() - 4
    }

    /// Whether it happens, in so many of a hundred cases.
    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn preset(&mut self) -> Preset {
        const PRESETS: [Preset; 4] = [
            Preset::Standard,
            Preset::Stakeholders,
            Preset::Users,
            Preset::ExpenseUsers,
        ];
        PRESETS[usize::from(self.byte()) % PRESETS.len()]
    }

    /// Something that happens; the everyday more often than the strange.
    pub(crate) fn step(&mut self) -> Step {
        let (who, what) = (self.byte(), self.byte());
        match self.below(60) {
            0..6 => Step::Hire(who, self.days()),
            6..14 => Step::Move(who, what),
            14..16 => Step::Empty(who, what),
            16 => Step::Hide(who, what),
            17 => Step::Phone(who),
            18..22 => Step::Rename(who, what),
            22..24 => Step::Marry(who, what),
            24..26 => Step::Swap(who, what),
            26..28 => Step::Chain(who, what),
            28 => Step::Share(who, what),
            29..34 => Step::Leave(who, self.days()),
            34..37 => Step::Return(who),
            37..39 => Step::Vanish(who),
            39..41 => Step::Renumber(who, what % 2 == 0),
            41 => Step::Double(who),
            42 => Step::Replace(who, what),
            43..47 => Step::Manage(who, what),
            47 => Step::Zone(who, what),
            48..51 => Step::Edit(who, what),
            51..53 => Step::Switch(who),
            53 => Step::Account(who),
            54 => Step::Delete(who),
            55 => Step::Decide(who, what),
            56 => Step::Forget(who),
            57 => Step::Configure(what),
            58 => Step::Protect(who),
            _ => Step::Move(what, who),
        }
    }

    /// How a read goes: mostly well.
    pub(crate) fn read(&mut self, scene: &Scene) -> Read {
        match self.below(20) {
            0 => Read::Broken(usize::from(self.byte()) % (scene.people.len() + 1)),
            1 => Read::Miscounted,
            2 => Read::Narrow(vec![Canonical::City]),
            3 => Read::Narrow(vec![Canonical::TerminationDate, Canonical::StartDate]),
            4 => {
                let people: Vec<_> = scene.people.keys().cloned().collect();
                let is_left_out = |_: &_| self.percent(30);
                Read::Short(people.into_iter().filter(is_left_out).collect())
            }
            5 => Read::Foreign,
            _ => Read::Whole,
        }
    }
}
