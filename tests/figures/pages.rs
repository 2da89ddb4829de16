//! Pages of Factorial's API as files: read, joined and converted by the connector's own code.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use rollcall::{
    employee::CompanyId,
    roster::{Builder, Company, Proof, Roster},
    source::factorial::{Converter, PageTexts, Reach, ReferenceTexts, References},
};

use crate::Failure;

/// Reads all pages of a folder. Returns a roster that is as whole as the connector's own.
pub(crate) fn read(folder: &Path) -> Result<Roster, Failure> {
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
    let references = References::read(&references, &BTreeSet::new())?;
    let mut builder = Builder::new(Company {
        id: CompanyId::parse("1")?,
        name: "Figures".to_owned(),
    });
    let mut converter = Converter::new(references, Reach::Company, None, &mut builder);
    let mut lists: [Texts; 4] = Default::default();
    for page in sorted(&folder.join("pages"))? {
        for (list, name) in lists
            .iter_mut()
            .zip(["employees", "contracts", "memberships", "values"])
        {
            list.read(&page, name)?;
        }
        let [employees, contracts, memberships, values] = lists.each_ref().map(Texts::views);
        for employees in employees {
            let texts = PageTexts {
                employees,
                contracts: Some(contracts.clone()),
                memberships: Some(memberships.clone()),
                values: Some(values.clone()),
            };
            converter.convert_page(&texts, &mut builder)?;
        }
    }
    builder.announce(u64::from(builder.len()));
    builder.end_walk(Proof::LastPage);
    converter.finish(&builder)?;
    Ok(builder.finish(None)?)
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
