//! Requests to Merge, and the order of a read: how far it was synchronised, which fields are mapped, then everybody (vendor's client and
//! guides).

use std::collections::BTreeSet;

use async_trait::async_trait;
use serde_json::json;

use super::{
    convert::{People, UNITS, expanded},
    wire::{ACCOUNT, EMPLOYEES, FIELDS, PEOPLE, RESULTS, ROWS_OF_A_PAGE, SYNCS},
};
use crate::{
    connector::{
        ByLayout, ID, Lists, Nested, Opened,
        answer::{malformed, not_json},
        company, read_objects,
    },
    employee::Wanted,
    roster::Reading,
    source::{Class, Error, Identity, Source},
};

/// One connection's view of Merge.
pub(super) struct MergeSource(pub(super) Opened);

#[async_trait]
impl Source for MergeSource {
    /// The linked account, called by the organisation for which it was made.
    async fn identify(&self) -> Result<Identity, Error> {
        let (operation, path) = ACCOUNT;
        let text = self.0.caller.get(operation, path, &[]).await?;
        let account: Nested<'_> = serde_json::from_str(&text).map_err(|error| not_json(operation, &error))?;
        let is_duplicate = account.member("is_duplicate").flag().0;
        let refused = match (account.text("status").value(), is_duplicate) {
            (Some("RELINK_NEEDED"), _) => Some((Class::Unauthorized, "Merge lost its access: link it again")),
            (Some("INCOMPLETE"), _) => Some((Class::Unauthorized, "linking was begun at Merge, and not finished")),
            (_, Some(true)) => Some((
                Class::Misconfigured,
                "linked twice at Merge: delete one of the two there",
            )),
            (_, Some(false) | None) => None,
        };
        if let Some((class, detail)) = refused {
            return Err(Error::new(class, operation, detail));
        }
        let named = company(&account.text(ID), &[&account.text("end_user_organization_name")]);
        let named = named.ok_or_else(|| malformed(operation, "the linked account has no readable id"))?;
        Ok(Identity::Known(named))
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let wanted = reading.wanted().clone();
        self.check_sync(&wanted).await?;
        let mut fields = Lists::from_iter([]);
        if wanted.wants_custom() {
            fields = self.fields().await?;
        }
        let census = ByLayout::<People>::new(&self.0.allowed, &wanted, self.0.today).with_fields(fields);
        self.0.caller.read(&census, reading).await
    }

    fn calls(&self) -> u64 {
        self.0.caller.calls()
    }
}

impl MergeSource {
    /// Checks that what is wanted was synchronised to its end once, and is not broken off now. Before that, people and what belongs to them are
    /// missing without a word.
    async fn check_sync(&self, wanted: &Wanted) -> Result<(), Error> {
        let operation = SYNCS.operation;
        let missing = || Error::new(Class::Forbidden, operation, "how far it is may not be read");
        let pages = self.0.caller.whole(&SYNCS.all()).await?.ok_or_else(missing)?;
        let read: BTreeSet<&str> = expanded(wanted).map(|(_, model)| model).chain([PEOPLE]).collect();
        let mut is_told = false;
        for page in &pages {
            for sync in read_objects(page, RESULTS).map_err(|error| not_json(operation, &error))? {
                let model = sync.text("model_id");
                let Some(model) = model.value().filter(|model| read.contains(model)) else {
                    continue;
                };
                is_told |= model == PEOPLE;
                check_model(operation, model == PEOPLE, sync)?;
            }
        }
        if is_told {
            Ok(())
        } else {
            Err(malformed(operation, "the sync of employees is missing"))
        }
    }

    /// Returns the list of custom fields: those that the first page of people shows, and the kinds of groups. Merge lists mapped fields for
    /// some contracts only, and shows all of them in each person.
    async fn fields(&self) -> Result<Lists, Error> {
        let operation = FIELDS.operation;
        let text = self.0.caller.get(operation, EMPLOYEES.path, &[ROWS_OF_A_PAGE]).await?;
        let rows = read_objects(&text, RESULTS).map_err(|error| not_json(operation, &error))?;
        let mut found: BTreeSet<(String, String)> = BTreeSet::new();
        for (of, held) in rows.into_iter().flat_map(|row| row.member("field_mappings").members()) {
            found.extend(held.members().into_keys().map(|key| (of.clone(), key)));
        }
        found.extend(UNITS.map(|(kind, ..)| ("groups".to_owned(), kind.to_owned())));
        let rows: Vec<_> = found.iter().map(|(of, key)| json!({ "of": of, "key": key })).collect();
        let page = json!({ "results": rows }).to_string();
        Ok(Lists::from_iter([(&FIELDS, Some(vec![page]))]))
    }
}

/// Checks the sync of one model.
fn check_model(operation: &'static str, is_people: bool, sync: Nested<'_>) -> Result<(), Error> {
    let (status, is_first) = (sync.text("status"), sync.member("is_initial_sync").flag().0);
    let (class, detail) = match (status.value(), is_first) {
        (Some("DONE"), _) | (Some("SYNCING" | "PARTIALLY_SYNCED"), Some(false)) => return Ok(()),
        // What is switched off is null for everybody, and hidden.
        (Some("DISABLED"), _) if !is_people => return Ok(()),
        (Some("DISABLED"), _) => (
            Class::Forbidden,
            "employees are switched off at Merge: the operator can switch them on",
        ),
        (Some("SYNCING" | "PARTIALLY_SYNCED"), _) => (
            Class::Temporary,
            "Merge reads the HR system for the first time, and is not done",
        ),
        (Some("FAILED"), _) => (Class::Temporary, "Merge could not read the HR system the last time"),
        (Some("PAUSED"), _) => (
            Class::Temporary,
            "Merge does not read the HR system any more: its sync is paused",
        ),
        (Some(_) | None, _) => (Class::Malformed, "the state of a sync is none that is documented"),
    };
    Err(Error::new(class, operation, detail))
}
