//! How large records are as items of the table, byte for byte (AWS: "DynamoDB item sizes and formats"), and what a table
//! takes. The store in memory takes no more, so that whatever outgrows its item fails in every test (R47).

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    AccountWrite, AuditEntry, Error, HistoryEntry, KeyRecord, NewPlan, NewRoster, RosterId, RunRecord, StoredAnswer,
    SyncState, Ticket, Tombstone,
    holder::{Claimed, Holders},
    link::StoredLink,
    run::kept,
};
use crate::{
    account::{Listing, TargetIdentity},
    connection::{Configuration, Connection, ConnectionId, DecisionRecord, TenantId},
    plan::Link,
    roster::{Chunk, Survey},
};

/// The most bytes of an item.
pub const MOST_ITEM_BYTES: usize = 400 * 1024;
/// The most bytes of a transaction.
pub const MOST_TRANSACTION_BYTES: usize = 4 * 1024 * 1024;
/// The most items of a transaction.
pub const MOST_TRANSACTION_ITEMS: usize = 100;
/// The most bytes of a partition key and of a sort key.
const MOST_KEY_BYTES: (usize, usize) = (2048, 1024);

/// How long an instant is in a key, and a SHA-256 in hex.
const INSTANT: usize = 20;

/// The size of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    partition: usize,
    sort: usize,
    bytes: usize,
}

impl Size {
    /// An item with keys of these lengths, and its version.
    const fn of(partition: usize, sort: usize) -> Self {
        let bytes = "pk".len() + partition + "sk".len() + sort + "v".len() + 2;
        Self { partition, sort, bytes }
    }

    /// An item of a connection.
    fn at(connection: &ConnectionId, sort: usize) -> Self {
        Self::of("C#".len() + connection.as_str().len(), sort)
    }

    const fn with(mut self, member: &str, bytes: usize) -> Self {
        self.bytes += member.len() + bytes;
        self
    }

    fn number(self, member: &str, number: impl Into<i128>) -> Self {
        self.with(member, digits(number.into()))
    }

    fn document<T: Serialize>(self, member: &str, document: &T) -> Self {
        self.with(member, written(document))
    }

    fn expires(self, at: Timestamp) -> Self {
        self.number("expires", at.as_second())
    }

    /// How many bytes it has.
    #[cfg(test)]
    pub(super) const fn bytes(self) -> usize {
        self.bytes
    }
}

/// What a number takes: a byte for two digits that count, one beside them, and one for a minus.
fn digits(number: i128) -> usize {
    let text = number.unsigned_abs().to_string();
    let significant = text.trim_end_matches('0').len();
    significant.div_ceil(2) + 1 + usize::from(number < 0)
}

/// Counts what is written.
struct Counter(usize);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes of a record as JSON.
pub(super) fn written<T: Serialize>(document: &T) -> usize {
    let mut counter = Counter(0);
    match serde_json::to_writer(&mut counter, document) {
        Ok(()) => counter.0,
        Err(_) => usize::MAX,
    }
}

/// Whether the table takes an item.
///
/// # Errors
/// [`Error::Refused`] where it is larger than an item may be.
pub(super) fn fits(operation: &'static str, item: Size) -> Result<(), Error> {
    if item.bytes > MOST_ITEM_BYTES || item.partition > MOST_KEY_BYTES.0 || item.sort > MOST_KEY_BYTES.1 {
        return Err(refused(operation, "an item is larger than the table takes"));
    }
    Ok(())
}

/// Whether the table takes items in one transaction.
///
/// # Errors
/// [`Error::Refused`] where one of them is too large, or all of them together.
pub(super) fn fit(operation: &'static str, items: &[Size]) -> Result<(), Error> {
    for item in items {
        fits(operation, *item)?;
    }
    let bytes: usize = items.iter().map(|item| item.bytes).sum();
    if bytes > MOST_TRANSACTION_BYTES || items.len() > MOST_TRANSACTION_ITEMS {
        return Err(refused(operation, "a transaction is larger than the table takes"));
    }
    Ok(())
}

fn refused(operation: &'static str, detail: &str) -> Error {
    Error::Refused {
        operation,
        detail: detail.to_owned(),
    }
}

pub(super) fn connection(connection: &Connection, revision: Option<u64>) -> Size {
    Size::at(&connection.id, "CONNECTION".len())
        .number("revision", revision.map_or(1, |revision| revision + 1))
        .document("document", connection)
}

pub(super) fn configuration(id: &ConnectionId, configuration: &Configuration) -> Size {
    Size::at(id, "CONFIGURATION#".len() + 16).document("document", configuration)
}

pub(super) fn decision(id: &ConnectionId, decision: &DecisionRecord) -> Size {
    let employee = 2 + decision.employee_id.as_str().len();
    Size::at(id, "DECISION#".len() + employee).document("document", decision)
}

/// A state of more bytes is kept compressed. Nobody's is but where a company has hundreds of custom fields; then it fits its
/// item all the same, with thirty days of every field's coverage.
pub(super) const MOST_PLAIN_BYTES: usize = 100_000;

pub(super) fn state(id: &ConnectionId, state: &SyncState, fence: u64) -> Size {
    let item = Size::at(id, "STATE".len()).number("fence", fence);
    let bytes = written(state);
    if bytes <= MOST_PLAIN_BYTES {
        return item.with("document", bytes);
    }
    item.with("packed", compressed(&serde_json::to_vec(state).unwrap_or_default()))
}

pub(super) fn survey(id: &ConnectionId, survey: &Survey) -> Size {
    Size::at(id, "SURVEY".len()).document("document", survey)
}

/// How many bytes a text has once it is compressed as the table's chunks are.
fn compressed(text: &[u8]) -> usize {
    zstd::bulk::compress(text, 3).map_or(usize::MAX / 2, |bytes| bytes.len())
}

/// The head of a roster.
pub(super) fn roster_head(roster: &NewRoster<'_>, chunks: usize) -> Size {
    let head = Size::at(roster.connection, "ROSTER#".len() + roster.id.as_str().len());
    let head = head.document("header", roster.header).number("chunks", chunks as u64);
    head.expires(roster.kept_until)
}

/// A chunk of a roster or of a part of a target's list.
pub(super) fn chunk(id: &RosterId, content: &str, number: usize, chunk: &Chunk, expires_at: Timestamp) -> Size {
    let partition = "S###".len() + id.as_str().len() + content.len() + number.to_string().len();
    let item = Size::of(partition, "ROWS".len());
    item.with("rows", chunk.as_bytes().len()).expires(expires_at)
}

/// The head of a part of a target's list, and its chunks.
pub(super) fn listing(connection: &ConnectionId, id: &RosterId, listing: &Listing, expires_at: Timestamp) -> Vec<Size> {
    let head = Size::at(connection, "LISTING#".len() + id.as_str().len())
        .with("content", listing.content_hash.len())
        .number("accounts", u64::from(listing.accounts));
    let head = head.number("chunks", listing.chunks.len() as u64).expires(expires_at);
    let chunks = listing.chunks.iter().enumerate();
    let chunks = chunks.map(|(number, rows)| chunk(id, &listing.content_hash, number, rows, expires_at));
    std::iter::once(head).chain(chunks).collect()
}

/// The head of a plan.
pub(super) fn plan_head(plan: &NewPlan<'_>, finding_chunks: usize) -> Size {
    Size::of("P#".len() + plan.plan.id.as_str().len(), "PLAN".len())
        .with("status", plan.plan.status().as_str().len())
        .with("connection", plan.connection.as_str().len())
        .with("roster", plan.roster.as_str().len())
        .with("run", plan.run.as_str().len())
        .number("fence", plan.fence)
        .number("chunks", plan.lines.chunks.len() as u64)
        .number("finding_chunks", finding_chunks as u64)
        .document("document", plan.plan)
        .with("kept_until", plan.kept_until.to_string().len())
        .expires(plan.kept_until)
}

/// A chunk of a plan's lines or findings.
pub(super) fn plan_chunk(plan: &NewPlan<'_>, number: usize, what: &str, bytes: usize) -> Size {
    let ids = plan.plan.id.as_str().len() + plan.run.as_str().len();
    let numbers = plan.fence.to_string().len() + number.to_string().len();
    let item = Size::of("P####".len() + ids + numbers, what.len());
    item.with("lines", bytes).expires(plan.kept_until)
}

pub(super) fn link(connection: &ConnectionId, link: &Link) -> Size {
    let item = Size::of(
        "C##L#".len() + connection.as_str().len() + 1,
        2 + link.employee_id.as_str().len(),
    );
    item.with("account", link.account_id.as_str().len())
        .with("prints", link.prints.as_packed().len())
        .document("document", &StoredLink::of(link))
}

pub(super) fn claim(connection: &ConnectionId, target: &TargetIdentity, link: &Link) -> Size {
    let account = 2 + link.account_id.as_str().len();
    let partition = "K##".len() + account + target.as_str().len();
    Size::of(partition, "CLAIM".len())
        .with("connection", connection.as_str().len())
        .with("employee", link.employee_id.as_str().len())
}

/// A run, and what its writing adds: the token under which it was written, where it was under one.
pub(super) fn run(run: &RunRecord, fence: Option<u64>) -> Size {
    let mut document = run.clone();
    let mut errors = std::mem::take(&mut document.errors);
    kept(&mut errors);
    let item = Size::of("R#".len() + run.id.as_str().len(), "RUN".len()).document("document", &document);
    let item = match fence {
        Some(fence) => item.number("fence", fence),
        None => item,
    };
    let item = if run.status.is_final() {
        item.with("ended", 1)
    } else {
        item
    };
    if errors.is_empty() {
        return item;
    }
    item.with("errors", compressed(&serde_json::to_vec(&errors).unwrap_or_default()))
}

pub(super) fn ticket(ticket: &Ticket) -> Size {
    let item = Size::of("TICKET#".len() + ticket.hash.len(), "TICKET".len());
    item.document("document", ticket).expires(ticket.expires_at)
}

pub(super) fn tombstone(tenant: &TenantId, tombstone: &Tombstone) -> Size {
    let person = tombstone.person.as_ref();
    let who = person.map_or("ALL".len(), |person| "PERSON#".len() + person.len());
    let item = Size::of("T#".len() + tenant.as_str().len(), "ERASED#".len() + who);
    item.document("document", tombstone)
}

/// Returns the size of the item that says who reads a company, or who writes to a target.
pub(super) fn holders(claimed: &Claimed, holders: &Holders) -> Size {
    match claimed {
        Claimed::Company(provider, company) => {
            let partition = "B##".len() + 2 + company.as_str().len() + provider.as_str().len();
            let first = holders.first().map_or(0, |tenant| tenant.as_str().len());
            let item = Size::of(partition, "COMPANY".len()).with("tenant", first);
            item.document("document", holders)
        }
        Claimed::Target(identity) => {
            let item = Size::of("G#".len() + identity.len(), "TENANTS".len());
            item.document("document", holders)
        }
    }
}

pub(super) fn key(record: &KeyRecord) -> Size {
    Size::of("KEYS".len(), "KEY#".len() + record.id.len()).document("document", record)
}

pub(super) fn audit(entry: &AuditEntry) -> Size {
    let tenant = entry.tenant.as_ref();
    let partition = tenant.map_or("AUDIT".len(), |tenant| "T##AUDIT".len() + tenant.as_str().len());
    Size::of(partition, INSTANT + "#".len() + entry.id.len()).document("document", entry)
}

pub(super) fn answer(id: &str, request: &str, answer: &StoredAnswer, expires_at: Timestamp) -> Size {
    let item = Size::of("ANSWER#".len() + id.len(), "ANSWER".len());
    item.with("request", request.len())
        .document("document", answer)
        .expires(expires_at)
}

/// An account and its entry of history.
pub(super) fn account(tenant: &TenantId, write: &AccountWrite, version: u64) -> [Size; 2] {
    let (tenant, id) = (tenant.as_str().len(), 2 + write.account.id.as_str().len());
    let account = Size::of("T##A#".len() + tenant + 1, id)
        .number("version", version)
        .with("active", 1)
        .with("attributes", write.account.attributes.as_packed().len());
    let account = match &write.account.external_id {
        Some(reference) => account.with("reference", reference.as_str().len()),
        None => account,
    };
    let entry = HistoryEntry::of(write);
    let history = Size::of("T##H#".len() + tenant + 1, id + "##".len() + INSTANT + 10)
        .document("document", &entry)
        .expires(entry.expires_at());
    [account, history]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_what_they_take_in_the_table() {
        let expected = [
            (0, 1),
            (7, 2),
            (10, 2),
            (42, 2),
            (100, 2),
            (123, 3),
            (-42, 3),
            (1_800_000_001, 6),
        ];
        for (number, bytes) in expected {
            assert_eq!(digits(number), bytes, "{number}");
        }
    }

    #[test]
    fn r47_an_item_and_a_transaction_end_at_what_a_table_takes() {
        let item = |bytes| Size::of(1, 1).with("", bytes);
        let room = MOST_ITEM_BYTES - Size::of(1, 1).bytes;
        assert!(fits("write", item(room)).is_ok());
        assert!(matches!(fits("write", item(room + 1)), Err(Error::Refused { .. })));
        assert!(fits("write", Size::of(2049, 1)).is_err() && fits("write", Size::of(1, 1025)).is_err());
        assert!(fit("write", &[item(room); 10]).is_ok());
        assert!(fit("write", &[item(room); 11]).is_err());
        assert!(fit("write", &[item(1); 100]).is_ok() && fit("write", &[item(1); 101]).is_err());
    }
}
