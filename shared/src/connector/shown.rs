//! What is shown of one person, found by where it stands: in their own row, in what belongs to them, in what they share with others.

use jiff::civil::Date;

use super::{
    cells::{Cells, Columns},
    given::Step,
    related::{self, Belonging, Belongings, Kept, Related, Shared},
    value::{Nested, Text},
};

/// The member that holds a person's id, unless a provider says another.
pub const ID: &str = "id";

/// What is shown of one person.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'r> {
    row: &'r Cells<'r>,
    ground: &'r Ground,
    belongings: Option<&'r Belongings<'r>>,
    /// The day of the read.
    pub today: Date,
}

/// What is the same for all people of a read.
#[derive(Debug)]
pub struct Ground {
    /// The members of a person's own row that are read.
    pub columns: Columns,
    /// What many people share.
    pub shared: Shared,
    /// What belongs to people, of lists that are read once.
    pub kept: Kept,
    /// The member of a person's own row that holds their id.
    pub id: &'static str,
    /// The day of the read.
    pub today: Date,
}

impl Ground {
    /// Returns what a row shows of a person to whom nothing else belongs.
    pub const fn show<'r>(&'r self, row: &'r Cells<'r>) -> Shown<'r> {
        Shown {
            row,
            ground: self,
            belongings: None,
            today: self.today,
        }
    }

    /// Returns what a row shows of a person, with what belongs to the people of the page.
    pub const fn show_with<'r>(&'r self, row: &'r Cells<'r>, belongings: &'r Belongings<'r>) -> Shown<'r> {
        Shown {
            belongings: Some(belongings),
            ..self.show(row)
        }
    }
}

impl<'r> Shown<'r> {
    /// Returns what their own row says at a path.
    pub fn own(&self, path: &str) -> Text<'r> {
        match path.split_once('.') {
            Some((member, rest)) => self.nested(member).at(rest),
            None => self.ground.columns.text(path, self.row),
        }
    }

    /// Returns what their own row says in the first of these members that says something ([`Text::or`]).
    pub fn either(&self, members: &[&str]) -> Text<'r> {
        let said = members.iter().map(|member| self.own(member));
        said.reduce(|earlier, later| earlier.or(&later).clone())
            .unwrap_or_default()
    }

    /// Returns a member of their own row, of which single members may be read.
    pub fn nested(&self, member: &str) -> Nested<'r> {
        self.ground.columns.nested(member, self.row)
    }

    /// Returns what stands in their own row at a path, of which single members may be read.
    pub fn find(&self, path: &str) -> Nested<'r> {
        let (member, rest) = path.split_once('.').unwrap_or((path, ""));
        let inside = rest.split('.').filter(|name| !name.is_empty());
        inside.fold(self.nested(member), Nested::member)
    }

    /// Returns the day that their own row says in a member.
    pub fn day(&self, member: &str) -> Option<Date> {
        related::day(&self.own(member))
    }

    /// Returns what a step from an id leads to. A row that may not be read, or is not there, says nothing; where many people share a
    /// list, no id means that they share nothing.
    pub fn follow(&self, step: &Step, id: &Text<'_>) -> Text<'r> {
        match step.through {
            Related::Shared { .. } => self.ground.shared.find(step, id),
            Related::Owned { .. } | Related::Whole { .. } | Related::Detail { .. } | Related::Inside { .. } => {
                self.said_of(&step.through, |row| row.either(step.members))
            }
            Related::Embedded { .. } => {
                let found = self.belongings.map(|belongings| belongings.embedded(&step.through, id));
                found.map_or(Text::Absent, |found| found.said(|row| row.either(step.members)))
            }
        }
    }

    /// Returns what `read` reads of what belongs to the person, in the row that applies today: the current one, else the next, else the
    /// last. Where it hangs on a value that cannot be read which one that is, what it says is in doubt ([`Text::in_doubt`]).
    pub fn said_of(&self, related: &Related, read: impl Fn(Nested<'r>) -> Text<'r>) -> Text<'r> {
        self.said_where(related, |_| Some(true), read)
    }

    /// Returns what `read` reads in that row of those that count, as [`Shown::said_of`] does of all. `None` of `counts` says that it cannot
    /// be read whether a row counts.
    pub fn said_where(
        &self,
        related: &Related,
        counts: impl Fn(Nested<'r>) -> Option<bool>,
        read: impl Fn(Nested<'r>) -> Text<'r>,
    ) -> Text<'r> {
        let mut rows = self.rows(related);
        rows.retain(counts);
        rows.applicable(self.today).said(|owned| read(owned.row))
    }

    /// Returns all rows of what belongs to the person that hold today.
    pub fn current(&self, related: &Related) -> Vec<Nested<'r>> {
        self.rows(related).current(self.today)
    }

    fn rows(&self, related: &Related) -> Belonging<'r> {
        let id = self.own(self.ground.id);
        let id = id.value().unwrap_or_default();
        match related {
            Related::Whole { .. } => self.ground.kept.of(related, id),
            Related::Inside { member, spell } => Belonging::inside(self.nested(member), *spell),
            Related::Shared { .. } | Related::Owned { .. } | Related::Embedded { .. } | Related::Detail { .. } => self
                .belongings
                .map_or_else(Belonging::default, |belongings| belongings.of(related, id)),
        }
    }
}
