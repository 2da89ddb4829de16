//! An adapter that borrows from another.

use super::dynamodb::key;
use crate::store::PlanStore;
