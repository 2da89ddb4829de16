//! Requests to BambooHR, and the order of a read: what people share, how many there are, then the report as it arrives (vendor
//! description, "Reports", "Datasets", "Account Information").

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use jiff::civil::Date;
use tokio::sync::OnceCell;

use super::{
    convert::{Converter, CustomFields, Workplaces, columns_for, read_fields, read_workplaces},
    wire::{Counting, Filters, LOCATIONS, Order, PEOPLE, TOTAL},
};
use crate::{
    connection::Credential,
    connector::{
        Arriving, Caller, Nested,
        answer::{malformed, not_json, unless_refused},
    },
    employee::{AttributeRef, Canonical, Category, Wanted},
    roster::{Proof, Reading},
    source::{Access, Class, Error, Identity, Opening, Source},
};

/// Custom fields beside all others.
const FIELDS: (&str, &str) = ("list fields", "/api/v1/meta/fields");
/// People in pages, of which only the number is asked for.
const NUMBER: (&str, &str) = ("count employees", "/api/v2/datasets/employee/data");
/// Everybody at once.
const REPORT: (&str, &str) = ("list employees", "/api/v1/reports/custom");

/// One connection's view of BambooHR.
pub(super) struct BambooHrSource {
    caller: Caller,
    access: Arc<dyn Access>,
    allowed: BTreeSet<Category>,
    /// The day of the read, by UTC.
    today: Date,
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
        if reading.from().is_some() {
            let detail = "a report has no place from which to go on";
            return Err(Error::new(Class::Expired, REPORT.0, detail));
        }
        let fields = self.fields().await?;
        let number = self.count().await?;
        if let Some(number) = number {
            reading.roster.announce(number);
        }
        let wanted = reading.wanted().clone();
        let workplaces = self.workplaces(&wanted).await?;
        let mut converter = Converter::new(fields, workplaces, self.today, &mut reading.roster);
        let mut people = self.report(fields, &wanted, None).await?;
        while let Some(page) = people.next().await? {
            converter.convert_page(&page, &mut reading.roster)?;
        }
        let ahead = converter.ahead();
        if !ahead.is_empty() {
            let mut people = self.report(fields, &wanted, Some(ahead)).await?;
            while let Some(page) = people.next().await? {
                converter.convert_ahead(&page, &mut reading.roster)?;
            }
        }
        converter.finish(&mut reading.roster)?;
        reading.roster.end_walk(number.map_or(Proof::LastPage, Proof::Total));
        Ok(())
    }

    fn calls(&self) -> u64 {
        self.caller.calls()
    }
}

impl BambooHrSource {
    /// The source of one connection, on the day of the read.
    pub(super) fn new(caller: Caller, opening: Opening<'_>, today: Date) -> Self {
        Self {
            caller,
            access: opening.access,
            allowed: opening.allowed.clone(),
            today,
            fields: OnceCell::new(),
        }
    }

    /// Returns the custom fields that may be read. BambooHR is asked for them once.
    async fn fields(&self) -> Result<&CustomFields, Error> {
        let ask = async || {
            let (operation, path) = FIELDS;
            let text = unless_refused(self.caller.get(operation, path, &[]).await, &[Class::Forbidden])?;
            read_fields(operation, text.as_deref(), &self.allowed)
        };
        self.fields.get_or_try_init(ask).await
    }

    /// Returns how many people there are; `None` where that may not be known.
    async fn count(&self) -> Result<Option<u64>, Error> {
        let (operation, path) = NUMBER;
        let counting = Counting {
            fields: ["eeid"],
            page: 1,
            page_size: 1,
        };
        let passed_over = [Class::Forbidden, Class::Misconfigured];
        let answer = unless_refused(self.caller.query(operation, path, &counting).await, &passed_over)?;
        let Some(text) = answer else {
            return Ok(None);
        };
        let frame: Nested<'_> = serde_json::from_str(&text).map_err(|error| not_json(operation, &error))?;
        let number = TOTAL.iter().fold(frame, |around, name| around.once(name)).whole();
        let number = number.value().and_then(|number| number.parse().ok());
        number
            .map(Some)
            .ok_or_else(|| malformed(operation, "totalItems is missing"))
    }

    /// Returns the places of work; `None` where the credential may not read them. The vendor names a login alone for them.
    async fn workplaces(&self, wanted: &Wanted) -> Result<Option<Workplaces>, Error> {
        let is_login = matches!(self.access.credential().await?, Credential::Tokens(_));
        let is_wanted = wanted.wants_any(&[Canonical::TimeZone, Canonical::WorkCity]);
        if !is_login {
            return Ok(None);
        }
        read_workplaces(&self.caller.lists(vec![LOCATIONS.all().wanted_if(is_wanted)]).await?)
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
        let fields = fields.iter();
        let fields = fields.filter(|field| wanted.wants(AttributeRef::Custom(field.name.as_str())));
        let mut names: Vec<&str> = columns_for(wanted);
        names.extend(fields.map(|field| field.kind.as_str()));
        let order = Order {
            title: "Rollcall",
            fields: names,
            filters: ahead.map(|employee_ids| Filters { employee_ids }),
        };
        let query = [("format", "json"), ("onlyCurrent", only_current)];
        self.caller.arriving(operation, path, &query, &order, PEOPLE).await
    }
}
