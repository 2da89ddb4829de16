//! The HR systems that this program can speak with, put together: one arm each.

use std::sync::Arc;

pub use crate::source::factorial::Applications;
use crate::{
    http::{self, BaseUrls, Pace},
    source::{
        Kind, Provider,
        bamboohr::{self, BambooHr},
        factorial::{self, Factorial},
        lucca::{self, Lucca},
    },
};

/// What the operator settles once for all HR systems.
#[derive(Clone, Debug, Default)]
pub struct ProviderSettings {
    /// The operator's own credentials, by kind.
    pub applications: Applications,
    /// Which base URLs a connection may name beside the vendors'.
    pub base_urls: BaseUrls,
    /// How fast each HR system is asked, where not as fast as its vendor allows: on a developer's own machine.
    pub pace: Option<Pace>,
}

/// Returns all HR systems, in the order of [`Kind::ALL`].
pub fn providers(http: &http::Client, settings: &ProviderSettings) -> Vec<Arc<dyn Provider>> {
    let made = |kind: &Kind| provider(*kind, http.clone(), settings.clone());
    Kind::ALL.iter().map(made).collect()
}

fn provider(kind: Kind, http: http::Client, settings: ProviderSettings) -> Arc<dyn Provider> {
    let ProviderSettings {
        applications,
        base_urls,
        pace,
    } = settings;
    match kind {
        Kind::Factorial => Arc::new(Factorial::new(
            http,
            factorial::Settings {
                applications,
                base_urls,
                pace: pace.unwrap_or_default(),
            },
        )),
        Kind::BambooHr => Arc::new(BambooHr::new(
            http,
            bamboohr::Settings {
                applications,
                base_urls,
                pace: pace.unwrap_or_default(),
            },
        )),
        Kind::Lucca => Arc::new(Lucca::new(
            http,
            lucca::Settings {
                base_urls,
                limit: pace.is_none().then_some(lucca::LIMIT),
                pace: pace.unwrap_or(lucca::PACE),
            },
        )),
    }
}
