//! Lists that were read together, each found by what it was asked for as.

use std::collections::BTreeMap;

use super::{
    answer::not_json,
    join::{ById, Joined},
    resource::Resource,
    row::{Row, read_list, read_objects},
    value::{Nested, Text},
};
use crate::source::Error;

/// The texts of the pages of lists, by list; `None` where the credential may not read one. A list that was not asked for is
/// empty.
#[derive(Clone, Debug)]
pub struct Lists<T = String>(BTreeMap<&'static str, Option<Vec<T>>>);

impl<T: AsRef<str>> Lists<T> {
    /// Returns whether the credential may not read a list.
    pub fn is_refused(&self, of: &Resource) -> bool {
        matches!(self.0.get(of.path), Some(None))
    }

    /// Returns the pages of a list; `None` where the credential may not read it.
    pub fn pages(&self, of: &Resource) -> Option<&[T]> {
        match self.0.get(of.path) {
            None => Some(&[]),
            Some(pages) => pages.as_deref(),
        }
    }

    /// Returns the pages of a list, borrowed; `None` where the credential may not read it.
    pub fn views(&self, of: &Resource) -> Option<Vec<&str>> {
        let pages = self.pages(of)?;
        Some(pages.iter().map(AsRef::as_ref).collect())
    }

    /// Reads the rows of a list; `None` where the credential may not read it.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a page is not the documented JSON.
    pub fn rows<'a, R: Row<'a>>(&'a self, of: &Resource) -> Result<Option<Vec<R>>, Error> {
        read_list(of.operation, self.pages(of), of.form.rows)
    }

    /// Reads the rows of a list, each as the object that it is; `None` where the credential may not read it.
    ///
    /// # Errors
    /// As from [`Lists::rows`].
    pub fn objects<'a>(&'a self, of: &Resource) -> Result<Option<Vec<Nested<'a>>>, Error> {
        let Some(pages) = self.pages(of) else {
            return Ok(None);
        };
        let mut all = Vec::new();
        for page in pages {
            let rows = read_objects(page.as_ref(), of.form.rows);
            all.append(&mut rows.map_err(|error| not_json(of.operation, &error))?);
        }
        Ok(Some(all))
    }

    /// Reads what is found by its id; `None` where the credential may not read it.
    ///
    /// # Errors
    /// As from [`Lists::rows`].
    pub fn by_id<'a, R: Row<'a>, V>(
        &'a self,
        of: &Resource,
        id: fn(&R) -> &Text<'a>,
        value: fn(R) -> V,
    ) -> Result<Option<ById<V>>, Error> {
        let rows: Option<Vec<R>> = self.rows(of)?;
        Ok(rows.map(|rows| ById::of(rows, id, value)))
    }

    /// Reads what belongs to people, of which `read` makes an entry, by whom it belongs to and in order; `None` where the credential
    /// may not read it.
    ///
    /// # Errors
    /// As from [`Lists::rows`].
    pub fn joined<'a, R: Row<'a>, E>(
        &'a self,
        of: &Resource,
        read: impl Fn(R) -> Option<E>,
        owner: fn(&E) -> Option<&str>,
        order: impl Fn(&E, &E) -> std::cmp::Ordering,
    ) -> Result<Option<Joined<E>>, Error> {
        let rows: Option<Vec<R>> = self.rows(of)?;
        Ok(rows.map(|rows| Joined::new(rows.into_iter().filter_map(read).collect(), owner, order)))
    }
}

/// Of a list that was asked for in parts all pages count, and none where a part may not be read.
impl<'r, T> FromIterator<(&'r Resource, Option<Vec<T>>)> for Lists<T> {
    fn from_iter<I: IntoIterator<Item = (&'r Resource, Option<Vec<T>>)>>(parts: I) -> Self {
        let mut lists = BTreeMap::new();
        for (of, part) in parts {
            let all: &mut Option<Vec<T>> = lists.entry(of.path).or_insert_with(|| Some(Vec::new()));
            *all = all.take().zip(part).map(|(mut all, part)| {
                all.extend(part);
                all
            });
        }
        Self(lists)
    }
}
