//! What the core may do: neighbours of the same layer, its crates, and anything inside tests.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde::Serialize;

use super::employee::Employee;
use jiff::{Timestamp, civil::Date};

#[derive(Serialize)]
pub struct Account {
    pub name: String,
    pub seen_at: Timestamp,
    pub since_on: Date,
    pub of: Arc<BTreeMap<String, Employee>>,
}

impl fmt::Display for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let http = "a local named like a crate";
        write!(formatter, "{http}")
    }
}

#[cfg(any(test, feature = "testing"))]
pub fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}

#[cfg(test)]
mod tests {
    use crate::store::memory::MemoryPlanStore;

    #[tokio::test]
    async fn may_use_anything() {
        println!("{:?}", std::env::var("HOME"));
    }
}
