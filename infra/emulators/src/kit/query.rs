//! Query parameters: single ones, lists written as `name[]=a&name[]=b`, and lists written as `name=a,b`.

use super::refusal::Refusal;
use jiff::civil::Date;
use std::borrow::Cow;

/// The parameters of one request.
#[derive(Debug, Default)]
pub(crate) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Query<'a> {
    /// Reads a query string.
    pub(crate) fn parse(text: Option<&'a str>) -> Self {
        Self {
            pairs: url::form_urlencoded::parse(text.unwrap_or_default().as_bytes()).collect(),
        }
    }

    /// The last value of a single parameter; an empty one counts as not given.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_ref()).filter(|value| !value.is_empty())
    }

    /// The values of a list; none where the list is not given.
    pub(crate) fn many(&self, name: &str) -> Option<Vec<&str>> {
        let values: Vec<&str> = self
            .pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_ref())
            .collect();
        (!values.is_empty()).then_some(values)
    }

    /// The values of a list with commas; none where it is not given.
    pub(crate) fn commas(&self, name: &str) -> Option<Vec<&str>> {
        Some(self.one(name)?.split(',').map(str::trim).collect())
    }

    /// The ids of a list in ascending order; what is no id matches nobody.
    pub(crate) fn ids(&self, name: &str) -> Option<Vec<u64>> {
        self.many(name).map(|values| ascending(&values))
    }

    /// The ids of a list with commas in ascending order; what is no id matches nobody.
    pub(crate) fn comma_ids(&self, name: &str) -> Option<Vec<u64>> {
        self.commas(name).map(|values| ascending(&values))
    }

    /// A whole number from `least`; an error where the parameter is something else.
    pub(crate) fn number(&self, name: &'static str, least: usize) -> Result<Option<usize>, Refusal> {
        match self.one(name).map(str::parse) {
            None => Ok(None),
            Some(Ok(number)) if number >= least => Ok(Some(number)),
            Some(Ok(_) | Err(_)) if least == 0 => Err(Refusal::parameter(name, "a whole number")),
            Some(Ok(_) | Err(_)) => Err(Refusal::parameter(name, "a whole number from 1")),
        }
    }

    /// True, false or not given.
    pub(crate) fn flag(&self, name: &'static str) -> Result<Option<bool>, Refusal> {
        match self.one(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(Refusal::parameter(name, "true or false")),
        }
    }

    /// A date, or the date of a timestamp.
    pub(crate) fn date(&self, name: &'static str) -> Result<Option<Date>, Refusal> {
        let Some(text) = self.one(name) else {
            return Ok(None);
        };
        read_date(text)
            .map(Some)
            .ok_or_else(|| Refusal::parameter(name, "a date, YYYY-MM-DD"))
    }

    /// Whether anything but the named parameters was given.
    pub(crate) fn has_others(&self, names: &[&str]) -> bool {
        self.pairs.iter().any(|(name, _)| !names.contains(&name.as_ref()))
    }

    /// Every parameter as sent, but for the named ones.
    pub(crate) fn without(&self, names: &[&str]) -> Vec<(&str, &str)> {
        let others = self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_ref()));
        others.map(|(name, value)| (name.as_ref(), value.as_ref())).collect()
    }
}

fn ascending(values: &[&str]) -> Vec<u64> {
    let mut ids: Vec<u64> = values.iter().filter_map(|value| value.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The date at the beginning of a date or timestamp.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
    let date = date.parse().ok()?;
    (time.is_empty() || time.starts_with(['T', ' '])).then_some(date)
}
