//! Links and claims in the table. A link is one small item.

use std::borrow::Cow;

use async_trait::async_trait;
use futures_util::future::try_join_all;

use super::{
    DynamoStore,
    call::Range,
    expression::Expression,
    item::{Draft, Row},
    key::{self, SHARDS},
    transaction::{Outcome, Step},
};
use crate::{
    account::{AccountId, TargetIdentity},
    connection::ConnectionId,
    employee::EmployeeId,
    plan::{Link, Prints},
    store::{Claim, Error, LinkStore, link::StoredLink},
};

pub(super) fn draft(operation: &'static str, connection: &ConnectionId, link: &Link) -> Result<Draft, Error> {
    Draft::new(key::link(connection, &link.employee_id))
        .text("account", link.account_id.as_str())
        .text("prints", link.prints.as_packed())
        .document(operation, "document", &StoredLink::of(link))
}

fn link(row: &Row) -> Result<Link, Error> {
    let stored: StoredLink<'_> = row.document("document")?;
    let employee_id = EmployeeId::parse(key::unordered(row.text("sk")?));
    Ok(Link {
        employee_id: employee_id.map_err(|_| row.corrupt("sk", "the id of an employee"))?,
        account_id: row.parsed("account", "the id of an account")?,
        evidence: stored.evidence,
        state: stored.state,
        absent_since: stored.absent_since,
        prints: Prints::from_packed(row.text("prints")?),
        journal: stored.journal.map(Cow::into_owned),
        former_ids: stored.former_ids.into_owned(),
        linked_at: stored.linked_at,
    })
}

impl DynamoStore {
    async fn list_shard(&self, connection: &ConnectionId, shard: usize) -> Result<Vec<Link>, Error> {
        let range = Range::of(key::link_partition(connection, shard));
        let rows = self.query("list links", range).await?.rows;
        rows.iter().map(link).collect()
    }
}

#[async_trait]
impl LinkStore for DynamoStore {
    async fn list_links(&self, connection: &ConnectionId) -> Result<Vec<Link>, Error> {
        let shards = (0..SHARDS).map(|shard| self.list_shard(connection, shard));
        let mut links = try_join_all(shards).await?.concat();
        // Each shard is in order: the sort finds 16 runs and merges them.
        links.sort_by(|left, right| left.employee_id.cmp(&right.employee_id));
        Ok(links)
    }

    async fn find_link(&self, connection: &ConnectionId, employee: &EmployeeId) -> Result<Option<Link>, Error> {
        let row = self.get("find a link", key::link(connection, employee)).await?;
        row.as_ref().map(link).transpose()
    }

    async fn put_links(&self, connection: &ConnectionId, links: &[Link]) -> Result<(), Error> {
        const OPERATION: &str = "write links";
        let drafts = links.iter().map(|link| draft(OPERATION, connection, link));
        let drafts = drafts.collect::<Result<Vec<_>, _>>()?;
        self.put_all(OPERATION, drafts).await
    }

    async fn claim_link(
        &self,
        connection: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
        former: Option<&EmployeeId>,
    ) -> Result<bool, Error> {
        const OPERATION: &str = "claim an account";
        let former = former.filter(|former| **former != link.employee_id);
        let condition = match former {
            None => {
                Expression::new("attribute_not_exists(#pk) OR (#connection = :connection AND #employee = :employee)")
            }
            Some(former) => Expression::new(
                "attribute_not_exists(#pk) OR (#connection = :connection AND #employee IN (:employee, :former))",
            )
            .text(":former", former.as_str()),
        };
        let condition = condition
            .text(":connection", connection.as_str())
            .text(":employee", link.employee_id.as_str());
        let claim = Draft::new(key::claim(target, &link.account_id))
            .text("connection", connection.as_str())
            .text("employee", link.employee_id.as_str());
        let mut steps = vec![
            Step::Put(claim, Some(condition)),
            Step::Put(draft(OPERATION, connection, link)?, None),
        ];
        steps.extend(former.map(|former| Step::Delete(key::link(connection, former), same_account(link))));
        Ok(self.transact(OPERATION, steps).await?.is_done())
    }

    async fn move_link(
        &self,
        from: &ConnectionId,
        to: &ConnectionId,
        target: &TargetIdentity,
        link: &Link,
    ) -> Result<bool, Error> {
        const OPERATION: &str = "move a link";
        let ours =
            Expression::new("attribute_not_exists(#pk) OR (#connection IN (:from, :to) AND #employee = :employee)")
                .text(":from", from.as_str())
                .text(":to", to.as_str())
                .text(":employee", link.employee_id.as_str());
        let claim = Draft::new(key::claim(target, &link.account_id))
            .text("connection", to.as_str())
            .text("employee", link.employee_id.as_str());
        let steps = vec![
            Step::Put(claim, Some(ours)),
            Step::Put(draft(OPERATION, to, link)?, Some(same_account(link))),
            Step::Delete(key::link(from, &link.employee_id), same_account(link)),
        ];
        Ok(self.transact(OPERATION, steps).await?.is_done())
    }

    async fn delete_link(&self, connection: &ConnectionId, target: &TargetIdentity, link: &Link) -> Result<(), Error> {
        const OPERATION: &str = "delete a link";
        let ours = || {
            Expression::new("attribute_not_exists(#pk) OR (#connection = :connection AND #employee = :employee)")
                .text(":connection", connection.as_str())
                .text(":employee", link.employee_id.as_str())
        };
        let link_step = || Step::Delete(key::link(connection, &link.employee_id), same_account(link));
        let claim_step = || Step::Delete(key::claim(target, &link.account_id), ours());
        let refused = match self.transact(OPERATION, vec![link_step(), claim_step()]).await? {
            Outcome::Done => return Ok(()),
            Outcome::Refused(refused) => refused,
        };
        // Either the link or the claim has another owner by now; the other of the two is still deleted.
        if !refused.contains(&0) {
            self.transact(OPERATION, vec![link_step()]).await?;
        }
        if !refused.contains(&1) {
            self.transact(OPERATION, vec![claim_step()]).await?;
        }
        Ok(())
    }

    async fn find_claim(&self, target: &TargetIdentity, account: &AccountId) -> Result<Option<Claim>, Error> {
        let row = self.get("find a claim", key::claim(target, account)).await?;
        row.map(|row| {
            Ok(Claim {
                connection: row.parsed("connection", "the id of a connection")?,
                employee_id: row.parsed("employee", "the id of an employee")?,
            })
        })
        .transpose()
    }
}

fn same_account(link: &Link) -> Expression {
    Expression::new("attribute_not_exists(#pk) OR #account = :account").text(":account", link.account_id.as_str())
}
