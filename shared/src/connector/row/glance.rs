//! The usual page, read at a glance: rows whose members come in the same order, with plain values.
//!
//! A value that is not plain (escapes, fractions, nested values) is handed to the JSON parser by itself. A page that is
//! not as expected is read by the parser as a whole. So the short way reads what the parser would read, and the parser
//! alone finds fault. What stands behind the rows is always read by the parser.

#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{Flag, Row, Slot, Text};

/// The most digits of a number that is taken as it is written.
const MAX_DIGITS: usize = 18;
const ONES: u64 = u64::MAX / 255;
const HIGHS: u64 = ONES << 7;

/// A member as the rows so far had it.
struct Member<'a, T> {
    /// The member's name as it is written: with quotes, colon and white space.
    written: &'a [u8],
    name: &'a str,
    slot: Option<Slot<'a, T>>,
}

/// The rows of a page and where their list stands in it, or `None` where the JSON parser must look at it.
pub(super) fn rows<'a, T: Row<'a>>(page: &'a str, path: &[&str]) -> Option<(Vec<T>, Range<usize>)> {
    let mut cursor = Cursor {
        text: page,
        bytes: page.as_bytes(),
        at: 0,
    };
    let found = cursor.under(path)?;
    cursor.skip_space();
    (cursor.at == cursor.bytes.len()).then_some(found)
}

/// A place in a page. Every step answers `None` where the page is not as expected.
struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The list under these members, one inside the other, and where it stands.
    fn under<T: Row<'a>>(&mut self, path: &[&str]) -> Option<(Vec<T>, Range<usize>)> {
        self.skip_space();
        let Some((wanted, rest)) = path.split_first() else {
            let start = self.at;
            let rows = self.rows()?;
            return Some((rows, start..self.at));
        };
        let mut found = None;
        self.take(b'{')?;
        loop {
            let name = self.name()?;
            self.skip_space();
            if name != *wanted {
                self.pass()?;
            } else if found.is_none() {
                found = Some(self.under(rest)?);
            } else {
                return None;
            }
            if !self.goes_on(b'}')? {
                return found;
            }
        }
    }

    fn rows<T: Row<'a>>(&mut self) -> Option<Vec<T>> {
        let (mut rows, mut members) = (Vec::new(), Vec::new());
        self.take(b'[')?;
        if self.peek()? == b']' {
            self.at += 1;
            return Some(rows);
        }
        loop {
            rows.push(T::default());
            self.row(rows.last_mut()?, &mut members)?;
            if !self.goes_on(b']')? {
                return Some(rows);
            }
        }
    }

    /// Reads a row by the members of the row before; from the first that is another one on they are learnt anew.
    fn row<T: Row<'a>>(&mut self, row: &mut T, members: &mut Vec<Member<'a, T>>) -> Option<()> {
        self.take(b'{')?;
        for position in 0.. {
            let is_known = members.get(position).is_some_and(|member| self.follows(member.written));
            if !is_known {
                members.truncate(position);
                let member = self.learn(members)?;
                members.push(member);
            }
            let member = members.get(position)?;
            self.at += member.written.len();
            match member.slot {
                None => self.pass()?,
                Some(Slot::Text(text)) => *text(row) = self.value()?,
                Some(Slot::Flag(flag)) => *flag(row) = self.flag()?,
                Some(Slot::Nested(nested)) => *nested(row) = self.parse()?,
                Some(Slot::Raw(raw)) => self.raw(raw(row))?,
            }
            if !self.goes_on(b'}')? {
                break;
            }
        }
        Some(())
    }

    /// Looks at a member that no row had at this place so far. A member that is read comes once.
    fn learn<T: Row<'a>>(&mut self, members: &[Member<'a, T>]) -> Option<Member<'a, T>> {
        let start = self.at;
        let name = self.name()?;
        self.skip_space();
        let written = self.bytes.get(start..self.at)?;
        self.at = start;
        let slot = T::slot(name);
        let is_double = slot.is_some() && members.iter().any(|known| known.name == name);
        (!is_double).then_some(Member { written, name, slot })
    }

    fn follows(&self, written: &[u8]) -> bool {
        let there = self.bytes.get(self.at..self.at + written.len());
        there.is_some_and(|there| are_equal(there, written))
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let is_there = self.peek()? == byte;
        self.at += 1;
        is_there.then_some(())
    }

    /// Whether a comma follows, or else the end.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        if self.bytes.get(self.at) == Some(&b',') {
            self.at += 1;
            return Some(true);
        }
        let next = self.peek()?;
        self.at += 1;
        (next == b',' || next == end).then_some(next == b',')
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// A member's name and the colon behind it.
    fn name(&mut self) -> Option<&'a str> {
        (self.peek()? == b'"').then_some(())?;
        let name = self.plain_text()?;
        self.take(b':')?;
        Some(name)
    }

    fn value(&mut self) -> Option<Text<'a>> {
        match *self.bytes.get(self.at)? {
            b'"' => match self.plain_text() {
                Some(text) => Some(Text::Value(text.into())),
                None => self.parse(),
            },
            b'n' => self.word(b"null").map(|()| Text::Null),
            b'1'..=b'9' => {
                let digits = self.digits()?;
                let number = self.text.get(self.at..digits)?;
                let is_whole = number.len() <= MAX_DIGITS && !self.is_number_at(digits);
                if !is_whole {
                    return self.parse();
                }
                self.at = digits;
                Some(Text::Value(number.into()))
            }
            _ => self.parse(),
        }
    }

    fn flag(&mut self) -> Option<Flag> {
        match *self.bytes.get(self.at)? {
            b't' => self.word(b"true").map(|()| Flag(Some(true))),
            b'f' => self.word(b"false").map(|()| Flag(Some(false))),
            _ => self.parse(),
        }
    }

    fn raw(&mut self, raw: &mut Option<&'a RawValue>) -> Option<()> {
        if *self.bytes.get(self.at)? == b'n' {
            return self.word(b"null");
        }
        *raw = self.parse()?;
        Some(())
    }

    /// Passes a value over.
    fn pass(&mut self) -> Option<()> {
        match *self.bytes.get(self.at)? {
            b'"' => match self.plain_text() {
                Some(_) => Some(()),
                None => self.parse::<IgnoredAny>().map(|_| ()),
            },
            b'n' => self.word(b"null"),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'1'..=b'9' => {
                let digits = self.digits()?;
                if self.is_number_at(digits) {
                    return self.parse::<IgnoredAny>().map(|_| ());
                }
                self.at = digits;
                Some(())
            }
            _ => self.parse::<IgnoredAny>().map(|_| ()),
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let is_there = self.follows(word);
        self.at += word.len();
        is_there.then_some(())
    }

    /// Returns where the digits end that begin here.
    fn digits(&self) -> Option<usize> {
        let digits = self
            .bytes
            .get(self.at..)?
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        Some(self.at + digits.count())
    }

    fn is_number_at(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), Some(b'.' | b'e' | b'E'))
    }

    /// A text without escapes, from its quote on; `None`, and nothing is read, where it has any.
    fn plain_text(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let end = plain_end(self.bytes, start)?;
        (self.bytes.get(end) == Some(&b'"')).then_some(())?;
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Reads one value with the JSON parser.
    fn parse<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(self.text.get(self.at..)?).into_iter::<T>();
        let value = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value)
    }
}

/// Returns whether two texts of one length are equal. Looks at eight bytes at a time: names are so short that a call would cost more
/// than to compare them.
fn are_equal(left: &[u8], right: &[u8]) -> bool {
    let (Some(left_end), Some(right_end)) = (left.last_chunk::<8>(), right.last_chunk::<8>()) else {
        return left == right;
    };
    let mut words = left.as_chunks::<8>().0.iter().zip(right.as_chunks::<8>().0);
    left_end == right_end && words.all(|(left, right)| u64::from_le_bytes(*left) == u64::from_le_bytes(*right))
}

/// Returns where the first quote, backslash or control character stands. Looks at eight bytes at a time.
fn plain_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        // The lowest mark is true; higher ones may be the carry of it.
        let is_below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
        let is = |byte: u8| is_below(word ^ (ONES * u64::from(byte)), 1);
        let marks = (is_below(word, 0x20) | is(b'"') | is(b'\\')) & HIGHS;
        if marks != 0 {
            return Some(at + (marks.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let is_end = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
    bytes.get(at..)?.iter().position(is_end).map(|more| at + more)
}
