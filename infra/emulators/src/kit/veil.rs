//! What is taken out of the rows of one resource: fields that a caller may not see, and fields that a fault drops.

use super::caller::Caller;
use super::dialect::Dialect;
use super::fault::Shape;
use super::fault::armed::Faults;
use serde_json::Value;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How hidden members show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Hiding {
    /// The hidden member is `null`.
    #[default]
    Null,
    /// The hidden member is left out.
    Absence,
}

/// Stands for half a surrogate until an answer is complete, so that rows can be read again on the way.
const HALF: char = '\u{f8ff}';

/// Puts half a surrogate where one is to be.
pub(crate) fn break_texts(body: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(body).replace(HALF, "\\ud83d").into_bytes()
}

/// A member whose values are odd.
#[derive(Debug)]
struct Odd {
    member: &'static str,
    shape: Shape,
    /// In how many rows from now on.
    left: Cell<u64>,
}

/// What is taken out of the rows of one resource.
#[derive(Debug, Default)]
pub(crate) struct Veil {
    hidden: Vec<&'static str>,
    dropped: Vec<&'static str>,
    odd: Vec<Odd>,
    /// How many values were made odd.
    twisted: Arc<AtomicU64>,
    hiding: Hiding,
}

/// What a member becomes.
pub(super) enum Shown {
    /// It is not there.
    Absent,
    /// It is this JSON.
    Json(Vec<u8>),
    /// Its value stands under this name.
    Named(String),
}

impl Veil {
    /// What `caller` may not see of `resource`, and what `faults` take.
    pub(crate) fn over(
        dialect: &dyn Dialect,
        resource: &str,
        caller: &Caller,
        faults: &Faults,
        hiding: Hiding,
    ) -> Self {
        let members = |name: &String| {
            let places = dialect.places(name).into_iter();
            places
                .filter(|(path, _)| *path == resource)
                .map(|(_, member)| member)
                .collect::<Vec<_>>()
        };
        let odd = faults.odd.iter().flat_map(|(name, shape, rows)| {
            let odd = |member| Odd {
                member,
                shape: *shape,
                left: Cell::new(*rows),
            };
            members(name).into_iter().map(odd)
        });
        let own = caller.user.iter().flat_map(|user| &user.group.hidden_fields);
        Self {
            hidden: own.chain(&faults.narrow).flat_map(members).collect(),
            dropped: faults.dropped.iter().flat_map(members).collect(),
            odd: odd.collect(),
            twisted: Arc::clone(&faults.twisted),
            hiding,
        }
    }

    /// Whether a member may not be seen.
    pub(crate) fn hides(&self, member: &str) -> bool {
        self.hidden.contains(&member)
    }

    /// Whether a member is not sent.
    pub(crate) fn drops(&self, member: &str) -> bool {
        self.dropped.contains(&member) || (self.hiding == Hiding::Absence && self.hides(member))
    }
    /// What is shown in place of a member's value; none where that is as it should be. A value that cannot be made odd in this
    /// way stays, and another row is taken.
    pub(super) fn twist(&self, member: &str, value: impl FnOnce() -> Value) -> Option<Shown> {
        let odd = self.odd.iter().find(|odd| odd.member == member && odd.left.get() > 0)?;
        let shown = match (odd.shape, value()) {
            (_, Value::Null) | (Shape::Broken, Value::Bool(_) | Value::Array(_)) => return None,
            (Shape::Absent, _) => Shown::Absent,
            (Shape::Null, _) => Shown::Json(b"null".to_vec()),
            (Shape::Unknown, _) => Shown::Json(br#""zz-unheard-of""#.to_vec()),
            (Shape::BrokenName, _) => Shown::Named(format!("{member} {HALF}")),
            (Shape::Broken, value) => Shown::Json(broken(value).to_string().into_bytes()),
            (Shape::OtherType, Value::String(text)) => Shown::Json(number(text)?),
            (Shape::OtherType, Value::Number(number)) => Shown::Json(format!("\"{number}\"").into_bytes()),
            (Shape::OtherType, _) => return None,
        };
        odd.left.set(odd.left.get().saturating_sub(1));
        self.twisted.fetch_add(1, Ordering::Relaxed);
        Some(shown)
    }
}

/// A value with half a surrogate in each of its texts, and in a text in place of each number.
fn broken(value: Value) -> Value {
    match value {
        Value::String(text) => format!("{text} {HALF}").into(),
        Value::Number(number) => format!("{number} {HALF}").into(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, broken(value))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Array(_)) => other,
    }
}

/// The number that is written like this text; none where there is no such number.
fn number(text: String) -> Option<Vec<u8>> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then(|| text.into_bytes())
}
