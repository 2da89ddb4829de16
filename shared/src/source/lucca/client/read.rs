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
    Rows, USERS, VALUES, WORKPLACES,
};
use crate::{
    connection::Credential,
    connector::{Arrived, Caller, List as _, Outline, Walk, Waypoint, answer::not_json, read_rows},
    employee::Category,
    roster::{Position, Proof, Reading},
    source::{Access, Class, Error, Identity, Source},
};

/// How many pages of people are under way at once.
const PAGES_UNDER_WAY: usize = 2;

/// For how many custom fields values are asked at once: their names stand in the address.
const FIELDS_AT_ONCE: usize = 50;

/// Archived departments, workplaces and employers too: people who left were there.
const WITH_ARCHIVED: (&str, &str) = ("isArchived", "true,false");

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
        let people = everybody(api);
        let walk = begin(api, &people, reading.from())?;
        let references = Arc::new(self.references(api).await?);
        let mut converter = Converter::new(Arc::clone(&references), api, &self.today, &mut reading.roster);
        let mut pages = self.complete_pages(api, &people, walk, &references);
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

    /// Reads what many people share.
    async fn references(&self, api: Api) -> Result<References, Error> {
        let texts = match api {
            Api::Older => {
                let (establishments, extensions) = (archived(ESTABLISHMENTS), EXTENSIONS.all());
                let read = try_join(self.module(&establishments), self.module(&extensions));
                let (establishments, extensions) = read.await?;
                ReferenceTexts::Older {
                    establishments,
                    extensions,
                }
            }
            Api::Newer => {
                let lists = [
                    archived(WORKPLACES),
                    archived(DEPARTMENTS),
                    archived(LEGAL_ENTITIES),
                    DEFINITIONS.all(),
                ];
                let [workplaces, departments, entities, definitions] =
                    lists.each_ref().map(|list| self.caller.whole(list));
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
    async fn module(&self, list: &Rows) -> Result<Option<Vec<String>>, Error> {
        match self.caller.whole(list).await {
            Err(error) if error.class == Class::Misconfigured => Ok(None),
            read => read,
        }
    }

    /// The pages of people with what belongs to them, in order. The next page is asked for while what belongs to the earlier one
    /// is still coming.
    fn complete_pages<'r>(
        &'r self,
        api: Api,
        people: &'r Rows,
        walk: Walk,
        references: &'r References,
    ) -> BoxStream<'r, Result<Complete, Error>> {
        let pages = self.caller.pages(people, walk);
        let pages = pages.map(move |page| -> BoxFuture<'r, Result<Complete, Error>> {
            match page {
                Ok(page) => self.complete(api, page, references).boxed(),
                Err(error) => ready(Err(error)).boxed(),
            }
        });
        pages.buffered(PAGES_UNDER_WAY).boxed()
    }

    /// Reads what belongs to the people of a page.
    async fn complete(&self, api: Api, people: Arrived, references: &References) -> Result<Complete, Error> {
        let ids = people.mark.ids.join(",");
        let texts = match api {
            Api::Older => PageTexts::Older {
                users: people.text,
                pay: self.related(FIXED_ITEMS, vec![("ownerIds", ids)]).await?,
            },
            Api::Newer => {
                let records = self.related(RECORDS, vec![("employee.id", ids.clone())]);
                let (records, values) = try_join(records, self.values(&ids, references)).await?;
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
    async fn related(&self, of: Resource, asked: Vec<(&'static str, String)>) -> Result<Option<Vec<String>>, Error> {
        if asked.iter().any(|(_, value)| value.is_empty()) {
            return Ok(Some(Vec::new()));
        }
        self.module(&of.with(asked)).await
    }

    /// Reads the values of the custom fields that may be read, and of no other one (R34).
    async fn values(&self, people: &str, references: &References) -> Result<Option<Vec<String>>, Error> {
        let fields: Vec<&str> = references.fields.iter().map(|field| field.kind.id.as_str()).collect();
        let mut all = Vec::new();
        for some in fields.chunks(FIELDS_AT_ONCE) {
            let asked = vec![
                ("employee.id", people.to_owned()),
                ("definition.id", some.join(",")),
                ("applicability.asOf", self.today.clone()),
            ];
            let Some(pages) = self.related(VALUES, asked).await? else {
                return Ok(None);
            };
            all.extend(pages);
        }
        Ok(Some(all))
    }
}

/// The list of all people, former and future ones included.
fn everybody(api: Api) -> Rows {
    let asked = match api {
        Api::Older => [("formerEmployees", "true"), ("orderBy", "id,asc")],
        Api::Newer => [("status", "active,upcoming,deactivated"), ("sort", "id")],
    };
    let list = match api {
        Api::Older => USERS,
        Api::Newer => EMPLOYEES,
    };
    list.with(asked.map(|(name, value)| (name, value.to_owned())).to_vec())
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
