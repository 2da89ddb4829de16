//! Who reads a company, and who writes to a target, in the table: one item each, which names tenants by their connections and
//! is changed as it was read.

use super::{
    DynamoStore,
    act::Change,
    expression::Expression,
    item::{Draft, Row},
    key::{self, Key},
    transaction::Step,
};
use crate::{
    connection::{Connection, ProviderId, Status, TenantId},
    employee::CompanyId,
    store::{ConnectionStore, Error, holder::Holders},
};

/// An item that names holders, as it was read.
struct Held {
    key: Key,
    before: Holders,
    as_read: Expression,
}

impl Held {
    /// What is there when nobody holds it.
    fn by_nobody(key: Key) -> Self {
        Self {
            key,
            before: Holders::default(),
            as_read: Expression::absent(),
        }
    }

    fn read(key: Key, row: &Row) -> Result<Self, Error> {
        Ok(Self {
            key,
            before: row.document("document")?,
            as_read: Expression::new("#document = :document").text(":document", row.text("document")?),
        })
    }

    /// The connection among the holders. Where it is already, it is still looked that nobody changes the item meanwhile.
    fn enter(self, connection: &Connection, shared: bool, draft: DraftOf) -> Result<Change, Error> {
        let mut holders = self.before.clone();
        if !holders.enter(connection, shared) {
            return Ok(Change::MayNot(self.key));
        }
        let step = if holders == self.before {
            Step::Check(self.key, self.as_read)
        } else {
            Step::Put(draft(self.key, &holders)?, Some(self.as_read))
        };
        Ok(Change::May(vec![step]))
    }

    /// The holders without the connection; the item goes with the last of them.
    fn leave(self, connection: &Connection, draft: DraftOf) -> Result<Change, Error> {
        let mut holders = self.before.clone();
        holders.leave(connection);
        let step = if holders.is_empty() {
            Step::Delete(self.key, self.as_read)
        } else if holders == self.before {
            Step::Check(self.key, self.as_read)
        } else {
            Step::Put(draft(self.key, &holders)?, Some(self.as_read))
        };
        Ok(Change::May(vec![step]))
    }
}

/// How an item is written.
type DraftOf = fn(Key, &Holders) -> Result<Draft, Error>;

fn writers(key: Key, holders: &Holders) -> Result<Draft, Error> {
    Draft::new(key).document("note who writes to a target", "document", holders)
}

/// `tenant` is for the form before, which knew no connections: one of the tenants.
fn readers(key: Key, holders: &Holders) -> Result<Draft, Error> {
    let draft = Draft::new(key).document("note who reads a company", "document", holders)?;
    Ok(match holders.first() {
        Some(tenant) => draft.text("tenant", tenant.as_str()),
        None => draft,
    })
}

impl DynamoStore {
    pub(super) async fn enter_company(
        &self,
        connection: &Connection,
        company: &CompanyId,
        shared: bool,
    ) -> Result<Change, Error> {
        let held = self.company(&connection.provider, company).await?;
        held.enter(connection, shared, readers)
    }

    pub(super) async fn leave_company(&self, connection: &Connection, company: &CompanyId) -> Result<Change, Error> {
        let held = self.company(&connection.provider, company).await?;
        held.leave(connection, readers)
    }

    pub(super) async fn enter_target(&self, connection: &Connection) -> Result<Change, Error> {
        let shared = connection.target.server().is_some_and(|server| server.shared);
        self.target(connection).await?.enter(connection, shared, writers)
    }

    pub(super) async fn leave_target(&self, connection: &Connection) -> Result<Change, Error> {
        self.target(connection).await?.leave(connection, writers)
    }

    async fn target(&self, connection: &Connection) -> Result<Held, Error> {
        let key = key::target(&connection.target_identity());
        match self.get("find who writes to a target", key.clone()).await? {
            Some(row) => Held::read(key, &row),
            None => Ok(Held::by_nobody(key)),
        }
    }

    async fn company(&self, provider: &ProviderId, company: &CompanyId) -> Result<Held, Error> {
        let key = key::company(provider, company);
        let Some(row) = self.get("find who reads a company", key.clone()).await? else {
            return Ok(Held::by_nobody(key));
        };
        if row.has("document") {
            return Held::read(key, &row);
        }
        // The form before: a tenant without its connections, which their records name.
        let tenant: TenantId = row.parsed("tenant", "the id of a tenant")?;
        let as_read = Expression::new("#tenant = :tenant AND attribute_not_exists(#document)");
        let connections = self.list_connections(&tenant).await?.into_iter();
        let readers = connections.filter(|connection| reads(connection, provider, company));
        Ok(Held {
            key,
            before: readers.map(|reader| (reader.tenant, reader.id)).collect(),
            as_read: as_read.text(":tenant", tenant.as_str()),
        })
    }
}

/// Whether a connection that has not ended reads a company, as its record says.
fn reads(connection: &Connection, provider: &ProviderId, company: &CompanyId) -> bool {
    connection.status != Status::Disconnected
        && connection.provider == *provider
        && connection.company.as_ref().is_some_and(|own| own.id == *company)
}
