//! Pages of Factorial's API as files: read, joined and converted by the connector's own code.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use rollcall::{
    employee::CompanyId,
    roster::{Builder, Company, Roster},
    source::factorial::{Converter, PageTexts, Reach, ReferenceTexts, References},
};

use crate::Failure;

/// Reads all pages of a folder into a roster that is as whole as the one that the connector would make.
pub(crate) fn read(folder: &Path) -> Result<Roster, Failure> {
    let shared = |name| texts(&folder.join("shared"), name);
    let (teams, locations) = (shared("teams")?, shared("locations")?);
    let (entities, fields) = (shared("legal_entities")?, shared("fields")?);
    let references = ReferenceTexts {
        teams: Some(views(&teams)),
        locations: Some(views(&locations)),
        legal_entities: Some(views(&entities)),
        fields: Some(views(&fields)),
    };
    let references = References::read(&references, &BTreeSet::new())?;
    let mut converter = Converter::new(references, Reach::Company, None);
    let mut builder = Builder::new(Company {
        id: CompanyId::parse("1")?,
        name: "Figures".to_owned(),
    });
    for page in sorted(&folder.join("pages"))? {
        for employees in &texts(&page, "employees")? {
            let (contracts, memberships) = (texts(&page, "contracts")?, texts(&page, "memberships")?);
            let values = texts(&page, "values")?;
            let texts = PageTexts {
                employees,
                contracts: Some(views(&contracts)),
                memberships: Some(views(&memberships)),
                values: Some(views(&values)),
            };
            converter.convert_page(&texts, &mut builder)?;
        }
    }
    builder.announce(u64::from(builder.len()));
    builder.end_walk();
    converter.finish(&mut builder)?;
    Ok(builder.finish(None)?)
}

fn views(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

/// The files `<name>-<number>.json` of a folder, in order.
fn texts(folder: &Path, name: &str) -> Result<Vec<String>, Failure> {
    let mut texts = Vec::new();
    loop {
        match std::fs::read_to_string(folder.join(format!("{name}-{}.json", texts.len()))) {
            Ok(text) => texts.push(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(texts),
            Err(error) => return Err(error.into()),
        }
    }
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    Ok(paths)
}
