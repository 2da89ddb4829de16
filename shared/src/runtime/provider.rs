//! The HR systems that this program can speak with, put together: one arm each.

use std::sync::Arc;

pub use crate::source::factorial::Applications;
use crate::{
    allowance::SharedLimit,
    http::{self, BaseUrls, Pace},
    source::{
        Kind, Provider,
        bamboohr::BambooHr,
        factorial::{Factorial, Settings},
        hibob::HiBob,
        humaans::Humaans,
        lucca::{self, Lucca},
        merge::{self, Merge},
        payfit::{self, PayFit},
        personio::{self, Personio},
        staffology::{self, Staffology},
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
    let at_pace = |usual: Pace, limit: Option<SharedLimit>| Settings {
        applications: settings.applications,
        base_urls: settings.base_urls,
        pace: settings.pace.unwrap_or(usual),
        limit: limit.filter(|_| settings.pace.is_none()),
    };
    // BambooHR, Factorial, Humaans, version 2 of Personio and Staffology HR publish no limit for reading; HiBob's is far above what a read asks for.
    match kind {
        Kind::Factorial => Arc::new(Factorial::new(http, at_pace(Pace::default(), None))),
        Kind::BambooHr => Arc::new(BambooHr::new(http, at_pace(Pace::default(), None))),
        Kind::HiBob => Arc::new(HiBob::new(http, at_pace(Pace::default(), None))),
        Kind::Humaans => Arc::new(Humaans::new(http, at_pace(Pace::default(), None))),
        Kind::Lucca => Arc::new(Lucca::new(http, at_pace(lucca::PACE, Some(lucca::LIMIT)))),
        Kind::Merge => Arc::new(Merge::new(http, at_pace(merge::PACE, Some(merge::LIMIT)))),
        Kind::Personio => Arc::new(Personio::new(http, at_pace(personio::PACE, None))),
        Kind::Staffology => Arc::new(Staffology::new(http, at_pace(staffology::PACE, None))),
        Kind::PayFit => Arc::new(PayFit::new(http, at_pace(payfit::PACE, Some(payfit::LIMIT)))),
    }
}
