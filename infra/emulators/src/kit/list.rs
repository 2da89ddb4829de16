//! From a resource to the ids of its rows, and from ids to JSON.

use super::caller::Caller;
use super::fault::armed::{Faults, Sign, is_missing};
use super::query::Query;
use super::refusal::Refusal;
use super::resource::Resource;
use super::row::{Out, Row};
use super::system::System;
use super::veil::{Hiding, Veil};
use super::view::View;
use std::sync::Arc;

/// A resource as one caller asks for it.
pub(crate) struct Listing<'a, C> {
    pub(crate) system: &'a System,
    pub(crate) caller: &'a Caller,
    pub(crate) view: &'a View<'a, C>,
    pub(crate) resource: &'a dyn Resource<C>,
    pub(crate) faults: &'a Faults,
    pub(crate) veil: Veil,
}

impl<'a, C> Listing<'a, C> {
    /// Refused where the caller's permission group forbids the resource.
    pub(crate) fn open(
        system: &'a System,
        caller: &'a Caller,
        view: &'a View<'a, C>,
        resource: &'a dyn Resource<C>,
        faults: &'a Faults,
        hiding: Hiding,
    ) -> Result<Self, Refusal> {
        let forbidden = |user: &super::caller::User| {
            let mut paths = user.group.forbidden_resources.iter();
            paths.any(|path| path == resource.path())
        };
        if caller.user.as_ref().is_some_and(forbidden) {
            return Err(Refusal::Forbidden);
        }
        Ok(Self {
            veil: Veil::over(system.dialect, resource.path(), caller, faults, hiding),
            system,
            caller,
            view,
            resource,
            faults,
        })
    }

    /// The ids of the rows that are asked for. A list that is asked for as a `whole` is kept until anything changes, so that
    /// paging through it costs no more at its end than at its beginning.
    pub(crate) fn select(&self, query: &Query, whole: bool) -> Result<Arc<Vec<u64>>, Refusal> {
        if !whole || !self.view.is_whole() {
            return Ok(Arc::new(self.resource.select(self.view, query)?));
        }
        let key = (self.caller.company, self.resource.path());
        let revision = self.view.company.revision;
        if let Some((known, ids)) = self.system.lists().get(&key)
            && *known == revision
        {
            return Ok(Arc::clone(ids));
        }
        let ids = Arc::new(self.resource.select(self.view, query)?);
        self.system.lists().insert(key, (revision, Arc::clone(&ids)));
        Ok(ids)
    }

    /// Returns the ids of the rows that are asked for, fewer where a fault shortens the list; `keeps` says which rows
    /// stay.
    pub(crate) fn ids(
        &self,
        query: &Query,
        whole: bool,
        keeps: Option<&dyn Fn(u64) -> bool>,
    ) -> Result<Arc<Vec<u64>>, Refusal> {
        let mut ids = self.select(query, whole)?;
        let missing = self.faults.short_list.filter(|_| self.resource.lists_people());
        let is_empty = self.faults.shows(Sign::Empty);
        if keeps.is_some() || missing.is_some() || is_empty {
            Arc::make_mut(&mut ids).retain(|id| {
                !is_empty && keeps.is_none_or(|keeps| keeps(*id)) && missing.is_none_or(|share| !is_missing(share, *id))
            });
        }
        Ok(ids)
    }

    /// Writes one row.
    pub(crate) fn write(&self, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let mut row = Row::open(out, &self.veil);
        self.resource.write(self.view, id, &mut row)?;
        row.close()
    }

    /// Writes rows as a JSON array.
    pub(crate) fn write_all(&self, ids: &[u64], out: &mut Out) -> Result<(), Refusal> {
        out.push(b'[');
        for (position, id) in ids.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            self.write(*id, out)?;
        }
        out.push(b']');
        Ok(())
    }

    /// Returns one row as JSON; not found where the caller does not see it.
    pub(crate) fn one(&self, id: u64, query: &Query, whole: bool) -> Result<Vec<u8>, Refusal> {
        let ids = self.select(query, whole)?;
        ids.binary_search(&id).map_err(|_| Refusal::NotFound)?;
        let mut body = Vec::new();
        self.write(id, &mut body)?;
        Ok(body)
    }
}
