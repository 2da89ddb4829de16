//! A page is not.

pub async fn page() {}
