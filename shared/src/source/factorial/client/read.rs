//! One read: which lists are asked for, in which order, and how much of it at once.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use async_trait::async_trait;
use futures_util::{
    future::{BoxFuture, FutureExt, ready, try_join3, try_join4},
    stream::{self, BoxStream, StreamExt},
};
use tokio::sync::OnceCell;

use super::{
    super::{
        convert::{Converter, PageTexts, Reach, ReferenceTexts, References},
        error::{malformed, not_json},
        wire::{self, List, Text},
    },
    CONTRACTS, CREDENTIALS, CUSTOM_FIELDS, CUSTOM_VALUES, Client, EMPLOYEES, LEGAL_ENTITIES, LOCATIONS, MEMBERSHIPS,
    Resource, TEAMS, Walk,
};
use crate::{
    employee::CompanyId,
    http::Response,
    mapping::Category,
    roster::{Builder, Company},
    source::{Error, Source},
};

/// How many pages of people are under way at once.
const PAGES_UNDER_WAY: usize = 4;

/// The longest name of a company that is kept, in characters.
const MOST_NAME: usize = 200;

/// The custom fields' definitions, read once.
type Fields = OnceCell<Option<Vec<Response>>>;

/// One connection's view of Factorial.
pub(in super::super) struct FactorialSource {
    client: Client,
    allowed: BTreeSet<Category>,
    identity: Mutex<Option<Identity>>,
}

/// Whose credential it is.
#[derive(Clone, Debug)]
struct Identity {
    company: Company,
    reach: Reach,
}

/// The texts behind one step of the read.
enum Arrived {
    References(References),
    Page(Page),
}

/// A page of people with what belongs to them.
struct Page {
    total: Option<u64>,
    employees: Response,
    contracts: Option<Vec<Response>>,
    memberships: Option<Vec<Response>>,
    values: Option<Vec<Response>>,
}

#[async_trait]
impl Source for FactorialSource {
    async fn identify(&self) -> Result<Company, Error> {
        let response = self.client.get(CREDENTIALS, &[]).await?;
        let identity = identity(&response)?;
        let company = identity.company.clone();
        *self.identity.lock().unwrap_or_else(PoisonError::into_inner) = Some(identity);
        Ok(company)
    }

    async fn read(&self, roster: &mut Builder) -> Result<(), Error> {
        let identity = self.known_identity().await?;
        let fields = OnceCell::new();
        let mut steps = self.steps(&fields);
        let mut converter = None;
        while let Some(step) = steps.next().await {
            match (step?, &mut converter) {
                (Arrived::References(references), _) => {
                    let company = identity.company.id.as_str();
                    converter = Some(Converter::new(references, identity.reach, Some(company)));
                }
                (Arrived::Page(page), Some(converter)) => page.convert(converter, roster)?,
                (Arrived::Page(_), None) => return Err(malformed("list employees", "a page came first")),
            }
        }
        if let Some(converter) = converter {
            converter.finish(roster)?;
            roster.end_walk();
        }
        Ok(())
    }

    fn calls(&self) -> u64 {
        self.client.session.calls()
    }
}

impl FactorialSource {
    pub(in super::super) fn new(client: Client, allowed: BTreeSet<Category>) -> Self {
        Self {
            client,
            allowed,
            identity: Mutex::default(),
        }
    }

    async fn known_identity(&self) -> Result<Identity, Error> {
        let known = || self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if known().is_none() {
            self.identify().await?;
        }
        known().ok_or_else(|| malformed("identify company", "there is no identity"))
    }

    /// Reads what many people share.
    async fn references(&self, fields: &Fields) -> Result<Arrived, Error> {
        let walk = |resource| self.client.walk(resource, &[]);
        let (teams, locations, legal_entities, fields) =
            try_join4(walk(TEAMS), walk(LOCATIONS), walk(LEGAL_ENTITIES), self.fields(fields)).await?;
        let texts = ReferenceTexts {
            teams: texts(teams.as_ref())?,
            locations: texts(locations.as_ref())?,
            legal_entities: texts(legal_entities.as_ref())?,
            fields: texts(fields.as_ref())?,
        };
        Ok(Arrived::References(References::read(&texts, &self.allowed)?))
    }

    /// The custom fields' definitions: read once, wanted by the references and by every page.
    async fn fields<'c>(&self, cell: &'c Fields) -> Result<&'c Option<Vec<Response>>, Error> {
        cell.get_or_try_init(|| self.client.walk(CUSTOM_FIELDS, &[])).await
    }

    /// What arrives, in order: the references, then the pages of people with what belongs to them. The next page of
    /// people is asked for while what belongs to the earlier ones is still coming, a bounded number ahead.
    fn steps<'r>(&'r self, fields: &'r Fields) -> BoxStream<'r, Result<Arrived, Error>> {
        let references: BoxFuture<'r, Result<Arrived, Error>> = self.references(fields).boxed();
        let pages = stream::unfold(Some(Walk::new(EMPLOYEES)), move |walk| self.next_page(walk));
        let pages = pages.map(move |page| -> BoxFuture<'r, Result<Arrived, Error>> {
            match page {
                Ok((page, ids)) => self.complete(page, ids, fields).boxed(),
                Err(error) => ready(Err(error)).boxed(),
            }
        });
        let steps = stream::iter([references]).chain(pages);
        steps.buffered(PAGES_UNDER_WAY + 1).boxed()
    }

    /// The next page of people; `None` after the last one or an error.
    async fn next_page(&self, walk: Option<Walk>) -> Option<(Result<(Page, Vec<String>), Error>, Option<Walk>)> {
        let mut walk = walk?;
        match self.page(&mut walk).await {
            Ok((page, ids, is_last)) => Some((Ok((page, ids)), (!is_last).then_some(walk))),
            Err(error) => Some((Err(error), None)),
        }
    }

    async fn page(&self, walk: &mut Walk) -> Result<(Page, Vec<String>, bool), Error> {
        let employees = self.client.get(EMPLOYEES, &walk.query(&[])).await?;
        let step = walk.step(&employees)?;
        let page = Page {
            total: step.total,
            employees,
            contracts: Some(Vec::new()),
            memberships: Some(Vec::new()),
            values: Some(Vec::new()),
        };
        Ok((page, step.ids, step.is_last))
    }

    /// Reads what belongs to the people of a page, in parallel within the pace.
    async fn complete(&self, mut page: Page, ids: Vec<String>, fields: &Fields) -> Result<Arrived, Error> {
        if ids.is_empty() {
            return Ok(Arrived::Page(page));
        }
        let filter: Vec<(&str, &str)> = ids.iter().map(|id| ("employee_ids[]", id.as_str())).collect();
        let related = |resource: Resource| self.client.walk(resource, &filter);
        let values = async {
            let fields = texts(self.fields(fields).await?.as_ref())?;
            let only_fields = ReferenceTexts {
                fields,
                ..ReferenceTexts::default()
            };
            if References::read(&only_fields, &self.allowed)?.has_custom_fields() {
                related(CUSTOM_VALUES).await
            } else {
                Ok(Some(Vec::new()))
            }
        };
        (page.contracts, page.memberships, page.values) =
            try_join3(related(CONTRACTS), related(MEMBERSHIPS), values).await?;
        Ok(Arrived::Page(page))
    }
}

impl Page {
    fn convert(&self, converter: &mut Converter, roster: &mut Builder) -> Result<(), Error> {
        if let Some(total) = self.total {
            roster.announce(total);
        }
        let page = PageTexts {
            employees: text(&self.employees)?,
            contracts: texts(self.contracts.as_ref())?,
            memberships: texts(self.memberships.as_ref())?,
            values: texts(self.values.as_ref())?,
        };
        converter.convert_page(&page, roster)
    }
}

fn text(response: &Response) -> Result<&str, Error> {
    response
        .text()
        .map_err(|_| malformed("read an answer", "the answer is not UTF-8"))
}

fn texts(pages: Option<&Vec<Response>>) -> Result<Option<Vec<&str>>, Error> {
    pages.map(|pages| pages.iter().map(text).collect()).transpose()
}

/// Whose credential it is: a user's has an employee or a role, a company's has neither.
fn identity(response: &Response) -> Result<Identity, Error> {
    let operation = CREDENTIALS.operation;
    let list: List<'_, wire::Credential<'_>> =
        serde_json::from_str(text(response)?).map_err(|error| not_json(operation, &error))?;
    let rows = list.data.unwrap_or_default();
    let row = rows
        .first()
        .ok_or_else(|| malformed(operation, "no credential is listed"))?;
    let id = row.company_id.value().and_then(|id| CompanyId::parse(id).ok());
    let id = id.ok_or_else(|| malformed(operation, "company_id is missing"))?;
    let has = |text: &Text<'_>| text.value().is_some_and(|text| !text.is_empty());
    let name = [&row.name, &row.legal_name].into_iter().find_map(Text::value);
    Ok(Identity {
        company: Company {
            name: name.unwrap_or_else(|| id.as_str()).chars().take(MOST_NAME).collect(),
            id,
        },
        reach: if has(&row.employee_id) || has(&row.role) {
            Reach::User
        } else {
            Reach::Company
        },
    })
}
