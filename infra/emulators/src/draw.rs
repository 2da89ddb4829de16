//! Repeatable chance: everything invented is drawn from a key and a salt, so that one seed makes the same company
//! everywhere.
//!
//! The function is `SplitMix64` (Steele, Lea and Flood 2014), written out because its outcome must not move with a
//! crate's version.

/// Returns a number that depends on nothing but `key` and `salt`.
pub(crate) const fn draw(key: u64, salt: u64) -> u64 {
    let mut mixed = key
        .wrapping_add(salt.wrapping_mul(0x9E37_79B9_7F4A_7C15))
        .wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Returns a number from 0 to `limit` exclusive; 0 where `limit` is 0.
pub(crate) fn below(key: u64, salt: u64, limit: u64) -> u64 {
    draw(key, salt).checked_rem(limit).unwrap_or_default()
}

/// Returns a position in a list of `length`; 0 where it is empty.
pub(crate) fn position(key: u64, salt: u64, length: usize) -> usize {
    usize::try_from(below(key, salt, length as u64)).unwrap_or_default()
}

/// Returns one of `items`; the type's default where there is none.
pub(crate) fn pick<T: Copy + Default>(items: &[T], key: u64, salt: u64) -> T {
    items.get(position(key, salt, items.len())).copied().unwrap_or_default()
}

/// Returns true for `share` of 100 keys.
pub(crate) fn percent(key: u64, salt: u64, share: u64) -> bool {
    below(key, salt, 100) < share
}
