//! Many items at once. What DynamoDB leaves undone is asked for again, with patience.

use std::time::Duration;

use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::{
    DynamoStore,
    call::{exhausted, failed},
    item::{Draft, Map, Row, key_map},
    key::Key,
};
use crate::store::Error;

/// The most items of one `BatchWriteItem`.
const MOST_WRITES: usize = 25;
/// The most keys of one `BatchGetItem`; an answer stops at 16 MB, which 40 chunks stay below.
const MOST_READS: usize = 40;
/// How many batches are under way at once.
const PARALLEL: usize = 8;
/// How often what was left undone is asked for again.
const MOST_TRIES: u32 = 9;

/// How long to wait before the nth further try: 20 ms, doubled each time, at most 2.5 s.
pub(super) const fn patience(attempt: u32) -> Duration {
    let doublings = if attempt < 7 { attempt } else { 7 };
    Duration::from_millis(20 << doublings)
}

impl DynamoStore {
    /// Writes items whatever was there, in no order.
    pub(super) async fn put_all(&self, operation: &'static str, drafts: Vec<Draft>) -> Result<(), Error> {
        let requests = drafts
            .into_iter()
            .map(|draft| PutRequest::builder().set_item(Some(draft.into_map())).build())
            .map(|put| put.map(|put| WriteRequest::builder().put_request(put).build()));
        self.write_all(operation, requests.collect()).await
    }

    /// Deletes items in no order.
    pub(super) async fn delete_all(&self, operation: &'static str, keys: Vec<Key>) -> Result<(), Error> {
        let requests = keys
            .into_iter()
            .map(|key| DeleteRequest::builder().set_key(Some(key_map(key))).build())
            .map(|delete| delete.map(|delete| WriteRequest::builder().delete_request(delete).build()));
        self.write_all(operation, requests.collect()).await
    }

    async fn write_all(
        &self,
        operation: &'static str,
        requests: Result<Vec<WriteRequest>, aws_sdk_dynamodb::error::BuildError>,
    ) -> Result<(), Error> {
        let mut requests = requests.map_err(|_| exhausted(operation, "nothing: an item was incomplete"))?;
        let mut batches = Vec::with_capacity(requests.len().div_ceil(MOST_WRITES));
        while !requests.is_empty() {
            let rest = requests.split_off(requests.len().min(MOST_WRITES));
            batches.push(std::mem::replace(&mut requests, rest));
        }
        stream::iter(batches)
            .map(|batch| self.write_batch(operation, batch))
            .buffer_unordered(PARALLEL)
            .try_collect()
            .await
    }

    async fn write_batch(&self, operation: &'static str, mut requests: Vec<WriteRequest>) -> Result<(), Error> {
        for attempt in 0..MOST_TRIES {
            let asked = requests.len();
            let write = self.client.batch_write_item();
            let answer = write.request_items(&self.table, requests).send().await;
            let answer = answer.map_err(|error| failed(operation, &error))?;
            requests = answer
                .unprocessed_items
                .into_iter()
                .flatten()
                .flat_map(|(_, left)| left)
                .collect();
            self.wrote(asked - requests.len().min(asked));
            if requests.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(patience(attempt)).await;
        }
        Err(exhausted(operation, "again and again that it left items undone"))
    }

    /// Reads items by key, consistently; the answer is in no order, and lacks what is not there.
    pub(super) async fn get_all(&self, operation: &'static str, keys: Vec<Key>) -> Result<Vec<Row>, Error> {
        let batches: Vec<Vec<Map>> = keys
            .chunks(MOST_READS)
            .map(|keys| keys.iter().cloned().map(key_map).collect())
            .collect();
        let found: Vec<Vec<Row>> = stream::iter(batches)
            .map(|batch| self.get_batch(operation, batch))
            .buffer_unordered(PARALLEL)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn get_batch(&self, operation: &'static str, mut keys: Vec<Map>) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::with_capacity(keys.len());
        for attempt in 0..MOST_TRIES {
            let asked = KeysAndAttributes::builder().consistent_read(true);
            let asked = asked.set_keys(Some(keys)).build();
            let asked = asked.map_err(|_| exhausted(operation, "nothing: a key was incomplete"))?;
            let get = self.client.batch_get_item();
            let answer = get.request_items(&self.table, asked).send().await;
            let answer = answer.map_err(|error| failed(operation, &error))?;
            let items = answer.responses.into_iter().flatten().flat_map(|(_, items)| items);
            let before = rows.len();
            for item in items {
                rows.push(Row::new(operation, item)?);
            }
            self.read(rows.len() - before);
            keys = answer
                .unprocessed_keys
                .into_iter()
                .flatten()
                .flat_map(|(_, left)| left.keys)
                .collect();
            if keys.is_empty() {
                return Ok(rows);
            }
            tokio::time::sleep(patience(attempt)).await;
        }
        Err(exhausted(operation, "again and again that it left items unread"))
    }
}
