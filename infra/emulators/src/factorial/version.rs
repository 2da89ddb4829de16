//! The dated versions of the API, one each quarter (vendor documentation, "API versioning").

use jiff::civil::Date;

/// A supported version, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    Y2025M10,
    Y2026M01,
    Y2026M04,
    Y2026M07,
    Y2026M10,
}

impl Version {
    /// Returns the version of a path segment. Any other date gets the oldest supported schema; a text that is not a
    /// date gets none.
    pub(super) fn parse(segment: &str) -> Option<Self> {
        if segment.len() != 10 || segment.parse::<Date>().is_err() {
            return None;
        }
        Some(match segment {
            "2026-10-01" => Self::Y2026M10,
            "2026-07-01" => Self::Y2026M07,
            "2026-04-01" => Self::Y2026M04,
            "2026-01-01" => Self::Y2026M01,
            _ => Self::Y2025M10,
        })
    }

    /// Returns whether ids are JSON strings, as from 2026-07-01 on; before, they are integers (vendor changelog).
    pub(super) fn ids_are_text(self) -> bool {
        self >= Self::Y2026M07
    }
}
