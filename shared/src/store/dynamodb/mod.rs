//! The store in one DynamoDB table (layer 4). Keys are `pk` and `sk`, both texts; there is no index and no scan.
//!
//! Below, `~` marks an id with its length in bytes as two hex digits before it, so that byte order is the order of ids
//! (shorter first), and `shard` is one hex digit: the first of the SHA-256 of the id.
//!
//! | what | `pk` | `sk` | members |
//! |---|---|---|---|
//! | connection | `C#connection` | `CONNECTION` | `revision`, `document` |
//! | a tenant's connection | `T#tenant` | `CONNECTION#connection~` | |
//! | the list of all connections | `CONNECTIONS` | `CONNECTION#connection~` | |
//! | configuration | `C#connection` | `CONFIGURATION#version` (16 hex digits) | `document` |
//! | decision | `C#connection` | `DECISION#employee~` | `document` |
//! | stop: the operator's, or a tenant's own | `STOP` | `ALL` or `TENANT#tenant` or `OWN#tenant` | `document` |
//! | lease | `C#connection` | `LEASE` | `fence`, `holder`, `until` |
//! | what a connection remembers | `C#connection` | `STATE` | `fence`, `document` or `packed` |
//! | survey | `C#connection` | `SURVEY` | `document` |
//! | roster, head | `C#connection` | `ROSTER#roster` | `header`, `chunks`, `expires` |
//! | part of a target's list, head | `C#connection` | `LISTING#roster` | `content`, `accounts`, `chunks`, `expires` |
//! | which chunks a roster or such a part has | `C#connection` | `PARTS#roster` | `content`, `chunks`, `expires` |
//! | roster or part of a list, chunk | `S#roster#content#n` | `ROWS` | `rows`, `expires` |
//! | plan, head | `P#plan` | `PLAN` | `status`, `connection`, `roster`, `run`, `fence`, `chunks`, `finding_chunks`, `approval`, `kept_until`, `document`, `expires` |
//! | which parts a plan has | `C#connection` | `PLAN#plan` | `run`, `fence`, `chunks`, `finding_chunks`, `expires` |
//! | plan, lines | `P#plan#run#fence#n` | `LINES` | `lines`, `expires` |
//! | plan, findings | `P#plan#run#fence#n` | `FINDINGS` | `lines`, `expires` |
//! | open plan | `C#connection` | `OPEN` | `plan`, `expires` |
//! | link | `C#connection#L#shard` | `employee~` | `account`, `prints`, `document` |
//! | claim on an account | `K#account~#target` | `CLAIM` | `connection`, `employee` |
//! | run | `R#run` | `RUN` | `fence`, `document`, `errors`, `ended` (once it has) |
//! | a connection's run | `C#connection` | `RUN#started_at#run` | `run` |
//! | a run that has not ended | `C#connection` | `UNENDED#started_at#run` | `run` |
//! | a run whose errors name people | `C#connection` | `NAMING#started_at#run` | `run` |
//! | that all runs are so listed | `C#connection` | `LISTED` | |
//! | ticket of a login | `TICKET#hash` | `TICKET` | `document`, `expires` |
//! | a connection's ticket | `C#connection` | `TICKET#hash` | `expires` |
//! | who reads a company | `B#company~#provider` | `COMPANY` | `tenant`, `document` |
//! | slots of a kind of run | `SLOTS#kind#group` | `SLOTS` | `revision`, `document` |
//! | allowance of a scope at an HR system | `BUCKET#scope` | `BUCKET` | `revision`, `document`, `expires` |
//! | what is claimed | `CLAIMS` | `COMPANY#company~#provider` or `TARGET#target` | |
//! | who writes to a target | `G#target` | `TENANTS` | `document` |
//! | tombstone | `T#tenant` | `ERASED#ALL` or `ERASED#PERSON#hash` | `document` |
//! | API key | `KEYS` | `KEY#id` | `document` |
//! | requests of a key in a window | `USED#key#window` | `USED` | `used`, `expires` |
//! | audit | `T#tenant#AUDIT` or `AUDIT` | `at#id` | `document` |
//! | that something was done | `ONCE#id` | `ONCE` | `what`, `expires` |
//! | answer to a repeatable request | `ANSWER#hash` | `ANSWER` | `request`, `begun_at`, `running_until`, `document`, `expires` |
//! | directory: account | `T#tenant#A#shard` | `account~` | `version`, `active`, `reference`, `attributes` |
//! | directory: unique value | `T#tenant#U#email#value` or `T#tenant#U#reference#value` | `UNIQUE` | `account` |
//! | directory: history | `T#tenant#H#shard` | `account~#at#version` | `document`, `expires` |
//!
//! * `v` is on every item: the version of its form. Readers accept this one and the one before (R44).
//! * `expires` is on every item that ends, in seconds of the epoch, for the table's TTL; readers do not wait for it to
//!   act (R36).
//! * Documents are JSON; rosters, lines and findings are zstd chunks that fit an item of 400 KB. Chunks are written
//!   first, each in a partition of its own, under a key that names the run and its fencing token; the head makes them
//!   visible. A note of which they are goes before, so that erasing finds also what broke off.
//! * Reads are strongly consistent: nearly all of them decide something.

mod act;
mod allowance;
mod batch;
mod bucket;
mod call;
mod connection;
mod directory;
mod door;
mod erasure;
mod expression;
mod holder;
mod item;
mod key;
mod lease;
mod link;
mod plan;
mod roster;
mod run;
mod slot;
mod sweep;
#[cfg(test)]
mod tests;
mod ticket;
mod transaction;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use aws_sdk_dynamodb::Client;

use super::Meter;

/// Everything that Rollcall remembers, in one table.
#[derive(Clone)]
pub struct DynamoStore {
    client: Client,
    table: String,
    counters: Arc<Counters>,
}

#[derive(Default)]
struct Counters {
    writes: AtomicU64,
    reads: AtomicU64,
}

impl DynamoStore {
    /// A store in a table that is there already, with the text keys `pk` (partition) and `sk` (sort).
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            counters: Arc::default(),
        }
    }

    fn wrote(&self, items: usize) {
        self.counters.writes.fetch_add(items as u64, Ordering::Relaxed);
    }

    /// A look that finds nothing counts as one item, as it is paid for.
    fn read(&self, items: usize) {
        self.counters.reads.fetch_add(items.max(1) as u64, Ordering::Relaxed);
    }
}

impl Meter for DynamoStore {
    fn writes(&self) -> u64 {
        self.counters.writes.load(Ordering::Relaxed)
    }

    fn reads(&self) -> u64 {
        self.counters.reads.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for DynamoStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DynamoStore")
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}
