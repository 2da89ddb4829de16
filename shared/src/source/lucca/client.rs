//! Requests to Lucca: which lists a read asks for. The credential decides which of the two APIs that is.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;

use super::{
    config::Api,
    convert::{Converter, NEWER, OLDER, References},
    wire::{
        DEFINITIONS, DEPARTMENTS, EMPLOYEES, ESTABLISHMENTS, EXTENSIONS, FIXED_ITEMS, LEGAL_ENTITIES, RECORDS, USERS,
        VALUES, WORKPLACES,
    },
};
use crate::{
    connection::Credential,
    connector::{Ask, Caller, Census, Lists, Outline, Resource, Rows, answer::not_json, asked_for, read_rows, serves},
    employee::{AttributeRef, Category, Wanted},
    roster::{Builder, Reading},
    source::{Access, Error, Identity, Source},
};

/// For how many custom fields values are asked at once: their names stand in the address.
const FIELDS_AT_ONCE: usize = 50;

/// Archived workplaces of the older API too: people who left were there. The newer API answers with what is archived unasked.
const WITH_ARCHIVED: (&str, &str) = ("isArchived", "true,false");

/// The fields of a custom field of the older API, which answers with what is named and nothing else.
const EXTENSION_FIELDS: &str = "id,name,extensionUserPropertyListEntries,collection.count";

/// One connection's view of Lucca.
pub(super) struct LuccaSource {
    pub(super) caller: Caller,
    pub(super) access: Arc<dyn Access>,
    pub(super) allowed: BTreeSet<Category>,
    /// The day of the read, `YYYY-MM-DD`: which of several amounts and values applies.
    pub(super) today: String,
}

#[async_trait]
impl Source for LuccaSource {
    /// Lucca names no company. One person is asked for, which shows that the credential is good.
    async fn identify(&self) -> Result<Identity, Error> {
        let (list, query) = match self.api().await? {
            Api::Older => (USERS, [("fields", "id"), ("paging", "0,1")].as_slice()),
            Api::Newer => (EMPLOYEES, [("limit", "1")].as_slice()),
        };
        let text = self.caller.get(list.operation, list.path, query).await?;
        let rows = read_rows::<Outline<'_>>(&text, list.form.rows);
        rows.map(|_| Identity::Unknown)
            .map_err(|error| not_json(list.operation, &error))
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let read = Read {
            api: self.api().await?,
            allowed: &self.allowed,
            today: &self.today,
            wanted: &reading.wanted().clone(),
        };
        self.caller.read(&read, reading).await
    }

    fn calls(&self) -> u64 {
        self.caller.calls()
    }
}

impl LuccaSource {
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
}

/// A read of one of the APIs.
struct Read<'r> {
    api: Api,
    allowed: &'r BTreeSet<Category>,
    today: &'r str,
    wanted: &'r Wanted,
}

impl Census for Read<'_> {
    const PAGES_UNDER_WAY: usize = 2;
    type References = References;
    type Converter = Converter;

    /// A place in the list of the one API is none in that of the other.
    fn form(&self) -> u32 {
        match self.api {
            Api::Older => 1,
            Api::Newer => 2,
        }
    }

    /// Former and future people are among them.
    fn people(&self) -> Rows {
        match self.api {
            Api::Older => USERS.with(vec![
                ("formerEmployees", "true".to_owned()),
                ("orderBy", "id,asc".to_owned()),
                ("fields", user_fields(self.wanted)),
            ]),
            Api::Newer => EMPLOYEES.with(vec![
                ("status", "active,upcoming,deactivated".to_owned()),
                ("sort", "id".to_owned()),
            ]),
        }
    }

    fn shared(&self) -> Vec<Ask> {
        let all = |of: Resource| of.all().wanted_if(self.is_wanted(&of));
        let is_wanted = self.wanted.wants_custom();
        match self.api {
            Api::Older => {
                let (name, value) = WITH_ARCHIVED;
                let establishments = ESTABLISHMENTS.with(vec![(name, value.to_owned())]);
                let extensions = EXTENSIONS.with(vec![("fields", EXTENSION_FIELDS.to_owned())]);
                vec![
                    establishments.wanted_if(self.is_wanted(&ESTABLISHMENTS)),
                    extensions.wanted_if(is_wanted),
                ]
            }
            Api::Newer => vec![
                all(WORKPLACES),
                all(DEPARTMENTS),
                all(LEGAL_ENTITIES),
                DEFINITIONS.all().wanted_if(is_wanted),
            ],
        }
    }

    fn refer(&self, lists: &Lists) -> Result<References, Error> {
        References::read(self.api, lists, self.allowed)
    }

    fn belonging(&self, people: &[String], references: &References) -> Vec<Ask> {
        let ids = people.join(",");
        let related = |of: Resource, name| of.with(vec![(name, ids.clone())]).wanted_if(self.is_wanted(&of));
        match self.api {
            Api::Older => vec![related(FIXED_ITEMS, "ownerIds")],
            Api::Newer => [related(RECORDS, "employee.id")]
                .into_iter()
                .chain(self.values(&ids, references))
                .collect(),
        }
    }

    fn begin(&self, references: Arc<References>, roster: &mut Builder) -> Converter {
        Converter::new(references, self.api, self.today, roster)
    }
}

impl Read<'_> {
    /// Whether a list serves anything that is wanted.
    fn is_wanted(&self, list: &Resource) -> bool {
        match self.api {
            Api::Older => serves(OLDER, list, self.wanted),
            Api::Newer => serves(NEWER, list, self.wanted),
        }
    }

    /// The values of the custom fields that may be read and are wanted, and of no other one (R34).
    fn values(&self, people: &str, references: &References) -> Vec<Ask> {
        let fields = references.fields.iter();
        let fields = fields.filter(|field| self.wanted.wants(AttributeRef::Custom(field.name.as_str())));
        let fields: Vec<&str> = fields.map(|field| field.kind.id.as_str()).collect();
        let asked = |some: &[&str]| {
            let asked = VALUES.with(vec![
                ("employee.id", people.to_owned()),
                ("definition.id", some.join(",")),
                ("applicability.asOf", self.today.to_owned()),
            ]);
            asked.wanted_if(true)
        };
        fields.chunks(FIELDS_AT_ONCE).map(asked).collect()
    }
}

/// Returns the fields of users that serve what is wanted, as a list.
fn user_fields(wanted: &Wanted) -> String {
    let custom = wanted.wants_custom().then_some("extendedData");
    let named = asked_for(OLDER, wanted).into_iter().chain(custom);
    let all: Vec<&str> = ["id"].into_iter().chain(named).chain(["collection.count"]).collect();
    all.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::Canonical;

    #[test]
    fn r46_a_field_that_serves_nothing_wanted_is_not_asked_for() {
        let wanted = Wanted::only([Canonical::WorkEmail.into(), Canonical::PayRate.into()]);
        assert_eq!(user_fields(&wanted), "id,legalEntity.id,mail,collection.count");
        assert!(user_fields(&Wanted::everything()).contains("extendedData"));
    }

    #[test]
    fn r34_what_may_never_be_read_is_not_asked_for() {
        let fields = user_fields(&Wanted::everything());
        for never in [
            "iban",
            "bic",
            "rib",
            "bankName",
            "insuranceNumber",
            "nationality",
            "gender",
            "personalCard",
        ] {
            assert!(!fields.contains(never), "{never}");
        }
    }
}
