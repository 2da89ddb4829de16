//! Query parameters: single ones, and lists written as `name[]=a&name[]=b`.

use super::refusal::Refusal;
use jiff::civil::Date;
use std::borrow::Cow;

/// The parameters of one request.
#[derive(Debug, Default)]
pub(super) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Query<'a> {
    /// Reads a query string.
    pub(super) fn parse(text: Option<&'a str>) -> Self {
        Self {
            pairs: url::form_urlencoded::parse(text.unwrap_or_default().as_bytes()).collect(),
        }
    }

    /// The last value of a single parameter; an empty one counts as not given.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_ref()).filter(|value| !value.is_empty())
    }

    /// The values of a list; none where the list is not given.
    pub(super) fn many(&self, name: &str) -> Option<Vec<&str>> {
        let values: Vec<&str> = self
            .pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_ref())
            .collect();
        (!values.is_empty()).then_some(values)
    }

    /// The ids of a list in ascending order; what is no id matches nobody.
    pub(super) fn ids(&self, name: &str) -> Option<Vec<u64>> {
        let values = self.many(name)?;
        let mut ids: Vec<u64> = values.iter().filter_map(|value| value.parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        Some(ids)
    }

    /// True, false or not given.
    pub(super) fn flag(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.one(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(Refusal::Parameter(name, "true or false")),
        }
    }

    /// A date, or the date of a timestamp.
    pub(super) fn date(&self, name: &'static str) -> Result<Option<Date>, Refusal> {
        let Some(text) = self.one(name) else {
            return Ok(None);
        };
        let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
        match date.parse() {
            Ok(date) if time.is_empty() || time.starts_with(['T', ' ']) => Ok(Some(date)),
            Ok(_) | Err(_) => Err(Refusal::Parameter(name, "a date, YYYY-MM-DD")),
        }
    }

    /// Whether anything but paging was asked for.
    pub(super) fn filters(&self) -> bool {
        self.pairs
            .iter()
            .any(|(name, _)| !["limit", "after_id", "before_id"].contains(&name.as_ref()))
    }
}
