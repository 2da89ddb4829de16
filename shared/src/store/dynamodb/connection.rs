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
    account::TargetIdentity,
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    store::{ConnectionStore, Error, Stop, StopOf, StopSet, Versioned},
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

    async fn list_writers(&self, target: &TargetIdentity) -> Result<Vec<ConnectionId>, Error> {
        self.writers(target).await
    }

    async fn is_stopped(&self, tenant: &TenantId) -> Result<bool, Error> {
        Ok(!self.rows_of_stops(tenant).await?.is_empty())
    }

    async fn find_stops(&self, tenant: &TenantId) -> Result<Vec<Stop>, Error> {
        let rows = self.rows_of_stops(tenant).await?;
        let mut stops = rows.iter().map(read_stop).collect::<Result<Vec<_>, _>>()?;
        stops.sort_by(|left, right| left.of.cmp(&right.of));
        Ok(stops)
    }

    async fn list_stops(&self, after: Option<&str>, limit: u32) -> Result<(Vec<Stop>, Option<String>), Error> {
        let range = Range::of(key::STOPS.to_owned())
            .after(after.map(str::to_owned))
            .limit(limit);
        let found = self.query("list stops", range).await?;
        let last = found.rows.last().map(|row| row.text("sk").map(str::to_owned));
        let next = last.transpose()?.filter(|_| found.more);
        let stops = found.rows.iter().map(read_stop).collect::<Result<_, _>>()?;
        Ok((stops, next))
    }
}

impl DynamoStore {
    /// The stops that concern a tenant, as they are stored.
    async fn rows_of_stops(&self, tenant: &TenantId) -> Result<Vec<Row>, Error> {
        let all = [
            StopOf::Everybody,
            StopOf::Tenant(tenant.clone()),
            StopOf::TenantByOperator(tenant.clone()),
        ];
        self.get_all("look for a stop", all.iter().map(key::stop).collect())
            .await
    }
}

/// A stop that is set.
pub(super) fn stop(of: &StopOf, set: &StopSet) -> Result<Draft, Error> {
    Draft::new(key::stop(of)).document("stop", "document", set)
}

fn read_stop(row: &Row) -> Result<Stop, Error> {
    let of = key::stopped(row.text("sk")?).ok_or_else(|| row.corrupt("sk", "whom a stop concerns"))?;
    // At first it was not kept who set a stop; all stops were the operator's then.
    let set = row.has("document").then(|| row.document("document")).transpose()?;
    Ok(Stop { of, set })
}
