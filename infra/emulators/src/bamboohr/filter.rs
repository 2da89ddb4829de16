//! Filters of datasets: `status eq 'Active' and jobInformationDepartment in ('Sales','Legal')` (the comparison operators of `OData`, `and`, `or`, `in`).

use super::field::Which;
use super::look::Look;
use std::cmp::Ordering;

/// A filter.
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Compare(Which, Comparison, Vec<String>),
}

/// How a value is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn find(word: &str) -> Option<Self> {
        Some(match word {
            "eq" | "in" => Self::Equal,
            "ne" => Self::NotEqual,
            "lt" => Self::Less,
            "le" => Self::LessOrEqual,
            "gt" => Self::Greater,
            "ge" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// Splits a text into words, quoted texts (which begin with `'`), brackets and commas; none where a quote does not end.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let mut value = "'".to_owned();
            rest = rest.get(1..)?;
            loop {
                let (part, behind) = rest.split_once('\'')?;
                value.push_str(part);
                rest = behind;
                // Two quotes are one inside a text.
                let Some(more) = rest.strip_prefix('\'') else { break };
                value.push('\'');
                rest = more;
            }
            words.push(value);
        } else if ['(', ')', ','].contains(&first) {
            words.push(first.to_string());
            rest = rest.get(1..)?;
        } else {
            let end = rest.find(|letter: char| letter.is_whitespace() || "(),'".contains(letter));
            let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
            words.push(word.to_owned());
            rest = behind;
        }
        rest = rest.trim_start();
    }
    Some(words)
}

/// The words that are still to be read.
struct Words<'a>(&'a [String]);

impl Words<'_> {
    fn next(&mut self) -> Option<&str> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn skip(&mut self, word: &str) -> bool {
        let found = self.0.first().is_some_and(|next| next == word);
        found && self.next().is_some()
    }

    fn any(&mut self) -> Option<Filter> {
        let mut parts = vec![self.all()?];
        while self.skip("or") {
            parts.push(self.all()?);
        }
        Some(Filter::Any(parts))
    }

    fn all(&mut self) -> Option<Filter> {
        let mut parts = vec![self.one()?];
        while self.skip("and") {
            parts.push(self.one()?);
        }
        Some(Filter::All(parts))
    }

    fn one(&mut self) -> Option<Filter> {
        if self.skip("(") {
            let inside = self.any()?;
            return self.skip(")").then_some(inside);
        }
        let field = Which::find_in_dataset(self.next()?)?;
        let word = self.next()?.to_owned();
        let comparison = Comparison::find(&word)?;
        let mut values = Vec::new();
        if word == "in" {
            self.skip("(").then_some(())?;
            loop {
                values.push(self.value()?);
                if !self.skip(",") {
                    break;
                }
            }
            self.skip(")").then_some(())?;
        } else {
            values.push(self.value()?);
        }
        Some(Filter::Compare(field, comparison, values))
    }

    fn value(&mut self) -> Option<String> {
        let word = self.next().filter(|word| !["(", ")", ","].contains(word))?;
        Some(
            if word == "null" {
                ""
            } else {
                word.strip_prefix('\'').unwrap_or(word)
            }
            .to_owned(),
        )
    }
}

impl Filter {
    /// Reads a filter; none where it cannot be read or names an unknown field.
    pub(super) fn read(text: &str) -> Option<Self> {
        let words = split(text)?;
        let mut words = Words(&words);
        let filter = words.any()?;
        words.0.is_empty().then_some(filter)
    }

    /// Returns whether the filter lets a person through.
    pub(super) fn passes(&self, look: &Look) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.passes(look)),
            Self::Any(parts) => parts.iter().any(|part| part.passes(look)),
            Self::Compare(field, comparison, values) => {
                let own = field.value(look).unwrap_or_default();
                values.iter().any(|value| comparison.holds(compare(&own, value)))
            }
        }
    }
}

/// Numbers by size, texts by letters.
fn compare(own: &str, other: &str) -> Ordering {
    match (own.parse::<f64>(), other.parse::<f64>()) {
        (Ok(own), Ok(other)) => own.total_cmp(&other),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => own.cmp(other),
    }
}

/// A value to sort by, upwards or downwards.
#[derive(PartialEq, Eq)]
pub(super) struct Key(String, bool);

impl Key {
    /// A missing value counts as an empty text, which comes first upwards and last downwards.
    pub(super) fn of(value: Option<String>, falls: bool) -> Self {
        Self(value.unwrap_or_default(), falls)
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = compare(&self.0, &other.0);
        if self.1 { order.reverse() } else { order }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
