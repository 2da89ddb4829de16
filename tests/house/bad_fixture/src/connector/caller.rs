//! Requests are waited for.

pub async fn call() {}
