//! A caller waits for requests, which is its purpose.

pub async fn call() {}
