//! Requests are waited for, inside of another file's folder too.

use crate::connector::walk;

pub async fn read() {}
