//! Requests to BambooHR, and the order of a read: what people share, how many there are, then the report as it arrives (vendor
//! description, "Reports", "Datasets", "Account Information").

use async_trait::async_trait;
use serde_json::json;
use tokio::sync::OnceCell;

use super::{
    convert::{ATTRIBUTES, CustomFields, Everybody, read_fields},
    wire::{Filters, LOCATIONS, Order, PEOPLE, TOTAL},
};
use crate::{
    connection::Credential,
    connector::{Arriving, ByReport, Lists, Opened, Report as _, answer::unless_refused, serves, unless_under_way},
    employee::Wanted,
    roster::{Proof, Reading},
    source::{Class, Error, Identity, Source},
};

/// Custom fields beside all others.
const FIELDS: (&str, &str) = ("list fields", "/api/v1/meta/fields");
/// People in pages, of which only the number is asked for.
const NUMBER: (&str, &str) = ("count employees", "/api/v2/datasets/employee/data");
/// Everybody at once.
const REPORT: (&str, &str) = (Everybody::OPERATION, "/api/v1/reports/custom");

/// One connection's view of BambooHR.
pub(super) struct BambooHrSource {
    opened: Opened,
    fields: OnceCell<CustomFields>,
}

#[async_trait]
impl Source for BambooHrSource {
    /// The fields are what any credential may ask for; no answer names the company.
    async fn identify(&self) -> Result<Identity, Error> {
        self.fields().await?;
        Ok(Identity::Unknown)
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        unless_under_way(REPORT.0, reading)?;
        let fields = self.fields().await?;
        let number = self.count().await?;
        if let Some(number) = number {
            reading.roster.announce(number);
        }
        let wanted = reading.wanted().clone();
        let workplaces = self.workplaces(&wanted).await?;
        let today = self.opened.today;
        let mut converter =
            ByReport::<Everybody>::new(ATTRIBUTES.to_vec(), fields, &workplaces, today, &mut reading.roster)?;
        let mut people = self.report(fields, &wanted, None).await?;
        while let Some(page) = people.next().await? {
            converter.convert(&page, &mut reading.roster)?;
        }
        let ahead = converter.ahead();
        if !ahead.is_empty() {
            // Where the second report is refused they stay as the first one showed them.
            let people = self.report(fields, &wanted, Some(ahead)).await;
            if let Some(mut people) = unless_refused(REPORT.0, people, &[Class::Forbidden, Class::Malformed])? {
                while let Some(page) = people.next().await? {
                    converter.convert_ahead(&page, &mut reading.roster)?;
                }
            }
        }
        converter.finish(&mut reading.roster)?;
        reading.roster.end_walk(number.map_or(Proof::LastPage, Proof::Total));
        Ok(())
    }

    fn calls(&self) -> u64 {
        self.opened.caller.calls()
    }
}

impl BambooHrSource {
    /// The source of one connection.
    pub(super) fn new(opened: Opened) -> Self {
        Self {
            opened,
            fields: OnceCell::new(),
        }
    }

    /// Returns the custom fields that may be read. BambooHR is asked for them once.
    async fn fields(&self) -> Result<&CustomFields, Error> {
        let ask = async || {
            let (operation, path) = FIELDS;
            let answer = self.opened.caller.get(operation, path, &[]).await;
            let text = unless_refused(operation, answer, &[Class::Forbidden])?;
            read_fields(operation, text.as_deref(), &self.opened.allowed)
        };
        self.fields.get_or_try_init(ask).await
    }

    /// Returns how many people there are; `None` where that may not be known. The smallest page of their dataset says it.
    async fn count(&self) -> Result<Option<u64>, Error> {
        let (operation, path) = NUMBER;
        let smallest = json!({"fields": ["eeid"], "page": 1, "pageSize": 1});
        self.opened.caller.count(operation, path, &smallest, TOTAL).await
    }

    /// Returns the places of work, where the credential may read them: the vendor names a login alone for them.
    async fn workplaces(&self, wanted: &Wanted) -> Result<Lists, Error> {
        match self.opened.access.credential().await? {
            Credential::Tokens(_) => {
                let ask = LOCATIONS.all().wanted_if(serves(ATTRIBUTES, &LOCATIONS, wanted));
                self.opened.caller.lists(vec![ask]).await
            }
            Credential::ApiKey { .. }
            | Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Granted { .. } => Ok(Lists::from_iter([(&LOCATIONS, None)])),
        }
    }

    /// Asks for everybody as they are today; or for these people, with what lies ahead of them.
    /// What serves nothing wanted is no column of it.
    async fn report(
        &self,
        fields: &CustomFields,
        wanted: &Wanted,
        ahead: Option<Vec<u64>>,
    ) -> Result<Arriving<'static>, Error> {
        let (operation, path) = REPORT;
        let only_current = if ahead.is_some() { "false" } else { "true" };
        let custom = fields.wanted(wanted).map(|field| field.id.as_str());
        let order = Order {
            title: "Rollcall",
            fields: Everybody::columns(wanted).into_iter().chain(custom).collect(),
            filters: ahead.map(|employee_ids| Filters { employee_ids }),
        };
        let query = [("format", "json"), ("onlyCurrent", only_current)];
        let caller = &self.opened.caller;
        caller.arriving(operation, path, &query, &order, PEOPLE).await
    }
}
