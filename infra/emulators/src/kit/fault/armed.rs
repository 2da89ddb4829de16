//! The break modes of the moment, and which of them strike a request.

use super::{Break, Mode, RetryAfter, Shape};
use crate::draw::draw;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// What is known of a request before it is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) path: &'a str,
    /// Whether the request belongs to the HR system's data and not to logging in.
    pub(crate) data: bool,
    pub(crate) list: bool,
    /// The page of a list, from 1; none where the API has no pages, then list requests are counted.
    pub(crate) page: Option<u64>,
}

/// A fault that is either there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    Html,
    Xml,
    NoBody,
    ErrorInside,
    EmptyPage,
    Truncate,
    LostReply,
    Empty,
    RepeatCursor,
    DuplicateRow,
    WrongTotal,
    /// The access tokens of the moment die, once.
    TokensDie,
    /// Keys are refused from now on.
    KeysRefused,
    OtherCompany,
    IdReused,
}

/// The faults of one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    /// The name of the fault in the request log.
    pub(crate) name: Option<&'static str>,
    pub(crate) status: Option<(u16, Option<RetryAfter>)>,
    pub(crate) slow_ms: u64,
    pub(crate) short_list: Option<f64>,
    pub(crate) vanish: Option<f64>,
    /// Hidden fields.
    pub(crate) narrow: Vec<String>,
    /// Fields not sent.
    pub(crate) dropped: Vec<String>,
    /// Fields whose values are odd, in how many rows.
    pub(crate) odd: Vec<(String, Shape, u64)>,
    /// How many values of the answer were made odd so far.
    pub(crate) twisted: Arc<AtomicU64>,
    signs: BTreeSet<Sign>,
}

impl Faults {
    /// Returns whether a text in the answer is to be broken.
    pub(crate) fn breaks_texts(&self) -> bool {
        let mut shapes = self.odd.iter().map(|(_, shape, _)| shape);
        shapes.any(|shape| matches!(shape, Shape::Broken | Shape::BrokenName))
    }

    /// Returns whether the request is to show this fault.
    pub(crate) fn shows(&self, sign: Sign) -> bool {
        self.signs.contains(&sign)
    }
}

#[derive(Debug)]
struct Entry {
    wanted: Break,
    struck: u32,
    /// Requests seen, for modes that count them.
    seen: u64,
    fired: bool,
}

/// The break modes of the moment.
#[derive(Debug, Default)]
pub(crate) struct Armed {
    entries: Vec<Entry>,
}

impl Armed {
    /// Adds a mode; the same mode for the same requests is replaced.
    pub(crate) fn arm(&mut self, wanted: Break) {
        self.entries
            .retain(|entry| entry.wanted.mode.name() != wanted.mode.name() || entry.wanted.path != wanted.path);
        self.entries.push(Entry {
            wanted,
            struck: 0,
            seen: 0,
            fired: false,
        });
    }

    /// Ends all break modes.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Returns the faults of a request; modes with a number of times count it.
    pub(crate) fn strike(&mut self, call: Call) -> Faults {
        let mut faults = Faults::default();
        for entry in &mut self.entries {
            if entry.applies(call) && entry.inflict(&mut faults) {
                entry.struck = entry.struck.saturating_add(1);
                faults.name.get_or_insert(entry.wanted.mode.name());
            }
        }
        faults
    }
}

impl Entry {
    fn applies(&mut self, call: Call) -> bool {
        let fits = |path: &str| match path.strip_suffix('$') {
            Some(end) => call.path.ends_with(end),
            None => call.path.contains(path),
        };
        let path_fits = self.wanted.path.as_deref().is_none_or(fits);
        if !path_fits || self.wanted.times.is_some_and(|times| self.struck >= times) {
            return false;
        }
        match &self.wanted.mode {
            Mode::LostReply | Mode::Slow { .. } => true,
            Mode::Status { page: None, .. } | Mode::Html | Mode::Xml | Mode::NoBody | Mode::ErrorInside => {
                call.data || self.wanted.path.is_some()
            }
            Mode::Status { page: Some(page), .. } | Mode::Truncate { page: Some(page) } => {
                self.seen += u64::from(call.list);
                call.list && call.page.unwrap_or(self.seen) == *page
            }
            Mode::Empty
            | Mode::Truncate { page: None }
            | Mode::EmptyPage
            | Mode::RepeatCursor
            | Mode::DuplicateRow
            | Mode::WrongTotal
            | Mode::ShortList { .. } => call.list,
            Mode::TokenDies { .. } => {
                self.seen += u64::from(call.data);
                call.data
            }
            Mode::Vanish { .. }
            | Mode::Narrow { .. }
            | Mode::DropField { .. }
            | Mode::OddValue { .. }
            | Mode::OtherCompany
            | Mode::IdReused => call.data,
        }
    }

    /// Returns whether the mode shows in this request.
    fn inflict(&mut self, faults: &mut Faults) -> bool {
        let sign = match &self.wanted.mode {
            Mode::Empty => Sign::Empty,
            Mode::Truncate { .. } => Sign::Truncate,
            Mode::Html => Sign::Html,
            Mode::Xml => Sign::Xml,
            Mode::NoBody => Sign::NoBody,
            Mode::ErrorInside => Sign::ErrorInside,
            Mode::EmptyPage => Sign::EmptyPage,
            Mode::RepeatCursor => Sign::RepeatCursor,
            Mode::DuplicateRow => Sign::DuplicateRow,
            Mode::WrongTotal => Sign::WrongTotal,
            Mode::OtherCompany => Sign::OtherCompany,
            Mode::IdReused => Sign::IdReused,
            Mode::LostReply => Sign::LostReply,
            Mode::TokenDies { after } if self.seen <= *after => return false,
            Mode::TokenDies { .. } => {
                if !std::mem::replace(&mut self.fired, true) {
                    faults.signs.insert(Sign::TokensDie);
                }
                Sign::KeysRefused
            }
            Mode::Status {
                status, retry_after, ..
            } => {
                faults.status = Some((*status, *retry_after));
                return true;
            }
            Mode::ShortList { share } => {
                faults.short_list = Some(*share);
                return true;
            }
            Mode::Vanish { share } => {
                faults.vanish = Some(*share);
                return true;
            }
            Mode::Narrow { fields } => {
                faults.narrow.extend(fields.iter().cloned());
                return true;
            }
            Mode::DropField { field } => {
                faults.dropped.push(field.clone());
                return true;
            }
            Mode::OddValue { field, shape, rows } => {
                faults.odd.push((field.clone(), *shape, rows.unwrap_or(u64::MAX)));
                return true;
            }
            Mode::Slow { ms } => {
                faults.slow_ms = *ms;
                return true;
            }
        };
        faults.signs.insert(sign);
        true
    }
}

/// Returns whether an employee belongs to the missing share. These are the same employees every time.
pub(crate) fn is_missing(share: f64, employee_id: u64) -> bool {
    // 2^53 and below are exact in a float, so the comparison is the same on every machine.
    let drawn = u32::try_from(draw(employee_id, 77) >> 32).unwrap_or(u32::MAX);
    f64::from(drawn) < share * f64::from(u32::MAX) + 1.0
}
