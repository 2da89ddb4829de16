//! At home with the SDK, but not with chance.

use aws_sdk_dynamodb::Client;

pub fn key() -> u64 {
    getrandom::u64()
}
