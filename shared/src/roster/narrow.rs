//! A roster without what was not wanted of it: as if the read had been asked for no more.

use super::{Builder, Error, Roster};
use crate::employee::Wanted;

impl Roster {
    /// Returns the roster as a read would have given it that was to show these attributes and no others.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged, or where memory runs out.
    pub fn narrowed(self, wanted: Wanted) -> Result<Self, Error> {
        let mut narrow = Builder::wanting(wanted, self.header.company.clone());
        narrow.take_list(&self.header);
        let mut failure = None;
        for chunk in self.chunks {
            let rows = chunk.decompress()?;
            super::chunk::each_row(&rows, |row| {
                if failure.is_none() {
                    failure = narrow.push_view(row.id, row.attributes).err();
                }
            })?;
        }
        match failure {
            Some(error) => Err(error),
            None => narrow.finish(self.header.broken.as_deref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        employee::{Attribute, Canonical, CompanyId, CustomName, EmployeeBuilder, EmployeeId, Field},
        roster::{Company, Packer, Proof, Sieve, Whole},
    };

    /// What a source shows of one person: some attributes, of which some are empty.
    type Shown = Vec<(u8, Option<String>)>;

    fn attribute(number: u8) -> Attribute {
        match number {
            0 => Canonical::City.into(),
            1 => Canonical::Department.into(),
            2 => Canonical::LastName.into(),
            3 => Canonical::ZipCode.into(),
            other => Attribute::Custom(CustomName::parse(&format!("field{other}")).unwrap()),
        }
    }

    fn read(mut roster: Builder, people: &[(u16, Shown)], hidden: &[u8], ends: bool) -> Roster {
        for number in 0..6 {
            roster.expect(attribute(number), "not_shown", Some("no_permission"));
        }
        for number in hidden {
            roster.hide(attribute(*number), "no_permission");
        }
        for (id, shown) in people {
            let mut person = EmployeeBuilder::new();
            for (number, value) in shown {
                let field = value.as_deref().map_or(Field::Empty, Field::Value);
                match attribute(*number) {
                    Attribute::Canonical(canonical) => person.set(canonical, field),
                    Attribute::Custom(name) => person.set_custom(&name, field),
                };
            }
            roster
                .push(&person.build(EmployeeId::parse(&id.to_string()).unwrap()))
                .unwrap();
        }
        if ends {
            roster.end_walk(Proof::LastPage);
        }
        roster.finish((!ends).then_some("temporary")).unwrap()
    }

    fn company() -> Company {
        Company {
            id: CompanyId::parse("1").unwrap(),
            name: "Acme".into(),
        }
    }

    proptest! {
        #[test]
        fn r46_a_wide_read_that_is_narrowed_equals_a_narrow_one(
            people in proptest::collection::vec(
                (0_u16..30, proptest::collection::vec((0_u8..6, proptest::option::of("[a-z]{1,4}")), 0..6)),
                0..20,
            ),
            hidden in proptest::collection::vec(0_u8..6, 0..3),
            wanted in proptest::collection::btree_set(0_u8..6, 0..6),
            ends in any::<bool>(),
        ) {
            let wanted = Wanted::only(wanted.into_iter().map(attribute));
            let wide = read(Builder::new(company()), &people, &hidden, ends);
            let narrow = read(Builder::wanting(wanted.clone(), company()), &people, &hidden, ends);
            let mut whole = Whole::narrowed(&wide.header, wanted.clone());
            let mut sieve = Sieve::default();
            loop {
                wide.each(|row| whole.push(row).unwrap()).unwrap();
                if whole.end_pass(0).unwrap() {
                    break;
                }
            }
            let summed = whole.finish(&mut sieve);
            prop_assert_eq!((summed.header, summed.chunks), (narrow.header.clone(), narrow.chunks.len()));
            let mut rows = Packer::default();
            wide.each(|row| sieve.pass(row, |row| rows.push(row)).unwrap()).unwrap();
            prop_assert_eq!(&rows.finish().unwrap(), &narrow.chunks);
            prop_assert_eq!(wide.narrowed(wanted).unwrap(), narrow);
        }
    }
}
