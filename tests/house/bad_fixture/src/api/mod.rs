//! Two rooms of the edge that know each other.

use crate::runtime::Settings;
use axum::Router;
