//! Lists of rows with ids. `C` is what a dialect's rows depend on beside the company and the caller: a version of the API,
//! the address under which it was reached.

use super::query::Query;
use super::refusal::Refusal;
use super::row::Row;
use super::view::View;

/// A list of rows.
pub(crate) trait Resource<C>: Sync {
    /// The path that names it, also in permission groups and places.
    fn path(&self) -> &'static str;

    /// Whether its rows are the company's people.
    fn lists_people(&self) -> bool {
        false
    }

    /// The id of the row that a path names.
    fn id_of(&self, text: &str) -> Option<u64> {
        text.parse().ok()
    }

    /// The ids of the rows that the parameters ask for, ascending unless they ask for another order.
    fn select(&self, view: &View<C>, query: &Query) -> Result<Vec<u64>, Refusal>;

    /// Writes the members of the row with this id.
    fn write(&self, view: &View<C>, id: u64, row: &mut Row) -> Result<(), Refusal>;
}

/// Row ids from `base` on for this many positions.
pub(crate) fn ids_from(base: u64, count: usize) -> impl Iterator<Item = u64> {
    (base..).take(count)
}

/// The position that a row id stands for.
pub(crate) fn position_of(id: u64, base: u64) -> Result<usize, Refusal> {
    id.checked_sub(base)
        .and_then(|position| usize::try_from(position).ok())
        .ok_or(Refusal::NotFound)
}
