//! One read: which of the two APIs is asked, for which lists, and how much of it at once.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use futures_util::{
    future::{BoxFuture, FutureExt as _, ready, try_join, try_join4},
    stream::{BoxStream, StreamExt as _},
};

use super::{
    super::{
        config::Api,
        convert::{Converter, PageTexts, ReferenceTexts, References},
        wire::{DATA_ITEMS, ITEMS},
    },
    DEFINITIONS, DEPARTMENTS, EMPLOYEES, ESTABLISHMENTS, EXTENSIONS, FIXED_ITEMS, LEGAL_ENTITIES, RECORDS, Resource,
    Rows, USERS, VALUES, WORKPLACES, user_fields,
};
use crate::{
    connection::Credential,
    connector::{Arrived, Caller, List as _, Outline, Walk, Waypoint, answer::not_json, read_rows},
    employee::{AttributeRef, Canonical, Category, Wanted},
    roster::{Position, Proof, Reading},
    source::{Access, Class, Error, Identity, Source},
};

/// How many pages of people are under way at once.
const PAGES_UNDER_WAY: usize = 2;

/// For how many custom fields values are asked at once: their names stand in the address.
const FIELDS_AT_ONCE: usize = 50;

/// Archived departments, workplaces and employers too: people who left were there.
const WITH_ARCHIVED: (&str, &str) = ("isArchived", "true,false");

/// What comes from the places of work, the employer in the older API among it.
const FROM_PLACE: &[Canonical] = &[
    Canonical::Group,
    Canonical::TimeZone,
    Canonical::WorkCity,
    Canonical::WorkLocation,
];

/// One connection's view of Lucca.
pub(in super::super) struct LuccaSource {
    caller: Caller,
    access: Arc<dyn Access>,
    allowed: BTreeSet<Category>,
    /// The day of the read, `YYYY-MM-DD`: which of several amounts and values applies.
    today: String,
}

/// A page of people with what belongs to them, and the proof of the end or where the list goes on.
struct Complete {
    texts: PageTexts<String>,
    total: Option<u64>,
    end: Result<Proof, Waypoint>,
}

#[async_trait]
impl Source for LuccaSource {
    /// Lucca names no company. One person is asked for, which shows that the credential is good.
    async fn identify(&self) -> Result<Identity, Error> {
        let (list, query, path) = match self.api().await? {
            Api::Older => (USERS, [("fields", "id"), ("paging", "0,1")].as_slice(), DATA_ITEMS),
            Api::Newer => (EMPLOYEES, [("limit", "1")].as_slice(), ITEMS),
        };
        let text = self.caller.get(list.operation, list.path, query).await?;
        let _: Vec<Outline<'_>> = read_rows(&text, path).map_err(|error| not_json(list.operation, &error))?;
        Ok(Identity::Unknown)
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let api = self.api().await?;
        let wanted = reading.wanted().clone();
        let people = everybody(api, &wanted);
        let walk = begin(api, &people, reading.from())?;
        let references = Arc::new(self.references(api, &wanted).await?);
        let mut converter = Converter::new(Arc::clone(&references), api, &self.today, &mut reading.roster);
        let mut pages = self.complete_pages(api, &wanted, &people, walk, &references);
        while let Some(page) = pages.next().await {
            let page = page?;
            if let Some(total) = page.total {
                reading.roster.announce(total);
            }
            converter.convert_page(&page.texts, &mut reading.roster)?;
            match page.end {
                Ok(proof) => reading.roster.end_walk(proof),
                Err(ahead) => {
                    if reading.pause(Position::new(form(api), &ahead)).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        converter.finish(&reading.roster)
    }

    fn calls(&self) -> u64 {
        self.caller.calls()
    }
}

impl LuccaSource {
    pub(in super::super) fn new(
        caller: Caller,
        access: Arc<dyn Access>,
        allowed: BTreeSet<Category>,
        today: String,
    ) -> Self {
        Self {
            caller,
            access,
            allowed,
            today,
        }
    }

    /// Returns which API the credential of the moment opens.
    async fn api(&self) -> Result<Api, Error> {
        Ok(match self.access.credential().await? {
            Credential::ApiKey { .. } => Api::Older,
            Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Granted { .. }
            | Credential::Tokens(_) => Api::Newer,
        })
    }

    /// Reads what many people share, as far as it serves what is wanted.
    async fn references(&self, api: Api, wanted: &Wanted) -> Result<References, Error> {
        let texts = match api {
            Api::Older => {
                let (establishments, extensions) = (archived(ESTABLISHMENTS), EXTENSIONS.all());
                let read = try_join(
                    self.module(wanted.wants_any(FROM_PLACE), &establishments),
                    self.module(wanted.wants_custom(), &extensions),
                );
                let (establishments, extensions) = read.await?;
                ReferenceTexts::Older {
                    establishments,
                    extensions,
                }
            }
            Api::Newer => {
                let lists = [
                    (wanted.wants_any(FROM_PLACE), archived(WORKPLACES)),
                    (wanted.wants_any(&[Canonical::Department]), archived(DEPARTMENTS)),
                    (wanted.wants_any(&[Canonical::Group]), archived(LEGAL_ENTITIES)),
                    (wanted.wants_custom(), DEFINITIONS.all()),
                ];
                let [workplaces, departments, entities, definitions] = lists
                    .each_ref()
                    .map(|(is_wanted, list)| self.caller.whole_if(*is_wanted, list));
                let (workplaces, departments, entities, definitions) =
                    try_join4(workplaces, departments, entities, definitions).await?;
                ReferenceTexts::Newer {
                    workplaces,
                    departments,
                    entities,
                    definitions,
                }
            }
        };
        References::read(&texts, &self.allowed)
    }

    /// Reads a list of a module that not every customer has: one that is not there may not be read.
    async fn module(&self, is_wanted: bool, list: &Rows) -> Result<Option<Vec<String>>, Error> {
        match self.caller.whole_if(is_wanted, list).await {
            Err(error) if error.class == Class::Misconfigured => Ok(None),
            read => read,
        }
    }

    /// The pages of people with what belongs to them, in order. The next page is asked for while what belongs to the earlier one
    /// is still coming.
    fn complete_pages<'r>(
        &'r self,
        api: Api,
        wanted: &'r Wanted,
        people: &'r Rows,
        walk: Walk,
        references: &'r References,
    ) -> BoxStream<'r, Result<Complete, Error>> {
        let pages = self.caller.pages(people, walk);
        let pages = pages.map(move |page| -> BoxFuture<'r, Result<Complete, Error>> {
            match page {
                Ok(page) => self.complete(api, wanted, page, references).boxed(),
                Err(error) => ready(Err(error)).boxed(),
            }
        });
        pages.buffered(PAGES_UNDER_WAY).boxed()
    }

    /// Reads what belongs to the people of a page and is wanted.
    async fn complete(
        &self,
        api: Api,
        wanted: &Wanted,
        people: Arrived,
        references: &References,
    ) -> Result<Complete, Error> {
        let ids = people.mark.ids.join(",");
        let texts = match api {
            Api::Older => PageTexts::Older {
                users: people.text,
                pay: {
                    let is_wanted = wanted.wants_any(&[Canonical::PayCurrency, Canonical::PayRate]);
                    self.related(is_wanted, FIXED_ITEMS, vec![("ownerIds", ids)]).await?
                },
            },
            Api::Newer => {
                let is_wanted = wanted.wants_any(&[Canonical::BirthDate, Canonical::PersonalEmail]);
                let records = self.related(is_wanted, RECORDS, vec![("employee.id", ids.clone())]);
                let (records, values) = try_join(records, self.values(&ids, wanted, references)).await?;
                PageTexts::Newer {
                    employees: people.text,
                    records,
                    values,
                }
            }
        };
        Ok(Complete {
            texts,
            total: people.mark.total,
            end: people.end,
        })
    }

    /// Reads what of a list belongs to some people; nothing is asked for where there is nobody.
    async fn related(
        &self,
        is_wanted: bool,
        of: Resource,
        asked: Vec<(&'static str, String)>,
    ) -> Result<Option<Vec<String>>, Error> {
        let is_about_people = asked.iter().all(|(_, value)| !value.is_empty());
        self.module(is_wanted && is_about_people, &of.with(asked)).await
    }

    /// Reads the values of the custom fields that may be read and are wanted, and of no other one (R34).
    async fn values(
        &self,
        people: &str,
        wanted: &Wanted,
        references: &References,
    ) -> Result<Option<Vec<String>>, Error> {
        let fields = references.fields.iter();
        let fields = fields.filter(|field| wanted.wants(AttributeRef::Custom(field.name.as_str())));
        let fields: Vec<&str> = fields.map(|field| field.kind.id.as_str()).collect();
        let mut all = Vec::new();
        for some in fields.chunks(FIELDS_AT_ONCE) {
            let asked = vec![
                ("employee.id", people.to_owned()),
                ("definition.id", some.join(",")),
                ("applicability.asOf", self.today.clone()),
            ];
            let Some(pages) = self.related(true, VALUES, asked).await? else {
                return Ok(None);
            };
            all.extend(pages);
        }
        Ok(Some(all))
    }
}

/// The list of all people, former and future ones included.
fn everybody(api: Api, wanted: &Wanted) -> Rows {
    match api {
        Api::Older => USERS.with(vec![
            ("formerEmployees", "true".to_owned()),
            ("orderBy", "id,asc".to_owned()),
            ("fields", user_fields(wanted)),
        ]),
        Api::Newer => EMPLOYEES.with(vec![
            ("status", "active,upcoming,deactivated".to_owned()),
            ("sort", "id".to_owned()),
        ]),
    }
}

/// A list with what is archived.
fn archived(of: Resource) -> Rows {
    let (name, value) = WITH_ARCHIVED;
    of.with(vec![(name, value.to_owned())])
}

/// The form in which the place in the list of people is noted. A place in the list of the one API is none in that of the other.
const fn form(api: Api) -> u32 {
    match api {
        Api::Older => 1,
        Api::Newer => 2,
    }
}

/// Returns the walk over the list of people, from where an earlier slice paused.
fn begin(api: Api, people: &Rows, from: Option<&Position>) -> Result<Walk, Error> {
    let Some(from) = from else {
        return Ok(Walk::begin(people.paging()));
    };
    let position = from.place(form(api)).ok_or_else(|| {
        let detail = "the place in the list was noted by another version of this connector, or in the other API";
        Error::new(Class::Expired, people.operation(), detail)
    })?;
    Ok(Walk::resume(people.paging(), position))
}
