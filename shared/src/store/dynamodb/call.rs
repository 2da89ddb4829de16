//! Single calls to the table: get, put, update, query. All count their items, and no SDK error leaves them.

use aws_sdk_dynamodb::{
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeValue, ReturnValue},
};

use super::{
    DynamoStore,
    expression::{Expression, names},
    item::{Draft, Map, Names, Row, key_map},
    key::Key,
};
use crate::store::Error;

/// What DynamoDB answered, without anything that was sent or stored.
#[derive(Debug, thiserror::Error)]
#[error("DynamoDB answered {0}")]
struct Refusal(String);

/// Which items of a partition a query is about.
#[derive(Clone, Debug)]
pub(super) struct Range {
    partition: String,
    /// How sort keys begin, or after which one they come.
    start: Option<Start>,
    newest_first: bool,
    limit: Option<i32>,
    /// Whether one answer of the table is enough: at most 1 MB of items.
    is_one_answer: bool,
    /// The members that are read, where not all are.
    members: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum Start {
    After(String),
    Prefix(String),
    /// What comes before a sort key.
    Before(String),
    /// From one sort key to another, both included.
    Between(String, String),
}

impl Range {
    pub(super) const fn of(partition: String) -> Self {
        Self {
            partition,
            start: None,
            newest_first: false,
            limit: None,
            is_one_answer: false,
            members: None,
        }
    }

    /// The keys of the items alone: what is only counted or deleted need not be held in memory (R47).
    pub(super) fn keys_only(self) -> Self {
        let members = Some("#pk, #sk, #v");
        Self { members, ..self }
    }

    pub(super) fn prefix(self, prefix: impl Into<String>) -> Self {
        let start = Some(Start::Prefix(prefix.into()));
        Self { start, ..self }
    }

    pub(super) fn after(self, key: Option<String>) -> Self {
        let start = key.map(Start::After);
        Self { start, ..self }
    }

    /// What comes before a sort key.
    pub(super) fn before(self, key: &str) -> Self {
        let start = Some(Start::Before(key.to_owned()));
        Self { start, ..self }
    }

    /// What comes between two sort keys, both included.
    pub(super) fn between(self, low: &str, high: String) -> Self {
        let start = Some(Start::Between(low.to_owned(), high));
        Self { start, ..self }
    }

    pub(super) fn newest_first(self) -> Self {
        Self {
            newest_first: true,
            ..self
        }
    }

    /// Returns the same range, limited to what one answer of the table holds: 1 MB of items, however large each is
    /// (R47).
    pub(super) fn one_answer(self) -> Self {
        Self {
            is_one_answer: true,
            ..self
        }
    }

    /// Returns the same range, limited to that many items.
    pub(super) fn limit(self, limit: u32) -> Self {
        let limit = Some(i32::try_from(limit).unwrap_or(i32::MAX));
        Self { limit, ..self }
    }
}

/// What a query found, in the order of sort keys.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) rows: Vec<Row>,
    /// Whether there may be more behind a limit.
    pub(super) more: bool,
}

impl DynamoStore {
    /// Returns one item, read consistently.
    pub(super) async fn get(&self, operation: &'static str, key: Key) -> Result<Option<Row>, Error> {
        let get = self.client.get_item().table_name(&self.table).consistent_read(true);
        let answer = get.set_key(Some(key_map(key))).send().await;
        let answer = answer.map_err(|error| failed(operation, &error))?;
        self.read(1);
        answer.item.map(|item| Row::new(operation, item)).transpose()
    }

    /// Writes an item whatever was there.
    pub(super) async fn put(&self, operation: &'static str, draft: Draft) -> Result<(), Error> {
        let put = self.client.put_item().table_name(&self.table);
        let answer = put.set_item(Some(draft.into_map())).send().await;
        answer.map_err(|error| failed(operation, &error))?;
        self.wrote(1);
        Ok(())
    }

    /// Writes an item if a condition holds. Returns whether it did.
    pub(super) async fn put_if(
        &self,
        operation: &'static str,
        draft: Draft,
        condition: Expression,
    ) -> Result<bool, Error> {
        let put = self.client.put_item().table_name(&self.table);
        let answer = put
            .set_item(Some(draft.into_map()))
            .condition_expression(condition.text)
            .set_expression_attribute_names(Some(condition.names()))
            .set_expression_attribute_values(condition.values())
            .send()
            .await;
        self.judge(operation, answer)
    }

    /// Changes members of an item if a condition holds. Returns whether it did.
    pub(super) async fn update_if(
        &self,
        operation: &'static str,
        key: Key,
        change: Expression,
        condition: Expression,
    ) -> Result<bool, Error> {
        let update = self.client.update_item().table_name(&self.table);
        let members = change.names().into_iter().chain(condition.names()).collect();
        let mut values = change.values;
        values.extend(condition.values);
        let answer = update
            .set_key(Some(key_map(key)))
            .update_expression(change.text)
            .condition_expression(condition.text)
            .set_expression_attribute_names(Some(members))
            .set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()))
            .send()
            .await;
        self.judge(operation, answer)
    }

    /// Changes members of an item, or makes it with them. Returns the members that the change names, as they are now.
    pub(super) async fn update(&self, operation: &'static str, key: Key, change: Expression) -> Result<Row, Error> {
        let update = self.client.update_item().table_name(&self.table);
        let answer = update
            .set_key(Some(key_map(key)))
            .update_expression(change.text)
            .set_expression_attribute_names(Some(change.names()))
            .set_expression_attribute_values(change.values())
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        let answer = answer.map_err(|error| failed(operation, &error))?;
        self.wrote(1);
        Row::new(operation, answer.attributes.unwrap_or_default())
    }

    /// Deletes an item; one that is not there is deleted already.
    pub(super) async fn delete(&self, operation: &'static str, key: Key) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table);
        let answer = delete.set_key(Some(key_map(key))).send().await;
        answer.map_err(|error| failed(operation, &error))?;
        self.wrote(1);
        Ok(())
    }

    /// The items of a range, to its limit or its end, read consistently.
    pub(super) async fn query(&self, operation: &'static str, range: Range) -> Result<Found, Error> {
        let (text, mut values): (_, Map) = match &range.start {
            None => ("#pk = :pk", Map::new()),
            Some(Start::After(key)) => ("#pk = :pk AND #sk > :sk", sort_value(key)),
            Some(Start::Prefix(prefix)) => ("#pk = :pk AND begins_with(#sk, :sk)", sort_value(prefix)),
            Some(Start::Before(key)) => ("#pk = :pk AND #sk < :sk", sort_value(key)),
            Some(Start::Between(low, high)) => {
                let mut values = sort_value(low);
                values.insert(":high".to_owned(), AttributeValue::S(high.clone()));
                ("#pk = :pk AND #sk BETWEEN :sk AND :high", values)
            }
        };
        values.insert(":pk".to_owned(), AttributeValue::S(range.partition));
        let members: Names = names(text).chain(names(range.members.unwrap_or_default())).collect();
        let mut rows = Vec::new();
        let mut from = None;
        loop {
            let query = self.client.query().table_name(&self.table).consistent_read(true);
            let answer = query
                .key_condition_expression(text)
                .set_projection_expression(range.members.map(str::to_owned))
                .set_expression_attribute_names(Some(members.clone()))
                .set_expression_attribute_values(Some(values.clone()))
                .scan_index_forward(!range.newest_first)
                .set_limit(range.limit)
                .set_exclusive_start_key(from)
                .send()
                .await;
            let answer = answer.map_err(|error| failed(operation, &error))?;
            let items = answer.items.unwrap_or_default();
            self.read(items.len());
            for item in items {
                rows.push(Row::new(operation, item)?);
            }
            from = answer.last_evaluated_key;
            let is_full = range
                .limit
                .is_some_and(|limit| i32::try_from(rows.len()).unwrap_or(i32::MAX) >= limit);
            if from.is_none() || is_full || range.is_one_answer {
                return Ok(Found {
                    rows,
                    more: from.is_some(),
                });
            }
        }
    }

    fn judge<T, E: ProvideErrorMetadata, R>(
        &self,
        operation: &'static str,
        answer: Result<T, SdkError<E, R>>,
    ) -> Result<bool, Error> {
        match answer {
            Ok(_) => {
                self.wrote(1);
                Ok(true)
            }
            Err(error) if code(&error) == "ConditionalCheckFailedException" => Ok(false),
            Err(error) => Err(failed(operation, &error)),
        }
    }
}

fn sort_value(text: &str) -> Map {
    Map::from([(":sk".to_owned(), AttributeValue::S(text.to_owned()))])
}

/// The code of an error. The rest of it is left behind: SDK errors carry whole requests and answers.
fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    match error {
        SdkError::ServiceError(refused) => refused.err().code().unwrap_or("an error without a code"),
        SdkError::TimeoutError(_) => "too late",
        SdkError::DispatchFailure(_) => "nothing: it cannot be reached",
        SdkError::ConstructionFailure(_) | SdkError::ResponseError(_) | _ => "what cannot be understood",
    }
}

/// Codes of refusals that no other try would change: an item or a request over a limit, or one that is not well-formed.
const LASTING: [&str; 7] = [
    "ItemCollectionSizeLimitExceeded",
    "ItemCollectionSizeLimitExceededException",
    "RequestEntityTooLarge",
    "RequestTooLargeException",
    "SerializationException",
    "ValidationError",
    "ValidationException",
];

/// A call that failed for a reason that no caller of the store decides about: for good, or in passing.
pub(super) fn failed<E: ProvideErrorMetadata, R>(operation: &'static str, error: &SdkError<E, R>) -> Error {
    let code = code(error);
    if is_lasting(code) {
        refused(operation, code)
    } else {
        exhausted(operation, code)
    }
}

/// Whether a refusal of this code would be the same the next time.
pub(super) fn is_lasting(code: &str) -> bool {
    LASTING.contains(&code)
}

/// A refusal for good.
pub(super) fn refused(operation: &'static str, code: &str) -> Error {
    Error::Refused {
        operation,
        detail: format!("DynamoDB answered {code}"),
    }
}

/// A failure in passing, with its reason in words.
pub(super) fn exhausted(operation: &'static str, reason: &str) -> Error {
    Error::Unavailable {
        operation,
        source: Box::new(Refusal(reason.to_owned())),
    }
}
