//! Who reads a company, and who writes to a target, in the table: one item each, which names tenants by their connections and
//! is changed as it was read, and an entry in the list of all of them, for the sweep.

use super::{
    DynamoStore,
    act::Change,
    expression::Expression,
    item::Draft,
    key::{self, Key},
    transaction::Step,
};
use crate::{
    account::TargetIdentity,
    connection::{Connection, ConnectionId, TenantId},
    employee::CompanyId,
    store::{
        ConnectionStore, Error,
        holder::{Claimed, Holders},
    },
};

/// How many connections that claim nothing any more are taken out of one claim at once.
const MOST_STALE: usize = 40;

/// An item that names holders, as it was read.
struct Held {
    claimed: Claimed,
    before: Holders,
    as_read: Expression,
}

/// Holders of which some are left out, with what shows that these claim nothing any more.
struct Weeded {
    left: Holders,
    checks: Vec<Step>,
}

impl Held {
    fn key(&self) -> Key {
        key::claimed(&self.claimed)
    }

    /// Returns the steps that leave these holders. With the last holder the item is deleted, and its entry in the list.
    fn leave(self, left: &Holders) -> Result<Vec<Step>, Error> {
        let (key, listed) = (self.key(), key::listed_claim(&self.claimed));
        if left.is_empty() {
            let unlisted = Step::Delete(listed, Expression::always());
            return Ok(vec![Step::Delete(key, self.as_read), unlisted]);
        }
        let step = if *left == self.before {
            Step::Check(key, self.as_read)
        } else {
            Step::Put(draft(key, left)?, Some(self.as_read))
        };
        Ok(vec![step])
    }
}

/// Returns the item of a claim. Its member `tenant` names one of the tenants: the form before knew a company's tenant
/// and no connections.
fn draft(key: Key, holders: &Holders) -> Result<Draft, Error> {
    let is_company = key.sk == "COMPANY";
    let draft = Draft::new(key).document("note who claims something", "document", holders)?;
    Ok(match holders.first().filter(|_| is_company) {
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
        self.enter(Claimed::company(connection, company), connection, shared)
            .await
    }

    pub(super) async fn leave_company(&self, connection: &Connection, company: &CompanyId) -> Result<Change, Error> {
        self.leave(Claimed::company(connection, company), connection).await
    }

    pub(super) async fn enter_target(&self, connection: &Connection) -> Result<Change, Error> {
        let shared = connection.target.server().is_some_and(|server| server.shared);
        let claimed = Claimed::target(&connection.target_identity());
        self.enter(claimed, connection, shared).await
    }

    pub(super) async fn leave_target(&self, connection: &Connection) -> Result<Change, Error> {
        self.leave(Claimed::target(&connection.target_identity()), connection)
            .await
    }

    /// Adds the connection to the holders. Where it is one of them already, the act still checks that no other writer
    /// changes the item meanwhile. Connections whose records do not say that they claim it are in nobody's way.
    async fn enter(&self, claimed: Claimed, connection: &Connection, shared: bool) -> Result<Change, Error> {
        let held = self.held(claimed).await?;
        let (mut holders, mut checks) = (held.before.clone(), Vec::new());
        if !holders.enter(connection, shared) {
            let weeded = self.weed(&held, Some(&connection.id)).await?;
            (holders, checks) = (weeded.left, weeded.checks);
            if !holders.enter(connection, shared) {
                return Ok(Change::MayNot(held.key()));
            }
        }
        let listed = Step::Put(Draft::new(key::listed_claim(&held.claimed)), None);
        let mut steps = held.leave(&holders)?;
        steps.push(listed);
        steps.extend(checks);
        Ok(Change::May(steps))
    }

    async fn leave(&self, claimed: Claimed, connection: &Connection) -> Result<Change, Error> {
        let held = self.held(claimed).await?;
        let mut holders = held.before.clone();
        holders.leave(&connection.id);
        held.leave(&holders).map(Change::May)
    }

    /// Returns the connections that claim a target, as its item says.
    pub(super) async fn writers(&self, target: &TargetIdentity) -> Result<Vec<ConnectionId>, Error> {
        let held = self.held(Claimed::target(target)).await?;
        Ok(held.before.connections().cloned().collect())
    }

    /// Returns the steps that take connections out of a claim that do not claim it any more, and how many those
    /// connections are.
    pub(super) async fn weeding(&self, claimed: Claimed) -> Result<(u64, Vec<Step>), Error> {
        let held = self.held(claimed).await?;
        let weeded = self.weed(&held, None).await?;
        let stale = held.before.connections().count() - weeded.left.connections().count();
        if stale == 0 && !held.before.is_empty() {
            return Ok((0, Vec::new()));
        }
        let mut steps = held.leave(&weeded.left)?;
        steps.extend(weeded.checks);
        Ok((stale as u64, steps))
    }

    /// Returns who holds a claim, as its item says.
    async fn held(&self, claimed: Claimed) -> Result<Held, Error> {
        let by = |before, as_read| Held {
            claimed: claimed.clone(),
            before,
            as_read,
        };
        let Some(row) = self.get("find who claims something", key::claimed(&claimed)).await? else {
            return Ok(by(Holders::default(), Expression::absent()));
        };
        if row.has("document") {
            let as_read = Expression::new("#document = :document").text(":document", row.text("document")?);
            return Ok(by(row.document("document")?, as_read));
        }
        // The form before: a tenant without its connections, whose records name them.
        let tenant: TenantId = row.parsed("tenant", "the id of a tenant")?;
        let connections = self.list_connections(&tenant).await?.into_iter();
        let own = connections.filter(|connection| claimed.is_of(connection));
        let own = own.map(|connection| (connection.tenant, connection.id)).collect();
        let as_read = Expression::new("#tenant = :tenant AND attribute_not_exists(#document)");
        Ok(by(own, as_read.text(":tenant", tenant.as_str())))
    }

    /// Returns the holders whose records say that they claim the company or target. `own` is not looked at: it is being
    /// written.
    async fn weed(&self, held: &Held, own: Option<&ConnectionId>) -> Result<Weeded, Error> {
        let mut weeded = Weeded {
            left: held.before.clone(),
            checks: Vec::new(),
        };
        for id in held.before.connections().filter(|id| Some(*id) != own) {
            if weeded.checks.len() >= MOST_STALE {
                break;
            }
            let found = self.find_connection(id).await?;
            let unchanged = match found {
                Some(found) if held.claimed.is_of(&found.record) => continue,
                Some(found) => Expression::new("#revision = :revision").number(":revision", found.revision),
                None => Expression::absent(),
            };
            let key = key::of_connection(id, "CONNECTION");
            weeded.checks.push(Step::Check(key, unchanged));
            weeded.left.leave(id);
        }
        Ok(weeded)
    }
}
