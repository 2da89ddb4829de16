//! A report: people who come at once, under columns that are asked for, by a table alone. What lies ahead of people who begin later
//! may have to be asked for once more.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use jiff::civil::Date;

use super::{
    answer::not_json,
    cells::{Cells, Columns, KeptCells, read_cells},
    custom::Fields,
    given::{Given, asked_for, offered, refused},
    lists::Lists,
    related::{Kept, Shared},
    shown::{Ground, ID, Shown},
    sight::{Reach, Sight, deny},
    value::Text,
};
use crate::{employee::Wanted, roster::Builder, source::Error};

/// How many people are kept back at most; all others are taken as they were shown first.
const MOST_AHEAD: usize = 1_000;

/// What is particular to a report.
pub trait Report: fmt::Debug + Send + Sync + 'static {
    /// What reading it is called.
    const OPERATION: &'static str;
    /// What a credential lets its holder see. What a report shows is what one user sees.
    const REACH: Reach = Reach::User;
    /// What is given of each attribute.
    const GIVEN: &'static [Given];
    /// The columns that judging any person takes.
    const JUDGING: &'static [&'static str];
    /// Members of a row that come beside the columns, and are read.
    const BESIDE: &'static [&'static str] = &[];
    /// Whether a column stands at a path: names of members with full stops between them. Else it is a member itself.
    const IS_NESTED: bool = false;
    /// How values of custom fields are written.
    type Kind: fmt::Debug + Send + Sync;

    /// Returns what a person has in a custom field.
    fn custom<'r>(kind: &Self::Kind, one: &Shown<'r>, id: &str) -> Text<'r> {
        let _ = kind;
        one.nested(id).any()
    }

    /// Returns whether what lies ahead of a person has to be asked for: they are kept back until then.
    fn is_ahead(one: &Shown<'_>) -> bool;

    /// Returns the columns that judging a person takes, and those that serve what is wanted (R46). The id comes unasked.
    fn columns(wanted: &Wanted) -> Vec<&'static str> {
        [Self::JUDGING, &asked_for(Self::GIVEN, wanted)].concat()
    }
}

/// Converts the pages of a report, one after another. Custom fields have columns under their ids.
#[derive(Debug)]
pub struct ByReport<'f, R: Report> {
    /// What may be read of what the report gives (R34).
    given: Vec<Given>,
    fields: &'f Fields<R::Kind>,
    ground: Ground,
    sight: Sight,
    /// The people who are kept back, by id, as they were shown first.
    ahead: BTreeMap<u64, KeptCells>,
    report: PhantomData<R>,
}

impl<'f, R: Report> ByReport<'f, R> {
    /// A converter for one read of what is `given` into a roster, on a day, with the lists that many people share.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a list is not the documented JSON.
    pub fn new(
        given: Vec<Given>,
        fields: &'f Fields<R::Kind>,
        shared: &Lists,
        today: Date,
        roster: &mut Builder,
    ) -> Result<Self, Error> {
        deny(&refused(&given, shared), roster);
        let custom = fields.iter().map(|field| field.id.as_str());
        let columns = R::columns(&Wanted::everything());
        let names = [ID].into_iter().chain(columns).chain(custom);
        let members = names.map(|path| match path.split_once('.') {
            Some((member, _)) if R::IS_NESTED => member,
            Some(_) | None => path,
        });
        let members = members.chain(R::BESIDE.iter().copied());
        Ok(Self {
            sight: Sight::begin(R::OPERATION, R::REACH, offered(&given), fields, roster),
            ground: Ground {
                columns: Columns::new(members.map(str::to_owned)),
                shared: Shared::read(&given, shared)?,
                kept: Kept::read(&given, shared)?,
                id: ID,
                today,
            },
            ahead: BTreeMap::new(),
            given,
            fields,
            report: PhantomData,
        })
    }

    /// Converts a page of the report on everybody into the roster.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where the text is not the documented JSON, or there is no more room.
    pub fn convert(&mut self, page: &str, roster: &mut Builder) -> Result<(), Error> {
        for row in &self.rows(page)? {
            let is_ahead = R::is_ahead(&self.ground.show(row));
            match self.number(row).filter(|_| is_ahead && self.ahead.len() < MOST_AHEAD) {
                Some(number) => drop(self.ahead.insert(number, row.keep())),
                None => self.convert_row(row, roster)?,
            }
        }
        Ok(())
    }

    /// Returns the people who are kept back.
    pub fn ahead(&self) -> Vec<u64> {
        self.ahead.keys().copied().collect()
    }

    /// Converts a page of the report on the people who are kept back, which shows what lies ahead of them.
    ///
    /// # Errors
    /// As from [`ByReport::convert`].
    pub fn convert_ahead(&mut self, page: &str, roster: &mut Builder) -> Result<(), Error> {
        for row in &self.rows(page)? {
            if self.number(row).and_then(|number| self.ahead.remove(&number)).is_some() {
                self.convert_row(row, roster)?;
            }
        }
        Ok(())
    }

    /// Closes the read. The people who were not shown a second time are taken as they were shown first.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where an employee had no id: such a list proves nobody's absence.
    pub fn finish(mut self, roster: &mut Builder) -> Result<(), Error> {
        for kept in std::mem::take(&mut self.ahead).values() {
            self.convert_row(&kept.lend(), roster)?;
        }
        self.sight.finish(roster)
    }

    fn rows<'a>(&self, page: &'a str) -> Result<Vec<Cells<'a>>, Error> {
        read_cells(page, &[], &self.ground.columns).map_err(|error| not_json(R::OPERATION, &error))
    }

    fn convert_row(&mut self, row: &Cells<'_>, roster: &mut Builder) -> Result<(), Error> {
        let one = self.ground.show(row);
        self.sight.add(&one.own(ID), roster, |sight| {
            sight.put_all(&self.given, &one);
            for field in self.fields.iter() {
                sight.put_custom(field, &R::custom(&field.kind, &one, &field.id));
            }
        })
    }

    /// The id of a person as reports are asked for them by it.
    fn number(&self, row: &Cells<'_>) -> Option<u64> {
        self.ground.show(row).own(ID).value()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        connector::{custom::Definition, given, plain},
        employee::{Canonical, CompanyId},
        roster::{Company, Roster},
    };

    given! {
        /// What the sample gives.
        TABLE {
            EmployeeId = Yes ["id"];
            JobTitle = Yes ["job"], |one, given| plain(one, given);
        }
    }

    /// A report that tells of a job what is told today.
    #[derive(Debug)]
    struct Sample;

    impl Report for Sample {
        const OPERATION: &'static str = "list people";
        const GIVEN: &'static [Given] = TABLE;
        const JUDGING: &'static [&'static str] = &["from"];
        type Kind = ();

        fn is_ahead(one: &Shown<'_>) -> bool {
            one.day("from").is_some_and(|from| from >= one.today)
        }
    }

    fn roster(pages: &[&str], ahead: &str) -> Result<(Vec<u64>, Roster), Error> {
        let definition = Definition {
            id: "c1".into(),
            slug: Text::Absent,
            label: Text::word("Size"),
            kind: (),
        };
        let fields = Fields::new(vec![definition], &BTreeSet::new());
        let mut roster = Builder::new(Company {
            id: CompanyId::parse("7").unwrap(),
            name: "Acme".into(),
        });
        let lists = Lists::from_iter([]);
        let today = "2026-03-02".parse().unwrap();
        let mut report = ByReport::<Sample>::new(TABLE.to_vec(), &fields, &lists, today, &mut roster)?;
        for page in pages {
            report.convert(page, &mut roster)?;
        }
        let kept_back = report.ahead();
        report.convert_ahead(ahead, &mut roster)?;
        report.finish(&mut roster)?;
        Ok((kept_back, roster.finish(None).unwrap()))
    }

    #[test]
    fn people_who_begin_later_are_kept_back_until_they_are_shown_again_and_nobody_is_lost() {
        let pages = [
            r#"[{"id":1,"from":"2020-01-01","job":"Cook","c1":["S","M"]},{"id":2,"from":"2026-04-01","job":null}]"#,
            r#"[{"id":3,"from":"2026-03-02","job":"Clerk"}]"#,
        ];
        let ahead = r#"[{"id":2,"from":"2026-04-01","job":"Baker"},{"id":9,"job":"Nobody asked"}]"#;
        let (kept_back, roster) = roster(&pages, ahead).unwrap();
        assert_eq!(kept_back, [2, 3]);
        let people = roster.employees().unwrap();
        let jobs: Vec<_> = people.iter().map(|person| person.value(Canonical::JobTitle)).collect();
        assert_eq!(jobs, [Some("Cook"), Some("Baker"), Some("Clerk")]);
        assert!(people[0].attributes.as_packed().contains("S, M"));
    }

    #[test]
    fn r05_a_row_without_an_id_proves_nobodys_absence() {
        let error = roster(&[r#"[{"job":"Cook"},{"id":"2"}]"#], "[]").unwrap_err();
        assert_eq!(error.to_string(), "list people: 1 people have no readable id");
        assert!(roster(&["{}"], "[]").is_err());
    }

    #[test]
    fn r46_a_column_that_serves_nothing_wanted_is_not_asked_for() {
        assert_eq!(Sample::columns(&Wanted::everything()), ["from", "id", "job"]);
        assert_eq!(
            Sample::columns(&Wanted::only([Canonical::WorkEmail.into(), Canonical::JobTitle.into()])),
            ["from", "job"]
        );
    }
}
