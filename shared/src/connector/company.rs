//! Which company a credential belongs to, where a list says so (R01).

use super::{
    answer::{malformed, not_json},
    resource::Resource,
    row::read_objects,
    value::Text,
};
use crate::{
    employee::CompanyId,
    roster::Company,
    source::{Error, Identity},
};

/// The longest name of a company that is kept, in characters.
const MOST_NAME: usize = 200;

/// Returns a company by its id, called by the first of these names that there is, or else by its id; `None` where the id cannot be read.
pub fn company(id: &Text<'_>, names: &[&Text<'_>]) -> Option<Company> {
    let id = CompanyId::parse(id.value()?).ok()?;
    let name = names.iter().find_map(|name| name.value());
    Some(Company {
        name: name.unwrap_or_else(|| id.as_str()).chars().take(MOST_NAME).collect(),
        id,
    })
}

/// Reads the companies that a credential opens, each with an id and perhaps a `name`. Where there are several, the people who are linked tell which
/// one is meant.
///
/// # Errors
/// [`Error`] of class `Malformed` where no company is listed, or the text is not the documented JSON.
pub(super) fn read_companies(of: &Resource, text: &str) -> Result<Identity, Error> {
    let Resource { operation, form, .. } = *of;
    let rows = read_objects(text, form.rows).map_err(|error| not_json(operation, &error))?;
    match rows.as_slice() {
        [] => Err(malformed(operation, "no company is listed")),
        [one] => company(&one.text(of.id), &[&one.text("name")])
            .map(Identity::Known)
            .ok_or_else(|| malformed(operation, "the company has no readable id")),
        [_, _, ..] => Ok(Identity::Unknown),
    }
}
