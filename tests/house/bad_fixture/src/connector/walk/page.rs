//! A page does not wait for anything, and is asynchronous all the same.

pub async fn page() {}
