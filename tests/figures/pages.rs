//! Pages of Factorial's API as files: read, joined and converted by the connector's own code.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::civil::Date;
use rollcall::{
    employee::CompanyId,
    roster::{Before, Builder, Company, Position, Proof, Read as Came, Reading},
    run::Settings,
    source::factorial::{Converter, PageTexts, Reach, ReferenceTexts, References},
};

use crate::{Failure, parts::Parts};

/// Reads all pages of a folder. Where memory has no more room, what was read goes to the parts, as in a run. Returns what came last.
pub(crate) fn read(folder: &Path, parts: &mut Parts) -> Result<Builder, Failure> {
    let shared = |name| {
        let mut texts = Texts::default();
        texts.read(&folder.join("shared"), name).map(|()| texts)
    };
    let (teams, locations) = (shared("teams")?, shared("locations")?);
    let (entities, fields) = (shared("legal_entities")?, shared("fields")?);
    let references = ReferenceTexts {
        teams: Some(teams.views()),
        locations: Some(locations.views()),
        legal_entities: Some(entities.views()),
        fields: Some(fields.views()),
    };
    let references = Arc::new(References::read(&references, &BTreeSet::new())?);
    let company = Company {
        id: CompanyId::parse("1")?,
        name: "Figures".to_owned(),
    };
    let pages = sorted(&folder.join("pages"))?;
    let mut pages = pages.iter().enumerate().peekable();
    let (is_time_over, room) = (|| false, Settings::default().part_bytes);
    let (mut from, mut before) = (None, Before::default());
    let mut lists: [Texts; 4] = Default::default();
    loop {
        let reading = Reading::new(company.clone(), from.take(), &is_time_over);
        let mut reading = reading.within(room).after(before);
        let references = Arc::clone(&references);
        let mut converter = Converter::new(
            references,
            Reach::Company,
            None,
            Date::constant(2026, 3, 2),
            &mut reading.roster,
        );
        while let Some((number, page)) = pages.next() {
            convert(page, &mut lists, &mut converter, &mut reading.roster)?;
            if pages.peek().is_some() && reading.pause(Position::new(1, &number)).is_break() {
                break;
            }
        }
        if pages.peek().is_none() {
            let people = reading.people_by_now();
            reading.roster.announce(u64::from(people));
            reading.roster.end_walk(Proof::LastPage);
            converter.finish(&reading.roster)?;
        }
        match reading.finish(false)? {
            Came::Full {
                part,
                position,
                before: read,
            } => {
                parts.keep(&part)?;
                (from, before) = (Some(position), read);
            }
            Came::Over(last) => return Ok(*last),
            Came::Paused { .. } | Came::Nothing => return Err("there is time enough".into()),
        }
    }
}

/// Converts a page of people, with what belongs to them.
fn convert(
    page: &Path,
    lists: &mut [Texts; 4],
    converter: &mut Converter,
    roster: &mut Builder,
) -> Result<(), Failure> {
    for (list, name) in lists
        .iter_mut()
        .zip(["employees", "contracts", "memberships", "values"])
    {
        list.read(page, name)?;
    }
    let [employees, contracts, memberships, values] = lists.each_ref().map(Texts::views);
    for employees in employees {
        let texts = PageTexts {
            employees,
            contracts: Some(contracts.clone()),
            memberships: Some(memberships.clone()),
            values: Some(values.clone()),
        };
        converter.convert_page(&texts, roster)?;
    }
    Ok(())
}

/// The texts of one list, in memory that is used again for the next list.
#[derive(Default)]
struct Texts {
    pages: Vec<String>,
    count: usize,
}

impl Texts {
    /// Reads the files `<name>-<number>.json` of a folder, in order.
    fn read(&mut self, folder: &Path, name: &str) -> Result<(), Failure> {
        self.count = 0;
        loop {
            let mut file = match File::open(folder.join(format!("{name}-{}.json", self.count))) {
                Ok(file) => file,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            if self.count == self.pages.len() {
                self.pages.push(String::new());
            }
            let page = self.pages.get_mut(self.count).ok_or("a page was just added")?;
            page.clear();
            file.read_to_string(page)?;
            self.count += 1;
        }
    }

    fn views(&self) -> Vec<&str> {
        self.pages.iter().take(self.count).map(String::as_str).collect()
    }
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}
