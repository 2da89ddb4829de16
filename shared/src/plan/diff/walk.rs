//! The walk over roster and links together, and a diff of a roster that is in memory.

use super::{Differ, Outcome, is_tied};
use crate::{
    employee::id::shortlex,
    plan::Basis,
    roster::{Error, Roster, Row},
};

/// Returns what is to be done about a roster that is in memory, and why not more. The outcome is empty for another company's
/// roster, and for a connection that reads nothing.
///
/// # Errors
/// [`Error`] where a chunk of the roster is damaged.
pub fn diff(basis: &Basis<'_>, roster: &Roster) -> Result<Outcome, Error> {
    let Some(mut differ) = Differ::new(basis) else {
        return Ok(Outcome::default());
    };
    let mut failure = None;
    roster.each(|row| failure = failure.take().or_else(|| differ.walk(row).err()))?;
    failure.map_or(Ok(()), Err)?;
    if differ.end_walk() {
        roster.each(|row| differ.look(row))?;
    }
    Ok(differ.finish())
}

impl Differ<'_> {
    /// Takes the next person of the roster. Links and roster are walked together, both in the order of employee ids.
    ///
    /// # Errors
    /// [`Error::Form`] where the row has no readable id.
    pub fn walk(&mut self, row: Row<'_>) -> Result<(), Error> {
        let links = self.links;
        while let Some(link) = links.get(self.next)
            && shortlex(link.employee_id, row.id).is_lt()
        {
            self.absent(self.next, link);
            self.next += 1;
        }
        let link = links.get(self.next).filter(|link| link.employee_id == row.id);
        let position = self.next;
        self.next += usize::from(link.is_some());
        match link.filter(|link| is_tied(*link)) {
            Some(link) => {
                self.linked(position, link, row);
                Ok(())
            }
            None => self.unlinked(row),
        }
    }

    /// Notes that everybody was taken. Returns whether people have to be looked at again, because they may share what must be
    /// theirs alone.
    pub fn end_walk(&mut self) -> bool {
        let links = self.links;
        for position in self.next..links.len() {
            if let Some(link) = links.get(position) {
                self.absent(position, link);
            }
        }
        self.next = links.len();
        self.suspect()
    }
}
