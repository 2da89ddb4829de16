//! Requests to BambooHR, and the order of a read: what people share, how many there are, then the report as it arrives (vendor
//! description, "Reports", "Datasets", "Account Information").

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::OnceCell;

use super::{
    convert::{Converter, CustomFields, Workplaces, read_fields, read_workplaces},
    wire::{Counting, Filters, Frame, Order, PEOPLE, ROWS, columns_for},
};
use crate::{
    connection::Credential,
    connector::{
        Arriving, Caller, List, Mark, Next, Outline, Page, Paging, Place,
        answer::{malformed, not_json},
        read_page,
    },
    employee::{AttributeRef, Canonical, Category, Wanted},
    http::{Request, basic},
    roster::{Proof, Reading},
    source::{Access, Class, Error, Identity, Source},
};

/// Custom fields beside all others.
const FIELDS: (&str, &str) = ("list fields", "/api/v1/meta/fields");
/// People in pages, of which only the number is asked for.
const NUMBER: (&str, &str) = ("count employees", "/api/v2/datasets/employee/data");
/// Everybody at once.
const REPORT: (&str, &str) = ("list employees", "/api/v1/reports/custom");

/// The places of work, in pages that are counted from 0.
struct Locations;

impl List for Locations {
    fn operation(&self) -> &'static str {
        "list locations"
    }

    fn paging(&self) -> Paging {
        Paging::Page { first: 0 }
    }

    fn path(&self) -> &'static str {
        "/api/v1/hris/org/locations"
    }

    fn query<'q>(&'q self, place: &'q Place) -> Vec<(&'q str, Cow<'q, str>)> {
        let number = match place {
            Place::Page(number) => *number,
            Place::Start | Place::At(_) | Place::Behind(_) => 0,
        };
        vec![("page", number.to_string().into()), ("pageSize", "500".into())]
    }

    fn mark(&self, _place: &Place, text: &str) -> Result<Mark, Error> {
        let operation = self.operation();
        let page: Page<Outline<'_>, Frame> = read_page(text, ROWS).map_err(|error| not_json(operation, &error))?;
        let rows = page.rows.ok_or_else(|| malformed(operation, "data is missing"))?;
        let ids = rows.iter().filter_map(|row| row.id.value().map(str::to_owned));
        Ok(Mark {
            rows: rows.len(),
            ids: ids.collect(),
            total: page.frame.meta.and_then(|meta| meta.total),
            next: Next::Unsaid,
        })
    }
}

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
    pub(super) fn new(caller: Caller, access: Arc<dyn Access>, allowed: BTreeSet<Category>, today: Date) -> Self {
        Self {
            caller,
            access,
            allowed,
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
        let frame: Frame = serde_json::from_str(&text).map_err(|error| not_json(operation, &error))?;
        let number = frame.meta.and_then(|meta| meta.total);
        number
            .map(Some)
            .ok_or_else(|| malformed(operation, "totalItems is missing"))
    }

    /// Returns the places of work; `None` where the credential may not read them. The vendor names a login alone for them.
    async fn workplaces(&self, wanted: &Wanted) -> Result<Option<Workplaces>, Error> {
        let pages = match self.access.credential().await? {
            Credential::Tokens(_) => {
                let is_wanted = wanted.wants_any(&[Canonical::TimeZone, Canonical::WorkCity]);
                self.caller.whole_if(is_wanted, &Locations).await?
            }
            Credential::ApiKey { .. }
            | Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Granted { .. } => None,
        };
        read_workplaces(Locations.operation(), pages.as_deref())
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
        let mut names: Vec<&str> = columns_for(wanted).collect();
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

/// Returns an answer, or `None` where the credential is refused what was asked for in one of these ways.
fn unless_refused(answer: Result<String, Error>, passed_over: &[Class]) -> Result<Option<String>, Error> {
    match answer {
        Ok(text) => Ok(Some(text)),
        Err(error) if passed_over.contains(&error.class) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Shows a credential in the vendor's way: a key as the name of Basic, with any password; a login's token as bearer.
pub(super) fn sign(request: Request, credential: &Credential) -> Option<Request> {
    match credential {
        Credential::ApiKey { key } => {
            let any = SecretString::from("x");
            Some(request.header("authorization", basic(key.expose_secret(), &any)))
        }
        Credential::Tokens(tokens) => Some(request.bearer(&tokens.access_token)),
        Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => None,
    }
}
