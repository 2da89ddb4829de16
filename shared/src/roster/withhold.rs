//! What is kept of a roster: of people outside the scope no more than their ids (R35).

use super::{
    chunk::{Chunk, Error, each_row, push_row},
    header::Roster,
};
use crate::employee::{EmployeeId, View, id::shortlex};

impl Roster {
    /// Takes the values of some people out. The people come in the order of their ids. The header stays as it is: hash,
    /// counts and coverage tell what was read.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged, or where memory runs out.
    pub fn withhold<'a>(&mut self, people: impl IntoIterator<Item = &'a EmployeeId>) -> Result<(), Error> {
        let mut people = people.into_iter().peekable();
        for chunk in &mut self.chunks {
            if people.peek().is_none() {
                break;
            }
            let rows = chunk.decompress()?;
            let mut kept = String::with_capacity(rows.len());
            let mut is_changed = false;
            each_row(&rows, |row| {
                while people.next_if(|id| shortlex(id.as_str(), row.id).is_lt()).is_some() {}
                let is_withheld = people.next_if(|id| id.as_str() == row.id).is_some();
                is_changed |= is_withheld;
                let attributes = if is_withheld { View::default() } else { row.attributes };
                push_row(&mut kept, row.id, attributes);
            })?;
            if is_changed {
                *chunk = Chunk::compress(&kept)?;
            }
        }
        Ok(())
    }

    /// Leaves out people whose values were withheld, but for those whom `stays` names: they are there, and nothing is
    /// known of them. Returns how many people had their values withheld. The header stays as it is.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged, or where memory runs out.
    pub fn leave_out_withheld(&mut self, stays: impl Fn(&EmployeeId) -> bool) -> Result<u32, Error> {
        let mut withheld = 0;
        for chunk in &mut self.chunks {
            let rows = chunk.decompress()?;
            let mut kept = String::with_capacity(rows.len());
            each_row(&rows, |row| {
                let is_withheld = row.attributes.as_packed().is_empty();
                withheld += u32::from(is_withheld);
                let is_wanted = !is_withheld || EmployeeId::parse(row.id).is_ok_and(|id| stays(&id));
                if is_wanted {
                    push_row(&mut kept, row.id, row.attributes);
                }
            })?;
            if kept.len() < rows.len() {
                *chunk = Chunk::compress(&kept)?;
            }
        }
        Ok(withheld)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        employee::{Canonical, CompanyId, EmployeeBuilder, Field},
        roster::{Builder, Company},
    };

    fn id(number: u64) -> EmployeeId {
        EmployeeId::parse(&number.to_string()).unwrap()
    }

    fn roster(people: u64) -> Roster {
        let mut builder = Builder::new(Company {
            id: CompanyId::parse("1").unwrap(),
            name: "Acme".into(),
        });
        let mut record = EmployeeBuilder::new();
        for number in 1..=people {
            record.set(Canonical::City, Field::Value(&"Ñ".repeat(80)));
            builder.push(&record.build(id(number))).unwrap();
        }
        builder.finish(None).unwrap()
    }

    #[test]
    fn r35_of_people_who_are_withheld_ids_stay_and_values_do_not() {
        let whole = roster(4_000);
        assert!(whole.chunks.len() > 1, "people in several chunks");
        let withheld = [id(2), id(77), id(3_999), id(5_000)];
        let mut kept = whole.clone();
        kept.withhold(&withheld).unwrap();
        assert_eq!(kept.header, whole.header);
        let (before, after) = (whole.employees().unwrap(), kept.employees().unwrap());
        assert_eq!(after.len(), 4_000);
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before.id, after.id);
            let expected = if withheld.contains(&after.id) {
                None
            } else {
                before.value(Canonical::City)
            };
            assert_eq!(after.value(Canonical::City), expected, "{:?}", after.id);
        }
    }

    #[test]
    fn where_nobody_is_withheld_nothing_is_written_anew() {
        let whole = roster(10);
        let mut kept = whole.clone();
        kept.withhold(&[]).unwrap();
        assert_eq!(kept, whole);
    }

    #[test]
    fn people_whose_values_are_withheld_can_be_left_out_unless_they_are_wanted() {
        let mut roster = roster(9);
        roster.withhold([&id(2), &id(5), &id(9)]).unwrap();
        let header = roster.header.clone();
        let withheld = roster.leave_out_withheld(|employee| *employee == id(5)).unwrap();
        assert_eq!(withheld, 3);
        let left: Vec<_> = roster
            .employees()
            .unwrap()
            .into_iter()
            .map(|employee| employee.id)
            .collect();
        assert_eq!(left, [1, 3, 4, 5, 6, 7, 8].map(id));
        assert_eq!(roster.header, header);
    }
}
