//! The way from a path to its answer.

use super::dataset::{self, Records};
use super::employee;
use super::listing::{self, Listed};
use super::meta::{self, Locations};
use super::refusal::{forbidden, problem};
use super::report::{self, People, Wanted};
use super::route::Target;
use super::table::Table;
use super::{change, saved, table};
use crate::company::Company;
use crate::kit::Asked;
use crate::kit::caller::Caller;
use crate::kit::fault::armed::Faults;
use crate::kit::list::Listing;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::add;
use crate::kit::system::System;
use crate::kit::veil::Hiding;
use crate::kit::view::View;
use crate::server::reply::Reply;

/// Whether a credential is good for a target.
pub(super) fn check(caller: &Caller, target: Target) -> Result<(), Refusal> {
    let is_forbidden = |path: &String| path == target.name();
    if caller
        .user
        .as_ref()
        .is_some_and(|user| user.group.forbidden_resources.iter().any(is_forbidden))
    {
        return Err(Refusal::Forbidden);
    }
    if caller.scope.is_none() && target.takes_tokens_only() {
        return Err(forbidden("This endpoint takes OAuth tokens only"));
    }
    let scopes = target.scopes();
    let all = ["public.user", "public.integration"];
    if caller.has_scope(scopes) || caller.has_scope(&all) {
        return Ok(());
    }
    Err(Refusal::Scope(scopes.first().copied().unwrap_or_default()))
}

/// A request of a caller who may ask.
pub(super) struct Request<'a> {
    pub(super) system: &'a System,
    pub(super) caller: &'a Caller,
    pub(super) company: &'a Company,
    pub(super) asked: &'a Asked<'a>,
    pub(super) faults: &'a Faults,
}

impl Request<'_> {
    fn view(&self, wanted: Wanted) -> View<'_, Wanted> {
        View::of(self.company, self.caller, self.faults, false, wanted)
    }

    /// Hands a resource on as the caller sees it.
    fn list(
        &self,
        wanted: Wanted,
        resource: &dyn Resource<Wanted>,
        hiding: Hiding,
        answer: impl FnOnce(&Listing<Wanted>) -> Result<Reply, Refusal>,
    ) -> Result<Reply, Refusal> {
        let view = self.view(wanted);
        answer(&Listing::open(
            self.system,
            self.caller,
            &view,
            resource,
            self.faults,
            hiding,
        )?)
    }

    /// Answers for a target.
    pub(super) fn answer(&self, target: Target) -> Result<Reply, Refusal> {
        let (asked, nothing) = (self.asked, Wanted::default);
        let absent = Hiding::Absence;
        match target {
            Target::CompanyInformation => Ok(meta::company(&self.view(nothing()))),
            Target::Report => {
                let (order, wanted) = report::order(asked)?;
                self.list(wanted, &People, absent, |listing| {
                    report::answer(listing, &order, asked)
                })
            }
            Target::Directory => {
                let wanted = employee::directory_wanted(asked);
                self.list(wanted, &People, absent, |listing| employee::directory(listing, asked))
            }
            Target::Employees => {
                let wanted = listing::wanted(asked);
                self.list(wanted, &Listed, Hiding::Null, |listing| listing::answer(listing, asked))
            }
            Target::Employee(id) => {
                let wanted = employee::wanted(asked)?;
                self.list(wanted, &People, absent, |listing| {
                    employee::one(listing, self.caller, id)
                })
            }
            Target::Table { whose, table } => self.list(nothing(), Table::find(table)?, absent, |listing| {
                table::rows(listing, asked, whose)
            }),
            Target::Changed => change::people(&self.view(nothing()), asked),
            Target::ChangedTable(table) => {
                // Recorded on a real account: here rows carry neither their own id nor the employee's.
                let wanted = Wanted {
                    is_grouped: true,
                    ..nothing()
                };
                self.list(wanted, Table::find(table)?, absent, |listing| {
                    change::rows(listing, asked)
                })
            }
            Target::Fields => Ok(meta::fields()),
            Target::Lists => Ok(meta::lists(&self.view(nothing()))),
            Target::Tables => Ok(meta::tables()),
            Target::Users => Ok(meta::users(&self.view(nothing()), asked)),
            Target::Locations => {
                let names = asked.query.commas("expand").unwrap_or_default();
                let wanted = Wanted {
                    expanded: names.into_iter().map(str::to_owned).collect(),
                    ..nothing()
                };
                self.list(wanted, &Locations, Hiding::Null, |listing| {
                    meta::locations(listing, asked)
                })
            }
            Target::Datasets => Ok(dataset::list()),
            Target::DatasetFields(dataset::NAME) => Ok(dataset::fields(asked)),
            Target::DatasetFields(_) => Err(unknown_dataset(422)),
            Target::DatasetData(dataset::NAME) => {
                let (query, wanted) = dataset::query(asked)?;
                self.list(wanted, &Records, absent, |listing| {
                    dataset::answer(listing, &query, asked)
                })
            }
            Target::DatasetData(_) => Err(unknown_dataset(404)),
            Target::SavedReports => Ok(saved::list(asked)),
            Target::SavedReport(id) => {
                let wanted = saved::wanted(id)?;
                self.list(wanted, &Records, absent, |listing| saved::answer(listing, asked))
            }
        }
    }
}

fn unknown_dataset(status: u16) -> Refusal {
    let mut body = problem(status, "Unknown dataset", "There is no dataset of this name");
    add(&mut body, "code", "DATASET_NOT_FOUND");
    Refusal::own(Reply::problem(status, &body))
}
