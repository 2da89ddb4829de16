//! Looking for the accounts that people may have who are about to get one, where a target's list does not show all accounts: by
//! address, and by what else the configuration tells people apart by. Where a slice ends among them, the next one goes on behind
//! those of whom it is known.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{
    Diff, Slow, Stop,
    compare::{Compared, Sides},
    each::TOGETHER,
    part::LISTED,
    unjudged::Unjudged,
};
use crate::{
    account::{Account, AccountId, Accounts},
    connection::{Configuration, Connection, Decision, FirstLink},
    employee::{Canonical, EmployeeId},
    plan::{Action, Change, Code, PlanId},
    roster::Row,
    run::{Error, gathered::Gathered},
    store::{Each, ListSoFar},
    target::{self, Class, Target},
};

/// How many accounts that the list does not show are read by id to find out whether they are gone. Each is a person's to decide.
const MOST_GONE: usize = 200;

/// How many bytes of ids of people a run's record keeps of whom it cannot be asked whether they have an account (R47).
const MOST_UNASKED_BYTES: usize = 64 * 1024;

/// What comparing with a list came to that may not show all accounts.
pub(super) enum Judged {
    /// All is compared.
    Whole(Box<Compared>),
    /// The slice ended among the people who are looked for.
    Cut {
        /// The accounts that were found for them.
        found: Vec<Account>,
        /// How far it came.
        each: Each,
        /// How the slice ends.
        stop: Stop,
    },
}

/// A person who is about to get an account, with all that tells whether they have one.
struct Joiner {
    id: EmployeeId,
    keys: Vec<(Canonical, Box<str>)>,
}

impl Diff<'_> {
    /// Compares HR with the target. Where the target's list did not show all accounts, people who would get one are looked for, and
    /// all is compared once more with what was found. Of whom it cannot be asked, a person decides.
    pub(super) async fn compare_listed(&mut self, sides: &Sides<'_>, each: Option<Each>) -> Result<Judged, Stop> {
        let mut compared = self.compare(sides).await?;
        let is_whole = each.is_none();
        let (hidden, unjudged) = self.look_for_gone(sides, &compared).await?;
        let accounts = sides.accounts.with(&hidden);
        let with_hidden = Sides {
            accounts: &accounts,
            unjudged: &unjudged,
            ..*sides
        };
        let sides = if hidden.is_empty() && unjudged.len() == sides.unjudged.len() {
            sides
        } else {
            compared = Box::pin(self.compare(&with_hidden)).await?;
            &with_hidden
        };
        if let Some(mut each) = each {
            let joiners = self.joiners(sides, &compared).await?;
            let (mut found, stop) = Box::pin(self.look_for(sides, &joiners, &mut each)).await?;
            found.extend(hidden);
            if let Some(stop) = stop {
                return Ok(Judged::Cut { found, each, stop });
            }
            let accounts = sides.accounts.with(&found);
            let mut unjudged = sides.unjudged.clone();
            let unasked: BTreeSet<&EmployeeId> = each.unasked.iter().collect();
            for joiner in joiners
                .iter()
                .filter(|joiner| each.all_unasked || unasked.contains(&joiner.id))
            {
                unjudged.add(joiner.id.clone(), Code::AddressUnasked);
            }
            if !found.is_empty() || unjudged.len() > sides.unjudged.len() {
                let sides = Sides {
                    accounts: &accounts,
                    unjudged: &unjudged,
                    ..*sides
                };
                compared = Box::pin(self.compare(&sides)).await?;
            }
        }
        compared.plan.is_listed = is_whole;
        Ok(Judged::Whole(Box::new(compared)))
    }

    /// Reads accounts by id that the list does not show, and that people are linked to or decided to be: some servers list nobody who is
    /// switched off. Returns those that are there, and, beside those who are not judged anyway, the people whose accounts the target
    /// refuses to show.
    async fn look_for_gone(
        &mut self,
        sides: &Sides<'_>,
        compared: &Compared,
    ) -> Result<(Vec<Account>, Unjudged), Stop> {
        let gone = compared
            .outcome
            .findings
            .iter()
            .filter(|finding| finding.code == Code::AccountGone);
        let gone = gone.filter_map(|finding| finding.employee_id.clone().zip(finding.account_id.clone()));
        let gone: Vec<(EmployeeId, AccountId)> = gone.take(MOST_GONE).collect();
        let looking = stream::iter(&gone)
            .map(|(_, account)| sides.target.find_account(account))
            .buffered(TOGETHER)
            .collect();
        let accounts = sides.accounts.len();
        let late = |_reached| Stop::Late(Slow::Target { accounts });
        let looked: Vec<Result<Option<Account>, target::Error>> = self.in_time(looking).await.map_err(late)?;
        let (mut found, mut unjudged) = (Vec::new(), sides.unjudged.clone());
        for ((person, _), looked) in gone.into_iter().zip(looked) {
            match looked {
                Ok(account) => found.extend(account),
                Err(error) if error.class == Class::Unauthorized => return Err(self.target_failed(&error).await?),
                Err(_) => unjudged.add_unseen(person),
            }
        }
        Ok((found, unjudged))
    }

    /// Returns what all was compared to; or what ends the slice, behind which is kept what was found until then.
    pub(super) async fn take_whole(
        &mut self,
        judged: Judged,
        connection: &Connection,
        applied: Option<PlanId>,
        people: &mut Gathered,
        accounts: Accounts,
    ) -> Result<Compared, Stop> {
        match judged {
            Judged::Whole(compared) => Ok(*compared),
            Judged::Cut { found, each, stop } => {
                let accounts = accounts.with(&found);
                self.keep_found(connection, applied, people, &accounts, each).await?;
                Err(stop)
            }
        }
    }

    /// Keeps what was found until a slice ended among the people who are looked for, beside the accounts that were listed.
    async fn keep_found(
        &mut self,
        connection: &Connection,
        applied: Option<PlanId>,
        people: &mut Gathered,
        accounts: &Accounts,
        each: Each,
    ) -> Result<(), Error> {
        self.keep_whole(connection, applied, people).await?;
        let part = accounts.listing()?;
        let (id, until) = (self.part_id(LISTED, 0)?, self.kept_until());
        let store = &self.ports.store;
        store.put_listing(&self.run.connection, &id, &part, until).await?;
        if let Some(reading) = &mut self.run.reading {
            let restarts = reading.list.as_ref().map_or(0, |list| list.restarts);
            reading.list = Some(ListSoFar {
                parts: vec![id],
                from: None,
                restarts,
                each: Some(each),
            });
        }
        Ok(())
    }

    /// Returns the people who are about to get an account, in the order of their ids. Who is to get a new one by decision has none.
    async fn joiners(&self, sides: &Sides<'_>, compared: &Compared) -> Result<Vec<Joiner>, Stop> {
        let decisions = self.ports.store.list_decisions(&sides.connection.id).await?.into_iter();
        let decided = decisions.filter(|record| record.decision == Decision::NewAccount);
        let decided: BTreeSet<EmployeeId> = decided.map(|record| record.employee_id).collect();
        let changes = compared.outcome.changes.iter();
        let joiners = changes.filter(|change| !decided.contains(&change.employee_id));
        let mut keys: BTreeMap<EmployeeId, Vec<(Canonical, Box<str>)>> = joiners
            .filter_map(|change| {
                let address = (Canonical::Email, address(change)?.into());
                Some((change.employee_id.clone(), vec![address]))
            })
            .collect();
        let others = other_keys(sides.configuration);
        if !others.is_empty() && !keys.is_empty() {
            let add = |row: Row<'_>| {
                let own = EmployeeId::parse(row.id).ok().and_then(|id| keys.get_mut(&id));
                if let Some(own) = own {
                    let values = others
                        .iter()
                        .filter_map(|other| Some((*other, row.identifier(*other)?.into())));
                    own.extend(values);
                }
                Ok(())
            };
            sides.people.each(self.ports, add).await?;
        }
        Ok(keys.into_iter().map(|(id, keys)| Joiner { id, keys }).collect())
    }

    /// Looks for accounts of people, behind those of whom it is known, and notes how far it came. Returns what was found, and
    /// what ends the slice before all were looked for.
    async fn look_for(
        &mut self,
        sides: &Sides<'_>,
        joiners: &[Joiner],
        each: &mut Each,
    ) -> Result<(Vec<Account>, Option<Stop>), Stop> {
        let pauses_at = self.pauses_at();
        let mut found = Vec::new();
        let known = joiners.partition_point(|joiner| each.looked_for.as_ref().is_some_and(|last| joiner.id <= *last));
        let mut is_first = true;
        for some in joiners.get(known..).unwrap_or_default().chunks(TOGETHER) {
            if !is_first && self.ports.clock.now() >= pauses_at {
                return Ok((found, Some(Stop::Paused)));
            }
            let looking = stream::iter(some)
                .map(|joiner| look_for(sides.target, joiner))
                .buffered(TOGETHER)
                .try_collect();
            let looked: Vec<Option<Vec<Account>>> = match self.in_time(looking).await {
                Ok(Ok(looked)) => looked,
                // What was found is not given up for an answer that did not come.
                Ok(Err(error)) if each.looked_for.is_some() && self.may_wait_for(&error) => {
                    return Ok((found, Some(Stop::Late(Slow::SilentTarget))));
                }
                Ok(Err(error)) => return Err(self.target_failed(&error).await?),
                Err(_reached) if is_first => {
                    let accounts = sides.accounts.len();
                    return Err(Stop::Late(Slow::Target { accounts }));
                }
                Err(_reached) => return Ok((found, Some(Stop::Paused))),
            };
            for (joiner, looked) in some.iter().zip(looked) {
                match looked {
                    Some(accounts) => found.extend(accounts),
                    None => each.unasked.push(joiner.id.clone()),
                }
                each.looked_for = Some(joiner.id.clone());
            }
            let bytes: usize = each.unasked.iter().map(|id| id.as_str().len() + 3).sum();
            if bytes > MOST_UNASKED_BYTES {
                each.unasked.clear();
                each.all_unasked = true;
            }
            is_first = false;
        }
        Ok((found, None))
    }
}

/// Returns by what people are told apart beside their address, and what has to be free where they get an account.
fn other_keys(configuration: &Configuration) -> BTreeSet<Canonical> {
    let links = configuration.first_link.contains(&FirstLink::Identifier);
    let identifier = Some(configuration.identifier.attribute()).filter(|_| links);
    let keys = configuration.create_unless_taken.iter().copied().chain(identifier);
    // The address of the account is asked for in any case.
    keys.filter(|key| *key != configuration.email && *key != Canonical::Email)
        .collect()
}

/// Looks for the accounts of a person. `None`: the target cannot be asked for one of the keys, and no other one finds any account.
async fn look_for(target: &dyn Target, joiner: &Joiner) -> Result<Option<Vec<Account>>, target::Error> {
    let (mut found, mut is_asked) = (Vec::new(), true);
    for (attribute, value) in &joiner.keys {
        match target.find_by_key(*attribute, value).await {
            Ok(Some(accounts)) => found.extend(accounts),
            Ok(None) => is_asked = false,
            // The target refuses to answer this by itself.
            Err(error) if error.class == Class::Refused => is_asked = false,
            Err(error) => return Err(error),
        }
    }
    Ok((is_asked || !found.is_empty()).then_some(found))
}

/// The address of a person who is about to get an account.
fn address(change: &Change) -> Option<&str> {
    match &change.action {
        Action::Create { attributes, .. } => attributes.value(Canonical::Email),
        Action::Leave { .. }
        | Action::Link { .. }
        | Action::Reactivate { .. }
        | Action::Relink { .. }
        | Action::Update { .. } => None,
    }
}
