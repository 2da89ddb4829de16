//! Counts of requests in the table.

use async_trait::async_trait;

use super::{DynamoStore, expression::Expression, item::VERSION, key};
use crate::store::{AllowanceStore, Error, Window};

#[async_trait]
impl AllowanceStore for DynamoStore {
    async fn use_allowance(&self, key: &str, window: Window, count: u32) -> Result<u64, Error> {
        let change = Expression::new("SET #v = :v, #expires = :expires ADD #used :count")
            .number(":v", VERSION)
            .number(":expires", window.expires_at.as_second())
            .number(":count", count);
        let row = self
            .update("count requests", key::allowance(key, window.start), change)
            .await?;
        row.number("used")
    }
}
