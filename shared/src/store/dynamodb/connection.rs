//! Connections, configurations, decisions and stops in the table.

use async_trait::async_trait;

use super::{
    DynamoStore,
    call::Range,
    expression::Expression,
    item::{Draft, Row},
    key,
    transaction::Step,
};
use crate::{
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    store::{ConnectionStore, Error, Versioned},
};

/// The connection that an entry of a list stands for.
fn pointed_at(row: &Row) -> Result<ConnectionId, Error> {
    let id = key::unordered(row.text("sk")?.trim_start_matches(key::CONNECTION_PREFIX));
    ConnectionId::parse(id).map_err(|_| row.corrupt("sk", "the id of a connection"))
}

/// A connection where it is at a revision, with what lists it where it is new.
pub(super) fn steps(connection: &Connection, revision: Option<u64>) -> Result<Vec<Step>, Error> {
    let draft = Draft::new(key::of_connection(&connection.id, "CONNECTION"))
        .number("revision", revision.map_or(1, |revision| revision + 1))
        .document("write a connection", "document", connection)?;
    let Some(revision) = revision else {
        let pointer = Draft::new(key::tenants_connection(&connection.tenant, &connection.id));
        let listed = Draft::new(key::listed_connection(&connection.id));
        return Ok(vec![
            Step::Put(draft, Some(Expression::absent())),
            Step::Put(pointer, None),
            Step::Put(listed, None),
        ]);
    };
    let unchanged = Expression::new("#revision = :revision").number(":revision", revision);
    Ok(vec![Step::Put(draft, Some(unchanged))])
}

pub(super) fn configuration(id: &ConnectionId, configuration: &Configuration) -> Result<Draft, Error> {
    let key = key::configuration(id, configuration.version);
    Draft::new(key).document("write a configuration", "document", configuration)
}

pub(super) fn decision(id: &ConnectionId, decision: &DecisionRecord) -> Result<Draft, Error> {
    let key = key::decision(id, &decision.employee_id);
    Draft::new(key).document("write a decision", "document", decision)
}

#[async_trait]
impl ConnectionStore for DynamoStore {
    async fn find_connection(&self, id: &ConnectionId) -> Result<Option<Versioned<Connection>>, Error> {
        let row = self
            .get("find a connection", key::of_connection(id, "CONNECTION"))
            .await?;
        row.map(|row| {
            Ok(Versioned {
                record: row.document("document")?,
                revision: row.number("revision")?,
            })
        })
        .transpose()
    }

    async fn put_connection(&self, connection: &Connection, revision: Option<u64>) -> Result<bool, Error> {
        let steps = steps(connection, revision)?;
        Ok(self.transact("write a connection", steps).await?.is_done())
    }

    async fn list_connections(&self, tenant: &TenantId) -> Result<Vec<Connection>, Error> {
        const OPERATION: &str = "list connections";
        let range = Range::of(key::tenant_partition(tenant)).prefix(key::CONNECTION_PREFIX);
        let pointers = self.query(OPERATION, range).await?.rows;
        let keys = pointers.iter().map(|row| {
            let id = pointed_at(row)?;
            Ok(key::of_connection(&id, "CONNECTION"))
        });
        let rows = self.get_all(OPERATION, keys.collect::<Result<_, Error>>()?).await?;
        let connections = rows.iter().map(|row| row.document("document"));
        let mut connections = connections.collect::<Result<Vec<Connection>, Error>>()?;
        connections.sort_by(|left, right| left.id.cmp(&right.id));
        Ok(connections)
    }

    async fn list_connection_ids(&self, after: Option<&ConnectionId>, limit: u32) -> Result<Vec<ConnectionId>, Error> {
        let range = Range::of(key::CONNECTIONS.to_owned())
            .after(after.map(|after| key::listed_connection(after).sk))
            .limit(limit);
        let rows = self.query("list all connections", range).await?.rows;
        rows.iter().map(pointed_at).collect()
    }

    async fn find_configuration(&self, id: &ConnectionId, version: u64) -> Result<Option<Configuration>, Error> {
        let row = self
            .get("find a configuration", key::configuration(id, version))
            .await?;
        row.map(|row| row.document("document")).transpose()
    }

    async fn put_configuration(&self, id: &ConnectionId, configuration: &Configuration) -> Result<bool, Error> {
        let draft = self::configuration(id, configuration)?;
        let step = Step::Put(draft, Some(Expression::absent()));
        Ok(self.transact("write a configuration", vec![step]).await?.is_done())
    }

    async fn list_decisions(&self, id: &ConnectionId) -> Result<Vec<DecisionRecord>, Error> {
        let range = Range::of(key::connection_partition(id)).prefix("DECISION#");
        let rows = self.query("list decisions", range).await?.rows;
        rows.iter().map(|row: &Row| row.document("document")).collect()
    }

    async fn put_decision(&self, id: &ConnectionId, decision: &DecisionRecord) -> Result<(), Error> {
        self.put("write a decision", self::decision(id, decision)?).await
    }

    async fn is_stopped(&self, tenant: &TenantId) -> Result<bool, Error> {
        let keys = vec![key::stop(None), key::stop(Some(tenant))];
        Ok(!self.get_all("look for a stop", keys).await?.is_empty())
    }

    async fn put_stop(&self, tenant: Option<&TenantId>, stopped: bool) -> Result<(), Error> {
        let key = key::stop(tenant);
        if stopped {
            self.put("stop", Draft::new(key)).await
        } else {
            self.delete("lift a stop", key).await
        }
    }
}
