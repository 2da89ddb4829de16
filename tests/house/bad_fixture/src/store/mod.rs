//! A port that knows the SDK beneath one of its adapters.

pub mod dynamodb;
pub mod memory;

pub type Item = aws_sdk_dynamodb::types::AttributeValue;
