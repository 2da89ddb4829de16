//! An answer that comes at once: its rows are read page by page as they arrive, so that nothing holds all of them.

use std::collections::VecDeque;

use serde::de::IgnoredAny;

use super::super::{
    answer::{first_byte, is_no_data, malformed, no_answer, no_data, not_json, text_of},
    cut::{Cut, Uncut},
};
use crate::{http::Incoming, source::Error};

/// An answer whose rows arrive.
#[derive(Debug)]
pub struct Arriving<'p> {
    operation: &'static str,
    response: Incoming,
    /// `None` once the answer is over, or broken.
    cut: Option<Cut<'p>>,
    is_over: bool,
    /// The first byte that is not blank.
    first: Option<u8>,
    pages: VecDeque<Vec<u8>>,
}

impl<'p> Arriving<'p> {
    pub(super) fn new(operation: &'static str, response: Incoming, rows: &'p [&'p str]) -> Self {
        Self {
            operation,
            response,
            cut: Some(Cut::new(rows)),
            is_over: false,
            first: None,
            pages: VecDeque::new(),
        }
    }

    /// Returns the next page of whole rows, a JSON list; `None` behind the last one, where two signs say that the answer was
    /// whole: its body was as long as HTTP said, and as a document it is closed around its rows.
    ///
    /// # Errors
    /// [`Error`] of class `Temporary` where the body breaks off or is no data, `Malformed` where it is no document with such a list.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let operation = self.operation;
        let uncut = |uncut: Uncut| malformed(operation, uncut.to_string());
        while self.pages.is_empty() {
            let Some(mut cut) = self.cut.take() else {
                let broken = || malformed(operation, "the answer broke off before");
                return self.is_over.then_some(None).ok_or_else(broken);
            };
            let piece = self.response.next().await;
            let piece = piece.map_err(|error| no_answer(operation, error))?;
            self.first = self.first.or_else(|| first_byte(piece.as_deref()?));
            let is_told = piece.is_none() || self.first.is_some();
            if is_told && is_no_data(self.first) {
                return Err(no_data(operation));
            }
            if let Some(piece) = piece {
                self.pages.extend(cut.take(&piece).map_err(uncut)?);
                self.cut = Some(cut);
            } else {
                let (last, frame) = cut.finish().map_err(uncut)?;
                let frame = text_of(frame);
                serde_json::from_str::<IgnoredAny>(&frame).map_err(|error| not_json(operation, &error))?;
                self.pages.extend(last);
                self.is_over = true;
            }
        }
        Ok(self.pages.pop_front().map(text_of))
    }
}
