//! A value that waits for something, inside of another file's folder.

pub async fn value() {}
