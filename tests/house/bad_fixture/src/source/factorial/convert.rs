//! A conversion that waits for something.

pub async fn convert() {}
