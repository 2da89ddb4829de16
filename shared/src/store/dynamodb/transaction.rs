//! Several items, all or none. Which condition failed is an answer, not an error.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{CancellationReason, ConditionCheck, Delete, Put, TransactWriteItem, Update},
};

use super::{
    DynamoStore,
    batch::patience,
    call::{exhausted, failed, is_lasting, refused},
    expression::Expression,
    item::{Draft, key_map},
    key::Key,
};
use crate::store::Error;

/// How often a transaction that met another one is sent again.
const MOST_TRIES: u32 = 7;

/// One item of a transaction.
#[derive(Debug)]
pub(super) enum Step {
    /// Looks, and changes nothing.
    Check(Key, Expression),
    /// Deletes where a condition holds.
    Delete(Key, Expression),
    /// Writes, where a condition holds if there is one.
    Put(Draft, Option<Expression>),
    /// Changes members where a condition holds.
    Update(Key, Expression, Expression),
}

impl Step {
    /// Whether both look at one item and change nothing.
    pub(super) fn looks_at_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Check(one, _), Self::Check(another, _)) => one == another,
            (Self::Check(..) | Self::Delete(..) | Self::Put(..) | Self::Update(..), _) => false,
        }
    }
}

/// What became of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All was done.
    Done,
    /// Nothing was done; the conditions of these steps, counted from 0, did not hold.
    Refused(Vec<usize>),
}

impl Outcome {
    pub(super) fn is_done(&self) -> bool {
        *self == Self::Done
    }
}

impl DynamoStore {
    /// Carries out steps, all or none. A lost answer does no harm: the SDK's token makes a repetition the same call.
    pub(super) async fn transact(&self, operation: &'static str, steps: Vec<Step>) -> Result<Outcome, Error> {
        let checks = steps.iter().filter(|step| matches!(step, Step::Check(..))).count();
        let items = steps.into_iter().map(|step| self.item(operation, step));
        let items = items.collect::<Result<Vec<_>, _>>()?;
        for attempt in 0..MOST_TRIES {
            let transact = self.client.transact_write_items();
            let answer = transact.set_transact_items(Some(items.clone())).send().await;
            let Err(error) = answer else {
                self.wrote(items.len() - checks);
                return Ok(Outcome::Done);
            };
            let Some(reasons) = reasons(&error) else {
                return Err(failed(operation, &error));
            };
            let failed = positions(reasons, &["ConditionalCheckFailed"]);
            if !failed.is_empty() {
                return Ok(Outcome::Refused(failed));
            }
            let passing = [
                "TransactionConflict",
                "ThrottlingError",
                "ProvisionedThroughputExceeded",
            ];
            if positions(reasons, &passing).is_empty() {
                return Err(called_off(operation, reasons));
            }
            tokio::time::sleep(patience(attempt)).await;
        }
        Err(exhausted(
            operation,
            "again and again that another transaction is under way",
        ))
    }

    fn item(&self, operation: &'static str, step: Step) -> Result<TransactWriteItem, Error> {
        let item = TransactWriteItem::builder();
        let built = match step {
            Step::Check(key, condition) => self.check(key, condition).map(|check| item.condition_check(check)),
            Step::Delete(key, condition) => self.deletion(key, condition).map(|delete| item.delete(delete)),
            Step::Put(draft, condition) => self.writing(draft, condition).map(|put| item.put(put)),
            Step::Update(key, change, condition) => {
                self.updating(key, change, condition).map(|update| item.update(update))
            }
        };
        let built = built.map_err(|_| exhausted(operation, "nothing: a step was incomplete"))?;
        Ok(built.build())
    }

    fn check(&self, key: Key, condition: Expression) -> Built<ConditionCheck> {
        ConditionCheck::builder()
            .table_name(&self.table)
            .set_key(Some(key_map(key)))
            .condition_expression(condition.text)
            .set_expression_attribute_names(Some(condition.names()))
            .set_expression_attribute_values(condition.values())
            .build()
    }

    fn deletion(&self, key: Key, condition: Expression) -> Built<Delete> {
        Delete::builder()
            .table_name(&self.table)
            .set_key(Some(key_map(key)))
            .condition_expression(condition.text)
            .set_expression_attribute_names(Some(condition.names()))
            .set_expression_attribute_values(condition.values())
            .build()
    }

    fn writing(&self, draft: Draft, condition: Option<Expression>) -> Built<Put> {
        let put = Put::builder().table_name(&self.table).set_item(Some(draft.into_map()));
        match condition {
            None => put.build(),
            Some(condition) => put
                .condition_expression(condition.text)
                .set_expression_attribute_names(Some(condition.names()))
                .set_expression_attribute_values(condition.values())
                .build(),
        }
    }

    fn updating(&self, key: Key, change: Expression, condition: Expression) -> Built<Update> {
        let members = change.names().into_iter().chain(condition.names()).collect();
        let mut values = change.values;
        values.extend(condition.values);
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(key_map(key)))
            .update_expression(change.text)
            .condition_expression(condition.text)
            .set_expression_attribute_names(Some(members))
            .set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()))
            .build()
    }
}

type Built<T> = Result<T, aws_sdk_dynamodb::error::BuildError>;

/// Why a transaction was called off, step by step; `None` where it failed otherwise.
fn reasons<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<&[CancellationReason]> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error.as_service_error()? else {
        return None;
    };
    Some(cancelled.cancellation_reasons())
}

/// A transaction that was called off for none of the reasons that pass: for good, where a step is over a limit.
fn called_off(operation: &'static str, reasons: &[CancellationReason]) -> Error {
    let mut codes = reasons.iter().filter_map(CancellationReason::code);
    match codes.find(|code| is_lasting(code)) {
        Some(code) => refused(operation, code),
        None => exhausted(operation, "that a transaction cannot be carried out"),
    }
}

/// The steps that were refused for one of these reasons.
fn positions(reasons: &[CancellationReason], codes: &[&str]) -> Vec<usize> {
    let is_one = |reason: &CancellationReason| reason.code().is_some_and(|code| codes.contains(&code));
    reasons
        .iter()
        .enumerate()
        .filter(|(_, reason)| is_one(reason))
        .map(|(position, _)| position)
        .collect()
}
