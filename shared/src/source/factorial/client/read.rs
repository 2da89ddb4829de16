//! One read: which lists are asked for, in which order, and how much of it at once.

use std::collections::BTreeSet;

use async_trait::async_trait;
use futures_util::{
    future::{BoxFuture, FutureExt, ready, try_join3, try_join4},
    stream::{self, BoxStream, StreamExt},
};
use tokio::sync::OnceCell;

use super::{
    super::{
        convert::{
            Converter, FROM_CONTRACT, FROM_LEGAL_ENTITY, FROM_LOCATION, FROM_MEMBERSHIP, PageTexts, ReferenceTexts,
            References, read_fields,
        },
        wire,
    },
    CONTRACTS, CREDENTIALS, CUSTOM_FIELDS, CUSTOM_VALUES, EMPLOYEES, LEGAL_ENTITIES, LOCATIONS, MEMBERSHIPS, Resource,
    Rows, TEAMS,
};
use crate::{
    connector::{
        Arrived, Caller, List as _, Reach, Text, Walk, Waypoint,
        answer::{malformed, not_json},
        read_rows,
    },
    employee::{AttributeRef, Canonical, Category, CompanyId, CustomName, Wanted},
    roster::{Company, Position, Proof, Reading},
    source::{Class, Error, Identity, Source},
};

/// How many pages of people are under way at once.
const PAGES_UNDER_WAY: usize = 4;

/// The version in which the place in the list of people is noted.
const FORM: u32 = 1;

/// The list of all people.
const EVERYBODY: Rows<'_> = EMPLOYEES.all();

/// The longest name of a company that is kept, in characters.
const MOST_NAME: usize = 200;

/// The custom fields' definitions, read once.
type Fields = OnceCell<Option<Vec<String>>>;

/// One connection's view of Factorial.
pub(in super::super) struct FactorialSource {
    caller: Caller,
    allowed: BTreeSet<Category>,
    identity: OnceCell<Owner>,
}

/// The company that a credential belongs to, and what the credential sees.
#[derive(Debug)]
struct Owner {
    company: Company,
    reach: Reach,
}

/// The texts behind one step of the read.
enum Step {
    References(References),
    /// A page of people with what belongs to them, how many people there are, where it says so, and the proof of the end or
    /// where the list goes on.
    Page(PageTexts<String>, Option<u64>, Result<Proof, Waypoint>),
}

#[async_trait]
impl Source for FactorialSource {
    async fn identify(&self) -> Result<Identity, Error> {
        Ok(Identity::Known(self.identity().await?.company.clone()))
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let identity = self.identity().await?;
        let (fields, wanted) = (OnceCell::new(), reading.wanted().clone());
        let mut steps = self.steps(&fields, &wanted, begin(reading.from())?);
        let mut converter = None;
        while let Some(step) = steps.next().await {
            match (step?, &mut converter) {
                (Step::References(references), _) => {
                    let company = Some(identity.company.id.as_str());
                    converter = Some(Converter::new(references, identity.reach, company, &mut reading.roster));
                }
                (Step::Page(page, total, end), Some(converter)) => {
                    if let Some(total) = total {
                        reading.roster.announce(total);
                    }
                    converter.convert_page(&page, &mut reading.roster)?;
                    match end {
                        Ok(proof) => reading.roster.end_walk(proof),
                        Err(ahead) => {
                            if reading.pause(Position::new(FORM, &ahead)).is_break() {
                                return Ok(());
                            }
                        }
                    }
                }
                (Step::Page(..), None) => return Err(malformed("list employees", "a page came first")),
            }
        }
        converter.map_or(Ok(()), |converter| converter.finish(&reading.roster))
    }

    fn calls(&self) -> u64 {
        self.caller.calls()
    }
}

impl FactorialSource {
    pub(in super::super) fn new(caller: Caller, allowed: BTreeSet<Category>) -> Self {
        Self {
            caller,
            allowed,
            identity: OnceCell::new(),
        }
    }

    /// Returns the company that the credential belongs to. Factorial is asked for it once.
    async fn identity(&self) -> Result<&Owner, Error> {
        let ask = async || {
            let text = self.caller.get(CREDENTIALS.operation, CREDENTIALS.path, &[]).await?;
            identity(&text)
        };
        self.identity.get_or_try_init(ask).await
    }

    /// Reads what many people share, as far as it serves what is wanted.
    async fn references(&self, fields: &Fields, wanted: &Wanted) -> Result<Step, Error> {
        let whole =
            async |of: Resource, gives: &[Canonical]| self.caller.whole_if(wanted.wants_any(gives), &of.all()).await;
        let (teams, locations, legal_entities, fields) = try_join4(
            whole(TEAMS, FROM_MEMBERSHIP),
            whole(LOCATIONS, FROM_LOCATION),
            whole(LEGAL_ENTITIES, FROM_LEGAL_ENTITY),
            self.fields(fields, wanted),
        )
        .await?;
        let texts = ReferenceTexts {
            teams,
            locations,
            legal_entities,
            fields: fields.clone(),
        };
        Ok(Step::References(References::read(&texts, &self.allowed)?))
    }

    /// Returns the custom fields' definitions. They are read once, for the references and for every page.
    async fn fields<'c>(&self, cell: &'c Fields, wanted: &Wanted) -> Result<&'c Option<Vec<String>>, Error> {
        let read = async || self.caller.whole_if(wanted.wants_custom(), &CUSTOM_FIELDS.all()).await;
        cell.get_or_try_init(read).await
    }

    /// What arrives, in order: the references, then the pages of people with what belongs to them. The next page of
    /// people is asked for while what belongs to the earlier ones is still coming, a bounded number ahead.
    fn steps<'r>(&'r self, fields: &'r Fields, wanted: &'r Wanted, walk: Walk) -> BoxStream<'r, Result<Step, Error>> {
        let references: BoxFuture<'r, Result<Step, Error>> = self.references(fields, wanted).boxed();
        let pages = self.caller.pages(&EVERYBODY, walk);
        let pages = pages.map(move |page| -> BoxFuture<'r, Result<Step, Error>> {
            match page {
                Ok(page) => self.complete(page, fields, wanted).boxed(),
                Err(error) => ready(Err(error)).boxed(),
            }
        });
        let steps = stream::iter([references]).chain(pages);
        steps.buffered(PAGES_UNDER_WAY + 1).boxed()
    }

    /// Reads what belongs to the people of a page and is wanted, in parallel within the pace.
    async fn complete(&self, people: Arrived, fields: &Fields, wanted: &Wanted) -> Result<Step, Error> {
        let ids = people.mark.ids.as_slice();
        let related = async |of: Resource, is_wanted: bool| {
            let list = Rows { of, people: ids };
            self.caller.whole_if(is_wanted && !ids.is_empty(), &list).await
        };
        let values = async {
            let fields = read_fields(self.fields(fields, wanted).await?.as_deref(), &self.allowed)?;
            let is_wanted = |name: &CustomName| wanted.wants(AttributeRef::Custom(name.as_str()));
            related(CUSTOM_VALUES, fields.iter().any(|field| is_wanted(&field.name))).await
        };
        let contracts = related(CONTRACTS, wanted.wants_any(FROM_CONTRACT));
        let memberships = related(MEMBERSHIPS, wanted.wants_any(FROM_MEMBERSHIP));
        let (contracts, memberships, values) = try_join3(contracts, memberships, values).await?;
        let page = PageTexts {
            employees: people.text,
            contracts,
            memberships,
            values,
        };
        Ok(Step::Page(page, people.mark.total, people.end))
    }
}

/// Returns the walk over the list of people, from where an earlier slice paused.
fn begin(from: Option<&Position>) -> Result<Walk, Error> {
    let Some(from) = from else {
        return Ok(Walk::begin(EVERYBODY.paging()));
    };
    let position = from.place(FORM).ok_or_else(|| {
        let detail = "the place in the list was noted by another version of this connector";
        Error::new(Class::Expired, EMPLOYEES.operation, detail)
    })?;
    Ok(Walk::resume(EVERYBODY.paging(), position))
}

/// Reads whose a credential is: a user's has an employee or a role, a company's has neither.
fn identity(text: &str) -> Result<Owner, Error> {
    let operation = CREDENTIALS.operation;
    let rows: Vec<wire::Credential<'_>> = read_rows(text, wire::ROWS).map_err(|error| not_json(operation, &error))?;
    let row = rows
        .first()
        .ok_or_else(|| malformed(operation, "no credential is listed"))?;
    let id = row.company_id.value().and_then(|id| CompanyId::parse(id).ok());
    let id = id.ok_or_else(|| malformed(operation, "company_id is missing"))?;
    let has = |text: &Text<'_>| text.value().is_some_and(|text| !text.is_empty());
    let name = [&row.name, &row.legal_name].into_iter().find_map(Text::value);
    Ok(Owner {
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
